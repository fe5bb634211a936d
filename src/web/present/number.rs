//! Digits, decimals, percentages and file sizes.

use crate::text::arabic_digit;
use crate::web::i18n::{Lang, Words};
use std::fmt::Display;

/// Writes a number, or any text that holds digits, in the language's digits: Arabic-Indic in Arabic.
pub fn digits(lang: Lang, value: impl Display) -> String {
    let text = value.to_string();
    match lang {
        Lang::En => text,
        Lang::Ar => text.chars().map(arabic_digit).collect(),
    }
}

/// Writes a decimal number without trailing zeros, with the Arabic decimal separator in Arabic.
pub fn decimal(lang: Lang, value: f64, places: usize) -> String {
    let fixed = format!("{value:.places$}");
    let short =
        if fixed.contains('.') { fixed.trim_end_matches('0').trim_end_matches('.') } else { fixed.as_str() };
    match lang {
        Lang::En => short.to_owned(),
        Lang::Ar => digits(lang, short.replace('.', "٫")),
    }
}

/// Writes a share of one as a whole percentage.
pub fn percent(lang: Lang, share: f64) -> String {
    let whole = format!("{:.0}", (share * 100.0).clamp(0.0, 100.0));
    match lang {
        Lang::En => format!("{whole}%"),
        Lang::Ar => format!("{}٪", digits(lang, whole)),
    }
}

/// Writes a size in bytes, kilobytes, megabytes or gigabytes of 1,000, as phones show them.
pub fn file_size(t: Words, bytes: u64) -> String {
    let lang = t.lang();
    #[expect(clippy::cast_precision_loss, reason = "a size for people, rounded to one place")]
    let size = bytes as f64;
    if bytes < 1000 {
        t.with("size-bytes", "n", digits(lang, bytes))
    } else if bytes < 1_000_000 {
        t.with("size-kb", "n", decimal(lang, size / 1e3, 0))
    } else if bytes < 1_000_000_000 {
        t.with("size-mb", "n", decimal(lang, size / 1e6, 1))
    } else {
        t.with("size-gb", "n", decimal(lang, size / 1e9, 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arabic_numbers_use_arabic_digits_and_separator() {
        assert_eq!(digits(Lang::Ar, 1448), "١٤٤٨");
        assert_eq!(digits(Lang::En, 1448), "1448");
        assert_eq!(decimal(Lang::Ar, 0.25, 2), "٠٫٢٥");
        assert_eq!(decimal(Lang::En, 1.50, 2), "1.5");
        assert_eq!(decimal(Lang::En, 20.0, 0), "20");
        assert_eq!(percent(Lang::Ar, 0.62), "٦٢٪");
    }

    #[test]
    fn sizes_are_short_and_in_the_unit_people_know() {
        let (ar, en) = (Words::of(Lang::Ar), Words::of(Lang::En));
        assert_eq!(file_size(ar, 380_044), "٣٨٠ كيلوبايت");
        assert_eq!(file_size(ar, 2_400_000), "٢٫٤ ميغابايت");
        assert_eq!(file_size(en, 2_000_000), "2 MB");
        assert_eq!(file_size(en, 12), "12 bytes");
        assert_eq!(file_size(ar, 2_147_483_648), "٢٫١ غيغابايت");
    }
}
