// The signed twin of a sentence, and the sign of a term, open in one small pop-over, with what a learner needs: stop, once
// more from the start, slower.
import { all, kept, one } from "./dom.js";

export function watchSigns() {
  const pop = one('#signpop');
  if (!pop?.showPopover) return;
  const video = one('video', pop), play = one('[data-pop=play]', pop);
  const run = () => video.play().catch(() => {});
  const speed = (value) => {
    // The default too: the next sign is loaded anew.
    video.defaultPlaybackRate = video.playbackRate = Number(value);
    kept.set('sign-speed', value);
    for (const key of all('[data-pop-speed]', pop)) key.setAttribute('aria-pressed', key.dataset.popSpeed === value);
  };
  const told = () => {
    play.classList.toggle('is-on', !video.paused);
    one('.key__t', play).textContent = video.paused ? play.dataset.play : play.dataset.pause;
  };
  for (const chip of all('[data-sign]')) {
    chip.addEventListener('click', (event) => {
      // A term is a link to its clip: opened apart on request, and without this script.
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      video.src = chip.dataset.sign;
      video.lang = chip.dataset.signLang;
      one('p', pop).textContent = chip.dataset.text;
      pop.showPopover();
      run();
    });
  }
  for (const change of ['play', 'pause', 'ended']) video.addEventListener(change, told);
  play.addEventListener('click', () => { if (video.paused) run(); else video.pause(); });
  one('[data-pop=again]', pop).addEventListener('click', () => { video.currentTime = 0; run(); });
  for (const key of all('[data-pop-speed]', pop)) key.addEventListener('click', () => speed(key.dataset.popSpeed));
  pop.addEventListener('toggle', (event) => { if (event.newState === 'closed') video.pause(); });
  speed(kept.get('sign-speed', '1'));
}
