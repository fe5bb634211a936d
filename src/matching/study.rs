//! Putting examples together: every question to the whole library, and to libraries that lack a part of it.
//!
//! A whole library has an answer to most questions, so it teaches little about questions without one. What near
//! neighbours look like when the right answer is missing, and what scores mean among ten answers instead of a thousand,
//! only the smaller libraries show (matching.md section 2, "half of the answers removed").

use super::fit::Example;
use super::meaning::{AskedVector, Meanings};
use super::train::Studied;
use super::{Lexicon, Matcher, Model};
use crate::search::{ClipDocument, Filter, SearchIndex};
use std::collections::HashSet;
use std::sync::Arc;

/// A question whose right answers are known; none: it has no answer.
#[derive(Debug, Clone)]
pub struct Pair {
    pub question: String,
    pub right: Vec<String>,
}

/// Shares of the library that are kept, each with another choice of answers, and how much such an example counts on
/// average against 1 for the whole library.
const SMALLER: [f64; 8] = [0.5, 0.5, 0.5, 0.2, 0.2, 0.2, 0.06, 0.06];
const SMALLER_WEIGHT: f32 = 0.3;
/// A library of fewer answers teaches nothing.
const FEWEST: usize = 3;
/// A smaller library in which fewer questions have an answer is left out.
const FEWEST_ANSWERED: usize = 3;
/// Answered and unanswered questions each count at least this share in a smaller library.
const LEAST_SHARE: f32 = 0.15;

/// A library with its questions.
pub struct Library<'a> {
    pub answers: &'a [ClipDocument],
    pub pairs: &'a [Pair],
    pub lexicon: &'a Lexicon,
    /// Which of the answers may be suggested.
    pub filter: &'a Filter,
    /// With all answers on its shelf, or off.
    pub meanings: &'a Meanings,
}

impl Library<'_> {
    /// The examples of the whole library and of its parts.
    pub fn study(&self) -> anyhow::Result<Vec<Studied>> {
        let vectors: Vec<Option<AskedVector>> =
            in_parallel(self.pairs, |pair| Ok(self.meanings.read(&pair.question, 0)))?;
        let mut study = self.put_to(|_| true, &vectors, 1.0)?;
        let answered = answered(&study).clamp(LEAST_SHARE, 1.0 - LEAST_SHARE);
        for (seed, share) in SMALLER.into_iter().enumerate() {
            let kept = |id: &str| f64::from(spread(id, seed as u32)) < share * f64::from(u32::MAX);
            if self.answers.iter().filter(|answer| kept(&answer.clip_id)).count() >= FEWEST {
                let mut part = self.put_to(kept, &vectors, SMALLER_WEIGHT)?;
                if balance(&mut part, answered) {
                    study.extend(part);
                }
            }
        }
        Ok(study)
    }

    /// Puts all questions to the answers that are kept.
    fn put_to(
        &self,
        kept: impl Fn(&str) -> bool,
        vectors: &[Option<AskedVector>],
        weight: f32,
    ) -> anyhow::Result<Vec<Studied>> {
        let answers: Vec<&ClipDocument> =
            self.answers.iter().filter(|answer| kept(&answer.clip_id)).collect();
        let ids: HashSet<String> = answers.iter().map(|answer| answer.clip_id.clone()).collect();
        let index = SearchIndex::in_memory()?;
        index.rebuild(answers.into_iter().map(|answer| Ok(answer.clone())), 0)?;
        let matcher = Matcher::new(Arc::new(index), self.lexicon.clone(), Model::shipped()?)
            .with_meanings(Arc::new(self.meanings.with_only(&ids)));
        let work: Vec<(&Pair, &Option<AskedVector>)> = self.pairs.iter().zip(vectors).collect();
        in_parallel(&work, |(pair, vector)| {
            let right: Vec<String> = pair.right.iter().filter(|id| ids.contains(*id)).cloned().collect();
            let weighed = matcher.weigh(&pair.question, (*vector).clone(), self.filter, self.lexicon)?;
            Ok(Studied {
                example: Example::of(weighed, &right),
                question: pair.question.clone(),
                weight,
                is_original: weight >= 1.0,
            })
        })
    }
}

/// The share of the examples' weight that has an answer.
fn answered(study: &[Studied]) -> f32 {
    let weight = |only: fn(&Studied) -> bool| -> f32 {
        study.iter().filter(|one| only(one)).map(|one| one.weight).sum()
    };
    weight(|one| one.example.answerable) / weight(|_| true).max(f32::MIN_POSITIVE)
}

/// Weighs the examples of one library so that this share of them is answered, and all count as much as before. A
/// library of ten answers has one for hardly any of these questions; what is asked of a real one has answers as often as
/// what is asked of a large one. Unbalanced, doubt was taught for being small: of right answers among ten two thirds were
/// called unanswered, and the confidences of the whole library suffered too (AUROC .932 instead of .955 by words).
///
/// False for a library with too few answered questions: they would count for far more than they show. Where all are
/// answered, all stay as they are.
fn balance(study: &mut [Studied], share: f32) -> bool {
    let with_answer = study.iter().filter(|one| one.example.answerable).count();
    if with_answer < FEWEST_ANSWERED {
        return false;
    }
    let is = answered(study);
    if with_answer == study.len() {
        return true;
    }
    for one in study {
        one.weight *= if one.example.answerable { share / is } else { (1.0 - share) / (1.0 - is) };
    }
    true
}

/// Spreads ids evenly over all numbers, differently for each seed and equally on every machine.
fn spread(id: &str, seed: u32) -> u32 {
    let begin = 0x811c_9dc5 ^ seed.wrapping_add(1).wrapping_mul(0x9e37_79b9);
    let hash = id.bytes().fold(begin, |sum, byte| (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    let mixed = (hash ^ (hash >> 15)).wrapping_mul(0x2c1b_3c6d);
    mixed ^ (mixed >> 12)
}

/// Does the work on all cores and keeps the order.
pub fn in_parallel<T: Sync, R: Send>(
    items: &[T],
    work: impl Fn(&T) -> anyhow::Result<R> + Sync,
) -> anyhow::Result<Vec<R>> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let share = items.len().div_ceil(cores).max(1);
    std::thread::scope(|scope| {
        let part = |items: &[T]| items.iter().map(&work).collect::<anyhow::Result<Vec<R>>>();
        let running: Vec<_> = items.chunks(share).map(|items| scope.spawn(move || part(items))).collect();
        let mut done = Vec::with_capacity(items.len());
        for thread in running {
            done.extend(thread.join().unwrap_or_else(|_| Err(anyhow::anyhow!("the work was cut off")))?);
        }
        Ok(done)
    })
}
