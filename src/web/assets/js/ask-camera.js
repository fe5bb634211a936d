// Record in sign: open, count down, record, review, send or do it again. Everything stays on the device until "send".
import { all, one, digits, clock } from "./dom.js";
import { send } from "./ask-send.js";

const COUNT_FROM = 3;

export function watchCamera(part, limits) {
  const video = one('[data-cam]', part), state = one('[data-cam-state]', part), words = state.dataset;
  const steps = all('[data-steps] li', part), progress = one('[data-cam-progress]', part), guide = one('[data-cam-guide]', part);
  let stream = null, recorder = null, recording = null, timer = 0;

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
    stop() { clearInterval(timer); recorder?.stop(); },
    again() { recording = null; live(); },
    async send() {
      offer(); at(3); say(words.sending); progress.hidden = false;
      const form = one('[data-send-form]', part);
      try {
        form.elements.upload_id.value = await send(recording, 'question', limits, (share) => { progress.value = share * 100; });
        form.submit();
      } catch { say(words.failed); progress.hidden = true; offer('send', 'again'); }
    },
  };
  const count = (left) => {
    if (left === 0) { record(); return; }
    say(words.soon, digits(left));
    timer = setTimeout(() => count(left - 1), 1000);
  };
  const record = () => {
    const pieces = [], started = performance.now();
    recorder = new MediaRecorder(stream, { videoBitsPerSecond: 2_500_000 });
    recorder.addEventListener('dataavailable', (event) => pieces.push(event.data));
    recorder.addEventListener('stop', () => review(new Blob(pieces, { type: recorder.mimeType })));
    recorder.start(1000);
    offer('stop'); at(1);
    timer = setInterval(() => {
      const seconds = (performance.now() - started) / 1000;
      say(words.recording, clock(seconds));
      if (seconds >= limits.seconds) acts.stop();
    }, 250);
  };
  const review = (blob) => {
    recording = blob;
    video.srcObject = null; video.src = URL.createObjectURL(blob); video.controls = true; video.loop = true;
    video.classList.remove('is-self'); guide.setAttribute('hidden', ''); video.play().catch(() => {});
    say(words.review); offer('send', 'again'); at(2);
  };
  for (const button of all('[data-cam-act]', part)) button.addEventListener('click', () => acts[button.dataset.camAct]());
  // The camera's light goes out when the person leaves the page.
  addEventListener('pagehide', () => { for (const track of stream?.getTracks() ?? []) track.stop(); });
}
