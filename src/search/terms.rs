//! From what a person typed to bounded, weighted terms; the only way into the index.

use super::tokenize::all_grams;
use crate::text::{first, fold, light_stem, split_joined, words::is_function_word};
use std::collections::BTreeMap;

/// How much of a query or question is read, in Unicode scalar values; of a longer question the parts that ask come first
/// (`text::gist`). The longest of 2,500 real-style questions had 229.
pub const MAX_CHARS: usize = 400;
/// How many different terms of one view a text may have; of more the first are kept.
const MAX_TERMS: usize = 400;
/// How many more its other wordings may add together, however long the text is.
const MAX_OTHER_TERMS: usize = 200;

/// Weighted terms for each view of the index, in a fixed order, so that equal queries score equally.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Terms {
    pub(super) words: BTreeMap<String, f32>,
    pub(super) stems: BTreeMap<String, f32>,
    pub(super) grams: BTreeMap<String, f32>,
}

impl Terms {
    /// Reads the terms of a text, each as often as it occurs.
    pub fn of(text: &str) -> Terms {
        let mut terms = Terms::default();
        terms.take(text, 1.0, MAX_TERMS);
        terms
    }

    /// Adds the terms of another wording with a weight, for synonyms.
    pub fn add(&mut self, text: &str, weight: f32) {
        self.take(text, weight, MAX_TERMS + MAX_OTHER_TERMS);
    }

    fn take(&mut self, text: &str, weight: f32, most: usize) {
        let text = head(text);
        let folded = fold(text);
        let words: Vec<&str> = folded.words().map(|word| word.text).collect();
        // Question words and greetings say nothing about the subject, unless there is nothing else.
        let subject: Vec<&str> = words.iter().copied().filter(|word| !is_function_word(word)).collect();
        let subject = if subject.is_empty() { &words } else { &subject };
        for word in subject {
            count(&mut self.words, word, weight, most);
            count(&mut self.stems, light_stem(word), weight, most);
        }
        for gram in all_grams(text) {
            count(&mut self.grams, &gram, weight, most);
        }
    }

    /// Adds the parts of words that were written together, when the index knows both parts.
    pub(super) fn split_joined_words(&mut self, is_known: impl Fn(&str) -> bool) {
        let parts: Vec<(String, f32)> = self
            .words
            .iter()
            .filter_map(|(word, weight)| {
                split_joined(word, &is_known).map(|(left, right)| (left, right, *weight))
            })
            .flat_map(|(left, right, weight)| [(left.to_owned(), weight), (right.to_owned(), weight)])
            .collect();
        for (part, weight) in parts {
            count(&mut self.stems, light_stem(&part), weight, MAX_TERMS);
            count(&mut self.words, &part, weight, MAX_TERMS);
        }
    }

    /// Tells whether there is nothing to look for.
    pub fn is_empty(&self) -> bool {
        self.grams.is_empty()
    }
}

/// The part of a text that is read.
pub fn head(text: &str) -> &str {
    first(text, MAX_CHARS)
}

fn count(terms: &mut BTreeMap<String, f32>, term: &str, weight: f32, most: usize) {
    if let Some(sum) = terms.get_mut(term) {
        *sum += weight;
    } else if terms.len() < most {
        terms.insert(term.to_owned(), weight);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syntax_of_query_languages_is_only_text() {
        let terms = Terms::of("state:private AND (هوية* OR \"x\")");
        assert_eq!(terms.words.keys().collect::<Vec<_>>(), ["and", "or", "private", "state", "x", "هويه"]);
    }

    #[test]
    fn a_huge_query_is_bounded() {
        let terms = Terms::of(&"كلمة ".repeat(20_000));
        assert!(terms.grams.len() <= MAX_TERMS && terms.words.len() == 1);
        let different: String = (0..10_000).map(|i| format!("w{i} ")).collect();
        assert!(Terms::of(&different).words.len() <= MAX_TERMS);
    }

    #[test]
    fn another_wording_has_room_beside_the_longest_story() {
        let story: String = (0..MAX_CHARS).filter_map(|at| char::from_u32(0x4e00 + at as u32)).collect();
        let mut terms = Terms::of(&story);
        assert_eq!(terms.grams.len(), MAX_TERMS);
        terms.add("سجل الأسرة", 0.5);
        assert!(terms.grams.contains_key("سجل") && terms.words.contains_key("سجل"));
        (0..50).for_each(|at| terms.add(&format!("كلمة{at} {}", story.replace('一', &format!("{at}"))), 0.5));
        assert!(terms.grams.len() <= MAX_TERMS + MAX_OTHER_TERMS);
    }

    #[test]
    fn question_words_count_only_when_alone() {
        assert_eq!(Terms::of("كيف أجدد هويتي").words.keys().collect::<Vec<_>>(), ["اجدد", "هويتي"]);
        assert_eq!(Terms::of("كيف").words.len(), 1);
        assert!(Terms::of(" ؟ ").is_empty());
    }
}
