//! Why a candidate is suggested, in terms that a person can check on the original text.

use super::compare::{AskedWord, Word, subject_words};
use super::features::{Features, Question, feature};
use super::reading::Texts;
use crate::search::{Candidate, CueText};
use serde::Serialize;

/// Where the matching word of an answer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    Title,
    Question,
    Alias,
    Caption,
}

/// How the two words belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kinship {
    SameWord,
    SameStem,
    NearSpelling,
    Synonym,
}

/// One reason: a word of the question and the word of the answer that meets it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reason {
    /// The word as the asker wrote it, with its place in what was read of the question (Unicode scalar values; see
    /// `text::gist`).
    pub asked: String,
    pub asked_span: [u32; 2],
    /// The word as the answer has it.
    pub found: String,
    pub place: Place,
    pub kinship: Kinship,
}

/// What speaks for an answer as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Likeness {
    /// The sentence model puts it far above the other answers.
    NearInMeaning,
    /// One of its other wordings is much like the question.
    PastWording,
}

/// From how many standard deviations above the library's mean on an answer is near in meaning.
const NEAR_IN_MEANING: f32 = 2.0;
/// The share of letter groups that a wording and the question must have in common.
const LIKE_WORDING: f32 = 0.4;

/// Names what speaks for a candidate beside single words.
pub(super) fn likeness(question: &Question, texts: &Texts, features: &Features) -> Vec<Likeness> {
    let near = feature(features, "meaning") >= NEAR_IN_MEANING;
    let asked_before = texts.aliases.iter().any(|wording| question.likeness(wording) >= LIKE_WORDING);
    let near = near.then_some(Likeness::NearInMeaning);
    near.into_iter().chain(asked_before.then_some(Likeness::PastWording)).collect()
}

/// How alike two words must be to be named as a reason.
const LEAST: f32 = 0.4;

/// Names for each word of the question the best meeting word of the candidate.
pub(super) fn reasons(question: &str, asked: &[AskedWord], candidate: &Candidate) -> Vec<Reason> {
    let texts = texts(candidate);
    asked.iter().filter_map(|asked| best_meeting(question, asked, &texts)).collect()
}

fn texts(candidate: &Candidate) -> Vec<(Place, &str, Vec<Word>)> {
    let clip = &candidate.clip;
    let head = [(Place::Title, clip.title.as_str()), (Place::Question, clip.question.as_str())];
    let aliases = clip.aliases.iter().map(|alias| (Place::Alias, alias.as_str()));
    let cue = candidate.cue.iter().map(|cue: &CueText| (Place::Caption, cue.text.as_str()));
    head.into_iter()
        .chain(aliases)
        .chain(cue)
        .map(|(place, text)| (place, text, subject_words(text)))
        .collect()
}

fn best_meeting(question: &str, asked: &AskedWord, texts: &[(Place, &str, Vec<Word>)]) -> Option<Reason> {
    let mut best: Option<(f32, Place, &str, &Word)> = None;
    for (place, text, words) in texts {
        for word in words {
            let met = asked.met_by(word);
            if met >= LEAST && best.is_none_or(|(held, ..)| met > held) {
                best = Some((met, *place, text, word));
            }
        }
    }
    let (_, place, text, word) = best?;
    Some(Reason {
        asked: slice(question, asked.word.span),
        asked_span: asked.word.span,
        found: slice(text, word.span),
        place,
        kinship: kinship(asked, word),
    })
}

fn kinship(asked: &AskedWord, word: &Word) -> Kinship {
    let direct = asked.word.likeness(word);
    if direct < asked.met_by(word) {
        Kinship::Synonym
    } else if asked.word.text == word.text {
        Kinship::SameWord
    } else if asked.word.stem == word.stem {
        Kinship::SameStem
    } else {
        Kinship::NearSpelling
    }
}

fn slice(text: &str, span: [u32; 2]) -> String {
    text.chars().skip(span[0] as usize).take((span[1] - span[0]) as usize).collect()
}
