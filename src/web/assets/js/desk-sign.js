// The agent signs a reply: recorded here or chosen from files, sent in pieces at once, and named in the reply's form.
import { one, percent } from "./dom.js";
import { watchCamera } from "./ask-camera.js";
import { send } from "./ask-send.js";
import { seconds } from "./ask-upload.js";
import { dropRecording } from "./ask-keep.js";

const page = one('#reply'), part = one('[data-signing]', page);
const limits = { bytes: Number(page.dataset.maxBytes), seconds: Number(page.dataset.maxSeconds) };
const name = `reply-${page.dataset.case}`;

// Without a form the reply is on its way, or somebody else writes it: the copy on this device is no longer needed.
if (part) watchSigning(part); else dropRecording(name);

function watchSigning(part) {
  const upload = one('[name=upload_id]', part), file = one('[name=video]', part), said = one('[data-own-said]', part);
  const submit = one('[type=submit]', part.closest('form'));
  const say = (text, more = '', tone = 'info') => {
    said.hidden = false;
    said.className = `notice notice--${tone}`;
    said.textContent = `${text} ${more}`.trim();
  };
  const arrived = (id) => { upload.value = id; file.value = ''; submit.disabled = false; say(said.dataset.arrived, '', 'ok'); return said.dataset.arrived; };

  // What is recorded anew takes the place of what has arrived; what waits unused is neither sent nor forgotten.
  let waits = false;
  const changed = (pending) => { waits = pending; upload.value = ''; said.hidden = true; };
  watchCamera(part, limits, name, (id) => { waits = false; return arrived(id); }, changed);
  part.closest('form').addEventListener('submit', (event) => {
    if (!waits) return;
    event.preventDefault();
    say(said.dataset.pending, '', 'warn');
    part.open = true;
  });
  file.addEventListener('change', async () => {
    const chosen = file.files[0];
    if (!chosen) return;
    submit.disabled = true;
    const long = chosen.size <= limits.bytes && await seconds(chosen) > limits.seconds + 1;
    if (long) { file.value = ''; submit.disabled = false; say(said.dataset.long, '', 'bad'); return; }
    say(said.dataset.sending);
    const heard = { told: (share) => say(said.dataset.sending, percent(share)), waits: () => say(said.dataset.waiting) };
    try {
      arrived(await send(chosen, chosen.name, limits, heard));
    } catch (problem) {
      // The form can still be sent, without the file.
      file.value = '';
      submit.disabled = false;
      say(problem instanceof RangeError ? said.dataset.large : said.dataset.failed, '', 'bad');
    }
  });
}
