// Sends a video by tus 1.0.0 under a ticket that is good for one upload; goes on after a broken connection.
const API = '/api/v1';
const PIECE = 4 * 1024 * 1024;
const PATIENCE = 12;

const pause = (ms) => new Promise((done) => { setTimeout(done, ms); });
const base64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

// Answers with the upload's id. `told` hears the share that has arrived, and `waits` when the line is broken.
export async function send(blob, name, limits, told, waits = () => {}) {
  if (blob.size > limits.bytes) throw new RangeError('too large');
  const { ticket } = await (await must(fetch(`${API}/upload-tickets`, { method: 'POST' }))).json();
  const headers = { Authorization: `Ticket ${ticket}`, 'Tus-Resumable': '1.0.0' };
  const metadata = `filename ${base64(name)},filetype ${base64(blob.type || 'video/mp4')}`;
  const made = await must(fetch(`${API}/uploads`, { method: 'POST', headers: { ...headers, 'Upload-Length': blob.size, 'Upload-Metadata': metadata } }));
  const address = new URL(made.headers.get('Location'), location.href).pathname;

  let offset = 0, failures = 0;
  while (offset < blob.size) {
    try {
      const patch = { ...headers, 'Upload-Offset': offset, 'Content-Type': 'application/offset+octet-stream' };
      const answer = await must(fetch(address, { method: 'PATCH', headers: patch, body: blob.slice(offset, offset + PIECE) }));
      offset = Number(answer.headers.get('Upload-Offset'));
      failures = 0;
      told(offset / blob.size);
    } catch (problem) {
      if (++failures > PATIENCE || problem.final) throw problem;
      waits();
      await pause(Math.min(1000 * 2 ** failures, 15_000));
      offset = await place(address, headers, offset);
    }
  }
  return address.split('/').pop();
}

async function place(address, headers, known) {
  try {
    const answer = await must(fetch(address, { method: 'HEAD', headers }));
    return Number(answer.headers.get('Upload-Offset'));
  } catch (problem) {
    if (problem.final) throw problem;
    return known;
  }
}

// Our own refusals are final; a broken line, a busy server or a wrong offset (409) is worth another try.
async function must(asking) {
  const answer = await asking;
  if (answer.ok) return answer;
  const problem = new Error(`answered ${answer.status}`);
  problem.final = answer.status < 500 && ![408, 409, 423, 429].includes(answer.status);
  throw problem;
}
