// The search box: answers with their pictures while typing; nothing is sent while the words hold a personal number.
import { all, one, clock } from "./dom.js";
import { holdsIdentifier } from "./identifiers.js";

const PAUSE_MS = 350;
const SHORTEST = 2;

for (const finder of all('[data-finder]')) watch(finder);

function watch(finder) {
  const form = one('form', finder), field = one('input', finder), out = one('.finder__out', finder);
  let waiting = 0, asked = null;

  const hide = () => { out.hidden = true; out.replaceChildren(); };
  const say = (className, words) => {
    const text = document.createElement('p');
    text.className = className;
    text.textContent = words;
    return text;
  };
  const put = (...parts) => { out.replaceChildren(...parts); out.hidden = false; };
  const warn = () => put(say('finder__warn', finder.dataset.private));
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
    if (!hits.length) { put(say('small muted', finder.dataset.none), one('template', finder).content.cloneNode(true)); return; }
    const list = document.createElement('ul');
    list.append(...hits.map((hit) => link(hit, finder.dataset.starts)));
    put(say('small muted', finder.dataset.found), list);
  };

  field.addEventListener('input', () => { clearTimeout(waiting); waiting = setTimeout(look, PAUSE_MS); });
  form.addEventListener('submit', (event) => { if (holdsIdentifier(field.value)) { event.preventDefault(); warn(); } });
  finder.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !out.hidden) { hide(); field.focus(); }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key], links = all('a', out);
    if (!step || !links.length) return;
    event.preventDefault();
    const at = links.indexOf(document.activeElement) + step;
    (at < 0 ? field : links[Math.min(at, links.length - 1)]).focus();
  });
}

// A hit as a picture with its question, and the caption that matched, opening at that moment.
export function link(hit, startsAt) {
  const item = document.createElement('li'), anchor = document.createElement('a'), words = document.createElement('span'), title = document.createElement('b');
  const start = hit.cue ? `?t=${hit.cue.start_ms / 1000}` : '';
  anchor.href = `/clips/${encodeURIComponent(hit.clip.slug)}${start}`;
  anchor.className = 'hit';
  anchor.lang = 'ar';
  anchor.dir = 'rtl';
  if (hit.clip.poster) {
    const picture = document.createElement('img');
    Object.assign(picture, { src: hit.clip.poster, alt: '', width: 64, height: 80, loading: 'lazy' });
    anchor.append(picture);
  }
  title.textContent = hit.clip.title_ar;
  words.append(title);
  if (hit.cue) words.append(line(hit.cue), moment(hit.cue, startsAt));
  anchor.append(words);
  item.append(anchor);
  return item;
}

function line({ text, highlights }) {
  const shown = document.createElement('span'), letters = [...text];
  shown.className = 'matched';
  let done = 0;
  for (const [from, to] of highlights ?? []) {
    const mark = document.createElement('mark');
    mark.textContent = letters.slice(from, to).join('');
    shown.append(letters.slice(done, from).join(''), mark);
    done = to;
  }
  shown.append(letters.slice(done).join(''));
  return shown;
}

function moment(cue, startsAt) {
  const shown = document.createElement('span'), time = document.createElement('bdi');
  shown.className = 'small muted';
  time.textContent = clock(cue.start_ms / 1000);
  shown.append(`${startsAt ?? ''} `, time);
  return shown;
}
