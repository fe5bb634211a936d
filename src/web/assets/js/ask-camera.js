// Record in sign: open, count down, record, review, send or do it again. Everything stays on the device until "send", and
// a recording is kept there until the server has all of it.
import { all, one, digits, percent, clock } from "./dom.js";
import { send } from "./ask-send.js";
import { keepRecording, dropRecording, keptRecording } from "./ask-keep.js";

const COUNT_FROM = 3;

// `name` is what a recording is kept under; `arrived` gets the id of the finished upload, and sends the form unless the
// page does something else with it, and says what to tell then. `changed` hears that
// there is a recording to be used (true), or that it is given up (false).
export function watchCamera(part, limits, name, arrived = (id) => { const form = one('[data-send-form]', part); form.elements.upload_id.value = id; form.submit(); }, changed = () => {}) {
  const video = one('[data-cam]', part), state = one('[data-cam-state]', part), words = state.dataset;
  const steps = all('[data-steps] li', part), progress = one('[data-cam-progress]', part), guide = one('[data-cam-guide]', part);
  let stream = null, recorder = null, recording = null, started = null, timer = 0;

  const say = (text, number) => {
    const sentence = document.createElement('span');
    sentence.textContent = text;
    const count = document.createElement('span');
    count.className = 'cam__count';
    if (number !== undefined) count.textContent = number;
    state.replaceChildren(sentence, ...(number === undefined ? [] : [count]));
  };
  const offer = (...names) => { for (const button of all('[data-cam-act]', part)) button.hidden = !names.includes(button.dataset.camAct); };
  const at = (step) => steps.forEach((item, index) => {
    item.classList.toggle('is-done', index < step);
    if (index === step) item.setAttribute('aria-current', 'step'); else item.removeAttribute('aria-current');
  });
  const live = () => {
    if (!stream) { say(words.off); offer('open'); at(0); return; }
    video.srcObject = stream; video.removeAttribute('src'); video.controls = false; video.loop = false;
    video.classList.add('is-self'); guide.removeAttribute('hidden'); video.play().catch(() => {});
    say(words.ready); offer('start'); at(0);
  };

  const acts = {
    async open() {
      if (!navigator.mediaDevices?.getUserMedia || !window.MediaRecorder) { say(words.missing); return; }
      try {
        stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: 'user', width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } } });
      } catch (problem) { say(problem.name === 'NotFoundError' ? words.missing : words.refused); return; }
      live();
    },
    start() { count(COUNT_FROM); offer('cancel'); },
    cancel() { clearTimeout(timer); live(); },
    stop() { clearInterval(timer); if (recorder?.state === 'recording') recorder.stop(); },
    async again() { recording = started = null; changed(false); await dropRecording(name); if (stream) live(); else await acts.open(); },
    async send() {
      offer(); at(3); say(words.sending); progress.hidden = false;
      const heard = {
        told: (share) => { progress.value = share * 100; say(words.sending, `${percent(share)}`); },
        waits: () => say(words.waiting),
        started: (how) => { started = how; return keepRecording(name, recording, how); },
      };
      try {
        const done = arrived(await send(recording, `question.${extension(recording.type)}`, limits, heard, started));
        if (done) { say(done); progress.hidden = true; offer('again'); }
      } catch (problem) {
        if (problem.final) started = null;
        say(problem instanceof RangeError ? words.large : words.failed); progress.hidden = true; offer('send', 'again');
      }
    },
  };
  const count = (left) => {
    if (left === 0) { record(); return; }
    say(words.soon, digits(left));
    timer = setTimeout(() => count(left - 1), 1000);
  };
  const record = () => {
    const pieces = [], begun = performance.now();
    recorder = new MediaRecorder(stream, { videoBitsPerSecond: 2_500_000 });
    recorder.addEventListener('dataavailable', (event) => pieces.push(event.data));
    recorder.addEventListener('stop', () => {
      clearInterval(timer);
      const blob = new Blob(pieces, { type: recorder.mimeType });
      keepRecording(name, blob);
      review(blob);
    });
    recorder.start(1000);
    offer('stop'); at(1);
    timer = setInterval(() => {
      const seconds = (performance.now() - begun) / 1000;
      say(words.recording, clock(seconds));
      if (seconds >= limits.seconds) acts.stop();
    }, 250);
  };
  const review = (blob, said = words.review) => {
    recording = blob;
    changed(true);
    video.srcObject = null; video.src = URL.createObjectURL(blob); video.controls = true; video.loop = true;
    video.classList.remove('is-self'); guide.setAttribute('hidden', ''); video.play().catch(() => {});
    say(said); offer('send', 'again'); at(2);
  };
  // The stage takes the shape of the picture, also when a phone is turned.
  for (const news of ['loadedmetadata', 'resize']) {
    video.addEventListener(news, () => { if (video.videoHeight) video.parentElement.style.setProperty('--ratio', video.videoWidth / video.videoHeight); });
  }
  for (const button of all('[data-cam-act]', part)) button.addEventListener('click', () => acts[button.dataset.camAct]());
  // The camera's light goes out when the person leaves the page.
  addEventListener('pagehide', () => { for (const track of stream?.getTracks() ?? []) track.stop(); });
  keptRecording(name).then((kept) => {
    if (!kept || stream || recording) return;
    started = kept.started;
    part.closest('details')?.setAttribute('open', '');
    review(kept.blob, words.found);
  });
}

const extension = (type) => (type.includes('mp4') ? 'mp4' : 'webm');
