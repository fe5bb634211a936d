//! One-time codes and passwords: what may never be written down (reliability.md P2).

use super::context::{Topic, names_code_pair, names_secret_pair, without_prefix};
use super::scan::{Number, Scan, ScanWord};
use super::shape::{counts_something, is_calendar_or_clock, is_part_of_a_figure, is_public_line, is_year};
use super::{Finds, Hit, SpanKind, add, is_free};

/// How far from its word a code may stand, in words, before and after.
const BEFORE: usize = 9;
const AFTER: usize = 5;

/// No password is longer; a longer piece without spaces is cut here, so that reading it stays cheap.
const LONGEST_PASSWORD: usize = 128;

/// Words that join a code word to its number: "الرمز هو 1234", "code is: 1234", "رمز التحقق الخاص بي 1234".
const JOINING: &[&str] = &[
    "هو",
    "هي",
    "هذا",
    "هذي",
    "هذه",
    "is",
    "the",
    "my",
    "your",
    "حق",
    "حقي",
    "حقتي",
    "الخاص",
    "الخاصه",
    "بي",
    "بك",
    "لي",
    "عندي",
    "جاني",
    "وصلني",
    "جتني",
    "وصل",
    "رقم",
    "الرقم",
    "تحقق",
    "التحقق",
    "المرور",
    "الدخول",
    "التفعيل",
    "السري",
    "سري",
    "كان",
    "يقول",
    "الموقت",
];

/// Words before a number that make it a year, a fee or a place in a text.
const NUMBERED: &[&str] = &[
    "عام",
    "سنه",
    "لعام",
    "لسنه",
    "ماده",
    "الماده",
    "بريدي",
    "البريدي",
    "خلال",
    "بعد",
    "قبل",
    "فقره",
    "الفقره",
    "صفحه",
    "رسوم",
    "بمبلغ",
    "مبلغ",
    "قيمه",
    "غرامه",
    "نشاط",
];

/// Finds one-time codes: 4 to 8 digits (3 for a card's code) near a word for them, before or after it.
pub(super) fn find_codes(scan: &Scan, found: &mut Finds) {
    if !scan.speaks_of(Topic::Code) && !scan.speaks_of(Topic::NumberWord) {
        return;
    }
    let starts: Vec<usize> = scan.group_starts().collect();
    let mut calendar_end = 0;
    for from in starts {
        let whole = scan.run_from(from, 40);
        if is_calendar_or_clock(&whole) && (whole.digits.len() != 6 || whole.gaps.contains(&'/')) {
            calendar_end = calendar_end.max(whole.to);
        }
        let continues = scan
            .group_before(from)
            .is_some_and(|group| group.len() <= 3 && is_free(found, group.start, group.end));
        if from < calendar_end || continues || !is_free(found, from, from + 1) {
            continue;
        }
        if let Some(hit) = code_at(scan, from) {
            add(found, hit);
        }
    }
}

fn code_at(scan: &Scan, from: usize) -> Option<Hit> {
    let number = code_number(scan, from)?;
    let place = nearest_code_word(scan, &number)?;
    let plausible = match place {
        Place::Joined => {
            let fits = number.digits.len() > 3 || is_named_as_card_code(scan, &number);
            fits && (!counts_something(scan, &number) || number.digits.len() >= 6)
        }
        Place::Near => !is_counted_or_dated(scan, &number) && number.digits.len() >= 4,
    };
    plausible.then(|| with_letter_prefix(scan, &number))
}

/// Three digits are a code only on the back of a card; elsewhere they number errors, halls and counters.
fn is_named_as_card_code(scan: &Scan, number: &Number) -> bool {
    let names = |word: &ScanWord| {
        ["cvv", "cvc", "pin", "سري", "امان"].contains(&without_prefix(&word.text))
            || word.names(Topic::Identity)
    };
    scan.words_before(number.from).take(4).any(names)
}

/// The digits of a possible code: one group, or short groups that together are 4 to 8 digits.
fn code_number(scan: &Scan, from: usize) -> Option<Number> {
    let whole = scan.run_from(from, 40);
    if (4..=8).contains(&whole.digits.len()) {
        return Some(whole);
    }
    let single = scan.run_from(from, whole.groups().next()?.len());
    (3..=8).contains(&single.digits.len()).then_some(single)
}

/// "G-123456", "A12345": the letters belong to the code.
fn with_letter_prefix(scan: &Scan, number: &Number) -> Hit {
    let is_latin = |i: usize| scan.at(i).is_some_and(|c| c.is_ascii_lowercase());
    let mut from = number.from;
    if from >= 2 && scan.at(from - 1) == Some('-') && is_latin(from - 2) {
        from -= 1;
    }
    while from > 0 && is_latin(from - 1) {
        from -= 1;
    }
    Hit { kind: SpanKind::Otp, from, to: number.to }
}

enum Place {
    /// Only joining words stand between the code word and the number.
    Joined,
    Near,
}

fn nearest_code_word(scan: &Scan, number: &Number) -> Option<Place> {
    let before: Vec<&ScanWord> = scan.words_before(number.from).take(BEFORE).collect();
    if let Some(at) = (0..before.len()).find(|&at| names_code(&before, at)) {
        let joined = before[..at].iter().all(|word| JOINING.contains(&word.text.as_str()));
        return Some(if joined { Place::Joined } else { Place::Near });
    }
    let after: Vec<&ScanWord> = scan.words_after(number.to).take(AFTER).collect();
    let named = after.iter().any(|word| word.names(Topic::Code) && !is_code_elsewhere(&after, word))
        || after.windows(2).any(|pair| names_code_pair(pair[0], pair[1]));
    named.then_some(Place::Near)
}

/// `words` run backwards from the number: the word after `words[at]` in the text is `words[at - 1]`.
fn names_code(words: &[&ScanWord], at: usize) -> bool {
    let next = at.checked_sub(1).map(|after| words[after]);
    if next.is_some_and(|next| names_code_pair(words[at], next)) {
        return true;
    }
    let elsewhere = next.is_some_and(names_other_code);
    words[at].names(Topic::Code) && !elsewhere
}

/// Codes that are no secret: of places, shops, errors and rules.
const OTHER_CODES: &[&str] = &[
    "بريدي",
    "خصم",
    "نشاط",
    "نظام",
    "مدينه",
    "منطقه",
    "دوله",
    "دولي",
    "بلد",
    "فرع",
    "منتج",
    "خطا",
    "بنا",
    "وظيفه",
    "مقرر",
    "تخفيض",
    "عرض",
    "جامعه",
    "qr",
];

fn names_other_code(word: &ScanWord) -> bool {
    OTHER_CODES.contains(&without_prefix(&word.text))
}

fn is_code_elsewhere(words: &[&ScanWord], word: &ScanWord) -> bool {
    let next = words.iter().find(|next| next.from > word.from);
    next.is_some_and(|next| names_other_code(next) || scan_number_word(next))
}

/// A code word followed by its own number does not speak about the number before it.
fn scan_number_word(word: &ScanWord) -> bool {
    word.text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_counted_or_dated(scan: &Scan, number: &Number) -> bool {
    let announced =
        scan.words_before(number.from).next().is_some_and(|word| NUMBERED.contains(&word.text.as_str()));
    let other_number = scan
        .words_before(number.from)
        .next()
        .is_some_and(|word| word.names(Topic::Request) || word.names(Topic::Phone));
    announced
        || other_number
        || is_public_line(&number.digits)
        || counts_something(scan, number)
        || is_part_of_a_figure(scan, number)
        || (is_year(&number.digits) && is_year_context(scan, number))
}

/// A bare four-digit year stands after a preposition or before the Hijri or Gregorian letter.
fn is_year_context(scan: &Scan, number: &Number) -> bool {
    let before = scan.words_before(number.from).next().map(|word| word.text.as_str());
    let after = scan.words_after(number.to).next().filter(|word| word.from <= number.to + 2);
    matches!(before, Some("في" | "من" | "الي" | "حتي" | "منذ"))
        || after.is_some_and(|word| ["ه", "م", "هجري", "ميلادي"].contains(&word.text.as_str()))
}

/// Finds the value that follows a word for a password.
pub(super) fn find_passwords(scan: &Scan, found: &mut Finds) {
    let words = scan.words();
    for (index, word) in words.iter().enumerate() {
        let pair = words.get(index + 1).is_some_and(|next| names_secret_pair(word, next));
        let single = word.names(Topic::Password);
        let last = match (pair, single) {
            (true, _) => &words[index + 1],
            (false, true) => word,
            (false, false) => continue,
        };
        if let Some((from, to)) = password_after(scan, last.to) {
            let kind =
                if is_secret_number(scan, word, from, to) { SpanKind::Otp } else { SpanKind::Password };
            add(found, Hit { kind, from, to });
        }
    }
}

/// "الرقم السري 1234" is a code; "كلمة المرور 1234" a password. Both are cut.
fn is_secret_number(scan: &Scan, word: &ScanWord, from: usize, to: usize) -> bool {
    without_prefix(&word.text).starts_with("رقم") && (from..to).all(|i| scan.is_digit(i)) && to - from >= 4
}

/// The value after a password word: the first piece that looks like one, at most four pieces on; after a colon or an
/// equals sign any piece.
fn password_after(scan: &Scan, from: usize) -> Option<(usize, usize)> {
    let mut at = from;
    let mut named = false;
    for _ in 0..5 {
        while scan
            .at(at)
            .is_some_and(|c| c == ' ' || c == '\n' || matches!(c, ':' | '=' | '"' | '«' | '“' | '\''))
        {
            named |= matches!(scan.at(at), Some(':' | '='));
            at += 1;
        }
        let reach = (at + LONGEST_PASSWORD).min(scan.chars.len());
        let end = (at..reach).find(|&i| scan.chars[i].is_whitespace()).unwrap_or(reach);
        let value_end = without_closing_marks(scan, at, end);
        if value_end <= at {
            return None;
        }
        let number_end = numeric_end(scan, at);
        if number_end > value_end || is_password(scan, at, value_end, named) {
            return Some((at, value_end.max(number_end)));
        }
        named = false;
        if matches!(scan.at(end.saturating_sub(1)), Some('.' | '؟' | '?' | '!' | '،' | ',' | '؛')) {
            return None;
        }
        at = end;
    }
    None
}

/// The end of a number of 4 to 12 digits with gaps ("1 2 3 4"), or `from` when there is none.
fn numeric_end(scan: &Scan, from: usize) -> usize {
    if !scan.is_digit(from) {
        return from;
    }
    let number = scan.run_from(from, 12);
    let fits = number.digits.len() >= 4 && !is_calendar_or_clock(&number) && !counts_something(scan, &number);
    if fits { number.to } else { from }
}

fn without_closing_marks(scan: &Scan, from: usize, to: usize) -> usize {
    let closing =
        |c: char| matches!(c, '.' | '؟' | '?' | '،' | ',' | '؛' | '"' | '»' | '”' | '\'' | ')' | ']');
    (from..to).rev().find(|&i| !closing(scan.chars[i])).map_or(from, |last| last + 1)
}

fn is_password(scan: &Scan, from: usize, to: usize, named: bool) -> bool {
    let piece = &scan.chars[from..to];
    let digits = piece.iter().filter(|c| c.is_ascii_digit()).count();
    let latin = piece.iter().any(char::is_ascii_lowercase);
    let signs = piece.iter().any(|c| matches!(c, '@' | '#' | '$' | '!' | '*' | '&' | '^' | '%' | '_'));
    let mixed = digits > 0 && (latin || signs || piece.iter().any(|c| c.is_alphabetic()));
    let is_mask = piece.first() == Some(&'[');
    !is_mask && piece.len() >= 3 && (named || mixed || digits >= 4 || (latin && !is_plain_word(piece)))
}

/// Latin words that follow a password word without being one ("password reset", "كلمة المرور absher").
fn is_plain_word(piece: &[char]) -> bool {
    let word: String = piece.iter().collect();
    let plain = [
        "absher", "reset", "for", "and", "the", "nafath", "app", "is", "not", "change", "was", "please",
        "how", "forgot",
    ];
    plain.contains(&word.as_str()) || piece.len() < 4
}
