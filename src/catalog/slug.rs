//! Readable, stable addresses of clips: the title in Latin letters. Never the name of a file.

use crate::ids::random_bytes;

/// Longest readable part, in characters.
const LONGEST: usize = 60;

/// The title in Latin letters, words joined by dashes; `clip` when nothing readable is left.
pub(super) fn slug_of(title: &str) -> String {
    let mut slug = String::new();
    for c in title.chars() {
        match latin(c) {
            Some(letters) => slug.push_str(letters),
            None if c.is_ascii_alphanumeric() => slug.push(c.to_ascii_lowercase()),
            None if is_silent(c) => {}
            None if !slug.is_empty() && !slug.ends_with('-') => slug.push('-'),
            None => {}
        }
        if slug.len() >= LONGEST {
            break;
        }
    }
    let slug = slug.trim_matches('-');
    if slug.is_empty() { "clip".to_owned() } else { slug.to_owned() }
}

/// The same address with a random end, for a title that another clip has already.
pub(super) fn with_random_end(slug: &str) -> String {
    let end: String = random_bytes::<3>().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{slug}-{end}")
}

/// Marks that carry no letter: short vowels, tatweel, direction marks.
fn is_silent(c: char) -> bool {
    matches!(c, '\u{064b}'..='\u{065f}' | '\u{0670}' | '\u{0640}' | '\u{200b}'..='\u{200f}' | '\u{2066}'..='\u{2069}' | 'ء')
}

/// A simple transliteration, one way only.
fn latin(c: char) -> Option<&'static str> {
    Some(match c {
        'ا' | 'أ' | 'إ' | 'آ' | 'ٱ' | 'ى' | 'ة' => "a",
        'ب' => "b",
        'ت' | 'ط' => "t",
        'ث' => "th",
        'ج' => "j",
        'ح' | 'ه' => "h",
        'خ' => "kh",
        'د' | 'ض' => "d",
        'ذ' => "dh",
        'ر' => "r",
        'ز' | 'ظ' => "z",
        'س' | 'ص' => "s",
        'ش' => "sh",
        'ع' => "a",
        'غ' => "gh",
        'ف' => "f",
        'ق' => "q",
        'ك' => "k",
        'ل' => "l",
        'م' => "m",
        'ن' => "n",
        'و' | 'ؤ' => "w",
        'ي' | 'ئ' => "y",
        '٠' | '۰' => "0",
        '١' | '۱' => "1",
        '٢' | '۲' => "2",
        '٣' | '۳' => "3",
        '٤' | '۴' => "4",
        '٥' | '۵' => "5",
        '٦' | '۶' => "6",
        '٧' | '۷' => "7",
        '٨' | '۸' => "8",
        '٩' | '۹' => "9",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_becomes_latin_words() {
        assert_eq!(slug_of("انتهت هويتي، كيف أجددها؟"), "antht-hwyty-kyf-ajddha");
        assert_eq!(slug_of("هُوِيَّـة ٢٠٢٦"), "hwya-2026");
        assert_eq!(slug_of("Absher: جدّد"), "absher-jdd");
    }

    #[test]
    fn odd_titles_make_safe_addresses() {
        for title in ["", "؟", "../../etc/passwd", "a/b?c#d%00", "🤟🏽", "+ # % ? /", "ن", &"س".repeat(4_000)]
        {
            let slug = slug_of(title);
            let safe = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
            assert!(
                !slug.is_empty() && slug.len() <= LONGEST + 2 && slug.bytes().all(safe),
                "{title}: {slug}"
            );
        }
    }
}
