// What the buttons of a caption row do. Without script the server does the same (src/web/studio/rows.rs).
import { endOf, part, startOf, write } from "./caption-time.js";

/** The space nearest to the middle, so that both halves stay readable. */
function breakPoint(text) {
  const middle = text.length / 2;
  const spaces = [...text.matchAll(/\s/g)].map((match) => match.index);
  return spaces.sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle))[0] ?? Math.floor(middle);
}

/** `insert(start, end, text, before)` makes a new row. */
export const deeds = (insert) => ({
  split(row) {
    const text = part(row, 'text').value, at = breakPoint(text);
    const end = endOf(row), middle = startOf(row) + ((end - startOf(row)) * at) / Math.max(text.length, 1);
    part(row, 'text').value = text.slice(0, at).trim();
    part(row, 'end').value = write(middle);
    insert(middle, end, text.slice(at).trim(), row.nextElementSibling);
  },
  merge(row) {
    const next = row.nextElementSibling;
    if (!next) return;
    part(row, 'text').value = `${part(row, 'text').value.trim()} ${part(next, 'text').value.trim()}`.trim();
    part(row, 'end').value = part(next, 'end').value;
    next.remove();
  },
  delete(row) {
    (row.nextElementSibling ?? row.previousElementSibling)?.querySelector('textarea').focus();
    row.remove();
  },
  wrap(row) {
    const flat = part(row, 'text').value.replace(/\s+/g, ' ').trim(), at = breakPoint(flat);
    part(row, 'text').value = `${flat.slice(0, at).trim()}\n${flat.slice(at).trim()}`;
  },
  extend(row) { part(row, 'end').value = write(Number(row.dataset.extend)); },
});
