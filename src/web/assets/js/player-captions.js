// Captions under the picture and the transcript beside it, both from the transcript's sentences.
import { one, all, kept } from "./dom.js";

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
  for (const kind of bar ? ['size', 'colour'] : []) {
    for (const key of all(`[data-cap-${kind}]`, player)) key.addEventListener('click', () => set(kind, key.getAttribute(`data-cap-${kind}`)));
    set(kind, kept.get(`caption-${kind}`, bar.dataset[kind]));
  }
  for (const cue of cues) cue.button.addEventListener('click', () => { video.currentTime = cue.from; video.play().catch(() => {}); });

  return {
    show(time) {
      const now = cues.find((cue) => time >= cue.from - 0.05 && time < cue.to);
      for (const cue of cues) {
        if (cue === now) cue.button.setAttribute('aria-current', 'true'); else cue.button.removeAttribute('aria-current');
      }
      if (bar && now) bar.textContent = now.text;
      else if (bar && player.classList.contains('is-started')) bar.textContent = '';
    },
    toggle() {
      if (!bar) return;
      bar.hidden = !bar.hidden;
      act('captions').setAttribute('aria-pressed', !bar.hidden);
    },
  };
}

// The same words must not also lie on the hands.
function hideNativeCaptions(video) {
  const hide = () => { for (const track of video.textTracks) track.mode = 'hidden'; };
  hide();
  video.textTracks.addEventListener?.('addtrack', hide);
  video.addEventListener('loadedmetadata', hide);
}
