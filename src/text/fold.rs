//! Folding a text to the spelling that index, query, redaction and routing share, with the way back to the original.

use super::letters::{fold_char, is_arabic_letter, is_word_character};

/// A folded text together with the place of each of its characters in the original.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Folded {
    text: String,
    /// Start and end (exclusive) in scalar values of the original, one pair for each character of `text`.
    spans: Vec<(u32, u32)>,
}

/// One word of a folded text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word<'a> {
    /// The folded spelling.
    pub text: &'a str,
    /// First scalar value of the word in the original text.
    pub start: u32,
    /// One past its last scalar value in the original text.
    pub end: u32,
    /// Index of the word's first character in the folded text, in characters.
    pub first_char: u32,
}

/// Folds a text: compatibility forms, vowel signs, tatweel, invisible characters, hamza carriers, alef maqsura, ta
/// marbuta, final hamza, Persian letters, digits of all scripts, letter case, and letters repeated three times or
/// more. Rules: matching.md section 6.1 and deaf-users.md section 6.
pub fn fold(text: &str) -> Folded {
    let mut folding = Folding {
        folded: Folded { text: String::with_capacity(text.len()), spans: Vec::with_capacity(text.len() / 2) },
        last: None,
        run: 0,
    };
    for (index, c) in text.chars().enumerate() {
        folding.take(c, u32::try_from(index).unwrap_or(u32::MAX));
    }
    folding.drop_final_hamza();
    folding.folded
}

/// Folds a text when only the result matters.
pub fn fold_text(text: &str) -> String {
    fold(text).text
}

struct Folding {
    folded: Folded,
    last: Option<char>,
    /// How often `last` stands at the end, counting repetitions already squeezed.
    run: u32,
}

impl Folding {
    fn take(&mut self, c: char, index: u32) {
        let mut vanished = true;
        fold_char(c, |folded| {
            vanished = false;
            self.push(folded, index);
        });
        // A vowel sign or a tatweel belongs to the letter before it: a highlight then covers it too.
        if vanished && self.last.is_some_and(is_word_character) {
            self.extend_last(index + 1);
        }
    }

    fn push(&mut self, c: char, index: u32) {
        if !is_word_character(c) {
            self.drop_final_hamza();
        }
        if self.last == Some(c) && c.is_alphabetic() {
            self.run += 1;
            if self.run == 3 {
                self.pop();
            }
            if self.run >= 3 {
                return self.extend_last(index + 1);
            }
        } else {
            self.run = 1;
            self.last = Some(c);
        }
        self.folded.text.push(c);
        self.folded.spans.push((index, index + 1));
    }

    fn drop_final_hamza(&mut self) {
        while self.last == Some('ء') && self.folded.text.ends_with('ء') {
            let end = self.folded.spans.last().map_or(0, |span| span.1);
            self.pop();
            self.last = self.folded.text.chars().next_back();
            self.run = 1;
            if self.last.is_some_and(is_word_character) {
                self.extend_last(end);
            }
        }
    }

    fn pop(&mut self) {
        self.folded.text.pop();
        self.folded.spans.pop();
    }

    fn extend_last(&mut self, end: u32) {
        if let Some(span) = self.folded.spans.last_mut() {
            span.1 = end;
        }
    }
}

impl Folded {
    /// Returns the folded text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Gives up the folded text.
    pub fn into_text(self) -> String {
        self.text
    }

    /// Returns how many characters the folded text has.
    pub fn len_chars(&self) -> usize {
        self.spans.len()
    }

    /// Returns the place in the original of the folded characters `first..end` (character indexes).
    pub fn original_span(&self, first: usize, end: usize) -> Option<(u32, u32)> {
        if first >= end {
            return None;
        }
        Some((self.spans.get(first)?.0, self.spans.get(end - 1)?.1))
    }

    /// Goes through the words: runs of letters and digits. A change between Arabic letters and anything else (Latin
    /// letters, digits) also ends a word, because people write "رقم1234" and "الـPDF" without a space.
    pub fn words(&self) -> impl Iterator<Item = Word<'_>> {
        Words { folded: self, chars: self.text.char_indices().peekable(), position: 0 }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    Arabic,
    Other,
    Gap,
}

fn script(c: char) -> Script {
    if is_arabic_letter(c) {
        Script::Arabic
    } else if is_word_character(c) {
        Script::Other
    } else {
        Script::Gap
    }
}

struct Words<'a> {
    folded: &'a Folded,
    chars: std::iter::Peekable<std::str::CharIndices<'a>>,
    position: usize,
}

impl<'a> Iterator for Words<'a> {
    type Item = Word<'a>;

    fn next(&mut self) -> Option<Word<'a>> {
        while self.chars.next_if(|(_, c)| script(*c) == Script::Gap).is_some() {
            self.position += 1;
        }
        let (from, first) = *self.chars.peek()?;
        let (kind, first_char) = (script(first), self.position);
        while self.chars.next_if(|(_, c)| script(*c) == kind).is_some() {
            self.position += 1;
        }
        let to = self.chars.peek().map_or(self.folded.text.len(), |(at, _)| *at);
        let (start, end) = self.folded.original_span(first_char, self.position)?;
        let text = self.folded.text.get(from..to)?;
        Some(Word { text, start, end, first_char: u32::try_from(first_char).ok()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words(text: &str) -> Vec<String> {
        fold(text).words().map(|word| word.text.to_owned()).collect()
    }

    #[test]
    fn golden_spellings() {
        let table = [
            ("هُوِيَّة", "هويه"),
            ("الهويّــــة", "الهويه"),
            ("إصدار", "اصدار"),
            ("آخر", "اخر"),
            ("مسؤول", "مسوول"),
            ("شؤون عائلة", "شوون عايله"),
            ("شيء", "شي"),
            ("إنشاء", "انشا"),
            ("أبناءه", "ابناءه"),
            ("مستشفى", "مستشفي"),
            ("على", "علي"),
            ("مرررحبااا", "مرحبا"),
            ("الله", "الله"),
            ("ممكن", "ممكن"),
            ("٠٥٥١٢٣", "055123"),
            ("۰۵۵۱۲۳", "055123"),
            ("گرت العائلة", "كرت العايله"),
            ("چوال", "جوال"),
            ("ڤيزا", "فيزا"),
            ("یک", "يك"),
            ("ABSHER", "absher"),
            ("Ａｂｓｈｅｒ", "absher"),
            ("café", "cafe"),
            ("أب\u{200f}\u{202b}شر\u{202c}", "ابشر"),
            ("اب\u{200c}شر", "ابشر"),
            ("ﻫﻮﻳﺔ", "هويه"),
            ("٥٠٪", "50%"),
            ("جزء من", "جز من"),
            ("محمد ﷺ", "محمد  "),
        ];
        for (text, folded) in table {
            assert_eq!(fold_text(text), folded, "{text}");
        }
    }

    #[test]
    fn words_end_at_punctuation_and_where_the_script_changes() {
        assert_eq!(words("كيف أجدّد هويتي؟"), ["كيف", "اجدد", "هويتي"]);
        assert_eq!(words("رقم1234 الـPDF،صورة"), ["رقم", "1234", "ال", "pdf", "صوره"]);
        assert_eq!(words("  ؟! "), Vec::<String>::new());
    }

    #[test]
    fn a_word_points_at_its_letters_and_their_vowel_signs() {
        let text = "عن هُوِيَّةٌ، قديمة";
        let folded = fold(text);
        let word = folded.words().nth(1).unwrap();
        let original: String =
            text.chars().skip(word.start as usize).take((word.end - word.start) as usize).collect();
        assert_eq!((word.text, original.as_str()), ("هويه", "هُوِيَّةٌ"));
    }

    #[test]
    fn spellings_that_differ_only_in_form_fold_to_the_same() {
        let spellings = ["الإجراءات", "الاجراءات", "الإجْراءات", "الاجـراءات", "الأجراءات"];
        assert!(spellings.iter().all(|spelling| fold_text(spelling) == fold_text("الاجراءات")));
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in "[\\u0600-\\u06ff a-zA-Z0-9\\u200b-\\u200f.،]{0,40}|\\PC{0,40}") {
            let once = fold_text(&text);
            prop_assert_eq!(fold_text(&once), once);
        }

        #[test]
        fn spans_are_ordered_and_inside_the_text(text in "[\\u0600-\\u06ff a-z\\u0640]{0,60}|\\PC{0,40}") {
            let folded = fold(&text);
            let length = text.chars().count() as u32;
            prop_assert_eq!(folded.text().chars().count(), folded.len_chars());
            let mut previous = 0;
            for word in folded.words() {
                prop_assert!(previous <= word.start && word.start < word.end && word.end <= length);
                previous = word.start;
            }
        }

        #[test]
        fn the_original_slice_of_a_word_folds_to_the_word(text in "[ا-ي ً-ْـ]{0,40}") {
            for word in fold(&text).words() {
                let slice: String =
                    text.chars().skip(word.start as usize).take((word.end - word.start) as usize).collect();
                prop_assert_eq!(fold_text(&slice), word.text);
            }
        }
    }
}
