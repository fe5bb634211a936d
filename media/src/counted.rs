//! Numbers inside sentences for people: Arabic-Indic digits, the Arabic decimal separator, and nouns that agree with
//! their number.

/// A noun in the forms that Arabic numbers ask for; from eleven on it is singular again.
struct Noun {
    mark: &'static str,
    one: &'static str,
    two: &'static str,
    few: &'static str,
    many: &'static str,
}

const NOUNS: [Noun; 4] = [
    Noun {
        mark: "{ثانية}", one: "ثانية واحدة", two: "ثانيتين", few: "ثوانٍ", many: "ثانية"
    },
    Noun {
        mark: "{صورة}", one: "صورة واحدة", two: "صورتان", few: "صور", many: "صورة"
    },
    Noun {
        mark: "{نقطة}", one: "نقطة واحدة", two: "نقطتان", few: "نقاط", many: "نقطة"
    },
    Noun {
        mark: "{ومضة}", one: "ومضة واحدة", two: "ومضتان", few: "ومضات", many: "ومضة"
    },
];

/// Puts the value where an Arabic sentence has `{}` (the number alone) or a noun in braces (number and noun).
pub(crate) fn fill(sentence: &str, value: f64) -> String {
    let mut text = sentence.replace("{}", &arabic(value));
    for noun in &NOUNS {
        if text.contains(noun.mark) {
            text = text.replace(noun.mark, &noun.counted(value));
        }
    }
    text
}

impl Noun {
    fn counted(&self, value: f64) -> String {
        let shown = rounded(value);
        let hundredth = (shown % 100.0) as u32;
        match (shown.fract() == 0.0, shown as u64, hundredth) {
            (true, 1, _) => self.one.to_owned(),
            (true, 2, _) => self.two.to_owned(),
            (true, _, 3..=10) => format!("{} {}", arabic(value), self.few),
            (true | false, _, _) => format!("{} {}", arabic(value), self.many),
        }
    }
}

/// One decimal place at most, and two below one, where a tenth is too coarse.
fn rounded(value: f64) -> f64 {
    let places = if value.abs() < 1.0 { 100.0 } else { 10.0 };
    (value * places).round() / places
}

/// The number as English text shows it.
pub(crate) fn plain(value: f64) -> String {
    let shown = rounded(value);
    if shown.fract() == 0.0 { format!("{shown:.0}") } else { shown.to_string() }
}

/// The number as Arabic text shows it.
fn arabic(value: f64) -> String {
    let digit = |c: char| match c.to_digit(10) {
        // The ten Arabic-Indic digits follow each other from U+0660.
        Some(digit) => char::from_u32(0x0660 + digit).unwrap_or(c),
        None if c == '.' => '٫',
        None => c,
    };
    plain(value).chars().map(digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arabic_numbers_have_their_own_digits_and_separator() {
        assert_eq!(fill("{}٪", 62.54), "٦٢٫٥٪");
        assert_eq!(fill("{}", 30.0), "٣٠");
        assert_eq!(plain(0.333), "0.33");
    }

    #[test]
    fn nouns_agree_with_their_number() {
        let seconds = |value: f64| fill("{ثانية}", value);
        assert_eq!(seconds(1.0), "ثانية واحدة");
        assert_eq!(seconds(2.0), "ثانيتين");
        assert_eq!(seconds(3.0), "٣ ثوانٍ");
        assert_eq!(seconds(1.5), "١٫٥ ثانية");
        assert_eq!(seconds(95.0), "٩٥ ثانية");
        assert_eq!(seconds(103.0), "١٠٣ ثوانٍ");
    }
}
