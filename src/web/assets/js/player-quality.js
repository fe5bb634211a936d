// Picture quality: automatic, data saver, clear. Changing it keeps the place and goes on playing.
import { all, kept } from "./dom.js";

export function quality({ player, video }) {
  const keys = all('[data-quality]', player);
  if (!keys.length) return;
  const key = (name) => keys.find((each) => each.dataset.quality === name);

  const choose = (name) => {
    kept.set('quality', name);
    for (const each of keys) each.setAttribute('aria-checked', each.dataset.quality === name);
    const source = name === 'auto' && isSlow() ? key('saver') : key(name);
    if (!video.currentSrc.split('#')[0].endsWith(source.dataset.src)) change(video, source.dataset.src);
  };
  for (const each of keys) each.addEventListener('click', () => choose(each.dataset.quality));
  const before = kept.get('quality', 'auto');
  if (before !== 'auto' || isSlow()) choose(key(before) ? before : 'auto');
}

function isSlow() {
  const line = navigator.connection;
  return line?.saveData === true || ['slow-2g', '2g', '3g'].includes(line?.effectiveType);
}

function change(video, address) {
  const time = video.currentTime, playing = !video.paused;
  video.src = address;
  video.addEventListener('loadedmetadata', () => {
    if (time > 0) video.currentTime = time;
    if (playing) video.play().catch(() => {});
  }, { once: true });
}
