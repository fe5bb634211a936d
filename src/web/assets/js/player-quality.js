// Picture quality: automatic, data saver, clear. Changing it keeps the place and goes on playing. Where the browser plays
// HLS itself, automatic means the stream of a long clip, which follows the network; elsewhere it is one good size.
import { all, kept } from "./dom.js";

// A stop of this length, twice, and the automatic choice goes down to the saver size.
const STALL_MS = 800;
const STALLS = 2;
const HLS = 'application/vnd.apple.mpegurl';

export function quality({ player, video }) {
  const keys = all('[data-quality]', player);
  if (!keys.length) return;
  const key = (name) => keys.find((each) => each.dataset.quality === name);
  let stream = video.canPlayType(HLS) && player.dataset.stream;
  const take = (name) => {
    const address = name === 'auto' && stream || key(name).dataset.src;
    if (!video.currentSrc.split('#')[0].endsWith(address)) change(video, address);
  };
  let chosen = 'auto';

  const choose = (name) => {
    chosen = name;
    kept.set('quality', name);
    for (const each of keys) each.setAttribute('aria-checked', each.dataset.quality === name);
    take(name === 'auto' && isSlow() ? 'saver' : name);
  };
  for (const each of keys) each.addEventListener('click', () => choose(each.dataset.quality));
  const before = kept.get('quality', 'auto');
  if (before !== 'auto' || isSlow() || stream) choose(key(before) ? before : 'auto');
  video.addEventListener('error', () => {
    if (!stream || !video.currentSrc.endsWith(stream)) return;
    stream = '';
    take(chosen);
  });
  watchStalls(video, () => { if (chosen === 'auto') take('saver'); });
}

function watchStalls(video, tooMany) {
  let timer = 0, stalls = 0;
  video.addEventListener('waiting', () => {
    if (video.seeking || video.paused) return;
    clearTimeout(timer);
    timer = setTimeout(() => { if (++stalls === STALLS) tooMany(); }, STALL_MS);
  });
  for (const name of ['playing', 'pause', 'seeking']) video.addEventListener(name, () => clearTimeout(timer));
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
