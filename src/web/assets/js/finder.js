// The search box: answers while typing, and nothing is sent while the words hold a personal number.
import { all, one } from "./dom.js";
import { holdsIdentifier } from "./identifiers.js";

const PAUSE_MS = 350;
const SHORTEST = 2;

for (const finder of all('[data-finder]')) watch(finder);

function watch(finder) {
  const form = one('form', finder), field = one('input', finder), out = one('.finder__out', finder);
  let waiting = 0, asked = null;

  const hide = () => { out.hidden = true; out.replaceChildren(); };
  const warn = () => {
    const text = document.createElement('p');
    text.className = 'finder__warn';
    text.textContent = finder.dataset.private;
    out.replaceChildren(text);
    out.hidden = false;
  };
  const look = async () => {
    const query = field.value.trim();
    asked?.abort();
    if (holdsIdentifier(query)) { warn(); return; }
    if (query.length < SHORTEST) { hide(); return; }
    asked = new AbortController();
    try {
      const answer = await fetch(`/api/v1/search?limit=5&q=${encodeURIComponent(query)}`, { signal: asked.signal });
      if (answer.ok) show((await answer.json()).hits);
    } catch { /* typed on, or offline: the form still works */ }
  };
  const show = (hits) => {
    if (!hits.length) { hide(); return; }
    const title = document.createElement('p');
    title.className = 'small muted';
    title.textContent = finder.dataset.found;
    const list = document.createElement('ul');
    list.append(...hits.map(link));
    out.replaceChildren(title, list);
    out.hidden = false;
  };

  field.addEventListener('input', () => { clearTimeout(waiting); waiting = setTimeout(look, PAUSE_MS); });
  form.addEventListener('submit', (event) => { if (holdsIdentifier(field.value)) { event.preventDefault(); warn(); } });
  finder.addEventListener('keydown', (event) => { if (event.key === 'Escape' && !out.hidden) { hide(); field.focus(); } });
}

export function link(hit) {
  const item = document.createElement('li'), anchor = document.createElement('a'), title = document.createElement('b');
  const start = hit.cue ? `?t=${hit.cue.start_ms / 1000}` : '';
  anchor.href = `/clips/${encodeURIComponent(hit.clip.slug)}${start}`;
  title.textContent = hit.clip.title_ar;
  anchor.append(title);
  anchor.lang = 'ar';
  anchor.dir = 'rtl';
  if (hit.cue) {
    const line = document.createElement('span');
    line.textContent = hit.cue.text;
    anchor.append(line);
  }
  item.append(anchor);
  return item;
}
