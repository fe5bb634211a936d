// Sends a video by tus 1.0.0 under a ticket that is good for one upload; goes on after a broken connection, also one
// that outlasts the page.
const API = '/api/v1';
const PIECE = 1024 * 1024;
// Waits of 2, 4, 8 and then 15 seconds: more than four minutes without a line before it is given up.
const PATIENCE = 18;

const pause = (ms) => new Promise((done) => { setTimeout(done, ms); });
const base64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
const under = (ticket) => ({ Authorization: `Ticket ${ticket}`, 'Tus-Resumable': '1.0.0' });

// Answers with the upload's id. `heard` may have told (share arrived), waits (the line is broken) and started (address and
// ticket, to go on later); `before` is what started said the last time.
export async function send(blob, name, limits, heard = {}, before = null) {
  if (blob.size > limits.bytes) throw new RangeError('too large');
  let started = before, offset = started ? await place(started, null) : null;
  if (offset === null) {
    started = await patiently(() => begin(blob, name), heard);
    offset = 0;
    await heard.started?.(started);
  }
  let failures = 0;
  while (offset < blob.size) {
    try {
      const headers = { ...under(started.ticket), 'Upload-Offset': offset, 'Content-Type': 'application/offset+octet-stream' };
      const answer = await must(fetch(started.address, { method: 'PATCH', headers, body: blob.slice(offset, offset + PIECE) }));
      offset = Number(answer.headers.get('Upload-Offset'));
      failures = 0;
      heard.told?.(offset / blob.size);
    } catch (problem) {
      if (++failures > PATIENCE || problem.final) throw problem;
      heard.waits?.();
      await online(Math.min(1000 * 2 ** failures, 15_000));
      offset = await place(started, offset);
    }
  }
  return started.address.split('/').pop();
}

async function begin(blob, name) {
  const { ticket } = await (await must(fetch(`${API}/upload-tickets`, { method: 'POST' }))).json();
  const metadata = `filename ${base64(name)},filetype ${base64((blob.type || 'video/mp4').split(';')[0])}`;
  const headers = { ...under(ticket), 'Upload-Length': blob.size, 'Upload-Metadata': metadata };
  const made = await must(fetch(`${API}/uploads`, { method: 'POST', headers }));
  return { ticket, address: new URL(made.headers.get('Location'), location.href).pathname };
}

async function patiently(deed, heard) {
  for (let failures = 1; ; failures++) {
    try { return await deed(); } catch (problem) {
      if (failures > PATIENCE || problem.final) throw problem;
      heard.waits?.();
      await online(Math.min(1000 * 2 ** failures, 15_000));
    }
  }
}

// The line that comes back is taken at once, not only at the end of the wait.
const online = (ms) => Promise.race([pause(ms), navigator.onLine ? new Promise(() => {}) : new Promise((done) => addEventListener('online', done, { once: true }))]);

// How much has arrived; `known` while the line is broken. An upload that is gone is begun anew.
async function place({ address, ticket }, known) {
  try {
    const answer = await must(fetch(address, { method: 'HEAD', headers: under(ticket) }));
    return Number(answer.headers.get('Upload-Offset'));
  } catch (problem) {
    if (problem.final && known !== null) throw problem;
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
