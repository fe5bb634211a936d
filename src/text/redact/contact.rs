//! E-mail addresses and foreign telephone numbers.

use super::scan::Scan;
use super::{Finds, Hit, SpanKind, add, is_free};

/// Mail providers that people name without the ending.
const PROVIDERS: [&str; 8] = ["gmail", "hotmail", "outlook", "yahoo", "icloud", "live", "msn", "windowslive"];

/// Finds e-mail addresses, also with spaces around the sign, written "(at)", or without an ending.
pub(super) fn find_emails(scan: &Scan, found: &mut Finds) {
    for sign in at_signs(scan) {
        if let Some((from, to)) = address_around(scan, sign) {
            add(found, Hit { kind: SpanKind::Email, from, to });
        }
    }
}

/// The places of `@`, `(at)`, `[at]` and the word "at", as ranges.
fn at_signs(scan: &Scan) -> Vec<std::ops::Range<usize>> {
    let spelled = |at: usize| {
        let spelling = scan.chars.get(at..at + 4)?;
        matches!(spelling, ['(', 'a', 't', ')'] | ['[', 'a', 't', ']'] | [' ', 'a', 't', ' '])
            .then(|| at..at + 4)
    };
    (0..scan.chars.len())
        .filter_map(|at| if scan.chars[at] == '@' { Some(at..at + 1) } else { spelled(at) })
        .collect()
}

fn address_around(scan: &Scan, sign: std::ops::Range<usize>) -> Option<(usize, usize)> {
    let is_local = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '%' | '+' | '-');
    let mut local_end = sign.start;
    while local_end > 0 && scan.chars[local_end - 1] == ' ' && sign.start - local_end < 2 {
        local_end -= 1;
    }
    let spaced = local_end < sign.start;
    let mut from = local_end;
    while from > 0 && is_local(scan.chars[from - 1]) {
        from -= 1;
    }
    if from == local_end {
        return None;
    }
    // "راسلنا @AhwalCare" names an account, not an address: over a space an Arabic name needs a whole domain.
    let to = domain_end(scan, sign.end)?;
    let latin = scan.chars[from..local_end].iter().all(char::is_ascii);
    let whole_domain = scan.chars[sign.end..to].contains(&'.') || spelled_dot(scan, sign.end, to);
    let word_for_sign = sign.len() == 4 && scan.chars[sign.start] == ' ';
    (whole_domain || (latin && !word_for_sign) || !(spaced || word_for_sign)).then_some((from, to))
}

fn spelled_dot(scan: &Scan, from: usize, to: usize) -> bool {
    scan.chars[from..to].windows(5).any(|part| part == [' ', 'd', 'o', 't', ' '])
}

fn domain_end(scan: &Scan, sign_end: usize) -> Option<usize> {
    let mut at = sign_end;
    while at < sign_end + 2 && scan.at(at) == Some(' ') {
        at += 1;
    }
    let mut labels = Vec::new();
    loop {
        let label_end = (at..scan.chars.len())
            .find(|&i| !(scan.chars[i].is_alphanumeric() || scan.chars[i] == '-'))
            .unwrap_or(scan.chars.len());
        if label_end == at {
            break;
        }
        labels.push((at, label_end));
        match dot_after(scan, label_end) {
            Some(next) => at = next,
            None => break,
        }
    }
    let (first, last) = (labels.first()?, labels.last()?);
    let name: String = scan.chars[first.0..first.1].iter().collect();
    let known = PROVIDERS.contains(&name.as_str());
    (known || (labels.len() >= 2 && last.1 - last.0 >= 2)).then_some(last.1)
}

/// The start of the next label after a dot, which people also write with a space around it before "com".
fn dot_after(scan: &Scan, end: usize) -> Option<usize> {
    let starts_label = |at: usize| scan.at(at).is_some_and(char::is_alphanumeric);
    if scan.at(end) == Some('.') && starts_label(end + 1) {
        return Some(end + 1);
    }
    let spaced: String = scan.chars.iter().skip(end).take(6).collect();
    if let Some(next) = [" dot ", "(dot)", "[dot]"].iter().find(|dot| spaced.starts_with(**dot)) {
        return Some(end + next.len()).filter(|next| starts_label(*next));
    }
    [" .com", ". com", " . com", " .net", " .sa"]
        .iter()
        .find(|ending| spaced.starts_with(*ending))
        .map(|ending| end + ending.chars().take_while(|c| !c.is_alphabetic()).count())
}

/// Finds numbers of other countries, which people write with a plus sign. Saudi landlines are offices, not persons.
pub(super) fn find_foreign_phones(scan: &Scan, found: &mut Finds) {
    let starts: Vec<usize> = scan.group_starts().filter(|&i| i > 0 && scan.at(i - 1) == Some('+')).collect();
    for from in starts {
        let number = scan.run_from(from, 15);
        let foreign = number.digits.len() >= 10 && !number.digits.starts_with("966");
        if foreign && is_free(found, from, number.to) {
            add(found, Hit { kind: SpanKind::Mobile, from: from - 1, to: number.to });
        }
    }
}
