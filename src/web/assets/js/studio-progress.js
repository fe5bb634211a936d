// Processing is shown without a reload: asks the server while something is being processed, and stops when nothing is.
const area = document.querySelector('[data-progress]');
const EVERY = 1500;

async function look() {
  const response = await fetch(area.dataset.progress, { headers: { accept: 'application/json' } }).catch(() => null);
  if (response?.ok) {
    const { clips } = await response.json();
    let working = 0;
    for (const row of area.querySelectorAll('[data-version]')) {
      const clip = clips.find((one) => one.version === row.dataset.version);
      // What is no longer being processed has new pictures, checks and buttons: the page itself shows them best.
      if (!clip) {
        if (!document.querySelector('[data-unsaved]')) location.reload();
        else row.querySelector('[data-said]').textContent = area.dataset.done;
        return;
      }
      // The smallest size is there before the others: the editor then shows its player.
      if (clip.watchable && row.hasAttribute('data-editor') && !document.querySelector('[data-mini] video, [data-unsaved]')) {
        location.reload();
        return;
      }
      row.querySelector('progress').value = clip.progress;
      row.querySelector('[data-said]').textContent = clip.said;
      working += 1;
    }
    if (!working) return;
  }
  setTimeout(look, document.hidden ? EVERY * 4 : EVERY);
}

if (area) setTimeout(look, EVERY);
