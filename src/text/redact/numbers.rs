//! National IDs, iqamas, mobiles, IBANs and bank cards.

use super::context::{Reach, Topic};
use super::scan::{Number, Scan};
use super::shape::{counts_something, is_calendar_or_clock, is_part_of_a_figure};
use super::{Finds, Hit, SpanKind, add, is_free};

const NEAR: Reach = Reach { before: 6, after: 3 };

/// Finds the numbers of this file; the longest kinds are tried first at each place.
pub(super) fn find(scan: &Scan, found: &mut Finds) {
    find_ibans(scan, found);
    for from in scan.group_starts() {
        if !is_free(found, from, from + 1) {
            continue;
        }
        let hit = bare_iban(scan, from)
            .or_else(|| mobile(scan, from))
            .or_else(|| card(scan, from))
            .or_else(|| identity(scan, from));
        if let Some(hit) = hit {
            add(found, hit);
        }
    }
}

/// IBANs with their country letters. A Saudi one (SA, 22 digits) is masked even when mod 97 is wrong.
fn find_ibans(scan: &Scan, found: &mut Finds) {
    for from in 0..scan.chars.len() {
        let starts_word = from == 0 || !scan.chars[from - 1].is_ascii_alphanumeric();
        if starts_word && let Some(to) = iban_end(scan, from) {
            add(found, Hit { kind: SpanKind::Iban, from, to });
        }
    }
}

/// The end of the longest IBAN that begins here. Two check digits follow the country; the remainder grows with each
/// character, so that a text of nothing but codes is read once.
fn iban_end(scan: &Scan, from: usize) -> Option<usize> {
    let country = [scan.at(from)?, scan.at(from + 1)?];
    if !country.iter().all(char::is_ascii_lowercase) {
        return None;
    }
    let saudi = country == ['s', 'a'];
    let lengths = if saudi { 22..=22 } else { 13..=30 };
    let mut check = ['0'; 2];
    let (mut remainder, mut digits_only, mut found) = (0, true, None);
    for (place, (at, c)) in iban_characters(scan, from + 2).take(*lengths.end()).enumerate() {
        digits_only &= c.is_ascii_digit();
        match check.get_mut(place) {
            Some(_) if !digits_only => return None,
            Some(digit) => *digit = c,
            None => remainder = mod_97(remainder, [c]),
        }
        let closed = || scan.at(at + 1).is_none_or(|c| !c.is_ascii_alphanumeric());
        let valid = || mod_97(remainder, country.into_iter().chain(check)) == 1;
        if lengths.contains(&(place + 1)) && closed() && ((saudi && digits_only) || valid()) {
            found = Some(at + 1);
        }
    }
    found
}

/// Letters and digits from a place on, over the gaps that people leave.
fn iban_characters(scan: &Scan, from: usize) -> impl Iterator<Item = (usize, char)> {
    let mut gap = 0;
    (from..scan.chars.len())
        .map(|at| (at, scan.chars[at]))
        .take_while(move |(_, c)| {
            gap = if c.is_ascii_alphanumeric() { 0 } else { gap + 1 };
            gap <= 3 && (c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '.' | '_' | '‐'..='―'))
        })
        .filter(|(_, c)| c.is_ascii_alphanumeric())
}

/// ISO 13616: the remainder by 97 of a number that goes on with these digits, letters as 10..35.
fn mod_97(remainder: u32, more: impl IntoIterator<Item = char>) -> u32 {
    more.into_iter().filter_map(|c| c.to_digit(36)).fold(remainder, |sum, value| {
        let shifted = if value < 10 { sum * 10 } else { sum * 100 };
        (shifted + value) % 97
    })
}

/// The number without its country and check digits first, these last, leaves the remainder 1.
fn is_valid_iban(country: &str, digits: &str) -> bool {
    let (check, account) = digits.split_at(2);
    mod_97(0, account.chars().chain(country.chars()).chain(check.chars())) == 1
}

/// The 22 digits of a Saudi IBAN without its letters.
fn bare_iban(scan: &Scan, from: usize) -> Option<Hit> {
    let digits = scan.bare_digits(from, 22)?;
    let valid = is_valid_iban("sa", &digits);
    if !valid && !scan.speaks_of(Topic::Bank) {
        return None;
    }
    let number = scan.digits_from(from, 22)?;
    let announced = Topic::Bank.is_near(scan, number.from, number.to, NEAR);
    (valid || announced).then_some(number.as_hit(SpanKind::Iban))
}

/// Payment cards: 13 to 19 digits of a card scheme with a right check digit.
fn card(scan: &Scan, from: usize) -> Option<Hit> {
    if !matches!(scan.at(from)?, '2'..='6' | '9') {
        return None;
    }
    let longest = Some(scan.digits_within(from, 19)).filter(|count| *count >= 13)?;
    let candidates = [longest, 16].into_iter().filter_map(|count| scan.digits_from(from, count));
    candidates
        .filter(|number| number.digits.len() >= 13 && has_card_prefix(&number.digits) && luhn(&number.digits))
        .map(|number| number.as_hit(SpanKind::Card))
        .next()
}

fn has_card_prefix(digits: &str) -> bool {
    let prefix = |length: usize| digits[..length].parse::<u32>().unwrap_or(0);
    digits.starts_with(['4', '6', '9'])
        || (50..=59).contains(&prefix(2))
        || (2221..=2720).contains(&prefix(4))
        || [34, 37, 35, 30, 36, 38].contains(&prefix(2))
}

/// Saudi mobiles: 05xxxxxxxx, 5xxxxxxxx, and with 966, +966 or 00966.
fn mobile(scan: &Scan, from: usize) -> Option<Hit> {
    let announced = |number: &Number| {
        let near = |topic: Topic| topic.is_near(scan, number.from, number.to, NEAR);
        near(Topic::Phone) || near(Topic::NumberWord)
    };
    let forms: [(usize, &str); 6] =
        [(14, "009665"), (15, "0096605"), (12, "9665"), (13, "96605"), (10, "05"), (9, "5")];
    let first = scan.at(from);
    for (count, start) in forms.into_iter().filter(|(_, start)| start.chars().next() == first) {
        let Some(number) = scan.digits_from(from, count).filter(|number| number.digits.starts_with(start))
        else {
            continue;
        };
        let could_be_amount = count == 9 && !announced(&number) && looks_like_amount(&number);
        if !could_be_amount && stands_alone(scan, &number, announced(&number)) {
            return Some(with_plus(scan, number).as_hit(SpanKind::Mobile));
        }
    }
    None
}

/// Nine digits have no leading zero to tell them from "500.000.000".
fn looks_like_amount(number: &Number) -> bool {
    let uneven = number.gaps.windows(2).any(|pair| pair[0] != pair[1]);
    number.group_count() > 1 && (number.gaps.contains(&'.') || uneven)
}

fn with_plus(scan: &Scan, mut number: Number) -> Number {
    let before = |at: usize| at.checked_sub(1).and_then(|at| scan.at(at));
    let mut at = number.from;
    while matches!(before(at), Some(' ' | '-')) && number.from - at < 2 {
        at -= 1;
    }
    if before(at) == Some('+') {
        number.from = at - 1;
        number.from -= usize::from(before(number.from) == Some('('));
    }
    number
}

/// National ID (first digit 1) and iqama (2): ten digits with the Luhn check. Near a word for it a wrong check digit
/// is taken for a typing error and masked as well.
fn identity(scan: &Scan, from: usize) -> Option<Hit> {
    if !matches!(scan.at(from)?, '1'..='5') {
        return None;
    }
    let valid = luhn(&scan.bare_digits(from, 10)?);
    let told = [Topic::Identity, Topic::Residence, Topic::Border].iter().any(|topic| scan.speaks_of(*topic));
    if !valid && !told {
        return None;
    }
    let number = scan.digits_from(from, 10)?;
    let near = |topic: Topic| topic.is_near(scan, number.from, number.to, NEAR);
    let kind = match number.digits.as_bytes().first()? {
        b'1' => SpanKind::NationalId,
        b'2' => SpanKind::Iqama,
        // Border numbers of visitors begin with 3, 4 or 5 and have no published check digit.
        b'3'..=b'5' if near(Topic::Border) => SpanKind::Iqama,
        _ => return None,
    };
    let announced = near(Topic::Identity) || near(Topic::Residence);
    let typed_wrong = announced && (number.group_count() == 1 || near(Topic::NumberWord));
    ((valid || typed_wrong) && stands_alone(scan, &number, announced)).then(|| number.as_hit(kind))
}

/// Tells whether digits with gaps are one number of their own and not dates, hours, sums or a longer list.
fn stands_alone(scan: &Scan, number: &Number, announced: bool) -> bool {
    if is_part_of_a_figure(scan, number) {
        return false;
    }
    if number.group_count() == 1 {
        return !counts_something(scan, number);
    }
    // A neighbour that is only a gap away may belong to a list of small numbers, but not when it is long itself.
    let is_apart = |group: std::ops::Range<usize>| group.len() >= 4;
    let closed_left = scan.group_before(number.from).is_none_or(is_apart);
    let closed_right = scan.group_after(number.to).is_none_or(is_apart);
    if announced {
        let may_be_listed = number.groups().all(|group| group.len() <= 2);
        let closed = !may_be_listed || (closed_left && closed_right);
        return closed && (!is_calendar_or_clock(number) || number.group_count() > 3);
    }
    closed_left && closed_right && !is_calendar_or_clock(number) && !counts_something(scan, number)
}

impl Number {
    pub(super) fn as_hit(&self, kind: SpanKind) -> Hit {
        Hit { kind, from: self.from, to: self.to }
    }
}

/// The Luhn check (ISO/IEC 7812-1), which Saudi IDs and bank cards share.
pub(super) fn luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let value = u32::from(digit - b'0');
            if place % 2 == 0 { value } else { value * 2 / 10 + value * 2 % 10 }
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits() {
        assert!(luhn("1000000008") && luhn("4111111111111111"));
        assert!(!luhn("1000000009"));
        assert!(is_valid_iban("sa", "0380000000608010167519"));
        assert!(is_valid_iban("gb", "82west12345698765432"));
        assert!(!is_valid_iban("sa", "0480000000608010167519"));
    }
}
