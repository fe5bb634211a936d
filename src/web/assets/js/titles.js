// Signed titles: play once on tap, and on hover or keyboard focus unless the reader wants calm or saves data; then stop
// by themselves.
import { all, one, calm } from "./dom.js";

export function watchTitles() {
  for (const tile of all('[data-title-clip]')) watch(tile);
}

function watch(tile) {
  let video = one('video', tile);
  tile.disabled = false;
  const stop = () => { tile.classList.remove('is-playing'); video?.pause(); };
  const rewind = () => { if (tile.classList.contains('is-playing')) { stop(); video.load(); } };
  const ready = () => {
    if (video) return;
    video = screen(tile);
    video.addEventListener('ended', rewind);
  };
  const play = () => { ready(); tile.classList.add('is-playing'); video.currentTime = 0; video.play().catch(stop); };
  video?.addEventListener('ended', rewind);
  tile.addEventListener('click', play);
  if (calm) return;
  tile.addEventListener('pointerenter', (event) => { if (event.pointerType === 'mouse') play(); });
  tile.addEventListener('pointerleave', (event) => { if (event.pointerType === 'mouse') rewind(); });
  tile.addEventListener('focus', () => { if (tile.matches(':focus-visible')) play(); });
  tile.addEventListener('blur', rewind);
}

// A card has only its picture, loaded when it comes into view; the video takes its place when it is wanted.
function screen(tile) {
  const picture = one('img', tile), video = document.createElement('video');
  Object.assign(video, { muted: true, playsInline: true, preload: 'none', tabIndex: -1, poster: picture.currentSrc || picture.src, src: tile.dataset.video, lang: tile.dataset.signLang, width: picture.width, height: picture.height });
  video.setAttribute('aria-hidden', 'true');
  picture.replaceWith(video);
  return video;
}
