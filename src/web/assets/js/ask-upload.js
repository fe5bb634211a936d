// A chosen file goes up in pieces with its progress shown; without this module the plain form sends it whole.
import { one, percent } from "./dom.js";
import { send } from "./ask-send.js";

// A file whose length is not read by then is sent all the same.
const READ_MS = 3000;

export function watchUpload(form, limits) {
  const state = one('[data-upload-state]', form), bar = one('progress', state), share = one('[data-upload-share]', state);
  const words = one('[data-upload-words]', state), button = one('[type=submit]', form);
  let started = null, sent = null;

  // What is too large or too long is said at once, before anything of it is sent.
  const refusal = async (file) => {
    if (file.size > limits.bytes) return words.dataset.large;
    return await seconds(file) > limits.seconds + 1 ? words.dataset.long : '';
  };
  const show = (file, said) => {
    one('[data-upload-name]', state).textContent = file.name;
    state.hidden = false;
    bar.hidden = said !== '';
    share.textContent = '';
    words.textContent = said;
  };
  form.elements.video.addEventListener('change', async () => {
    const file = form.elements.video.files[0];
    state.hidden = true;
    const said = file ? await refusal(file) : '';
    if (said && file === form.elements.video.files[0]) show(file, said);
  });

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const file = form.elements.video.files[0];
    if (!file) { form.elements.video.focus(); return; }
    button.disabled = true;
    const said = await refusal(file);
    show(file, said);
    if (said) { button.disabled = false; form.elements.video.focus(); return; }
    if (file !== sent) started = null;
    sent = file;
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

// How long a file plays; 0 where this browser cannot tell, and the server looks.
export function seconds(file) {
  const video = document.createElement('video'), address = URL.createObjectURL(file);
  const read = new Promise((done) => {
    video.addEventListener('loadedmetadata', () => done(Number.isFinite(video.duration) ? video.duration : 0));
    video.addEventListener('error', () => done(0));
    setTimeout(done, READ_MS, 0);
  });
  video.muted = true;
  video.preload = 'metadata';
  video.src = address;
  return read.finally(() => { video.removeAttribute('src'); URL.revokeObjectURL(address); });
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
