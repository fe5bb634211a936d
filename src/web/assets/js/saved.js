// The list of saved clips. Built from what this browser kept; nothing is asked of the server.
import { one } from "./dom.js";
import { saved, forget } from "./save.js";

const list = one('[data-saved]'), none = one('[data-saved-none]');

function paint() {
  const clips = saved();
  none.hidden = clips.length > 0;
  list.replaceChildren(...clips.map(card));
}

function card({ slug, title, poster }) {
  const item = one('template', list.parentElement).content.firstElementChild.cloneNode(true);
  const link = one('a', item), picture = one('img', item);
  link.href = `/clips/${encodeURIComponent(slug)}`;
  link.textContent = title;
  if (/^\/media\/[\w./-]+$/.test(poster)) picture.src = poster; else picture.remove();
  one('button', item).addEventListener('click', () => {
    forget(slug);
    navigator.serviceWorker?.controller?.postMessage({ keep: `/clips/${encodeURIComponent(slug)}`, on: false });
    paint();
  });
  return item;
}

// Services that work without a network, by the names they were kept under.
async function services() {
  const place = one('[data-saved-services]');
  if (!globalThis.caches || !(await caches.has('kept'))) return;
  const cache = await caches.open('kept');
  for (const request of await cache.keys()) {
    const [, path] = /^(\/services\/[^/]+)\/offline\.json$/.exec(new URL(request.url).pathname) ?? [];
    if (!path) continue;
    const item = document.createElement('li'), link = document.createElement('a');
    Object.assign(link, { className: 'chip', href: path, textContent: (await (await cache.match(request)).json()).name });
    item.append(link);
    one('ul', place).append(item);
    place.hidden = false;
  }
}
paint();
services();
