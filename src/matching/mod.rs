//! Matching a question to the signed answers that exist: lexical scores from the search index, a lexicon, a fitted
//! ranker, and two calibrated confidences. Deterministic: the same library, question and weights give the same list.
//!
//! With a sentence model the nearness of meaning joins as further features, with weights of its own. Measurements and
//! the reasons for this shape: matching.md.

mod compare;
mod explain;
mod features;
pub mod fit;
pub mod learned;
mod lexicon;
pub mod lexicon_book;
pub mod meaning;
mod model;
mod reading;
mod reasons;
pub mod report;
mod signs;
pub mod study;
pub mod train;
mod tuition;
pub mod weights;

pub use explain::{Explained, ExplainedCandidate, ExplainedPart, PastWording};
pub use features::{FEATURES, Features};
pub use lexicon::{Expansion, Lexicon, LexiconError};
pub use meaning::{MeaningFollower, MeaningState, Meanings};
pub use model::{Doubtful, Linear, Model, ModelError, SIGNS, SURE, Signs, Weights};
pub use reasons::{Kinship, Likeness, Place, Reason};
pub use tuition::{Taught, Tuition};

use crate::search::{
    Candidate, CandidateQuery, Candidates, CueText, Filter, MAX_CHARS, Nearness, Page, Query, SearchIndex,
    head,
};
use crate::text::{Intent, asking_part, gist, route};
use compare::asked_words;
use features::Question;
use meaning::AskedVector;
use reading::{Readings, Texts};
use signs::{Ground, Scored};
use std::sync::Arc;

/// How many clips of each view are weighed.
const DEPTH: usize = 30;
/// How many clips of near meaning are weighed, before filters.
const MEANING_DEPTH: usize = 60;
/// How many clips of near meaning take part in a search.
const SEARCH_DEPTH: usize = 200;
/// With this confidence the first reading of a question stands. Of 0.45, 0.6 and 0.9 this one found most right answers to
/// chatty questions (R@1 .516 instead of .495, MRR .654 instead of .640 on the development half); other questions are
/// read once.
const CLEAR: f32 = 0.6;
/// How much an expansion of the lexicon counts in the index's scores, against 1 for the asker's own words.
const EXPANSION_WEIGHT: f32 = 0.5;

/// The matcher: an index, a lexicon and weights. Cheap to clone.
#[derive(Clone)]
pub struct Matcher {
    index: Arc<SearchIndex>,
    tuition: Tuition,
    model: Arc<Model>,
    meanings: Arc<Meanings>,
    readings: Arc<Readings>,
}

/// A question to be matched.
#[derive(Debug, Clone)]
pub struct Asked<'a> {
    /// The redacted text of the question.
    pub text: &'a str,
    /// Which clips may be suggested.
    pub filter: Filter,
    /// How many suggestions at most.
    pub limit: usize,
}

/// A suggestion.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    pub clip_id: String,
    pub title: String,
    /// The ranker's score; only its order means something.
    pub score: f32,
    pub reasons: Vec<Reason>,
    /// What else speaks for it than single words.
    pub likeness: Vec<Likeness>,
    /// The moment to jump to.
    pub cue: Option<CueText>,
}

/// What came of matching one question.
#[derive(Debug, Clone, PartialEq)]
pub struct Matching {
    /// Best first.
    pub suggestions: Vec<Suggestion>,
    /// Probability that the library holds an answer.
    pub answerable: f32,
    /// Probability that the first suggestion is right.
    pub confidence: f32,
    /// True when no answer should be shown as one.
    pub abstain: bool,
    /// True when the first suggestion is sure enough to be offered to the asker without a person.
    pub may_offer: bool,
    /// Whether the sentence model took part.
    pub by_meaning: bool,
    /// Versions of the weights and the lexicon that decided.
    pub versions: [u32; 2],
}

impl Matcher {
    /// Puts a matcher together.
    pub fn new(index: Arc<SearchIndex>, lexicon: Lexicon, model: Model) -> Matcher {
        Matcher {
            index,
            tuition: Tuition::new(lexicon),
            model: Arc::new(model),
            meanings: Arc::new(Meanings::off()),
            readings: Arc::default(),
        }
    }

    /// Adds the semantic half, which works as soon as it has its model and vectors.
    pub fn with_meanings(self, meanings: Arc<Meanings>) -> Matcher {
        Matcher { meanings, ..self }
    }

    /// The same matcher, taught the same, over another index.
    pub fn over(self, index: Arc<SearchIndex>) -> Matcher {
        Matcher { index, ..self }
    }

    /// A matcher with the lexicon and weights that ship with the program.
    pub fn shipped(index: Arc<SearchIndex>) -> anyhow::Result<Matcher> {
        Ok(Matcher::new(index, Lexicon::shipped()?, Model::shipped()?))
    }

    /// The same matcher with another lexicon of its own, to see what a change would do.
    pub fn with_lexicon(&self, lexicon: Lexicon) -> Matcher {
        let tuition = Tuition::new(lexicon);
        tuition.use_learned((*self.tuition.current().learned).clone());
        Matcher { tuition, ..self.clone() }
    }

    /// Other wordings of a text, for a search that widens it.
    pub fn wordings(&self, text: &str) -> Vec<String> {
        distinct(&self.tuition.current().lexicon.expand(head(text))).collect()
    }

    /// What the matcher was taught while it runs.
    pub fn tuition(&self) -> &Tuition {
        &self.tuition
    }

    /// Matches a question. Nothing of its text is kept or logged.
    pub fn match_question(&self, asked: &Asked) -> anyhow::Result<Matching> {
        let text = gist(asked.text, MAX_CHARS);
        let asked = &Asked { text: &text, ..asked.clone() };
        let judged = self.judge(asked)?;
        Ok(self.matching(asked, &judged))
    }

    /// Weighs and orders the candidates of a question under one state of what was taught. Where the first reading of its
    /// meaning leaves doubt, the part that asks is read too: a greeting and a story blur the whole. The candidates stay:
    /// of two thousand answers hardly one is near to the part alone, and collecting them again would double the time.
    fn judge(&self, asked: &Asked) -> anyhow::Result<Judged> {
        let taught = self.tuition.current();
        let learned = learned::Lead::of(&taught.learned, asked.text);
        let read = |text: &str| self.meanings.read(text, self.index.clip_count());
        let whole = read(asked.text);
        let mut weighed = self.weigh(asked.text, whole.clone(), &asked.filter, &taught.lexicon)?;
        let mut ranked = self.rank(&weighed, &learned);
        if let Some(whole) = whole
            && self.weights(&weighed).confidence(&ranked.signs) < CLEAR
            && let Some(part) = asking_part(asked.text).and_then(|part| read(&part))
        {
            self.reweigh(&mut weighed, whole.between(&part));
            ranked = self.rank(&weighed, &learned);
        }
        Ok(Judged { weighed, ranked, taught })
    }

    /// Orders weighed candidates; of equals the one with the smaller id comes first.
    fn rank(&self, weighed: &Weighed, learned: &learned::Lead) -> Ranked {
        let weights = self.weights(weighed);
        let score = |(candidate, features): &(Candidate, Features)| {
            weights.score(features) + learned.lead(&candidate.clip.clip_id)
        };
        let mut order: Vec<(f32, usize)> =
            weighed.candidates.iter().enumerate().map(|(at, one)| (score(one), at)).collect();
        let id = |at: usize| &weighed.candidates[at].0.clip.clip_id;
        order.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| id(a.1).cmp(id(b.1))));
        let scored: Vec<Scored> =
            order.iter().map(|&(score, at)| Scored { score, features: &weighed.candidates[at].1 }).collect();
        let signs = signs::signs(&scored, weighed.ground);
        Ranked { order, signs }
    }

    /// Gives the candidates the nearness of another reading of the question.
    fn reweigh(&self, weighed: &mut Weighed, vector: AskedVector) {
        let meaning = self.meanings.compare(vector, MEANING_DEPTH);
        let ids = weighed.candidates.iter().map(|(candidate, _)| candidate.clip.clip_id.clone()).collect();
        let likenesses = self.meanings.likenesses(Some(&meaning), ids);
        for ((_, features), likeness) in weighed.candidates.iter_mut().zip(likenesses) {
            features::put_likeness(features, likeness);
        }
    }

    /// The weights that fit: with the sentence model, or of words alone.
    fn weights(&self, weighed: &Weighed) -> &Weights {
        if weighed.by_meaning { &self.model.meanings } else { &self.model.words }
    }

    fn matching(&self, asked: &Asked, judged: &Judged) -> Matching {
        let Judged { weighed, ranked: Ranked { order, signs }, taught } = judged;
        let weights = self.weights(weighed);
        let found = !order.is_empty();
        let answerable = if found { weights.answerable(signs) } else { 0.0 };
        let confidence = if found { weights.confidence(signs) } else { 0.0 };
        let suggestion = |&(score, at): &(f32, usize)| {
            let (candidate, features) = &weighed.candidates[at];
            Suggestion {
                clip_id: candidate.clip.clip_id.clone(),
                title: candidate.clip.title.clone(),
                score,
                reasons: reasons::reasons(asked.text, &weighed.question.asked, candidate),
                likeness: reasons::likeness(&weighed.question, &self.readings.texts(candidate), features),
                cue: candidate.cue.clone(),
            }
        };
        Matching {
            suggestions: order.iter().take(asked.limit).map(suggestion).collect(),
            answerable,
            confidence,
            abstain: answerable < weights.abstain_below,
            may_offer: confidence >= weights.offer_from,
            by_meaning: weighed.by_meaning,
            versions: [self.model.version, taught.lexicon.version()],
        }
    }

    /// Searches for people who browse: words and, where there is a sentence model, meaning. Nothing is kept or logged.
    pub fn search(&self, query: &Query) -> anyhow::Result<Page> {
        let near = match self.meanings.read(head(&query.text), self.index.clip_count()) {
            Some(vector) => self.meanings.compare(vector, SEARCH_DEPTH).nearness(),
            None => Nearness::default(),
        };
        self.index.search_near(query, &near)
    }

    /// Collects the candidates of a question with their features. The vector comes from outside: fitting puts one question
    /// to many libraries.
    fn weigh(
        &self,
        text: &str,
        vector: Option<AskedVector>,
        filter: &Filter,
        lexicon: &Lexicon,
    ) -> anyhow::Result<Weighed> {
        let expansions = lexicon.expand(text);
        let wordings: Vec<(String, f32)> =
            distinct(&expansions).map(|wording| (wording, EXPANSION_WEIGHT)).collect();
        let meaning = vector.map(|vector| self.meanings.compare(vector, MEANING_DEPTH));
        let near = meaning.as_ref().map_or(&[][..], |meaning| meaning.best());
        let found = self.collect(text, &wordings, filter, near)?;
        let asked = asked_words(text, &expansions);
        let texts: Vec<Texts> = found.list.iter().map(|candidate| self.readings.texts(candidate)).collect();
        let stems = features::stems_of(&asked, &texts);
        let rarities = self.index.rarities(&stems)?;
        let known = asked
            .iter()
            .filter(|asked| rarities.get(&*asked.word.stem).is_some_and(|rarity| *rarity < 1.0))
            .count();
        let known_words = known as f32 / asked.len().max(1) as f32;
        let question = Question::new(text, asked, rarities);
        let ids = found.list.iter().map(|candidate| candidate.clip.clip_id.clone()).collect();
        let likenesses = self.meanings.likenesses(meaning.as_ref(), ids);
        let candidates = found.list.into_iter().zip(&texts).zip(likenesses);
        let candidates = candidates.map(|((candidate, texts), likeness)| {
            let features = features::features(&question, &candidate, texts, likeness);
            (candidate, features)
        });
        let ground = Ground {
            known_words,
            words: question.asked.len(),
            weight: question.asked.iter().map(|asked| asked.rarity).sum(),
            foreign: f32::from(u8::from(is_foreign(text))),
        };
        let candidates = candidates.collect();
        Ok(Weighed { candidates, question, ground, by_meaning: meaning.is_some() })
    }

    fn collect(
        &self,
        text: &str,
        expansions: &[(String, f32)],
        filter: &Filter,
        also: &[String],
    ) -> anyhow::Result<Candidates> {
        self.index.candidates(&CandidateQuery { text, expansions, filter, also, depth: DEPTH })
    }
}

/// Other agencies' services and small talk have no answer here, however alike their words are.
fn is_foreign(text: &str) -> bool {
    match route(text, &[]).intent {
        Intent::OtherAgency | Intent::Chitchat | Intent::Remark | Intent::Spam => true,
        Intent::Information
        | Intent::PersonalCase
        | Intent::Complaint
        | Intent::Suggestion
        | Intent::FraudAlert => false,
    }
}

/// Each expansion counts once, however many forms lead to it.
fn distinct(expansions: &[Expansion]) -> impl Iterator<Item = String> {
    let texts: std::collections::BTreeSet<&str> =
        expansions.iter().map(|expansion| expansion.text.as_str()).collect();
    texts.into_iter().map(str::to_owned).collect::<Vec<_>>().into_iter()
}

/// The candidates of one question with what was computed for them.
struct Weighed {
    candidates: Vec<(Candidate, Features)>,
    question: Question,
    ground: Ground,
    by_meaning: bool,
}

/// The order of weighed candidates, best first, and what the confidences see.
struct Ranked {
    /// The score of each candidate and its place among the weighed.
    order: Vec<(f32, usize)>,
    signs: Signs,
}

/// What came of weighing one question.
struct Judged {
    weighed: Weighed,
    ranked: Ranked,
    taught: Taught,
}

#[cfg(test)]
mod tests;
