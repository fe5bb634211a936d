//! What the ranker sees of each candidate.

use super::compare::{AskedWord, Word, covered_question, covered_text, subject_words, weigh_words};
use super::meaning::Likeness;
use crate::search::{Candidate, Candidates, VIEWS};
use crate::text::words::{Asking, asking};
use crate::text::{fold, grams, joined_words};
use std::collections::{HashMap, HashSet};

/// The features by name, in the order of the arrays. Names are those of the weights file.
pub const FEATURES: [&str; WORD_FEATURES + 5] = [
    "grams",
    "stems",
    "words",
    "head_grams",
    "head_stems",
    "plain_grams",
    "plain_head_grams",
    "covered_question",
    "covered_by_head",
    "covered_title",
    "covered_canonical",
    "alias_likeness",
    "title_likeness",
    "same_asking",
    "meaning",
    "meaning_mean",
    "meaning_nearest",
    "meaning_wording",
    "meaning_wordings",
];

/// How many of the features come from words alone; the others are 0 without a sentence model.
pub(super) const WORD_FEATURES: usize = 14;

/// The values of one candidate.
pub type Features = [f32; FEATURES.len()];

/// A question ready to be compared with candidates.
pub(super) struct Question {
    pub(super) asked: Vec<AskedWord>,
    grams: HashSet<String>,
    asking: HashSet<Asking>,
    rarities: HashMap<String, f32>,
}

impl Question {
    /// Puts a question together. `rarities` holds, by stem, how rare each word of question and candidates is.
    pub(super) fn new(text: &str, mut asked: Vec<AskedWord>, rarities: HashMap<String, f32>) -> Question {
        weigh_words(&mut asked, |stem| rarities.get(stem).copied());
        Question { asked, grams: gram_set(text), asking: askings(text), rarities }
    }

    fn rarity(&self, word: &Word) -> f32 {
        self.rarities.get(&word.stem).copied().unwrap_or(1.0)
    }
}

fn gram_set(text: &str) -> HashSet<String> {
    let joined = joined_words(text);
    grams(&joined).map(|gram| gram.text.to_owned()).collect()
}

fn askings(text: &str) -> HashSet<Asking> {
    fold(text).words().filter_map(|word| asking(word.text)).collect()
}

/// The stems whose rarity the comparison will need.
pub(super) fn stems_of(asked: &[AskedWord], candidates: &Candidates) -> HashSet<String> {
    let heads = candidates.list.iter().flat_map(|candidate| {
        let clip = &candidate.clip;
        subject_words(&clip.title).into_iter().chain(subject_words(&clip.question))
    });
    let synonyms =
        asked.iter().flat_map(|asked| asked.synonyms.iter().map(|synonym| synonym.word.stem.clone()));
    let own = asked.iter().map(|asked| asked.word.stem.clone());
    own.chain(synonyms).chain(heads.map(|word| word.stem)).collect()
}

/// Computes the features of one candidate; `plain` is the same clip scored without the lexicon, `meaning` how near its
/// meaning is.
pub(super) fn features(
    question: &Question,
    candidate: &Candidate,
    plain: Option<&Candidate>,
    meaning: Likeness,
) -> Features {
    let clip = &candidate.clip;
    let title = subject_words(&clip.title);
    let canonical = subject_words(&clip.question);
    let head: Vec<Word> = title
        .iter()
        .chain(&canonical)
        .cloned()
        .chain(clip.aliases.iter().flat_map(|alias| subject_words(alias)))
        .collect();
    let cue = candidate.cue.as_ref().map(|cue| subject_words(&cue.text)).unwrap_or_default();
    let everything: Vec<Word> = head.iter().chain(&cue).cloned().collect();
    let wordings = std::iter::once(&clip.question).chain(&clip.aliases).filter(|text| !text.is_empty());
    let alias = wordings.map(|text| gram_likeness(&question.grams, &gram_set(text))).fold(0.0, f32::max);
    let plain_standard = |view: usize| plain.map_or(0.0, |plain| plain.standard[view]);
    let asked_alike = askings(&clip.question).intersection(&question.asking).count() as f32;
    let standard: [f32; VIEWS.len()] = candidate.standard;
    [
        standard[0],
        standard[1],
        standard[2],
        standard[3],
        standard[4],
        plain_standard(0),
        plain_standard(3),
        covered_question(&question.asked, &everything),
        covered_question(&question.asked, &head),
        covered_text(&question.asked, &title, |word| question.rarity(word)),
        covered_text(&question.asked, &canonical, |word| question.rarity(word)),
        alias,
        gram_likeness(&question.grams, &gram_set(&clip.title)),
        asked_alike.min(1.0),
        meaning.standard,
        meaning.mean,
        meaning.nearest,
        meaning.wording,
        meaning.wordings,
    ]
}

/// Dice's coefficient.
fn gram_likeness(a: &HashSet<String>, b: &HashSet<String>) -> f32 {
    2.0 * a.intersection(b).count() as f32 / (a.len() + b.len()).max(1) as f32
}
