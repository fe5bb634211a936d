//! Comparing a question with the wording of an answer, word by word.

use super::lexicon::Expansion;
use crate::text::{Folded, fold, gram_hash, grams, in_common, light_stem, words::is_function_word};

/// How much a word counts when only the lexicon connects it.
const SYNONYM: f32 = 0.75;
/// How much a word counts when only its stem is the same.
const STEM: f32 = 0.92;
/// The least share of grams that makes two spellings one word, and how much it then counts at most.
const NEAR: f32 = 0.5;
const NEAR_WORTH: f32 = 0.85;

/// How many words of a question are compared; who writes more tells a story whose beginning asks.
pub(super) const MOST_WORDS: usize = 64;

/// What the least telling synonym still counts, against 1 for the most telling.
const LEAST_STRENGTH: f32 = 0.3;

/// A word with what its comparison needs.
#[derive(Debug, Clone)]
pub(super) struct Word {
    pub(super) text: Box<str>,
    pub(super) stem: Box<str>,
    /// Sorted hashes of its 3-grams.
    grams: Box<[u32]>,
    /// Its place in the original text, in Unicode scalar values.
    pub(super) span: [u32; 2],
}

impl Word {
    /// A word of a folded text.
    fn new(text: &str, span: [u32; 2]) -> Word {
        let joined = format!("_{text}_");
        let mut hashes: Vec<u32> =
            grams(&joined).filter(|gram| gram.chars().count() == 3).map(gram_hash).collect();
        hashes.sort_unstable();
        Word { text: text.into(), stem: light_stem(text).into(), grams: hashes.into(), span }
    }

    /// How alike two words are, from 0 to 1.
    pub(super) fn likeness(&self, other: &Word) -> f32 {
        if self.text == other.text {
            return 1.0;
        }
        if self.stem == other.stem && self.stem.chars().count() >= 3 {
            return STEM;
        }
        let shared = in_common(&self.grams, &other.grams);
        let dice = 2.0 * shared as f32 / (self.grams.len() + other.grams.len()).max(1) as f32;
        if dice >= NEAR { dice * NEAR_WORTH } else { 0.0 }
    }
}

/// The words of a text that say what it is about; all of them when there are no others.
pub(super) fn subject_words(text: &str) -> Vec<Word> {
    subject_words_of(&fold(text))
}

/// The same for a text that is folded already.
pub(super) fn subject_words_of(folded: &Folded) -> Vec<Word> {
    let has_subject = folded.words().any(|word| !is_function_word(word.text));
    let subject = folded.words().filter(|word| !has_subject || !is_function_word(word.text));
    subject.map(|word| Word::new(word.text, [word.start, word.end])).collect()
}

/// A word that the lexicon puts beside a word of the question.
#[derive(Debug, Clone)]
pub(super) struct Synonym {
    pub(super) word: Word,
    /// How telling it is among its fellows, from 0 to 1: of "بدل فاقد" the second word tells more.
    pub(super) strength: f32,
}

/// One word of the question, with the words that the lexicon puts beside it.
#[derive(Debug, Clone)]
pub(super) struct AskedWord {
    pub(super) word: Word,
    pub(super) synonyms: Vec<Synonym>,
    /// How rare the word is in the library; a word of the question that no answer has is the rarest.
    pub(super) rarity: f32,
    /// A question word or a greeting: it is only compared when the lexicon knows it.
    pub(super) is_subject: bool,
}

impl AskedWord {
    /// How well an answer's word meets this one, directly or through the lexicon.
    pub(super) fn met_by(&self, word: &Word) -> f32 {
        let direct = if self.is_subject { self.word.likeness(word) } else { 0.0 };
        let synonym = self
            .synonyms
            .iter()
            .map(|synonym| synonym.word.likeness(word) * synonym.strength)
            .fold(0.0, f32::max);
        direct.max(synonym * SYNONYM)
    }
}

/// Reads a question's words with their synonyms; rarities are filled in by the caller.
pub(super) fn asked_words(question: &str, expansions: &[Expansion]) -> Vec<AskedWord> {
    let folded = fold(question);
    let words: Vec<_> = folded.words().collect();
    let has_subject = words.iter().any(|word| !is_function_word(word.text));
    let asked = |(index, word): (usize, &crate::text::Word)| {
        let covering = expansions.iter().filter(|expansion| {
            (expansion.first_word..expansion.first_word + expansion.words).contains(&index)
        });
        AskedWord {
            synonyms: synonyms(covering),
            word: Word::new(word.text, [word.start, word.end]),
            rarity: 0.0,
            is_subject: !has_subject || !is_function_word(word.text),
        }
    };
    words
        .iter()
        .enumerate()
        .map(asked)
        .filter(|asked| asked.is_subject || !asked.synonyms.is_empty())
        .take(MOST_WORDS)
        .collect()
}

fn synonyms<'a>(expansions: impl Iterator<Item = &'a Expansion>) -> Vec<Synonym> {
    expansions
        .flat_map(|expansion| subject_words(&expansion.text))
        .map(|word| Synonym { word, strength: 1.0 })
        .collect()
}

/// Fills in how rare the words of a question are and how telling their synonyms; unknown words are the rarest, but a
/// synonym that no answer has tells nothing.
pub(super) fn weigh_words(asked: &mut [AskedWord], rarity: impl Fn(&str) -> Option<f32>) {
    for asked in asked {
        asked.rarity = rarity(&asked.word.stem).unwrap_or(1.0);
        let of = |synonym: &Synonym| rarity(&synonym.word.stem).filter(|rarity| *rarity < 1.0).unwrap_or(0.0);
        let most = asked.synonyms.iter().map(of).fold(0.0, f32::max);
        for synonym in &mut asked.synonyms {
            synonym.strength = if most > 0.0 { (of(synonym) / most).max(LEAST_STRENGTH) } else { 1.0 };
        }
    }
}

/// How well the words of an answer meet each word of the question.
pub(super) fn met<'a>(asked: &[AskedWord], words: impl Iterator<Item = &'a Word>) -> Vec<f32> {
    let mut met = vec![0.0f32; asked.len()];
    for word in words {
        for (best, asked) in met.iter_mut().zip(asked) {
            if *best < 1.0 {
                *best = best.max(asked.met_by(word));
            }
        }
    }
    met
}

/// The share of the question's weight that is met.
pub(super) fn covered_question(asked: &[AskedWord], met: &[f32]) -> f32 {
    weighted_share(asked.iter().zip(met).map(|(asked, met)| (asked.rarity, *met)))
}

/// The share of a text's weight that the question meets; `rarity` weighs the text's words.
pub(super) fn covered_text(asked: &[AskedWord], words: &[Word], rarity: impl Fn(&Word) -> f32) -> f32 {
    let met = |word: &Word| asked.iter().map(|asked| asked.met_by(word)).fold(0.0, f32::max);
    weighted_share(words.iter().map(|word| (rarity(word), met(word))))
}

fn weighted_share(parts: impl Iterator<Item = (f32, f32)>) -> f32 {
    let (total, met) =
        parts.fold((0.0, 0.0), |(total, met), (weight, share)| (total + weight, met + weight * share));
    if total > f32::EPSILON { met / total } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn likeness(a: &str, b: &str) -> f32 {
        subject_words(a)[0].likeness(&subject_words(b)[0])
    }

    #[test]
    fn likeness_falls_from_same_word_to_stem_to_near_spelling_to_nothing() {
        assert_eq!(likeness("مواعيد", "مواعيد"), 1.0);
        assert_eq!(likeness("المواعيد", "مواعيد"), STEM);
        assert!(likeness("استخراج", "استخراح") > 0.4);
        assert_eq!(likeness("هوية", "زواج"), 0.0);
    }

    #[test]
    fn a_synonym_covers_what_the_word_itself_does_not() {
        let expansion = Expansion { first_word: 0, words: 1, text: "مولود".into() };
        let mut asked = asked_words("بيبي", &[expansion]);
        asked[0].rarity = 1.0;
        let met = met(&asked, subject_words("تسجيل مولود").iter());
        assert_eq!(covered_question(&asked, &met), SYNONYM);
    }
}
