// Clips kept for later, in this browser only; and printing the page with its full text.
import { all, one, kept } from "./dom.js";

const NAME = 'saved-clips', MOST = 100;

export function saved() {
  try {
    const list = JSON.parse(kept.get(NAME, '[]'));
    return Array.isArray(list) ? list.filter((clip) => typeof clip?.slug === 'string') : [];
  } catch { return []; }
}

export function forget(slug) { kept.set(NAME, JSON.stringify(saved().filter((clip) => clip.slug !== slug))); }

function keep({ save, title, poster }) {
  forget(save);
  kept.set(NAME, JSON.stringify([{ slug: save, title, poster }, ...saved()].slice(0, MOST)));
}

for (const button of all('[data-save]')) {
  const word = one('span', button), off = word.textContent;
  const paint = () => {
    const on = saved().some((clip) => clip.slug === button.dataset.save);
    button.setAttribute('aria-pressed', on);
    word.textContent = on ? button.dataset.on : off;
  };
  button.addEventListener('click', () => {
    if (button.getAttribute('aria-pressed') === 'true') forget(button.dataset.save); else keep(button.dataset);
    paint();
    // The clip's page and its smallest video are put where they can be seen without a network.
    navigator.serviceWorker?.controller?.postMessage({ keep: location.pathname, on: button.getAttribute('aria-pressed') === 'true' });
  });
  paint();
}
for (const button of all('[data-print]')) button.addEventListener('click', () => print());
