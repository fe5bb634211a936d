// The signed twin of a sentence, and the sign of a term, open in one small pop-over.
import { all, one } from "./dom.js";

export function watchSigns() {
  const pop = one('#signpop');
  if (!pop?.showPopover) return;
  const video = one('video', pop);
  for (const chip of all('[data-sign]')) {
    chip.addEventListener('click', (event) => {
      // A term is a link to its clip: opened apart on request, and without this script.
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      video.src = chip.dataset.sign;
      video.lang = chip.dataset.signLang;
      one('p', pop).textContent = chip.dataset.text;
      pop.showPopover();
      video.play().catch(() => {});
    });
  }
  pop.addEventListener('toggle', (event) => { if (event.newState === 'closed') video.pause(); });
}
