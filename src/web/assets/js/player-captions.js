// Captions under the picture (over it only by choice) and the transcript beside it, both from the transcript's sentences.
import { one, all, kept } from "./dom.js";

const KINDS = ['size', 'colour', 'place'];

export function captions({ player, video, act }) {
  const bar = one('.cap', player);
  const cues = all(`[data-script="${player.id}"] .cue`).map((button) => ({
    button, from: Number(button.dataset.from), to: Number(button.dataset.to), text: one('span', button).textContent,
  }));
  if (bar) hideNativeCaptions(video);

  const set = (kind, value) => {
    bar.dataset[kind] = value;
    kept.set(`caption-${kind}`, value);
    for (const key of all(`[data-cap-${kind}]`, player)) key.setAttribute('aria-checked', key.getAttribute(`data-cap-${kind}`) === value);
  };
  const show = (on) => {
    bar.hidden = !on;
    act('captions').setAttribute('aria-pressed', on);
  };
  for (const kind of bar ? KINDS : []) {
    const offered = all(`[data-cap-${kind}]`, player).map((key) => key.getAttribute(`data-cap-${kind}`));
    for (const key of all(`[data-cap-${kind}]`, player)) key.addEventListener('click', () => set(kind, key.getAttribute(`data-cap-${kind}`)));
    const before = kept.get(`caption-${kind}`, bar.dataset[kind]);
    set(kind, offered.includes(before) ? before : bar.dataset[kind]);
  }
  if (bar && kept.get('captions', 'on') === 'off') show(false);
  for (const cue of cues) {
    cue.button.addEventListener('click', ({ target }) => {
      // A term opens its own sign; two clips at once cannot be read.
      if (target.closest('.term')) return video.pause();
      video.currentTime = cue.from;
      video.play().catch(() => {});
    });
  }

  return {
    show(time) {
      const now = cues.find((cue) => time >= cue.from - 0.05 && time < cue.to);
      for (const cue of cues) {
        if (cue === now) follow(cue.button); else cue.button.removeAttribute('aria-current');
      }
      if (bar && now) bar.textContent = now.text;
      else if (bar && player.classList.contains('is-started')) bar.textContent = '';
    },
    toggle() {
      if (!bar) return;
      show(bar.hidden);
      kept.set('captions', bar.hidden ? 'off' : 'on');
    },
  };
}

// Keeps the spoken sentence in sight inside a long transcript; the page itself never moves under the reader.
function follow(button) {
  if (button.getAttribute('aria-current') === 'true') return;
  button.setAttribute('aria-current', 'true');
  const list = button.closest('.script'), item = button.parentElement;
  if (list.scrollHeight <= list.clientHeight) return;
  const above = item.offsetTop - list.offsetTop;
  if (above < list.scrollTop || above + item.offsetHeight > list.scrollTop + list.clientHeight) list.scrollTop = above - item.offsetHeight;
}

// The same words must not also lie on the hands.
function hideNativeCaptions(video) {
  const hide = () => { for (const track of video.textTracks) track.mode = 'hidden'; };
  hide();
  video.textTracks.addEventListener?.('addtrack', hide);
  video.addEventListener('loadedmetadata', hide);
}
