//! What captions say and how it is written.

use super::{Findings, Level, OfCue, Rule};
use crate::catalog::calls::{names_written_way, says_call};
use crate::catalog::captions::Cue;
use crate::catalog::captions::repair::reversed_punctuation;
use crate::text::{fold, is_arabic_letter};

/// Dialect words that have no second meaning in standard Arabic, spelled folded.
const DIALECT: &[&str] = &[
    "وش",
    "ايش",
    "ليش",
    "ليه",
    "شلون",
    "وشلون",
    "وين",
    "فين",
    "ابغي",
    "ابغا",
    "تبغي",
    "نبغي",
    "دحين",
    "ذحين",
    "الحين",
    "عشان",
    "اللي",
    "مافي",
    "مب",
    "يمدي",
    "كذا",
    "زي",
    "شنو",
    "منو",
    "مين",
    "هالحين",
    "برضو",
    "علشان",
    "وشو",
    "بغيت",
    "تبون",
];

/// Words that the deaf community rejects (deaf-users.md requirement 55), spelled folded.
const REJECTED: &[&str] = &["البكم", "والبكم", "بكما", "ابكم", "الابكم", "عاهه", "العاهه", "عاهات", "بعاهه"];

pub(super) fn check_cue(cue: &Cue, findings: &mut OfCue) {
    check_characters(cue, findings);
    check_punctuation(cue, findings);
    check_words(cue, findings);
    if !reversed_punctuation(std::slice::from_ref(cue)).is_empty() {
        findings.warn(
            Rule::ReversedPunctuation,
            "علامة الترقيم في أول السطر: يبدو أن الملف معكوس. يمكن إصلاحه بضغطة.",
            "Punctuation stands at the start of a line: the file looks reversed. It can be repaired with one click.",
        );
    }
}

fn check_characters(cue: &Cue, findings: &mut OfCue) {
    if cue.text.trim().is_empty() {
        findings.error(Rule::EmptyCue, "هذا النص فارغ.", "The caption is empty.");
    }
    if cue.text.chars().any(|c| c.is_control() && c != '\n') {
        findings.error(
            Rule::ControlCharacter,
            "في النص رمز تحكم غير مرئي.",
            "The text has a control character.",
        );
    }
    if cue.text.contains('\u{fffd}') {
        findings.error(
            Rule::BrokenCharacter,
            "في النص حرف تالف (�). احفظ الملف بترميز UTF-8 ثم ارفعه من جديد.",
            "The text has a broken character (�). Save the file as UTF-8 and upload it again.",
        );
    }
}

fn check_punctuation(cue: &Cue, findings: &mut OfCue) {
    if cue.text.contains("...") {
        findings.warn(
            Rule::ThreeDots,
            "استخدم علامة الحذف الواحدة … بدل ثلاث نقاط.",
            "Use one ellipsis … instead of three dots.",
        );
    }
    if cue.text.lines().any(has_latin_punctuation) {
        findings.warn(
            Rule::LatinPunctuation,
            "استخدم علامات الترقيم العربية: ، ؛ ؟",
            "Use Arabic punctuation: ، ؛ ؟",
        );
    }
    if cue.text.contains('ـ') {
        findings.warn(Rule::Tatweel, "احذف التطويل (ـ) من النص.", "Remove the tatweel (ـ) from the text.");
    }
}

/// A Latin question mark, comma or semicolon that follows Arabic; inside numbers a comma is fine.
fn has_latin_punctuation(line: &str) -> bool {
    let mut last_strong = ' ';
    let mut previous = ' ';
    for c in line.chars() {
        let after_arabic = is_arabic_letter(last_strong) && !previous.is_numeric();
        if matches!(c, '?' | ',' | ';') && after_arabic {
            return true;
        }
        if c.is_alphabetic() {
            last_strong = c;
        }
        previous = c;
    }
    false
}

fn check_words(cue: &Cue, findings: &mut OfCue) {
    let folded = fold(&cue.text);
    let dialect: Vec<&str> =
        folded.words().map(|word| word.text).filter(|word| DIALECT.contains(word)).collect();
    if let Some(word) = dialect.first() {
        findings.warn(
            Rule::Dialect,
            format!("كلمة عامية: «{word}». يُكتب النص بالفصحى."),
            format!("A dialect word: “{word}”. Captions are written in standard Arabic."),
        );
    }
    if folded.words().any(|word| REJECTED.contains(&word.text)) {
        findings.error(
            Rule::Wording,
            "كلمة مرفوضة. اكتب «الصم» أو «ضعاف السمع» أو «ذوي الإعاقة».",
            "A rejected word. Write “الصم”, “ضعاف السمع” or “ذوي الإعاقة”.",
        );
    }
}

/// "Call us", or a telephone number, without a way to write or sign beside it: in this caption, the one before or the one after.
pub(super) fn check_calls(cues: &[Cue], findings: &mut Findings) {
    for (index, cue) in cues.iter().enumerate() {
        if !says_call(&cue.text) {
            continue;
        }
        let beside = &cues[index.saturating_sub(1)..(index + 2).min(cues.len())];
        if !beside.iter().any(|cue| names_written_way(&cue.text)) {
            findings.add(
                Rule::CallOnly,
                Level::Warn,
                Some(index),
                "يطلب النص الاتصال فقط. اذكر معه وسيلة مكتوبة أو بالإشارة.",
                "The text only says to call. Name a written or signed way beside it.",
            );
        }
    }
}

/// Rules about the whole file: one kind of digits, and some Arabic text.
pub(super) fn check_file(cues: &[Cue], findings: &mut Findings) {
    let has = |test: fn(char) -> bool| cues.iter().any(|cue| cue.text.chars().any(test));
    if has(|c| c.is_ascii_digit()) && has(|c| matches!(c, '٠'..='٩')) {
        findings.add(
            Rule::MixedDigits,
            Level::Warn,
            None,
            "في الملف أرقام بشكلين: ٠١٢ و012. اختر شكلًا واحدًا.",
            "The file has two kinds of digits: ٠١٢ and 012. Choose one.",
        );
    }
    if !has(is_arabic_letter) {
        findings.add(
            Rule::NoArabic,
            Level::Error,
            None,
            "لا يوجد نص عربي في هذا المقطع.",
            "The clip has no Arabic text.",
        );
    }
}
