// The caption editor's rows: split, merge, delete, add at the playhead, repair. Without script the same buttons post
// the form and the server does the same (src/web/studio/rows.rs).
import { findings } from "./caption-findings.js";

const form = document.querySelector('[data-captions]');
const list = form?.querySelector('[data-rows]');
const video = document.querySelector('[data-mini] video');
const digits = (text) => (document.documentElement.lang === 'ar' ? String(text).replace(/\d/g, (d) => '٠١٢٣٤٥٦٧٨٩'[d]) : String(text));

export const rows = () => [...list.querySelectorAll('[data-cue]')];
export const part = (row, name) => row.querySelector(`[name=${name}]`);
export const write = (ms) => {
  const whole = Math.max(0, Math.round(ms));
  const pad = (n, size) => String(n).padStart(size, '0');
  return `${pad(Math.floor(whole / 60000), 2)}:${pad(Math.floor(whole / 1000) % 60, 2)}.${pad(whole % 1000, 3)}`;
};
export const read = (text) => {
  const match = text.trim().match(/^(?:(\d+):)?(\d+):(\d+(?:[.,]\d+)?)$/);
  return match ? ((Number(match[1] ?? 0) * 60 + Number(match[2])) * 60 + Number(match[3].replace(',', '.'))) * 1000 : NaN;
};

/** Two frames at 24 a second, in milliseconds: the smallest gap between lines. */
const GAP = 84;

/** A new row before `before` (at the end when absent). */
export function insert(start, end, text = '', before = null) {
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
  const after = rows().find((row) => read(part(row, 'start').value) > now) ?? null;
  const before = after ? after.previousElementSibling : rows().at(-1);
  // Inside a line, or right behind it, the new one begins after it with the smallest gap.
  const start = before ? Math.max(now, read(part(before, 'end').value) + GAP || now) : now;
  const limit = after ? read(part(after, 'start').value) - GAP : Infinity;
  const row = insert(start, Math.max(start + 834, Math.min(start + 2500, limit)), '', after);
  part(row, 'text').focus();
  return row;
}

const deeds = {
  split(row) {
    const text = part(row, 'text').value, at = breakPoint(text);
    const start = read(part(row, 'start').value), end = read(part(row, 'end').value);
    const middle = start + ((end - start) * at) / Math.max(text.length, 1);
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
  delete(row) { (row.nextElementSibling ?? row.previousElementSibling)?.querySelector('textarea').focus(); row.remove(); },
  wrap(row) {
    const flat = part(row, 'text').value.replace(/\s+/g, ' ').trim(), at = breakPoint(flat);
    part(row, 'text').value = `${flat.slice(0, at).trim()}\n${flat.slice(at).trim()}`;
  },
  extend(row) { part(row, 'end').value = write(Number(row.dataset.extend)); },
};

/** The space nearest to the middle, so that both halves stay readable. */
function breakPoint(text) {
  const middle = text.length / 2;
  const spaces = [...text.matchAll(/\s/g)].map((match) => match.index);
  return spaces.sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle))[0] ?? Math.floor(middle);
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
  list.addEventListener('click', (event) => {
    const key = event.target.closest('button[data-deed]');
    if (!key) return;
    event.preventDefault();
    deeds[key.dataset.deed](key.closest('[data-cue]'));
    changed();
  });
  list.addEventListener('input', () => changed());
  form.querySelector('[data-add]').addEventListener('click', (event) => { event.preventDefault(); addAtPlayhead(); });
  form.addEventListener('submit', () => { delete form.dataset.unsaved; });
  addEventListener('beforeunload', (event) => { if (form.dataset.unsaved) event.preventDefault(); });
}
