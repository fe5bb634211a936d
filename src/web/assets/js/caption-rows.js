// The caption editor's rows: adding at the playhead, renumbering, and the buttons of each row.
import { deeds } from "./caption-deeds.js";
import { findings } from "./caption-findings.js";
import { endOf, part, startOf, write } from "./caption-time.js";
import { digits } from "./dom.js";

const form = document.querySelector('[data-captions]');
const list = form?.querySelector('[data-rows]');
const video = document.querySelector('[data-mini] video');
/** Two frames at 24 a second, in milliseconds: the smallest gap between lines. */
const GAP = 84;

export const rows = () => [...list.querySelectorAll('[data-cue]')];

/** A new row before `before` (at the end when absent). */
function insert(start, end, text = '', before = null) {
  const row = form.querySelector('template').content.firstElementChild.cloneNode(true);
  part(row, 'start').value = write(start);
  part(row, 'end').value = write(end);
  part(row, 'text').value = text;
  list.insertBefore(row, before);
  changed();
  return row;
}

export function addAtPlayhead() {
  const now = (video?.currentTime ?? 0) * 1000;
  const after = rows().find((row) => startOf(row) > now) ?? null;
  const before = after ? after.previousElementSibling : rows().at(-1);
  // Inside a line, or right behind it, the new one begins after it with the smallest gap.
  const start = before ? Math.max(now, endOf(before) + GAP || now) : now;
  const limit = after ? startOf(after) - GAP : Infinity;
  const row = insert(start, Math.max(start + 834, Math.min(start + 2500, limit)), '', after);
  part(row, 'text').focus();
  return row;
}

/** Renumbers what the rows are called and what their buttons do, then looks for findings. */
export function changed() {
  rows().forEach((row, at) => {
    for (const name of row.querySelectorAll('[data-numbered]')) name.textContent = name.dataset.numbered.replace('#', digits(at + 1));
    for (const key of row.querySelectorAll('button[data-deed]')) key.value = `${key.dataset.deed}-${at}`;
  });
  form.querySelector('[data-none]')?.toggleAttribute('hidden', rows().length > 0);
  form.dataset.unsaved = 'yes';
  findings(form, rows());
}

if (form) {
  const deed = deeds(insert);
  list.addEventListener('click', (event) => {
    const key = event.target.closest('button[data-deed]');
    if (!key) return;
    event.preventDefault();
    deed[key.dataset.deed](key.closest('[data-cue]'));
    changed();
  });
  list.addEventListener('input', changed);
  form.querySelector('[data-add]').addEventListener('click', (event) => { event.preventDefault(); addAtPlayhead(); });
  form.addEventListener('submit', () => { delete form.dataset.unsaved; });
  addEventListener('beforeunload', (event) => { if (form.dataset.unsaved) event.preventDefault(); });
}
