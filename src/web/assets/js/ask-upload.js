// A chosen file goes up in pieces with its progress shown; without this module the plain form sends it whole.
import { one, percent } from "./dom.js";
import { send } from "./ask-send.js";

export function watchUpload(form, limits) {
  const state = one('[data-upload-state]', form), bar = one('progress', state), share = one('[data-upload-share]', state);
  const words = one('[data-upload-words]', state), button = one('[type=submit]', form);
  let started = null, sent = null;

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const file = form.elements.video.files[0];
    if (!file) { form.elements.video.focus(); return; }
    if (file !== sent) started = null;
    sent = file;
    one('[data-upload-name]', state).textContent = file.name;
    state.hidden = false;
    button.disabled = true;
    words.textContent = '';
    const heard = {
      told: (part) => { bar.value = part * 100; share.textContent = `${percent(part)}`; words.textContent = ''; },
      waits: () => { words.textContent = words.dataset.waiting; },
      started: (how) => { started = how; },
    };
    try {
      finish(form, await send(file, file.name, limits, heard, started));
    } catch (problem) {
      if (problem.final) started = null;
      button.disabled = false;
      words.textContent = problem instanceof RangeError ? words.dataset.large : words.dataset.failed;
    }
  });
}

// What is asked or said is an ordinary form post that names the upload.
function finish(form, id) {
  const hidden = document.createElement('input');
  hidden.type = 'hidden';
  hidden.name = 'upload_id';
  hidden.value = id;
  form.append(hidden);
  form.elements.video.remove();
  form.action = form.dataset.sendTo;
  form.enctype = 'application/x-www-form-urlencoded';
  form.submit();
}
