// Preview players: play, one second, one frame; and buttons elsewhere that go to a moment.
for (const mini of document.querySelectorAll('[data-mini]')) {
  const video = mini.querySelector('video');
  if (!video) continue;
  const frame = 1 / Number(mini.dataset.fps || 30);
  const steps = { back: -1, fwd: 1, prev: -frame, next: frame };
  for (const key of mini.querySelectorAll('[data-mini-act]')) {
    key.addEventListener('click', () => {
      if (key.dataset.miniAct === 'play') { if (video.paused) video.play(); else video.pause(); return; }
      video.pause();
      video.currentTime = Math.max(0, video.currentTime + steps[key.dataset.miniAct]);
    });
  }
  // A reviewer's note is pinned to the moment at which its box was ticked.
  for (const box of document.querySelectorAll('[data-pin]')) {
    box.addEventListener('change', () => { box.value = box.checked ? String(Math.round(video.currentTime * 1000)) : ''; });
  }
  for (const pin of document.querySelectorAll('[data-seek]')) {
    pin.addEventListener('click', () => { video.currentTime = Number(pin.dataset.seek); video.scrollIntoView({ block: 'nearest' }); });
  }
}
