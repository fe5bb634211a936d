// The asker's own page: what is added to a case can be signed.
import { one } from "./dom.js";
import { watchCamera } from "./ask-camera.js";
import { watchUpload } from "./ask-upload.js";
import { dropRecording } from "./ask-keep.js";

const page = one('[data-case]'), part = one('[data-signing]', page);
const limits = { bytes: Number(page.dataset.maxBytes), seconds: Number(page.dataset.maxSeconds) };
const name = `case-${page.dataset.case}`;

if (location.hash === '#arrived') {
  // The server has it: the copy on this device is no longer needed, and a reload is not another arrival.
  history.replaceState(null, '', location.pathname + location.search);
  await dropRecording(name);
}
if (part) {
  watchCamera(part, limits, name);
  watchUpload(one('[data-upload-form]', part), limits);
}
