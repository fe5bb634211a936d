// The resumable road of the upload form: tus in pieces with pause, resume and cancel. Without script, or when this fails
// to load, the browser sends the same form in one piece.
const form = document.querySelector('[data-tus]');
const PIECE = 8 * 1024 * 1024;

if (form && globalThis.tus) {
  const box = form.querySelector('[data-tus-box]');
  const bar = box.querySelector('progress');
  const say = (name) => { box.querySelector('[data-tus-said]').textContent = box.dataset[name]; };
  const key = (name) => box.querySelector(`[data-tus-act=${name}]`);
  let upload = null;

  const done = () => {
    const field = form.querySelector('[name=upload_id]');
    field.value = new URL(upload.url, location.href).pathname.split('/').at(-1);
    form.querySelector('input[type=file]').disabled = true;
    say('done');
    form.submit();
  };
  const begin = (file) => {
    upload = new globalThis.tus.Upload(file, {
      endpoint: form.dataset.tus,
      chunkSize: PIECE,
      retryDelays: [0, 1000, 3000, 5000, 10000, 20000, 30000, 60000],
      metadata: { filename: file.name, filetype: file.type },
      removeFingerprintOnSuccess: true,
      onProgress: (sent, total) => {
        bar.max = total; bar.value = sent;
        box.querySelector('[data-tus-percent]').textContent = new Intl.NumberFormat(document.documentElement.lang === 'ar' ? 'ar-SA' : 'en', { style: 'percent' }).format(sent / total);
      },
      onShouldRetry: (error) => { say('again'); const status = error.originalResponse?.getStatus() ?? 0; return status === 0 || status === 409 || status === 423 || status >= 500; },
      onError: (error) => {
        say('failed');
        try { box.querySelector('[data-tus-said]').textContent = JSON.parse(error.originalResponse.getBody())[document.documentElement.lang === 'ar' ? 'detail_ar' : 'detail']; } catch { /* not our answer: the general sentence stays */ }
        key('resume').hidden = false; key('pause').hidden = true;
      },
      onSuccess: done,
    });
    upload.findPreviousUploads().then((earlier) => { if (earlier.length) upload.resumeFromPreviousUpload(earlier[0]); upload.start(); });
  };

  form.addEventListener('submit', (event) => {
    const file = form.querySelector('input[type=file]')?.files[0];
    if (!file || form.querySelector('[name=upload_id]').value || !form.checkValidity()) return;
    event.preventDefault();
    box.hidden = false;
    form.querySelector('button[type=submit]').disabled = true;
    say('sending');
    begin(file);
  });
  key('pause').addEventListener('click', () => { upload.abort(); say('paused'); key('pause').hidden = true; key('resume').hidden = false; });
  key('resume').addEventListener('click', () => { upload.start(); say('sending'); key('pause').hidden = false; key('resume').hidden = true; });
  key('cancel').addEventListener('click', () => { upload.abort(true).catch(() => {}).finally(() => location.reload()); });
}
