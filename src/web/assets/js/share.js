// Share by the device's own menu where there is one, else copy the link.
import { all, one } from "./dom.js";

for (const button of all('[data-share]')) {
  button.addEventListener('click', async () => {
    const url = new URL(button.dataset.share || location.pathname, location.href).href;
    try {
      if (navigator.share && matchMedia('(pointer: coarse)').matches) { await navigator.share({ title: document.title, url }); return; }
      await navigator.clipboard.writeText(url);
      one('span', button).textContent = button.dataset.shared;
    } catch { /* the person closed the menu */ }
  });
}
