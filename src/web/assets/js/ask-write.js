// Writing a question: offers answers while typing, and warns of personal numbers. Such words are not sent for matching.
import { one } from "./dom.js";
import { holdsIdentifier } from "./identifiers.js";
import { link } from "./finder.js";

const PAUSE_MS = 700;
const SHORTEST = 6;

export function watchWriting(form) {
  const field = form.elements.text, warning = one('[data-identifiers]', form), matches = one('[data-matches]', form);
  let waiting = 0, asked = null;

  const look = async () => {
    const text = field.value.trim();
    asked?.abort();
    warning.hidden = !holdsIdentifier(text);
    if (text.length < SHORTEST || !warning.hidden) { matches.hidden = true; return; }
    asked = new AbortController();
    try {
      const answer = await fetch('/api/v1/match', {
        method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ text, limit: 3 }), signal: asked.signal,
      });
      if (!answer.ok) return;
      const { abstain, candidates } = await answer.json();
      matches.hidden = abstain || !candidates.length;
      one('ul', matches).replaceChildren(...(abstain ? [] : candidates.map(link)));
    } catch { /* typed on, or offline */ }
  };
  field.addEventListener('input', () => { field.setCustomValidity(''); clearTimeout(waiting); waiting = setTimeout(look, PAUSE_MS); });

  form.addEventListener('submit', (event) => {
    const empty = field.value.trim().length < 2;
    field.setCustomValidity(empty ? form.dataset.empty : '');
    if (empty) { event.preventDefault(); field.reportValidity(); }
  });
}
