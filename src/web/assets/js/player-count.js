// Counts for the studio, without anything about the person: which caption lines were seen and seen again, and whether the
// end was reached. Told once, when the page is left.
import { one, all } from "./dom.js";

const place = one('[data-watched]'), video = place && one('video', place);
if (video) {
  const lines = all('.script .cue').map((cue) => [Number(cue.dataset.from), Number(cue.dataset.to)]);
  const seen = new Map();
  let now = -1, begun = false, ended = false, told = false;

  video.addEventListener('playing', () => { begun = true; });
  video.addEventListener('ended', () => { ended = true; now = -1; });
  video.addEventListener('seeking', () => { now = -1; });
  video.addEventListener('timeupdate', () => {
    if (video.paused || video.seeking) return;
    const line = lines.findIndex(([from, to]) => video.currentTime >= from && video.currentTime < to);
    if (line === now) return;
    now = line;
    if (line >= 0) seen.set(line, (seen.get(line) ?? 0) + 1);
  });
  const tell = () => {
    if (!begun || told) return;
    told = true;
    const said = JSON.stringify({ lines: [...seen], to_the_end: ended });
    navigator.sendBeacon?.(place.dataset.watched, new Blob([said], { type: 'application/json' }));
  };
  addEventListener('pagehide', tell);
  document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'hidden' && ended) tell(); });
}
