// The display menu: applies at once and is kept in the cookie that the server reads, so the next page opens in it.
import { root, one, all } from "./dom.js";

export function watchTheme() {
  for (const form of all('[data-theme-form]')) {
    form.addEventListener('change', (event) => {
      // Digits stand everywhere in the page: it is asked for anew.
      if (event.target.name === 'digits') { form.submit(); return; }
      root.dataset.theme = event.target.value;
      const secure = location.protocol === 'https:' ? '; secure' : '';
      document.cookie = `theme=${event.target.value}; path=/; max-age=31536000; samesite=lax${secure}`;
    });
  }
  // An open menu closes with Escape and on a press elsewhere.
  for (const menu of all('details.view')) {
    menu.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      menu.open = false;
      one('summary', menu).focus();
    });
    document.addEventListener('pointerdown', (event) => { if (!menu.contains(event.target)) menu.open = false; });
  }
}
