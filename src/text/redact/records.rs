//! Passports, number plates, dates of birth, and the numbers of requests and files.

use super::context::{Reach, Topic, without_prefix};
use super::scan::{Number, Scan, ScanWord};
use super::shape::{counts_something, is_part_of_a_figure, is_public_line, is_year};
use super::{Hit, SpanKind, add, is_free};

/// Finds passport numbers: one or two Latin letters and 6 to 9 digits; digits alone only after the word for it.
pub(super) fn find_passports(scan: &Scan, found: &mut Vec<Hit>) {
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
        if fits && closed && number.groups.len() <= 3 {
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
pub(super) fn find_plates(scan: &Scan, found: &mut Vec<Hit>) {
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
pub(super) fn find_birth_dates(scan: &Scan, found: &mut Vec<Hit>) {
    let starts: Vec<usize> = scan.group_starts().collect();
    for from in starts {
        let Some(to) = numeric_date_end(scan, from).or_else(|| worded_date_end(scan, from)) else { continue };
        if Topic::Birth.is_near(scan, from, to, Reach { before: 6, after: 2 }) {
            add(found, Hit { kind: SpanKind::BirthDate, from, to });
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
pub(super) fn find_request_numbers(scan: &Scan, found: &mut Vec<Hit>) {
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
    let Some(at) = before.iter().position(|word| Topic::Request.is_named_by(&word.text)) else {
        return false;
    };
    let between = &before[..at];
    let tied = between.iter().all(|word| {
        JOINING.contains(&word.text.as_str()) || Topic::Request.is_named_by(&word.text) || is_owner(word)
    });
    let numbered =
        before.iter().take(at + 2).any(|word| {
            Topic::NumberWord.is_named_by(&word.text) || JOINING[2..6].contains(&word.text.as_str())
        }) || (0..number.from).rev().take(3).any(|i| matches!(scan.at(i), Some('#' | ':')));
    tied && (numbered || (number.groups.len() == 1 && number.digits.len() >= 6))
}

/// "طلب الهوية رقم": one noun may tell which request it is.
fn is_owner(word: &ScanWord) -> bool {
    let bare = without_prefix(&word.text);
    ["هوي", "تجديد", "اصدار", "بدل", "موعد", "احوال", "معامل", "صادر", "وارد", "خدم"]
        .iter()
        .any(|start| bare.starts_with(start))
}
