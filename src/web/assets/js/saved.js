// The list of saved clips. Built from what this browser kept; nothing is asked of the server.
import { one } from "./dom.js";
import { saved, forget } from "./save.js";

const list = one('[data-saved]'), none = one('[data-saved-none]');

function paint() {
  const clips = saved();
  none.hidden = clips.length > 0;
  list.replaceChildren(...clips.map(card));
}

function card({ slug, title, poster }) {
  const item = one('template', list.parentElement).content.firstElementChild.cloneNode(true);
  const link = one('a', item), picture = one('img', item);
  link.href = `/clips/${encodeURIComponent(slug)}`;
  link.textContent = title;
  if (/^\/media\/[\w./-]+$/.test(poster)) picture.src = poster; else picture.remove();
  one('button', item).addEventListener('click', () => { forget(slug); paint(); });
  return item;
}
paint();
