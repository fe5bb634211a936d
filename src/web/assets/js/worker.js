// Installs the service worker, and keeps a service on this device where a page offers it.
import { all, one, kept, percent } from "./dom.js";

export function installWorker() {
  if (!navigator.serviceWorker || !window.isSecureContext) return;
  addEventListener('load', () => navigator.serviceWorker.register('/sw.js').catch(() => { /* a private window */ }));
  for (const button of all('[data-keep]')) offer(button);
}

function offer(button) {
  const place = button.dataset.keep, name = `kept:${place}`, word = one('span', button), off = word.textContent;
  const paint = (on) => { button.setAttribute('aria-pressed', on); word.textContent = on ? button.dataset.on : off; };
  paint(kept.get(name, '') === 'yes');
  button.hidden = false;
  button.addEventListener('click', async () => {
    const on = button.getAttribute('aria-pressed') !== 'true';
    const { active } = await navigator.serviceWorker.ready;
    active.postMessage({ keep: place, on });
    kept.set(name, '');
    paint(false);
    if (on) word.textContent = button.dataset.busy;
  });
  navigator.serviceWorker.addEventListener('message', ({ data }) => {
    if (data.kept !== place) return;
    if (data.failed) { word.textContent = button.dataset.failed; return; }
    word.textContent = `${button.dataset.busy} ${percent(data.share)}`;
    if (data.share < 1) return;
    kept.set(name, 'yes');
    paint(true);
  });
}
