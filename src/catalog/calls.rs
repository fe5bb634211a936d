//! "Call us" is no answer to somebody who cannot hear: where a text names a call or a telephone, a written or signed way
//! has to stand beside it (`reference/deaf-users.md` requirement 11).

use crate::text::{ascii_digit, fold};

/// Words that tell somebody to call, spelled folded and without what is joined before them.
const CALLS: &[&str] = &["اتصل", "اتصلوا", "اتصال", "يتصل", "هاتفيا", "كلمنا"];

/// What follows where somebody else calls: a warning, no advice.
const CALLED: &[&str] = &["بك", "بكم", "عليك", "احد", "شخص"];

/// Ways to reach the service without hearing, spelled folded and without what is joined before them. Whole words: as
/// beginnings, the way to "video" let a text about a sick mother through, and "account" one about a bank.
const WRITTEN_WAYS: &[&str] = &[
    "رساله",
    "رسايل",
    "رسالتك",
    "راسلنا",
    "راسل",
    "مراسله",
    "واتس",
    "واتساب",
    "الواتساب",
    "تطبيق",
    "تطبيقنا",
    "موقعنا",
    "موقعها",
    "بريد",
    "بريدنا",
    "ايميل",
    "محادثه",
    "دردشه",
    "اكتب",
    "اكتبوا",
    "كتابه",
    "كتابيا",
    "كتابي",
    "اشاره",
    "مترجم",
    "مترجمه",
    "مريي",
    "مرييه",
    "فيديو",
    "حسابنا",
    "ابشر",
    "منصه",
    "منصتنا",
    "بوابه",
    "الكتروني",
    "الكترونيه",
    "الكترونيا",
    "نصي",
    "نصيه",
    "نموذج",
    "تحسين",
];

/// What Arabic joins before a word, longest first.
const JOINED: &[&str] =
    &["وبال", "وال", "بال", "فال", "كال", "ولل", "لل", "ال", "وب", "ول", "و", "ف", "ب", "ل"];

/// Whether a text for everybody tells somebody to call, or gives a telephone number.
pub fn says_call(text: &str) -> bool {
    tells_to_call(text) || has_number(text, |number| is_line(number) || is_mobile(number))
}

fn tells_to_call(text: &str) -> bool {
    let folded = fold(text);
    let words: Vec<&str> = folded.words().map(|word| word.text).collect();
    words.iter().enumerate().any(|(index, word)| {
        let after = words.get(index + 1).copied().unwrap_or_default();
        is_one_of(word, CALLS) && !CALLED.contains(&after)
    })
}

/// Whether a text names a way to write or sign.
pub fn names_written_way(text: &str) -> bool {
    let folded = fold(text);
    folded.words().any(|word| is_one_of(word.text, WRITTEN_WAYS))
        || text.contains('@')
        || text.contains("http")
        || text.contains(".sa")
}

/// Whether what is written to one asker leaves nothing but a call. A mobile number there may be the asker's own.
pub fn is_call_only(text: &str) -> bool {
    (tells_to_call(text) || has_number(text, is_line)) && !names_written_way(text)
}

/// Whether a folded word is one of a list, by itself or with what is joined before it.
fn is_one_of(word: &str, list: &[&str]) -> bool {
    let bare = JOINED.iter().filter_map(|joined| word.strip_prefix(joined));
    std::iter::once(word).chain(bare).any(|form| list.contains(&form))
}

/// Digits with what stands inside written telephone numbers; other marks end a run, so that dates and times are none.
fn has_number(text: &str, is_wanted: impl Fn(&str) -> bool) -> bool {
    let mut run = String::new();
    for letter in text.chars().chain(['\n']) {
        match ascii_digit(letter) {
            Some(digit) => run.push(digit),
            None if matches!(letter, ' ' | '-' | '+' | '(' | ')' | '\u{2066}'..='\u{2069}') => {}
            None if is_wanted(national(&run)) => return true,
            None => run.clear(),
        }
    }
    false
}

/// A number without the country's code and the zero before it.
fn national(run: &str) -> &str {
    let national = run.strip_prefix("00966").or(run.strip_prefix("966")).unwrap_or(run);
    national.strip_prefix('0').unwrap_or(national)
}

/// The lines of a city, 920, 800 and the six digits of government services.
fn is_line(national: &str) -> bool {
    match national.len() {
        9 => national.starts_with('1') || national.starts_with("920"),
        10 => national.starts_with("800"),
        6 => national.starts_with("199"),
        _ => false,
    }
}

fn is_mobile(national: &str) -> bool {
    national.len() == 9 && national.starts_with('5')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_or_a_telephone_needs_a_written_way_beside_it() {
        for alone in [
            "اتصل بنا",
            "للاتصال على الرقم الموحد",
            "للاستفسار: ٩٢٠٠٠ ٠٥٦٠",
            "رقمنا 920000560",
            "خدمة المستفيدين 199099",
            "هاتف الفرع 011 402 8888",
            "اتصل إذا كانت والدتك مريضة",
            "اتصل لتعرف رقم الحساب البنكي",
            "اتصل لتعرف موقع الفرع",
            "اتصل بالأستاذ منصور",
        ] {
            assert!(is_call_only(alone), "{alone}");
        }
        for fine in [
            "اتصل أو أرسل رسالة",
            "رقمنا 920000560، أو بالواتساب",
            "اتصل مع مترجم إشارة",
            "اتصل أو راسلنا عبر البريد الإلكتروني",
            "للاتصال المرئي بالإشارة 199099",
            "الرسوم 100 ريال، والمهلة 30 يومًا",
            "ولد عام 1448 هـ، الموافق 2026-11-22",
            "رقم الطلب 4455",
            "إذا اتصل بك أحد وطلب الرمز فلا تعطه شيئًا",
            "لا حاجة إلى مكالمة",
        ] {
            assert!(!is_call_only(fine), "{fine}");
        }
        let mobile = "الجوال المسجل 0551234567";
        assert!(says_call(mobile) && !is_call_only(mobile), "to one asker it may be their own");
    }
}
