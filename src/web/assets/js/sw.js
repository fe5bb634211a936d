// The service worker, after a head that names VERSION and SHELL. Pages come from the network; without one, kept pages
// come from this device, and everything else leads to the list of saved clips. Nothing of a person's question is kept.
const KEPT = 'kept', OWN = `shell-${VERSION}`;

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
  return (await caches.match(request)) ?? fetch(request);
}

async function page(request, url) {
  try {
    return await fetch(request);
  } catch (offline) {
    const kept = await caches.match(url.pathname);
    if (kept) return kept;
    // The asker's pages hold a secret: there is no page of theirs on the device.
    return (await caches.match('/saved')) ?? Promise.reject(offline);
  }
}

async function file(request, url) {
  const kept = await caches.match(url.pathname);
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
    const needs = await (await must(`${place}/offline.json`)).json();
    const cache = await caches.open(KEPT), all = [...needs.pages, ...needs.files];
    for (const [at, address] of all.entries()) {
      await cache.put(address, await must(address));
      asker?.postMessage({ kept: place, share: (at + 1) / all.length });
    }
  } catch { asker?.postMessage({ kept: place, failed: true }); }
}

async function drop(place) {
  const cache = await caches.open(KEPT);
  await cache.delete(place);
}

async function must(address) {
  const answer = await fetch(address, { cache: 'no-cache' });
  if (!answer.ok) throw new Error(`${address} answered ${answer.status}`);
  return answer;
}
