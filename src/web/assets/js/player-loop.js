// A–B: repeat one part, to study one phrase. "From here" starts anew; "to here" closes the loop.

export function cut({ player, video, act, fps }, go) {
  const bar = player.querySelector('.ab');
  let from = null, to = null;

  const paint = () => {
    const total = video.duration || Number(player.dataset.length);
    const share = (time) => `${((time ?? from ?? 0) / total) * 100}%`;
    bar.hidden = from === null;
    bar.style.setProperty('--a', share(from));
    bar.style.setProperty('--b', share(to));
    act('a').setAttribute('aria-pressed', from !== null);
    act('b').setAttribute('aria-pressed', to !== null);
  };
  // Turns at the last picture before the end: when the seek is done, no later picture has been shown.
  const back = (time) => { if (to !== null && !video.seeking && time >= to - 1 / fps) go(from); };

  // Each shown frame is looked at where the browser tells us of it: timeupdate alone comes only four times a second.
  if (video.requestVideoFrameCallback) {
    const look = (now, { mediaTime }) => { back(mediaTime); video.requestVideoFrameCallback(look); };
    video.requestVideoFrameCallback(look);
  }
  video.addEventListener('timeupdate', () => back(video.currentTime));
  video.addEventListener('ended', () => { if (to !== null) { go(from); video.play().catch(() => {}); } });

  return {
    from() { from = from === null || to !== null ? video.currentTime : null; to = null; paint(); },
    to() { to = from !== null && to === null && video.currentTime > from ? video.currentTime : null; paint(); },
  };
}
