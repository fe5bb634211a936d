// Catches what looks like an ID, phone, account or card number, or an e-mail address, before it is sent anywhere.
// The server masks far more carefully; here it only has to warn the person in time.
const latin = (text) => text
  .replace(/[٠-٩]/g, (digit) => digit.charCodeAt(0) - 0x660)
  .replace(/[۰-۹]/g, (digit) => digit.charCodeAt(0) - 0x6f0);

const gap = '[\\s.\\-–_/]?';
const run = (start, count) => new RegExp(`(?<!\\d)${start}(?:${gap}\\d){${count}}(?!${gap}\\d)`);
const shapes = [
  run('[12]', 9), // national ID, iqama
  run('(?:\\+?9665|0?5)', 8), // mobile
  new RegExp(`sa(?:${gap}\\d){22}`, 'i'), // IBAN
  run('\\d', 15), // bank card
  /[^\s@]+@[^\s@]+\.[a-z]{2,}/i,
];

export function holdsIdentifier(text) {
  const plain = latin(text);
  return shapes.some((shape) => shape.test(plain));
}
