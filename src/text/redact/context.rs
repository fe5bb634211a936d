//! The words near a number that tell what it is. All lists are spelled folded, without the article.

use super::scan::{Scan, ScanWord};
use crate::text::fold_text;

/// A subject that a nearby word may announce.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Topic {
    Identity,
    Residence,
    Border,
    Phone,
    Bank,
    Passport,
    Vehicle,
    Code,
    Password,
    Birth,
    Request,
    NumberWord,
}

impl Topic {
    /// Word beginnings after which any ending may follow (possessives, plurals).
    fn beginnings(self) -> &'static [&'static str] {
        match self {
            Topic::Identity => &["هوي", "هويت", "بطاق", "سجل", "مدني", "حفيظ", "احوال", "نفوس"],
            Topic::Residence => &["اقام", "مقيم", "iqama", "حدود"],
            Topic::Border => &["حدود", "زاير", "border"],
            Topic::Phone => &[
                "جوال",
                "موبايل",
                "هاتف",
                "تلفون",
                "تليفون",
                "واتس",
                "اتصل",
                "تواصل",
                "mobile",
                "phone",
                "whats",
            ],
            Topic::Bank => &["حساب", "ايبان", "ابان", "بنك", "iban", "تحويل", "حول"],
            Topic::Passport => &["جواز", "passport"],
            Topic::Vehicle => &["لوح", "سيار", "مركب", "plate", "موتر"],
            Topic::Code => &[
                "رمز",
                "رموز",
                "كود",
                "باسكود",
                "otp",
                "code",
                "pin",
                "passcode",
                "cvv",
                "التحقق",
                "تحقق",
                "تفعيل",
            ],
            Topic::Password => {
                &["باسورد", "باسوورد", "بسورد", "باسوردي", "password", "passwd", "pwd", "pass"]
            }
            Topic::Birth => {
                &["ميلاد", "مولود", "مواليد", "مولد", "ولد", "ولاد", "انولد", "birth", "dob", "born"]
            }
            Topic::Request => &[
                "طلب",
                "معامل",
                "تذكر",
                "بلاغ",
                "مرجع",
                "صادر",
                "وارد",
                "ملف",
                "قيد",
                "صك",
                "مراجع",
                "شكو",
                "حجز",
                "حفيظ",
                "فاتور",
                "ticket",
                "request",
                "ref",
                "case",
                "transaction",
                "order",
            ],
            Topic::NumberWord => &["رقم", "الرقم", "برقم", "ارقام", "no", "number", "num"],
        }
    }
}

impl Topic {
    const ALL: [Topic; 12] = [
        Topic::Identity,
        Topic::Residence,
        Topic::Border,
        Topic::Phone,
        Topic::Bank,
        Topic::Passport,
        Topic::Vehicle,
        Topic::Code,
        Topic::Password,
        Topic::Birth,
        Topic::Request,
        Topic::NumberWord,
    ];

    /// Tells whether a folded word announces this subject.
    fn is_named_by(self, word: &str) -> bool {
        let bare = without_prefix(word);
        let starts = |text: &str| self.beginnings().iter().any(|start| names(start, text));
        starts(word) || (bare != word && starts(bare))
    }

    /// Tells whether one of the words before or after a place announces this subject.
    pub(super) fn is_near(self, scan: &Scan, from: usize, to: usize, reach: Reach) -> bool {
        if !scan.speaks_of(self) {
            return false;
        }
        scan.words_before(from).take(reach.before).any(|word| word.names(self))
            || scan.words_after(to).take(reach.after).any(|word| word.names(self))
    }
}

/// The subjects that one word announces, read once for all rules.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Topics(u16);

impl Topics {
    pub(super) fn of(word: &str) -> Topics {
        if word.starts_with(|c: char| c.is_ascii_digit()) {
            return Topics::default();
        }
        let named = Topic::ALL.into_iter().filter(|topic| topic.is_named_by(word));
        Topics(named.fold(0, |bits, topic| bits | 1 << topic as u16))
    }

    pub(super) fn and(self, other: Topics) -> Topics {
        Topics(self.0 | other.0)
    }

    pub(super) fn hold(self, topic: Topic) -> bool {
        self.0 & (1 << topic as u16) != 0
    }
}

/// How many words around a number are read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reach {
    pub(super) before: usize,
    pub(super) after: usize,
}

/// Short Latin beginnings must be the whole word ("pin", not "pinned"; "ref", not "refuse").
fn names(start: &str, word: &str) -> bool {
    if start.is_ascii() && start.len() <= 4 { word == start } else { word.starts_with(start) }
}

/// Takes the article and one-letter prefixes off a folded word.
pub(super) fn without_prefix(word: &str) -> &str {
    let rest = word.strip_prefix(['و', 'ف']).filter(|rest| rest.chars().count() >= 3).unwrap_or(word);
    ["بال", "لل", "ال", "ب", "ل"]
        .iter()
        .find_map(|prefix| rest.strip_prefix(prefix).filter(|bare| bare.chars().count() >= 3))
        .unwrap_or(rest)
}

/// "الرقم السري", "كلمة المرور", "رقم سري": the word and the one after it together name a secret.
pub(super) fn names_secret_pair(first: &ScanWord, second: &ScanWord) -> bool {
    let (first, second) = (without_prefix(&first.text), without_prefix(&second.text));
    let word_of_passage = first.starts_with("كلم")
        && ["مرور", "سر", "السر", "دخول", "عبور"].iter().any(|word| second.starts_with(word));
    let secret_number = first.starts_with("رقم") && ["سري", "سر"].contains(&second);
    word_of_passage || secret_number
}

/// "رقم التحقق", "الرقم السري": a number word whose second half makes it a one-time code.
pub(super) fn names_code_pair(first: &ScanWord, second: &ScanWord) -> bool {
    let second = without_prefix(&second.text);
    without_prefix(&first.text).starts_with("رقم")
        && ["سري", "تحقق", "تفعيل", "دخول", "تاكيد"].iter().any(|word| second.starts_with(word))
}

/// Tells whether a word is written folded; lists that are not would never fire.
#[cfg_attr(not(test), expect(dead_code, reason = "guards the lists in tests"))]
fn is_folded(word: &str) -> bool {
    fold_text(word) == word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_listed_word_is_spelled_folded() {
        for word in Topic::ALL.iter().flat_map(|topic| topic.beginnings()) {
            assert!(is_folded(word), "{word}");
        }
    }

    #[test]
    fn articles_and_possessives_do_not_hide_a_word() {
        assert!(Topic::Identity.is_named_by("هويتي"));
        assert!(Topic::Request.is_named_by("معاملتي"));
        assert!(Topic::Request.is_named_by("والمعامله"));
        assert!(Topic::Code.is_named_by("بالكود"));
        assert!(!Topic::Code.is_named_by("pinned"));
    }
}
