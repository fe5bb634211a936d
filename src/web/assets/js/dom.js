// The few words that every module uses.
export const root = document.documentElement;
export const one = (selector, from = document) => from.querySelector(selector);
export const all = (selector, from = document) => [...from.querySelectorAll(selector)];

const arabicPage = root.lang === 'ar' && root.dataset.digits !== 'latn';
export const digits = (text) => (arabicPage ? String(text).replace(/\d/g, (digit) => '٠١٢٣٤٥٦٧٨٩'[digit]) : String(text));

const two = (number) => String(number).padStart(2, '0');
/** A share of one in per cent, as the page writes numbers. */
export const percent = (share) => `${digits(Math.round(share * 100))}${arabicPage ? '٪' : '%'}`;
export const clock = (seconds) => digits(`${two(Math.floor(seconds / 60))}:${two(Math.floor(seconds % 60))}`);

// Choices that are kept on this device; in private mode they are simply not remembered.
export const kept = {
  get(name, otherwise) { try { return localStorage.getItem(name) ?? otherwise; } catch { return otherwise; } },
  set(name, value) { try { localStorage.setItem(name, value); } catch { /* not remembered */ } },
};

// Motion and bytes are asked for, never pushed.
export const calm = matchMedia('(prefers-reduced-motion: reduce)').matches || navigator.connection?.saveData === true;
