// Signed titles: play once on tap, and on hover or keyboard focus unless the reader wants calm or saves data; then stop
// by themselves.
import { all, one, calm } from "./dom.js";

export function watchTitles() {
  for (const tile of all('[data-title-clip]')) watch(tile, one('video', tile));
}

function watch(tile, video) {
  const stop = () => { tile.classList.remove('is-playing'); video.pause(); };
  const rewind = () => { if (tile.classList.contains('is-playing')) { stop(); video.load(); } };
  const play = () => { tile.classList.add('is-playing'); video.currentTime = 0; video.play().catch(stop); };
  video.addEventListener('ended', rewind);
  tile.addEventListener('click', play);
  if (calm) return;
  tile.addEventListener('pointerenter', (event) => { if (event.pointerType === 'mouse') play(); });
  tile.addEventListener('pointerleave', (event) => { if (event.pointerType === 'mouse') rewind(); });
  tile.addEventListener('focus', () => { if (tile.matches(':focus-visible')) play(); });
  tile.addEventListener('blur', rewind);
}
