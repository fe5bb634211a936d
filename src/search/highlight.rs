//! Which words of an original text a query matched, for the reader's eye.

use crate::text::{fold, gram_hashes, in_common, light_stem, words::is_function_word};
use std::collections::HashSet;

/// A matched stretch of the original text: start and end (exclusive) in Unicode scalar values.
pub type Highlight = [u32; 2];

/// How much of the shorter word's grams two words must share to count as the same word misspelt.
const ALIKE: f32 = 0.6;

fn only_space_between(text: &str, from: u32, to: u32) -> bool {
    to.saturating_sub(from) <= 1 && text.chars().nth(from as usize).is_none_or(|c| c == ' ' || from == to)
}

/// The words of a query, ready to be compared with many texts.
pub(super) struct Wanted {
    words: HashSet<String>,
    stems: HashSet<String>,
    grams: Vec<Vec<u32>>,
}

impl Wanted {
    /// Reads the words of a query.
    pub(super) fn of(query: &str) -> Wanted {
        let folded = fold(query);
        let all: Vec<&str> = folded.words().map(|word| word.text).take(64).collect();
        let subject: Vec<&str> = all.iter().copied().filter(|word| !is_function_word(word)).collect();
        let chosen = if subject.is_empty() { all } else { subject };
        Wanted {
            stems: chosen
                .iter()
                .map(|word| light_stem(word))
                .filter(|stem| stem.chars().count() >= 3)
                .map(str::to_owned)
                .collect(),
            grams: chosen
                .iter()
                .filter(|word| word.chars().count() >= 4)
                .map(|word| gram_hashes(word))
                .collect(),
            words: chosen.into_iter().map(str::to_owned).collect(),
        }
    }

    /// Takes in the words of other wordings, by which a text was found too. Only the words themselves and their stems: what
    /// is near to a word that nobody typed would surprise.
    pub(super) fn or_one_of(mut self, wordings: &[String]) -> Wanted {
        for wording in wordings {
            let other = Wanted::of(wording);
            self.words.extend(other.words);
            self.stems.extend(other.stems);
        }
        self
    }

    /// Finds the words of a text that match: the same folded word, the same stem, or a near spelling. Neighbours are joined.
    pub(super) fn highlights(&self, text: &str) -> Vec<Highlight> {
        let folded = fold(text);
        let mut found: Vec<Highlight> = Vec::new();
        for word in folded.words().filter(|word| self.matches(word.text)) {
            match found.last_mut() {
                Some(last) if only_space_between(text, last[1], word.start) => last[1] = word.end,
                Some(_) | None => found.push([word.start, word.end]),
            }
        }
        found
    }

    fn matches(&self, word: &str) -> bool {
        self.words.contains(word) || self.stems.contains(light_stem(word)) || self.is_near(word)
    }

    fn is_near(&self, word: &str) -> bool {
        if word.chars().count() < 4 || is_function_word(word) {
            return false;
        }
        let own = gram_hashes(word);
        self.grams.iter().any(|wanted| {
            let shared = in_common(&own, wanted) as f32;
            shared / own.len().min(wanted.len()).max(1) as f32 >= ALIKE
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(text: &str, query: &str) -> Vec<String> {
        let slice = |span: &Highlight| {
            text.chars().skip(span[0] as usize).take((span[1] - span[0]) as usize).collect()
        };
        Wanted::of(query).highlights(text).iter().map(slice).collect()
    }

    #[test]
    fn words_are_marked_on_the_original_text() {
        assert_eq!(marked("جدّد هُوِيَّتك الوطنيّة الآن", "هويتك الوطنية"), ["هُوِيَّتك الوطنيّة"]);
        assert_eq!(marked("موعد المواليد", "مواليد"), ["المواليد"]);
        assert_eq!(marked("كيف أحجز موعدًا؟", "كيف موعد"), ["موعدًا"]);
        assert_eq!(marked("استخراج شهادة الميلاد", "استخراح"), ["استخراج"]);
        assert_eq!(marked("لا شيء هنا", "هوية"), Vec::<String>::new());
    }
}
