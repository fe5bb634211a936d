// Captioning by keyboard: space starts and ends a line at the playhead, comma and period step one frame, Enter goes on.
import { addAtPlayhead, changed, rows } from "./caption-rows.js";
import { endOf, part, startOf, write } from "./caption-time.js";

const mini = document.querySelector('[data-mini]');
const video = mini?.querySelector('video');
const form = document.querySelector('[data-captions]');
const frame = () => 1 / Number(mini.dataset.fps || 30);
let open = null;

function step(seconds) {
  video.pause();
  video.currentTime = Math.max(0, video.currentTime + seconds);
}

function startOrEnd() {
  if (open?.isConnected) {
    part(open, 'end').value = write(video.currentTime * 1000);
    open = null;
  } else {
    open = addAtPlayhead();
    open.querySelector('textarea').blur();
  }
  changed();
}

function next(row) {
  const following = row.nextElementSibling ?? addAtPlayhead();
  part(following, 'text').focus();
  return following;
}

function mark() {
  const now = video.currentTime * 1000;
  for (const row of rows()) row.classList.toggle('is-now', now >= startOf(row) && now < endOf(row));
  const line = mini.querySelector('[data-now-line]');
  const share = video.duration ? (video.currentTime / video.duration) * 300 : 0;
  line?.setAttribute('d', `M${share} 6v36`);
}

if (form && video) {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const row = event.target.closest?.('[data-cue]');
    if (event.key === 'Enter' && !event.shiftKey && row && event.target.matches('textarea')) {
      event.preventDefault();
      next(row);
      return;
    }
    if (event.target.matches('input, textarea, select, button, summary, a')) return;
    const keys = { ' ': startOrEnd, ',': () => step(-frame()), '.': () => step(frame()), k: () => (video.paused ? video.play() : video.pause()) };
    if (!keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
  for (const name of ['timeupdate', 'seeked', 'loadedmetadata']) video.addEventListener(name, mark);
  form.addEventListener('focusin', (event) => {
    const row = event.target.closest('[data-cue]');
    if (row && video.paused && event.target.matches('textarea')) video.currentTime = startOf(row) / 1000 || 0;
  });
}
