//! What the layout of a number says: dates, years, opening hours and amounts are not identifiers.

use super::scan::{Number, Scan};

/// Tells whether a number with gaps looks like dates, years or times of day rather than one identifier.
pub(super) fn is_calendar_or_clock(number: &Number) -> bool {
    if number.group_count() < 2 {
        return false;
    }
    has_date(number) || has_year_range(number) || has_clock_range(number)
}

fn has_date(number: &Number) -> bool {
    let same_gap = |i: usize| number.gaps.get(i) == number.gaps.get(i + 1);
    (2..number.group_count()).any(|last| {
        let [first, second, third] = [last - 2, last - 1, last].map(|at| number.group(at));
        let day_first = is_at_most(first, 31) && is_at_most(second, 31) && is_year(third);
        let year_first = is_year(first) && is_at_most(second, 31) && is_at_most(third, 31);
        same_gap(last - 2) && (day_first || year_first)
    })
}

fn has_year_range(number: &Number) -> bool {
    (1..number.group_count()).any(|at| is_year(number.group(at - 1)) && is_year(number.group(at)))
}

/// "8.30-12.30": two times of day with dots, and another kind of gap between them.
fn has_clock_range(number: &Number) -> bool {
    let is_time = |i: usize| {
        let (hour, minute) = (number.group(i), number.group(i + 1));
        number.gaps[i] == '.' && is_at_most(hour, 24) && minute.len() == 2 && minute < "60"
    };
    (0..number.gaps.len().saturating_sub(2))
        .any(|i| is_time(i) && number.gaps[i + 1] != '.' && is_time(i + 2))
}

fn is_at_most(group: &str, limit: u32) -> bool {
    group.len() <= 2 && group.parse::<u32>().is_ok_and(|value| (1..=limit).contains(&value))
}

/// Tells whether four digits read as a Hijri or Gregorian year.
pub(super) fn is_year(group: &str) -> bool {
    group.len() == 4 && group.parse::<u32>().is_ok_and(|year| matches!(year, 1300..=1500 | 1900..=2100))
}

const UNITS: &[&str] = &[
    "ريال",
    "ريالا",
    "ريالات",
    "ر",
    "رس",
    "sar",
    "sr",
    "دولار",
    "درهم",
    "هلله",
    "الف",
    "الاف",
    "مليون",
    "مليار",
    "يوم",
    "يوما",
    "ايام",
    "شهر",
    "شهرا",
    "اشهر",
    "شهور",
    "سنه",
    "سنوات",
    "عام",
    "عاما",
    "ساعه",
    "ساعات",
    "دقيقه",
    "دقايق",
    "ثانيه",
    "ثواني",
    "متر",
    "كيلو",
    "كم",
    "ميجا",
    "mb",
    "صباحا",
    "مسا",
    "ص",
    "هـ",
];

/// Tells whether the word after a number is a unit, so that the number counts something.
pub(super) fn counts_something(scan: &Scan, number: &Number) -> bool {
    let percent = scan.at(number.to) == Some('%') || scan.at(number.to) == Some('$');
    let unit = scan
        .words_after(number.to)
        .next()
        .is_some_and(|word| word.from <= number.to + 2 && UNITS.contains(&word.text.as_str()));
    percent || unit
}

/// Tells whether the text right before and after a number continues a date, a time or an amount ("12/3/", ":30", ",5").
pub(super) fn is_part_of_a_figure(scan: &Scan, number: &Number) -> bool {
    let joins = |c: Option<char>| matches!(c, Some('/' | ':' | ',' | '٫'));
    let before = number.from >= 2 && joins(scan.at(number.from - 1)) && scan.is_digit(number.from - 2);
    let after = joins(scan.at(number.to)) && scan.is_digit(number.to + 1);
    before || after
}

/// Tells whether digits are a line that everybody may know: unified (9200), toll-free (800) and short (199) numbers.
pub(super) fn is_public_line(digits: &str) -> bool {
    match digits.len() {
        9 => digits.starts_with("9200") || digits.starts_with("9201"),
        10 => digits.starts_with("800"),
        5 | 6 => digits.starts_with("1990") || digits.starts_with("1991"),
        _ => false,
    }
}
