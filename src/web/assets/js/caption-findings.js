// What is wrong with each row, asked of the server while typing: the rules have one home, and this page only shows them.
let timer, asked = 0;

export function findings(form, rows) {
  clearTimeout(timer);
  timer = setTimeout(() => ask(form, rows), 350);
}

async function ask(form, rows) {
  const turn = ++asked;
  const body = new URLSearchParams();
  for (const field of form.querySelectorAll('[name=start], [name=end], [name=text]')) body.append(field.name, field.value);
  const response = await fetch(form.dataset.check, { method: 'POST', body }).catch(() => null);
  if (!response?.ok || turn !== asked) return;
  const answer = await response.json();
  rows.forEach((row, at) => show(row, answer.rows[at]));
  form.querySelector('[data-summary]').replaceChildren(...answer.summary.map((one) => chip(one)));
}

function show(row, found) {
  if (!found) return;
  row.classList.toggle('is-bad', found.some((one) => one.level === 'error'));
  const repairs = row.querySelectorAll('[data-repair]');
  for (const key of repairs) {
    const offer = found.find((one) => one.repair === key.dataset.deed);
    key.hidden = !offer;
    if (offer?.until_ms) row.dataset.extend = offer.until_ms;
    if (offer?.repair_text) key.textContent = offer.repair_text;
  }
  row.querySelector('[data-findings]').replaceChildren(...found.filter((one) => one.level).map((one) => chip(one)));
}

const TONES = { ok: 'chip--ok', warn: 'chip--warn', error: 'chip--bad' };
const SIGNS = { ok: 'check', warn: 'warn', error: 'close' };

function chip({ level, text }) {
  const chip = document.createElement('span');
  chip.className = `chip ${TONES[level]}`;
  const sign = document.querySelector(`[data-sign-of=${SIGNS[level]}] svg`);
  if (sign) chip.append(sign.cloneNode(true));
  chip.append(text);
  return chip;
}
