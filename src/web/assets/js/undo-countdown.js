// Counts the seconds in which a sent reply can be taken back; the button goes when the server would say no.
const digits = (n) => (document.documentElement.lang === 'ar' ? String(n).replace(/\d/g, (d) => '٠١٢٣٤٥٦٧٨٩'[d]) : String(n));

for (const box of document.querySelectorAll('[data-undo-seconds]')) {
  const end = performance.now() + Number(box.dataset.undoSeconds) * 1000;
  const tick = () => {
    const left = Math.ceil((end - performance.now()) / 1000);
    box.querySelector('[data-left]').textContent = digits(Math.max(left, 0));
    if (left > 0) setTimeout(tick, 250);
    else location.reload();
  };
  tick();
}
