//! What the ranker sees of each candidate.

use super::compare::{AskedWord, Word, covered_question, covered_text, met, weigh_words};
use super::meaning::Likeness;
use super::reading::{Reading, Texts};
use crate::search::{Candidate, VIEWS};
use crate::text::fold;
use crate::text::words::{Asking, asking};
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

/// One value by its name.
pub(super) fn feature(features: &Features, name: &str) -> f32 {
    FEATURES.iter().position(|known| *known == name).map_or(0.0, |at| features[at])
}

/// A question ready to be compared with candidates.
pub(super) struct Question {
    pub(super) asked: Vec<AskedWord>,
    read: Reading,
    asking: HashSet<Asking>,
    rarities: HashMap<String, f32>,
}

impl Question {
    /// Puts a question together. `rarities` holds, by stem, how rare each word of question and candidates is.
    pub(super) fn new(text: &str, mut asked: Vec<AskedWord>, rarities: HashMap<String, f32>) -> Question {
        weigh_words(&mut asked, |stem| rarities.get(stem).copied());
        Question { asked, read: Reading::of(text), asking: askings(text), rarities }
    }

    /// How like a wording is to the question, by its letters.
    pub(super) fn likeness(&self, wording: &Reading) -> f32 {
        self.read.likeness(wording)
    }

    fn rarity(&self, word: &Word) -> f32 {
        self.rarities.get(&*word.stem).copied().unwrap_or(1.0)
    }
}

fn askings(text: &str) -> HashSet<Asking> {
    fold(text).words().filter_map(|word| asking(word.text)).collect()
}

/// The stems whose rarity the comparison will need.
pub(super) fn stems_of(asked: &[AskedWord], candidates: &[Texts]) -> HashSet<String> {
    let synonyms = asked.iter().flat_map(|asked| &asked.synonyms).map(|synonym| &synonym.word);
    let mut stems: HashSet<String> =
        asked.iter().map(|asked| &asked.word).chain(synonyms).map(|word| word.stem.to_string()).collect();
    for word in candidates.iter().flat_map(|texts| texts.title.words.iter().chain(&texts.question.words)) {
        if !stems.contains(&*word.stem) {
            stems.insert(word.stem.to_string());
        }
    }
    stems
}

/// Computes the features of one candidate; `meaning` is how near its meaning is.
pub(super) fn features(
    question: &Question,
    candidate: &Candidate,
    texts: &Texts,
    meaning: Likeness,
) -> Features {
    let by_head = met(&question.asked, texts.head());
    let by_cue = met(&question.asked, texts.cue.iter().flat_map(|cue| &cue.words));
    let by_any: Vec<f32> = by_head.iter().zip(&by_cue).map(|(head, cue)| head.max(*cue)).collect();
    let covered = |text: &Reading| covered_text(&question.asked, &text.words, |word| question.rarity(word));
    let alias = texts.wordings().map(|text| question.read.likeness(text)).fold(0.0, f32::max);
    let plain_standard = |view: usize| candidate.own.map_or(0.0, |own| own[view]);
    let asked_alike = askings(&candidate.clip.question).intersection(&question.asking).count() as f32;
    let standard: [f32; VIEWS.len()] = candidate.standard;
    let mut features = [
        standard[0],
        standard[1],
        standard[2],
        standard[3],
        standard[4],
        plain_standard(0),
        plain_standard(3),
        covered_question(&question.asked, &by_any),
        covered_question(&question.asked, &by_head),
        covered(&texts.title),
        covered(&texts.question),
        alias,
        question.read.likeness(&texts.title),
        asked_alike.min(1.0),
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
    ];
    put_likeness(&mut features, meaning);
    features
}

/// Writes the features that come from meaning; those of words stay.
pub(super) fn put_likeness(features: &mut Features, meaning: Likeness) {
    let Likeness { standard, mean, nearest, wording, wordings } = meaning;
    features[WORD_FEATURES..].copy_from_slice(&[standard, mean, nearest, wording, wordings]);
}

/// The wording that is most like a question, with how like it is; the first of equals.
pub(super) fn nearest_wording<'a>(question: &str, wordings: &'a [String]) -> Option<(&'a str, f32)> {
    let asked = Reading::of(question);
    let likeness = |wording: &'a String| (wording.as_str(), asked.likeness(&Reading::of(wording)));
    wordings.iter().map(likeness).reduce(|best, next| if next.1 > best.1 { next } else { best })
}
