//! The words of the answers' texts, read once: question after question is compared with the same titles and wordings.

use super::compare::{Word, subject_words_of};
use crate::search::Candidate;
use crate::text::{fold, hashes_of, in_common, joined};
use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::{Arc, PoisonError, RwLock};

/// How many texts are kept, about six hundred bytes each: the texts of two thousand answers.
const MOST: usize = 26_000;
/// In so many parts: a full one starts anew, and forgetting a part holds nobody up.
const PARTS: usize = 32;

/// A text as the comparison needs it.
#[derive(Debug, Default)]
pub(super) struct Reading {
    /// The words that say what it is about.
    pub(super) words: Box<[Word]>,
    /// Sorted hashes of its different character grams.
    grams: Box<[u32]>,
}

impl Reading {
    pub(super) fn of(text: &str) -> Reading {
        let folded = fold(text);
        Reading {
            words: subject_words_of(&folded).into(),
            grams: hashes_of(&joined(folded.words().map(|word| word.text))).into(),
        }
    }

    /// The share of character grams that two texts have in common: Dice's coefficient.
    pub(super) fn likeness(&self, other: &Reading) -> f32 {
        let both = in_common(&self.grams, &other.grams) as f32;
        2.0 * both / (self.grams.len() + other.grams.len()).max(1) as f32
    }
}

/// The texts of one candidate.
pub(super) struct Texts {
    pub(super) title: Arc<Reading>,
    pub(super) question: Arc<Reading>,
    pub(super) aliases: Vec<Arc<Reading>>,
    pub(super) cue: Option<Arc<Reading>>,
}

impl Texts {
    /// The words of title, question and other wordings.
    pub(super) fn head(&self) -> impl Iterator<Item = &Word> {
        let own = [&self.title, &self.question];
        own.into_iter().chain(&self.aliases).flat_map(|reading| reading.words.iter())
    }

    /// Every wording of the question, the canonical one among them.
    pub(super) fn wordings(&self) -> impl Iterator<Item = &Reading> {
        std::iter::once(&self.question).chain(&self.aliases).map(Arc::as_ref)
    }
}

/// The readings of the texts that were met lately.
#[derive(Default)]
pub(super) struct Readings {
    parts: [RwLock<HashMap<String, Arc<Reading>>>; PARTS],
    hasher: RandomState,
}

impl Readings {
    /// Reads the texts of a candidate, or remembers them.
    pub(super) fn texts(&self, candidate: &Candidate) -> Texts {
        let clip = &candidate.clip;
        Texts {
            title: self.of(&clip.title),
            question: self.of(&clip.question),
            aliases: clip.aliases.iter().map(|alias| self.of(alias)).collect(),
            cue: candidate.cue.as_ref().map(|cue| self.of(&cue.text)),
        }
    }

    fn of(&self, text: &str) -> Arc<Reading> {
        let part = &self.parts[self.hasher.hash_one(text) as usize % PARTS];
        let kept = part.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(reading) = kept.get(text) {
            return reading.clone();
        }
        drop(kept);
        let reading = Arc::new(Reading::of(text));
        let mut kept = part.write().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST / PARTS {
            kept.clear();
        }
        kept.insert(text.to_owned(), reading.clone());
        reading
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_share_half_their_grams_are_half_alike() {
        let of = Reading::of;
        assert_eq!(of("بدل فاقد").likeness(&of("بَدَل فاقد")), 1.0);
        assert_eq!(of("بدل فاقد").likeness(&of("موعد")), 0.0);
        let near = of("تجديد الهوية").likeness(&of("تجديد الجواز"));
        assert!((0.3..0.8).contains(&near), "{near}");
        assert_eq!(of("").likeness(&of("")), 0.0);
    }

    #[test]
    fn what_is_remembered_is_bounded_and_the_same() {
        let readings = Readings::default();
        for number in 0..MOST + 10 {
            readings.of(&format!("نص {number}"));
        }
        let kept: usize = readings.parts.iter().map(|part| part.read().unwrap().len()).sum();
        assert!(kept <= MOST);
        let again = readings.of("نص 3");
        assert_eq!(again.likeness(&readings.of("نص 3")), 1.0);
    }
}
