// "What changed since your last visit", for each service: the moments stay on this device, the server knows nothing.
import { all, one, kept, digits } from "./dom.js";

const place = one('[data-since]');
if (place) {
  const name = `seen:${place.dataset.since}`, before = Number(kept.get(name, '0'));
  const changed = before ? all('[data-at]').filter((card) => Number(card.dataset.at) > before) : [];
  for (const card of changed) {
    const chip = document.createElement('span');
    chip.className = 'chip chip--ok';
    chip.textContent = card.dataset.first === card.dataset.at ? place.dataset.new : place.dataset.changed;
    one('.row', card)?.prepend(chip);
  }
  if (changed.length) {
    one('[data-since-count]', place).textContent = digits(changed.length);
    place.hidden = false;
  }
  kept.set(name, String(Date.now()));
}
