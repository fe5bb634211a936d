// Writing a question: offers answers with pictures while typing, warns of personal numbers, and stops a one-time code
// before it leaves the device, with the signed warning. Such words are not sent for matching either.
import { all, one } from "./dom.js";
import { holdsIdentifier, holdsSecret } from "./identifiers.js";
import { link } from "./finder.js";

const PAUSE_MS = 700;
const SHORTEST = 6;

export function watchWriting(form) {
  const field = form.elements.text, warning = one('[data-identifiers]', form), secret = one('[data-secret]', form), matches = one('[data-matches]', form);
  let waiting = 0, asked = null, allowed = null;

  const guard = (text) => {
    const leaks = text.trim() !== allowed && holdsSecret(text);
    secret.hidden = !leaks;
    warning.hidden = leaks || !holdsIdentifier(text);
    return leaks || !warning.hidden;
  };
  const look = async () => {
    const text = field.value.trim();
    asked?.abort();
    if (guard(text) || text.length < SHORTEST) { matches.hidden = true; return; }
    asked = new AbortController();
    try {
      const answer = await fetch('/api/v1/match', {
        method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ text, limit: 3 }), signal: asked.signal,
      });
      if (!answer.ok) return;
      const { abstain, candidates } = await answer.json();
      matches.hidden = abstain || !candidates.length;
      one('ul', matches).replaceChildren(...(abstain ? [] : candidates.map((hit) => link(hit, matches.dataset.starts))));
    } catch { /* typed on, or offline */ }
  };
  field.addEventListener('input', () => { field.setCustomValidity(''); clearTimeout(waiting); waiting = setTimeout(look, PAUSE_MS); });

  form.addEventListener('submit', (event) => {
    const empty = field.value.trim().length < 2;
    field.setCustomValidity(empty ? form.dataset.empty : '');
    if (empty) { event.preventDefault(); field.reportValidity(); return; }
    guard(field.value);
    if (secret.hidden) return;
    event.preventDefault();
    secret.focus();
  });
  // Who knows that it is no code has the last word here; the server still cuts what is one.
  one('[data-not-code]', secret)?.addEventListener('click', () => { allowed = field.value.trim(); form.requestSubmit(); });
  // Takes every digit of the text out; what was asked stays.
  for (const button of all('[data-cut]', secret)) {
    button.addEventListener('click', () => {
      field.value = field.value.replace(/[\d٠-٩۰-۹]+/g, ' ').replace(/ {2,}/g, ' ').trim();
      guard(field.value);
      field.focus();
    });
  }
}
