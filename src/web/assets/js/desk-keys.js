// The desk by keyboard: J and K through the queue, 1 to 5 take a suggestion, ? shows the keys.
const typing = (target) => target.matches('input, textarea, select, [contenteditable]');
const links = () => [...document.querySelectorAll('.queue .q')];

function move(step) {
  const all = links();
  const here = all.indexOf(document.activeElement);
  const at = here >= 0 ? here : all.findIndex((link) => link.hasAttribute('aria-current'));
  all[Math.min(Math.max(at + step, 0), all.length - 1)]?.focus();
}

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const help = document.querySelector('#keys');
  const take = document.querySelector(`[data-take="${event.key}"]`);
  if (event.key === 'j') move(1);
  else if (event.key === 'k') move(-1);
  else if (event.key === '?') { if (help?.open) help.close(); else help?.showModal(); }
  else if (take) take.click();
  else return;
  event.preventDefault();
});
