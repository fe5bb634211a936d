// Asking: the three ways as tabs, the camera, the resumable upload, and answers offered while writing.
import { all, one } from "./dom.js";
import { watchCamera } from "./ask-camera.js";
import { watchUpload } from "./ask-upload.js";
import { watchWriting } from "./ask-write.js";

const page = one('[data-ask]');
const limits = { bytes: Number(page.dataset.maxBytes), seconds: Number(page.dataset.maxSeconds) };
const ways = all('[data-way]', page), tabs = all('.tabs a', page);

function open(name) {
  const chosen = ways.find((way) => way.id === name) ?? ways[0];
  for (const way of ways) way.hidden = way !== chosen;
  for (const tab of tabs) {
    if (tab.hash === `#${chosen.id}`) tab.setAttribute('aria-current', 'true'); else tab.removeAttribute('aria-current');
  }
}
for (const tab of tabs) {
  tab.addEventListener('click', (event) => {
    event.preventDefault();
    history.replaceState(null, '', tab.hash);
    open(tab.hash.slice(1));
  });
}
// After an error the page opens where the wrong field is.
const wrong = one('.has-err', page)?.closest('[data-way]')?.id;
open(wrong ?? location.hash.slice(1));

watchCamera(one('#record', page), limits, 'question');
watchUpload(one('[data-upload-form]', page), limits);
watchWriting(one('[data-write-form]', page));
