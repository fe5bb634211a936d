//! Numbers that are spelled out digit by digit: "صفر خمسة خمسة واحد …", "zero five five …".

use super::context::{Reach, Topic};
use super::numbers::luhn;
use super::scan::{Scan, ScanWord};
use super::{Finds, Hit, SpanKind, add};

/// The digit words of standard and Saudi Arabic and of English, folded.
const DIGITS: [(&[&str], char); 10] = [
    (&["صفر", "زيرو", "zero", "oh"], '0'),
    (&["واحد", "واحده", "وحده", "one"], '1'),
    (&["اثنين", "اثنان", "ثنين", "ثنتين", "اتنين", "two"], '2'),
    (&["ثلاثه", "ثلاث", "تلاته", "تلات", "three"], '3'),
    (&["اربعه", "اربع", "four"], '4'),
    (&["خمسه", "خمس", "five"], '5'),
    (&["سته", "ست", "six"], '6'),
    (&["سبعه", "سبع", "seven"], '7'),
    (&["ثمانيه", "ثماني", "ثمان", "تمنيه", "تمانيه", "eight"], '8'),
    (&["تسعه", "تسع", "nine"], '9'),
];

/// Fewer words are a count ("three, four days"); a one-time code has at least four.
const SHORTEST: usize = 4;
/// The longest is an IBAN.
const LONGEST: usize = 24;
const NEAR: Reach = Reach { before: 6, after: 3 };

/// Finds runs of digit words that make an identifier, or a code near a word for it.
pub(super) fn find_spoken(scan: &Scan, found: &mut Finds) {
    let words = scan.words();
    let mut at = 0;
    while at < words.len() {
        let run = run_length(&words[at..]);
        if run >= SHORTEST {
            let part = &words[at..at + run];
            let digits: String = part.iter().filter_map(digits_of).collect();
            let (from, to) = (part[0].from, part[run - 1].to);
            if let Some(kind) = kind(scan, &digits, from, to) {
                add(found, Hit { kind, from, to });
            }
        }
        at += run.max(1);
    }
}

/// How many words from here on are digits, close to each other. At least half must be words: the rules for written
/// numbers see the others.
fn run_length(words: &[ScanWord]) -> usize {
    let close = |at: usize| at == 0 || words[at].from - words[at - 1].to <= 3;
    let run =
        (0..words.len().min(LONGEST)).take_while(|&at| close(at) && reads_as_digits(&words[at])).count();
    let spelled = words[..run].iter().filter(|word| spelled_digit(&word.text).is_some()).count();
    if spelled * 2 >= run { run } else { 0 }
}

fn digits_of(word: &ScanWord) -> Option<String> {
    if is_written(word) { Some(word.text.clone()) } else { spelled_digit(&word.text).map(String::from) }
}

fn reads_as_digits(word: &ScanWord) -> bool {
    is_written(word) || spelled_digit(&word.text).is_some()
}

fn is_written(word: &ScanWord) -> bool {
    word.text.len() <= 4 && word.text.bytes().all(|byte| byte.is_ascii_digit())
}

fn spelled_digit(word: &str) -> Option<char> {
    let find = |word: &str| DIGITS.iter().find(|(words, _)| words.contains(&word)).map(|(_, digit)| *digit);
    find(word).or_else(|| word.strip_prefix('و').and_then(find))
}

fn kind(scan: &Scan, digits: &str, from: usize, to: usize) -> Option<SpanKind> {
    let near = |topic: Topic| topic.is_near(scan, from, to, NEAR);
    let mobile = (digits.len() == 10 && digits.starts_with("05"))
        || (digits.len() == 9 && digits.starts_with('5'))
        || (digits.len() == 12 && digits.starts_with("9665"));
    let identity = digits.len() == 10 && digits.starts_with(['1', '2']);
    let announced = near(Topic::Identity) || near(Topic::Residence);
    match digits.len() {
        _ if mobile => Some(SpanKind::Mobile),
        _ if identity && (luhn(digits) || announced) => {
            Some(if digits.starts_with('1') { SpanKind::NationalId } else { SpanKind::Iqama })
        }
        4..=8 if near(Topic::Code) => Some(SpanKind::Otp),
        7.. if near(Topic::Phone) => Some(SpanKind::Mobile),
        22.. if near(Topic::Bank) => Some(SpanKind::Iban),
        6.. if near(Topic::Request) => Some(SpanKind::RequestNumber),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{SpanKind, redact};

    #[test]
    fn spelled_numbers_are_found_and_counts_are_not() {
        let table = [
            ("جوالي صفر خمسة خمسة واحد اثنين ثلاثة اربعة خمسة ستة سبعة", Some(SpanKind::Mobile)),
            ("رقمي صفر خمسه صفر ثمانيه 44 55 66", Some(SpanKind::Mobile)),
            ("هويتي واحد صفر صفر صفر صفر صفر صفر صفر صفر ثمانية", Some(SpanKind::NationalId)),
            ("رمز التحقق اربعة ثمانية تسعة واحد", Some(SpanKind::Otp)),
            ("my number is zero five five one two three four five six seven", Some(SpanKind::Mobile)),
            ("عندي ثلاثة اولاد واربع بنات", None),
            ("واحد اثنين ثلاثة اربعة خطوات للتجديد", None),
            ("انتظرت ثلاث اربع ساعات", None),
        ];
        for (text, kind) in table {
            assert_eq!(redact(text).spans.first().map(|span| span.kind), kind, "{text}");
        }
    }

    #[test]
    fn every_digit_word_is_spelled_folded() {
        for word in super::DIGITS.iter().flat_map(|(words, _)| words.iter()) {
            assert_eq!(&crate::text::fold_text(word), word);
        }
    }
}
