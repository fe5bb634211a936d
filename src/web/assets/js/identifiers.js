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

// A word for a secret with a number of 4 to 8 digits near it: "الكود 4821", "my otp is 993311". The words and what makes a
// number none of these are those of the server (src/text/redact/secrets.rs), folded and without the article.
const fold = (text) => latin(text).toLowerCase().replace(/[\u064b-\u0652\u0640]/g, '')
  .replace(/[أإآٱ]/g, 'ا').replace(/[ىئ]/g, 'ي').replace(/ؤ/g, 'و').replace(/ة/g, 'ه').replace(/ء(?!\p{L})/gu, '');
const bare = (word) => word.replace(/^[وف](?=.{3})/, '').replace(/^(?:بال|لل|ال|ب|ل)(?=.{3})/, '');
const list = (words) => new Set(words.split(' '));

const BEFORE = 5, AFTER = 3;
const CODE = /^(?:رمز|رموز|كود|باسكود|passcode|باسورد|باسوورد|بسورد|password|passwd)|^(?:otp|code|pin|cvv|pwd)$/;
// Codes that are no secret, by the word after the code word and, in English, before it.
const OTHER_CODES = list('بريدي خصم نشاط نظام مدينه منطقه دوله دولي بلد فرع منتج خطا بنا وظيفه مقرر تخفيض عرض جامعه qr');
const OTHER_BEFORE = list('postal zip area country promo discount error qr bar');
const JOINING = list('هو هي هذا هذي هذه is the my your حق حقي حقتي الخاص الخاصه بي بك لي عندي جاني وصلني جتني وصل رقم الرقم تحقق التحقق مرور المرور السر سر الدخول التفعيل السري سري كان يقول الموقت');
// Words before a number that make it a year, a fee, a place in a text, or the number of something else.
const NUMBERED = list('عام سنه لعام لسنه ماده الماده بريدي البريدي خلال بعد قبل فقره الفقره صفحه رسوم بمبلغ مبلغ قيمه غرامه نشاط');
const NUMBERED_THING = /^(?:طلب|معامل|تذكر|بلاغ|مرجع|صادر|وارد|ملف|قيد|صك|مراجع|شكو|حجز|حفيظ|فاتور|جوال|موبايل|هاتف|تلفون|تليفون|واتس|ticket|request|order|phone|mobile)/;
const UNITS = list('ريال ريالا ريالات ر رس sar sr دولار درهم هلله الف الاف مليون مليار يوم يوما ايام شهر شهرا اشهر شهور سنه سنوات عام عاما ساعه ساعات دقيقه دقايق ثانيه ثواني متر كيلو كم ميجا mb صباحا مسا ص');
const YEAR = /^(?:1[349]|20)\d\d$/, YEAR_BEFORE = list('في من الي حتي منذ مواليد ولد'), YEAR_AFTER = list('ه م هجري ميلادي');
const DATE = /^(?:\d{1,2}([\s.\-–])\d{1,2}\1(?:1[349]|20)\d\d|(?:1[349]|20)\d\d([\s.\-–])\d{1,2}\2\d{1,2}|(?:1[349]|20)\d\d.(?:1[349]|20)\d\d)$/;
const PASSWORD = /(?:كلم\p{L}*\s*(?:ال)?(?:مرور|سر)|باسورد|password)\s*(?:هي|هو|is|:|=)?\s*(?=[^\s]*\d)(?=[^\s]*[a-z])[a-z\d@#$%!._-]{5,}/u;

const wordsOf = (plain) => [...plain.matchAll(/\p{L}+|\d+/gu)].map(({ 0: text, index }) => ({ text, from: index, to: index + text.length }));

// The numbers of 4 to 8 digits; a longer run is read by its groups, unless it is an ID, phone or account number.
function numbersOf(plain) {
  return [...plain.matchAll(/\d(?:[\s.\-–]?\d)*/g)].flatMap(({ 0: run, index }) => {
    const whole = { digits: run.replace(/\D/g, ''), from: index, to: index + run.length };
    if (whole.digits.length <= 8 || DATE.test(run)) return [whole];
    if (shapes.some((shape) => shape.test(run))) return [];
    return [...run.matchAll(/\d+/g)].map((group) => ({ digits: group[0], from: index + group.index, to: index + group.index + group[0].length }));
  }).filter(({ digits }) => digits.length >= 4 && digits.length <= 8);
}

// "الرمز", "الرقم السري", "كلمة المرور", but not "الرمز البريدي".
function namesSecret(words, at) {
  const word = words[at], next = words[at + 1] && bare(words[at + 1].text);
  if (!word) return false;
  if (next && /^رقم/.test(bare(word.text)) && /^(?:سري|تحقق|تفعيل|دخول|تاكيد)/.test(next)) return true;
  if (next && /^كلم/.test(bare(word.text)) && /^(?:مرور|سر|دخول|عبور)/.test(next)) return true;
  return (CODE.test(word.text) || CODE.test(bare(word.text))) && !OTHER_CODES.has(next) && !OTHER_BEFORE.has(words[at - 1]?.text);
}

function isSecret(plain, words, { digits, from, to }) {
  if (DATE.test(plain.slice(from, to))) return false;
  const first = words.findIndex((word) => word.from >= from), end = words.findIndex((word) => word.from >= to);
  const last = end < 0 ? words.length : end, prev = words[first - 1]?.text ?? '';
  const next = words[last]?.from <= to + 2 ? words[last].text : '';
  const counted = UNITS.has(next) || /^[%$]/.test(plain.slice(to));
  // "رمزي" is a man's name as well as "my code": beside a year it is taken for the name.
  const isYearOf = (at) => YEAR.test(digits) && words[at].text === 'رمزي';
  const isOther = counted || NUMBERED.has(prev) || NUMBERED_THING.test(bare(prev)) || /^199[01]\d{1,2}$/.test(digits)
    || /\d[/:,٫]$/.test(plain.slice(0, from)) || /^[/:,٫]\d/.test(plain.slice(to))
    || (YEAR.test(digits) && (YEAR_BEFORE.has(prev) || YEAR_AFTER.has(next)));
  for (let at = first - 1; at >= Math.max(0, first - BEFORE); at--) {
    if (!namesSecret(words, at)) continue;
    const joined = words.slice(at + 1, first).every(({ text }) => JOINING.has(text));
    return !isYearOf(at) && (joined ? !(counted && digits.length < 6) : !isOther);
  }
  for (let at = last; at < Math.min(words.length, last + AFTER); at++) {
    // A code word with a number of its own does not speak about the one before it.
    if (namesSecret(words, at) && !/^\d/.test(words[at + 1]?.text ?? '')) return !isOther && !isYearOf(at);
  }
  return false;
}

export function holdsIdentifier(text) {
  const plain = latin(text);
  return shapes.some((shape) => shape.test(plain)) || holdsSecret(text);
}

export function holdsSecret(text) {
  const plain = fold(text), words = wordsOf(plain);
  return PASSWORD.test(plain) || numbersOf(plain).some((number) => isSecret(plain, words, number));
}
