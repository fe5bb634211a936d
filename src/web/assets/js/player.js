// The player: starts from a native video with controls and captions, and adds our own controls.
import { one, all, clock, kept, calm } from "./dom.js";
import { cut } from "./player-loop.js";
import { storyboard } from "./player-board.js";
import { captions } from "./player-captions.js";
import { quality } from "./player-quality.js";
import { listenToKeys, radios } from "./player-keys.js";

for (const player of all('[data-player]')) start(player);

function start(player) {
  const video = one('video', player);
  const fps = Number(player.dataset.fps) || 30;
  const part = { player, video, fps, act: (name) => one(`.player__ctl [data-act="${name}"]`, player) };
  video.controls = false;
  // Without script, under Save-Data and with reduced motion, no byte of the video moves before a tap.
  if (!calm) video.preload = 'metadata';
  const length = () => video.duration || Number(player.dataset.length);
  const go = (time) => { video.currentTime = Math.min(Math.max(time, 0), length()); };
  const toggle = () => { if (video.paused) video.play().catch(() => {}); else video.pause(); };
  // Aim at the middle of the neighbouring frame, so that rounding never lands on the same one.
  const step = (frames) => { video.pause(); go((Math.floor(video.currentTime * fps + 0.01) + frames + 0.5) / fps); };

  const loop = cut(part, go);
  const text = captions(part);
  const actions = {
    play: toggle, back: () => go(video.currentTime - 5), forward: () => go(video.currentTime + 5),
    prev: () => step(-1), next: () => step(1),
    loop: () => { video.loop = press(part.act('loop')); },
    a: loop.from, b: loop.to, mirror: () => mirror(press(part.act('mirror'))), captions: text.toggle,
    full: () => fullScreen(player, video), help: () => help(player),
    sound: () => { video.muted = press(part.act('sound')); },
  };
  const mirror = (on) => { player.classList.toggle('is-mirror', on); kept.set('mirror', on ? 'yes' : 'no'); };
  const speed = (value) => {
    // The default too: changing the picture quality loads anew and would forget the speed.
    video.defaultPlaybackRate = video.playbackRate = Number(value);
    kept.set('speed', value);
    for (const key of all('[data-speed]', player)) key.setAttribute('aria-checked', key.dataset.speed === value);
  };

  for (const button of all('[data-act]', player)) button.addEventListener('click', () => actions[button.dataset.act]?.());
  for (const key of all('[data-speed]', player)) key.addEventListener('click', () => speed(key.dataset.speed));
  for (const group of all('[role=radiogroup]', player)) radios(group);
  listenToKeys(part, actions, speed);
  quality(part);
  storyboard(part, length);
  showProgress(part, length, text);
  document.addEventListener('fullscreenchange', () => part.act('full').setAttribute('aria-pressed', document.fullscreenElement === player));
  video.addEventListener('click', toggle);

  if (kept.get('mirror', 'no') === 'yes') mirror(press(part.act('mirror')));
  speed(kept.get('speed', '1'));
  const begin = player.dataset.start;
  if (begin) {
    if (!calm) video.preload = 'auto';
    if (video.readyState >= 1) go(Number(begin)); else video.addEventListener('loadedmetadata', () => go(Number(begin)), { once: true });
  }
}

function showProgress({ player, video, act }, length, text) {
  const bar = one('.seek input', player), now = one('[data-now]', player), play = act('play');
  const label = (word) => { one('.key__t', play).textContent = word; };
  const paint = () => {
    const time = video.currentTime, total = length();
    bar.max = total;
    bar.value = time;
    bar.parentElement.style.setProperty('--p', `${(time / total) * 100}%`);
    bar.setAttribute('aria-valuetext', `${clock(time)} ${player.dataset.of} ${clock(total)}`);
    now.textContent = clock(time);
    text.show(time);
  };
  bar.addEventListener('input', () => { video.currentTime = Number(bar.value); });
  for (const name of ['timeupdate', 'seeked', 'loadedmetadata']) video.addEventListener(name, paint);
  video.addEventListener('play', () => { player.classList.add('is-started'); play.classList.add('is-on'); label(play.dataset.pause); });
  video.addEventListener('pause', () => { play.classList.remove('is-on'); label(play.dataset.play); });
}

function press(button) {
  const on = button.getAttribute('aria-pressed') !== 'true';
  button.setAttribute('aria-pressed', on);
  return on;
}

// A second press closes it, and so does Escape.
function help(player) {
  const dialog = one('dialog', player);
  if (dialog.open) dialog.close(); else dialog.showModal();
}

// The picture with its captions and our own controls; iPhones only take the video itself, with their own.
function fullScreen(player, video) {
  if (document.fullscreenElement) document.exitFullscreen();
  else if (player.requestFullscreen) player.requestFullscreen().catch(() => { /* the page may not */ });
  else if (video.webkitEnterFullscreen) {
    for (const track of video.textTracks) track.mode = 'showing';
    video.addEventListener('webkitendfullscreen', () => { for (const track of video.textTracks) track.mode = 'hidden'; }, { once: true });
    video.webkitEnterFullscreen();
  }
}
