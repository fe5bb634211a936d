// A recording lives on this device until the server has it: a closed page, an empty battery or a lost line loses nothing.
// IndexedDB takes large files; where it is refused (a private window), the recording is kept in memory only.
const BASE = 'ishara', SHELF = 'recordings';
const WEEK_MS = 7 * 24 * 60 * 60 * 1000;

function opened() {
  return new Promise((done, fail) => {
    const asking = indexedDB.open(BASE, 1);
    asking.onupgradeneeded = () => asking.result.createObjectStore(SHELF);
    asking.onsuccess = () => done(asking.result);
    asking.onerror = () => fail(asking.error);
  });
}

async function on(mode, deed) {
  try {
    const base = await opened();
    return await new Promise((done, fail) => {
      const work = base.transaction(SHELF, mode), answer = deed(work.objectStore(SHELF));
      work.oncomplete = () => { base.close(); done(answer?.result); };
      work.onerror = work.onabort = () => { base.close(); fail(work.error); };
    });
  } catch { return undefined; }
}

// `name` says what the recording is for: a new question, or one case.
export const keepRecording = (name, blob, started = null) => on('readwrite', (shelf) => shelf.put({ blob, started, at: Date.now() }, name));
export const dropRecording = (name) => on('readwrite', (shelf) => shelf.delete(name));

// What was left from before: the recording, and the upload that it had begun. After a week it is forgotten.
export async function keptRecording(name) {
  const kept = await on('readonly', (shelf) => shelf.get(name));
  if (!kept?.blob?.size) return null;
  if (Date.now() - kept.at > WEEK_MS) { await dropRecording(name); return null; }
  return kept;
}
