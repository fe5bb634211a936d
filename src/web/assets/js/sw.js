// The service worker, after a head that names VERSION and SHELL. Pages come from the network; without one, kept pages
// come from this device, and everything else leads to the list of saved clips. Nothing of a person's question is kept.
const KEPT = 'kept', OWN = `shell-${VERSION}`;
// Marks a size of a video that is not kept, and names the one that is.
const INSTEAD = 'x-kept-instead';

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(OWN).then((cache) => cache.addAll([...SHELL, '/saved'])).then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith('shell-') && name !== OWN) await caches.delete(name);
    await self.clients.claim();
  })());
});

self.addEventListener('fetch', (event) => {
  const { request } = event, url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin) return;
  if (url.pathname.startsWith('/assets/')) event.respondWith(fromDevice(request));
  else if (request.mode === 'navigate') event.respondWith(page(request, url));
  else if (url.pathname.startsWith('/media/') || url.pathname.includes('/captions/')) event.respondWith(file(request, url));
});

async function fromDevice(request) {
  const kept = await caches.match(request);
  if (kept) return kept;
  try {
    return await fetch(request);
  } catch (offline) {
    // A page that was kept before an update names files of then; those of now have the same names before their mark.
    const plain = (address) => new URL(address).pathname.replace(/\.[0-9a-f]{12}(?=\.\w+$)/, '');
    const cache = await caches.open(OWN);
    const now = (await cache.keys()).find(({ url }) => plain(url) === plain(request.url));
    return now ? cache.match(now) : Promise.reject(offline);
  }
}

// A kept page is as new as the last visit with a network; one that was taken back is forgotten.
async function refresh(url, answer) {
  const cache = await caches.open(KEPT);
  if (url.search || !(await cache.match(url.pathname))) return;
  if (answer.ok && !answer.redirected) await cache.put(url.pathname, answer);
  else if ([404, 410].includes(answer.status)) await cache.delete(url.pathname);
}

async function page(request, url) {
  try {
    const answer = await fetch(request);
    await refresh(url, answer.clone());
    return answer;
  } catch (offline) {
    const kept = await caches.match(url.pathname);
    if (kept) return kept;
    // The asker's pages hold a secret: there is no page of theirs on the device.
    return (await caches.match('/saved')) ?? Promise.reject(offline);
  }
}

async function file(request, url) {
  let kept = await caches.match(url.pathname);
  const smallest = kept?.headers.get(INSTEAD);
  if (smallest) {
    try { return await fetch(request); } catch { kept = await caches.match(smallest); }
  }
  if (!kept) return fetch(request);
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.get('range') ?? '');
  return range ? part(await kept.blob(), Number(range[1]), range[2]) : kept;
}

// A player asks for pieces; a kept file is whole.
function part(blob, from, last) {
  const to = Math.min(last === '' ? blob.size - 1 : Number(last), blob.size - 1);
  if (from > to) return new Response(null, { status: 416, headers: { 'Content-Range': `bytes */${blob.size}` } });
  const headers = { 'Content-Type': blob.type, 'Content-Range': `bytes ${from}-${to}/${blob.size}`, 'Content-Length': String(to - from + 1), 'Accept-Ranges': 'bytes' };
  return new Response(blob.slice(from, to + 1, blob.type), { status: 206, headers });
}

// { keep: '/clips/x' or '/services/x', on: true } keeps or forgets it; the asker hears the share that is done.
self.addEventListener('message', (event) => {
  const { keep, on } = event.data ?? {};
  if (!/^\/(?:clips|services)\/[^/]+$/.test(keep ?? '')) return;
  event.waitUntil(on ? take(keep, event.source) : drop(keep));
});

async function take(place, asker) {
  try {
    const needs = await (await must(needsOf(place))).json();
    const cache = await caches.open(KEPT), all = [...needs.pages, ...needs.files];
    for (const [at, address] of all.entries()) {
      await cache.put(address, await must(address));
      asker?.postMessage({ kept: place, share: (at + 1) / (all.length + 1) });
    }
    for (const [size, smallest] of Object.entries(needs.instead)) await cache.put(size, new Response(null, { headers: { [INSTEAD]: smallest } }));
    await cache.put(needsOf(place), Response.json(needs));
    asker?.postMessage({ kept: place, share: 1 });
  } catch { asker?.postMessage({ kept: place, failed: true }); }
}

const needsOf = (place) => `${place}/offline.json`;
const parts = (needs) => [...needs.pages, ...needs.files, ...Object.keys(needs.instead)];

// Everything of a place goes, but for what another kept place needs too.
async function drop(place) {
  const cache = await caches.open(KEPT), own = await cache.match(needsOf(place));
  await cache.delete(needsOf(place));
  if (!own) return;
  const others = (await cache.keys()).filter(({ url }) => url.endsWith('/offline.json'));
  const needed = new Set();
  for (const other of others) for (const part of parts(await (await cache.match(other)).json())) needed.add(part);
  for (const part of parts(await own.json())) if (!needed.has(part)) await cache.delete(part);
}

async function must(address) {
  const answer = await fetch(address, { cache: 'no-cache' });
  if (!answer.ok) throw new Error(`${address} answered ${answer.status}`);
  return answer;
}
