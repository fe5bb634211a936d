// Catches what looks like an ID, phone, account or card number, an e-mail address, or a one-time code or password, before
// it is sent anywhere. The server masks far more carefully; here it only has to warn the person in time.
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

// A word for a secret with the secret itself near it: "الكود 4821", "my otp is 993311", "كلمة المرور Ab12cd".
const secretWords = '(?:رمز|كود|الكود|الرمز|otp|code|pin|باسورد|الباسورد|كلمة\\s*(?:ال)?(?:مرور|سر)|رقم\\s*(?:ال)?سري|الرقم\\s*السري|password)';
const secrets = [
  new RegExp(`${secretWords}[^\\d\\n]{0,24}(?<!\\d)\\d(?:[\\s-]?\\d){3,7}(?!\\d)`, 'iu'),
  new RegExp(`(?<!\\d)\\d(?:[\\s-]?\\d){3,7}(?!\\d)[^\\d\\n]{0,16}${secretWords}`, 'iu'),
  /(?:كلمة\s*(?:ال)?(?:مرور|سر)|باسورد|الباسورد|password)\s*(?:هي|هو|is|:|=)?\s*(?=[^\s]*\d)(?=[^\s]*[a-z])[a-z\d@#$%!._-]{5,}/iu,
];

export function holdsIdentifier(text) {
  const plain = latin(text);
  return shapes.some((shape) => shape.test(plain)) || holdsSecret(text);
}

export function holdsSecret(text) {
  const plain = latin(text);
  return secrets.some((shape) => shape.test(plain));
}
