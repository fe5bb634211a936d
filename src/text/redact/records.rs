//! Passports, number plates, dates of birth, and the numbers of requests and files.

use super::context::{Reach, Topic, without_prefix};
use super::scan::{Number, Scan, ScanWord};
use super::shape::{counts_something, is_part_of_a_figure, is_public_line, is_year};
use super::{Finds, Hit, SpanKind, add, is_free};

/// Finds passport numbers: one or two Latin letters and 6 to 9 digits; digits alone only after the word for it.
pub(super) fn find_passports(scan: &Scan, found: &mut Finds) {
    let starts: Vec<usize> = scan.group_starts().collect();
    for from in starts {
        let number = scan.run_from(from, 9);
        let letters = latin_letters_before(scan, from);
        let announced = Topic::Passport.is_near(scan, from, number.to, Reach { before: 4, after: 1 });
        let fits = match letters {
            1 => number.digits.len() == 8 || (announced && (6..=9).contains(&number.digits.len())),
            2 => announced && (6..=8).contains(&number.digits.len()),
            _ => announced && (7..=9).contains(&number.digits.len()) && !is_part_of_a_figure(scan, &number),
        };
        let closed = scan.at(number.to).is_none_or(|c| !c.is_ascii_alphanumeric());
        if fits && closed && number.group_count() <= 3 {
            add(found, Hit { kind: SpanKind::Passport, from: from - letters, to: number.to });
        }
    }
}

/// How many Latin letters stand directly before a place, as a word of their own; 0 when there are more than two.
fn latin_letters_before(scan: &Scan, from: usize) -> usize {
    let count = (0..from).rev().take_while(|&i| scan.chars[i].is_ascii_lowercase()).count();
    if count <= 2 { count } else { 0 }
}

/// The letters on Saudi plates, folded.
const PLATE_LETTERS: &str = "ابحدرسصطعقكلمنهويabdejrstvxzklnghu";

/// Finds number plates: three letters of the plate alphabet, apart from each other, and 1 to 4 digits, in either
/// order; letters written together only near a word for a vehicle.
pub(super) fn find_plates(scan: &Scan, found: &mut Finds) {
    for window in plate_windows(scan.words()) {
        let (first, last) = (&window[0], &window[window.len() - 1]);
        let near = Topic::Vehicle.is_near(scan, first.from, last.to, Reach { before: 5, after: 1 });
        let apart = window.len() == 4;
        if (apart || near) && is_tight(window) {
            add(found, Hit { kind: SpanKind::Plate, from: first.from, to: last.to });
        }
    }
}

/// Words that stand next to each other with at most two characters between.
fn is_tight(window: &[ScanWord]) -> bool {
    window.windows(2).all(|pair| pair[1].from - pair[0].to <= 2)
}

fn plate_windows(words: &[ScanWord]) -> impl Iterator<Item = &[ScanWord]> {
    let digits =
        |word: &ScanWord| word.text.len() <= 4 && word.text.bytes().all(|byte| byte.is_ascii_digit());
    let letters = |word: &ScanWord, count: usize| {
        word.text.chars().count() == count && word.text.chars().all(|c| PLATE_LETTERS.contains(c))
    };
    let apart = words.windows(4).filter(move |four| {
        let singles = |part: &[ScanWord]| part.iter().all(|word| letters(word, 1));
        (digits(&four[0]) && singles(&four[1..])) || (singles(&four[..3]) && digits(&four[3]))
    });
    let together = words.windows(2).filter(move |two| {
        (digits(&two[0]) && letters(&two[1], 3)) || (letters(&two[0], 3) && digits(&two[1]))
    });
    let glued = words.iter().filter(|word| is_glued_plate(&word.text)).map(std::slice::from_ref);
    apart.chain(together).chain(glued)
}

/// "abc1234", "1234abc" in one word.
fn is_glued_plate(word: &str) -> bool {
    let count = word.bytes().filter(u8::is_ascii_digit).count();
    let ends =
        word.trim_start_matches(|c: char| c.is_ascii_digit()).trim_end_matches(|c: char| c.is_ascii_digit());
    (1..=4).contains(&count)
        && ends.len() == 3
        && word.len() == count + 3
        && ends.chars().all(|c| PLATE_LETTERS.contains(c))
}

const MONTHS: &[&str] = &[
    "يناير",
    "فبراير",
    "مارس",
    "ابريل",
    "مايو",
    "يونيو",
    "يونيه",
    "يوليو",
    "يوليه",
    "اغسطس",
    "سبتمبر",
    "اكتوبر",
    "نوفمبر",
    "ديسمبر",
    "محرم",
    "صفر",
    "ربيع",
    "الاول",
    "الثاني",
    "الاخر",
    "جمادي",
    "الاولي",
    "الاخره",
    "رجب",
    "شعبان",
    "رمضان",
    "شوال",
    "القعده",
    "الحجه",
    "ذو",
    "ذي",
    "ذوالحجه",
];

/// Finds full dates near a word for birth. A date alone is not personal: deadlines and announcements have dates too.
pub(super) fn find_birth_dates(scan: &Scan, found: &mut Finds) {
    if !scan.speaks_of(Topic::Birth) {
        return;
    }
    let starts: Vec<usize> = scan.group_starts().collect();
    for from in starts {
        let Some(to) = numeric_date_end(scan, from).or_else(|| worded_date_end(scan, from)) else { continue };
        if is_told_as_birth(scan, from, to) {
            add(found, Hit { kind: SpanKind::BirthDate, from, to });
        }
    }
}

/// A birth word close by, and no word between that makes the date one of an appointment, a deadline or a rule.
fn is_told_as_birth(scan: &Scan, from: usize, to: usize) -> bool {
    const OTHER_DATES: &[&str] = &[
        "موعد",
        "موعدي",
        "حجز",
        "حجزت",
        "صدر",
        "صدرت",
        "صادر",
        "ينتهي",
        "تنتهي",
        "انتها",
        "حتي",
        "قبل",
        "بعد",
        "ابتدا",
        "اصدار",
        "طلب",
        "طلبت",
        "قدمت",
        "راجعت",
        "سجلت",
        "سجلنا",
        "رحت",
        "تسجيل",
    ];
    let before: Vec<&ScanWord> = scan.words_before(from).take(6).collect();
    let other = |word: &&&ScanWord| OTHER_DATES.contains(&without_prefix(&word.text));
    match before.iter().position(|word| word.names(Topic::Birth)) {
        Some(at) => !before[..at].iter().any(|word| other(&word)),
        None => {
            let after: Vec<&ScanWord> = scan.words_after(to).take(2).collect();
            after.iter().any(|word| word.names(Topic::Birth)) && !before.iter().any(|word| other(&word))
        }
    }
}

/// "5/3/1410", "1990-12-03", "12.03.90".
fn numeric_date_end(scan: &Scan, from: usize) -> Option<usize> {
    let mut parts = Vec::new();
    let mut at = from;
    for _ in 0..3 {
        let end = (at..scan.chars.len()).find(|&i| !scan.is_digit(i)).unwrap_or(scan.chars.len());
        parts.push(scan.chars.get(at..end)?.iter().collect::<String>());
        at = end;
        if parts.len() < 3 {
            let skipped = (end..end + 3).find(|&i| scan.is_digit(i))?;
            let gap = &scan.chars[end..skipped];
            if gap.is_empty() || !gap.iter().all(|c| matches!(c, '/' | '-' | '.' | ' ' | '\\' | '–')) {
                return None;
            }
            at = skipped;
        }
    }
    let short =
        |part: &String| part.len() <= 2 && part.parse::<u32>().is_ok_and(|value| (1..=31).contains(&value));
    let day_first = short(&parts[0]) && short(&parts[1]) && (is_year(&parts[2]) || parts[2].len() == 2);
    let year_first = is_year(&parts[0]) && short(&parts[1]) && short(&parts[2]);
    (day_first || year_first).then_some(at)
}

/// "12 رمضان 1410", "3 مارس 1990".
fn worded_date_end(scan: &Scan, from: usize) -> Option<usize> {
    let mut words = scan.words_after(from);
    let day = words.next().filter(|word| word.from == from && word.text.len() <= 2)?;
    let mut month_seen = false;
    for word in words.take(4) {
        if is_year(&word.text) {
            return (month_seen && day.to > day.from).then_some(word.to);
        }
        if !MONTHS.contains(&word.text.as_str()) && !["من", "شهر", "سنه", "عام"].contains(&word.text.as_str())
        {
            return None;
        }
        month_seen |= MONTHS.contains(&word.text.as_str());
    }
    None
}

/// Words that may stand between "طلب" and its number.
const JOINING: &[&str] = &[
    "هو",
    "هي",
    "رقمه",
    "رقمها",
    "ورقمه",
    "ورقمها",
    "رقم",
    "برقم",
    "رقمي",
    "ذات",
    "ذو",
    "is",
    "no",
    "number",
];

/// Finds the numbers of requests, transactions and files, tied to their word by "number" or by length.
pub(super) fn find_request_numbers(scan: &Scan, found: &mut Finds) {
    if !scan.speaks_of(Topic::Request) {
        return;
    }
    let starts: Vec<usize> = scan.group_starts().collect();
    for from in starts {
        let number = scan.run_from(from, 20);
        let number = if is_free(found, from, number.to) {
            number
        } else {
            scan.run_from(from, group_length(scan, from))
        };
        if (3..=20).contains(&number.digits.len()) && is_request_number(scan, &number) {
            add(found, Hit { kind: SpanKind::RequestNumber, from, to: number.to });
        }
    }
}

fn group_length(scan: &Scan, from: usize) -> usize {
    (from..scan.chars.len()).take_while(|&i| scan.is_digit(i)).count()
}

fn is_request_number(scan: &Scan, number: &Number) -> bool {
    if is_part_of_a_figure(scan, number) || counts_something(scan, number) || is_public_line(&number.digits) {
        return false;
    }
    let before: Vec<&ScanWord> = scan.words_before(number.from).take(5).collect();
    let Some(at) = before.iter().position(|word| word.names(Topic::Request)) else {
        return false;
    };
    if is_of_a_rule(scan, number) || is_hotline(before[at], number) {
        return false;
    }
    let between = &before[..at];
    let tied = between
        .iter()
        .all(|word| JOINING.contains(&word.text.as_str()) || word.names(Topic::Request) || is_owner(word));
    let numbered = before
        .iter()
        .take(at + 2)
        .any(|word| word.names(Topic::NumberWord) || JOINING[2..6].contains(&word.text.as_str()))
        || (0..number.from).rev().take(3).any(|i| matches!(scan.at(i), Some('#' | ':')));
    let single = number.group_count() == 1;
    // "رقم معاملتي اللي قدمتها امس 445566": the number word stands right before the request, a story after it.
    let told = single
        && number.digits.len() >= 4
        && !is_year(&number.digits)
        && before.get(at + 1).is_some_and(|word| word.names(Topic::NumberWord));
    told || (tied && (numbered || (single && number.digits.len() >= 6)))
}

/// Numbers of laws, decrees, circulars and forms are public.
fn is_of_a_rule(scan: &Scan, number: &Number) -> bool {
    const RULES: &[&str] = &[
        "قرار",
        "مرسوم",
        "تعميم",
        "نظام",
        "لايح",
        "امر",
        "ماده",
        "فقره",
        "نموذج",
        "استمار",
        "ملكي",
        "وزاري",
        "بند",
        "مجلس",
        "وزير",
    ];
    let is_rule = |word: &ScanWord| {
        let bare = without_prefix(&word.text);
        RULES.iter().any(|start| bare.starts_with(start))
    };
    scan.words_before(number.from).take(6).any(is_rule)
}

/// "رقم البلاغات 911": the plural names a service, and its number is short.
fn is_hotline(word: &ScanWord, number: &Number) -> bool {
    const EMERGENCY: &[&str] =
        &["911", "930", "933", "937", "938", "940", "985", "989", "993", "996", "997", "998", "999", "1919"];
    let plural = word.text.ends_with("ات") || word.text.ends_with("اوي");
    EMERGENCY.contains(&number.digits.as_str()) || (plural && number.digits.len() <= 6)
}

/// "طلب الهوية رقم": one noun may tell which request it is.
fn is_owner(word: &ScanWord) -> bool {
    let bare = without_prefix(&word.text);
    ["هوي", "تجديد", "اصدار", "بدل", "موعد", "احوال", "معامل", "صادر", "وارد", "خدم"]
        .iter()
        .any(|start| bare.starts_with(start))
}
