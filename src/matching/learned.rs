//! What confirmed pairs teach: a linear classifier over character grams, for answers that have enough wordings.
//!
//! matching.md section 3 measured it: with tens of wordings an answer it comes within a few points of a fine-tuned
//! neural model. It starts from the mean of each answer's wordings and is sharpened by a passive-aggressive pass
//! (Crammer et al. 2006) over the pairs in a fixed order, so the same pairs give the same weights. A rejected pair
//! pushes its answer away from the wording. Only redacted, confirmed wordings come here; see `questions::teach`.

use crate::text::{first, gram_hash, joined_words};
use std::collections::{BTreeMap, HashMap};

/// An answer joins with this many confirmed wordings; fewer say too little.
pub const ENOUGH: usize = 3;
/// More answers than this are not trained: memory stays bounded, the best-taught ones are kept.
const MOST_ANSWERS: usize = 4_000;
/// The last wordings of an answer are the ones that count.
const MOST_WORDINGS: usize = 200;
/// Gram lengths. Two letters carry dialect particles, five whole short words.
const LENGTHS: std::ops::RangeInclusive<usize> = 2..=5;
/// Grams are hashed into this many places.
const PLACES: u32 = 1 << 18;
/// Passes over the pairs, and how far one pair may move the weights.
const PASSES: usize = 6;
const STEP: f32 = 0.3;
/// A text is read this far, in characters.
const MOST_CHARS: usize = 400;

/// A confirmed or rejected pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// The redacted wording.
    pub wording: String,
    pub clip_id: String,
    pub verdict: PairVerdict,
}

/// What a person said of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PairVerdict {
    Confirmed,
    Rejected,
}

/// The trained classifier. Empty when nothing was taught.
#[derive(Debug, Clone, Default)]
pub struct Learned {
    answers: Vec<String>,
    /// How much each place says: rare ones more.
    rarity: HashMap<u32, f32>,
    /// For each place the answers that it speaks for or against.
    weights: HashMap<u32, Vec<(u32, f32)>>,
    pairs: usize,
}

type Grams = Vec<(u32, f32)>;

impl Learned {
    /// Trains on pairs in the order given.
    pub fn train(pairs: &[Pair]) -> Learned {
        let answers = taught_answers(pairs);
        let place: HashMap<&str, u32> =
            answers.iter().enumerate().map(|(place, id)| (id.as_str(), place as u32)).collect();
        let known: Vec<(&Pair, u32)> =
            pairs.iter().filter_map(|pair| Some((pair, *place.get(pair.clip_id.as_str())?))).collect();
        let rarity = rarities(known.iter().map(|(pair, _)| pair.wording.as_str()));
        let mut learned =
            Learned { answers: answers.clone(), rarity, weights: HashMap::new(), pairs: known.len() };
        let examples: Vec<(Grams, u32, PairVerdict)> = known
            .iter()
            .map(|(pair, answer)| (learned.grams(&pair.wording), *answer, pair.verdict))
            .filter(|(grams, ..)| !grams.is_empty())
            .collect();
        learned.start_from_means(&examples);
        for pass in 0..PASSES {
            for (grams, answer, verdict) in &examples {
                learned.correct(grams, *answer, *verdict, STEP / (1.0 + pass as f32 * 0.3));
            }
        }
        learned
    }

    /// How many answers have enough wordings, and how many pairs were used.
    pub fn size(&self) -> (usize, usize) {
        (self.answers.len(), self.pairs)
    }

    /// The answers with their scores, best first; only those that share a gram. The scores of one text add up to 1 and
    /// are sharp where one answer stands out.
    pub fn scores(&self, text: &str) -> Vec<(&str, f32)> {
        let sums = self.sums(&self.grams(text));
        let Some(best) = sums.values().copied().reduce(f32::max) else { return Vec::new() };
        let powers: Vec<(u32, f32)> =
            sums.iter().map(|(answer, sum)| (*answer, ((sum - best) * SHARPNESS).exp())).collect();
        let total: f32 = powers.iter().map(|(_, power)| power).sum();
        let mut scores: Vec<(&str, f32)> = powers
            .iter()
            .map(|(answer, power)| (self.answers[*answer as usize].as_str(), power / total))
            .collect();
        scores.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(b.0)));
        scores
    }

    fn start_from_means(&mut self, examples: &[(Grams, u32, PairVerdict)]) {
        let mut counts: HashMap<u32, f32> = HashMap::new();
        for (_, answer, verdict) in examples {
            if *verdict == PairVerdict::Confirmed {
                *counts.entry(*answer).or_default() += 1.0;
            }
        }
        for (grams, answer, verdict) in examples {
            if *verdict == PairVerdict::Confirmed {
                let share = 1.0 / counts.get(answer).copied().unwrap_or(1.0);
                self.add(grams, *answer, share);
            }
        }
    }

    /// Moves the weights until the pair's answer stands above every other by a margin, or below when rejected.
    fn correct(&mut self, grams: &Grams, answer: u32, verdict: PairVerdict, most: f32) {
        let sums = self.sums(grams);
        let own = sums.get(&answer).copied().unwrap_or(0.0);
        let rival = sums
            .iter()
            .filter(|(other, _)| **other != answer)
            .max_by(|a, b| a.1.total_cmp(b.1).then_with(|| b.0.cmp(a.0)));
        let Some((&rival, &other)) = rival else { return };
        let (loss, direction) = match verdict {
            PairVerdict::Confirmed => (MARGIN - (own - other), 1.0),
            PairVerdict::Rejected => (MARGIN - (other - own), -1.0),
        };
        if loss <= 0.0 {
            return;
        }
        let length: f32 = grams.iter().map(|(_, weight)| weight * weight).sum();
        let step = (loss / (2.0 * length.max(f32::EPSILON))).min(most) * direction;
        self.add(grams, answer, step);
        if direction > 0.0 {
            self.add(grams, rival, -step);
        }
    }

    fn add(&mut self, grams: &Grams, answer: u32, factor: f32) {
        for (place, weight) in grams {
            let row = self.weights.entry(*place).or_default();
            match row.binary_search_by_key(&answer, |(answer, _)| *answer) {
                Ok(at) => row[at].1 += weight * factor,
                Err(at) => row.insert(at, (answer, weight * factor)),
            }
        }
    }

    fn sums(&self, grams: &Grams) -> BTreeMap<u32, f32> {
        let mut sums = BTreeMap::new();
        for (place, weight) in grams {
            for (answer, factor) in self.weights.get(place).into_iter().flatten() {
                *sums.entry(*answer).or_insert(0.0) += weight * factor;
            }
        }
        sums
    }

    /// The grams of a text that the pairs know, weighted by rarity, of length 1 together.
    fn grams(&self, text: &str) -> Grams {
        let mut grams: Grams = counted(text)
            .into_iter()
            .filter_map(|(place, count)| Some((place, (1.0 + count.ln()) * self.rarity.get(&place)?)))
            .collect();
        let length = grams.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt();
        grams.iter_mut().for_each(|(_, weight)| *weight /= length.max(f32::EPSILON));
        grams
    }
}

/// What the classifier adds to the ranker's score of each candidate of one question.
pub struct Lead<'a>(HashMap<&'a str, f32>);

/// How much a whole share is worth in the ranker's log odds.
const WORTH: f32 = 2.0;

impl<'a> Lead<'a> {
    /// Asks the classifier once for a question.
    pub fn of(learned: &'a Learned, text: &str) -> Lead<'a> {
        Lead(learned.scores(text).into_iter().collect())
    }

    /// Answers that were taught too little have no lead and lose none.
    pub fn lead(&self, clip_id: &str) -> f32 {
        WORTH * self.0.get(clip_id).copied().unwrap_or(0.0)
    }
}

/// How far apart the right and the next answer should stand, on wordings of length 1.
const MARGIN: f32 = 0.3;
/// How sharply a lead in the sums becomes a share.
const SHARPNESS: f32 = 12.0;

/// The answers with enough confirmed wordings, the best-taught ones when there are too many, by id.
fn taught_answers(pairs: &[Pair]) -> Vec<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for pair in pairs.iter().filter(|pair| pair.verdict == PairVerdict::Confirmed) {
        *counts.entry(&pair.clip_id).or_default() += 1;
    }
    let mut taught: Vec<(&str, usize)> = counts.into_iter().filter(|(_, count)| *count >= ENOUGH).collect();
    taught.sort_by(|a, b| b.1.min(MOST_WORDINGS).cmp(&a.1.min(MOST_WORDINGS)).then_with(|| a.0.cmp(b.0)));
    taught.truncate(MOST_ANSWERS);
    let mut ids: Vec<String> = taught.into_iter().map(|(id, _)| id.to_owned()).collect();
    ids.sort();
    ids
}

fn rarities<'a>(wordings: impl Iterator<Item = &'a str>) -> HashMap<u32, f32> {
    let mut documents: HashMap<u32, f32> = HashMap::new();
    let mut count = 0.0;
    for wording in wordings {
        count += 1.0;
        for place in counted(wording).into_keys() {
            *documents.entry(place).or_default() += 1.0;
        }
    }
    documents
        .into_iter()
        .map(|(place, frequency)| (place, ((1.0 + count) / (1.0 + frequency)).ln() + 1.0))
        .collect()
}

/// The hashed grams of a text and how often each occurs.
fn counted(text: &str) -> BTreeMap<u32, f32> {
    let cut = first(text, MOST_CHARS);
    let joined = joined_words(cut);
    let ends: Vec<usize> = joined.char_indices().map(|(at, _)| at).chain([joined.len()]).collect();
    let mut counts = BTreeMap::new();
    for from in 0..ends.len().saturating_sub(1) {
        for length in LENGTHS {
            let Some(end) = ends.get(from + length) else { break };
            *counts.entry(place(&joined[ends[from]..*end])).or_insert(0.0) += 1.0;
        }
    }
    counts
}

/// Weights may be kept, so the hash is the same on every machine and in every release.
fn place(gram: &str) -> u32 {
    let hash = gram_hash(gram);
    (hash ^ (hash >> 18)) % PLACES
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(wording: &str, clip: &str, verdict: PairVerdict) -> Pair {
        Pair { wording: wording.into(), clip_id: clip.into(), verdict }
    }

    fn taught() -> Vec<Pair> {
        let lost = ["هويتي ضاعت وش اسوي", "ضيعت بطاقتي", "بطاقه ضايع", "فقدت هويتي في السوق"];
        let baby = ["جانا بيبي كيف نسجله", "ولدت زوجتي امس", "تسجيل مولود جديد", "ابي اسجل ولدي الجديد"];
        let of = |list: &[&str], clip: &str| -> Vec<Pair> {
            list.iter().map(|wording| pair(wording, clip, PairVerdict::Confirmed)).collect()
        };
        [of(&lost, "lost"), of(&baby, "baby"), of(&["كم الرسوم"], "fees")].concat()
    }

    fn best(learned: &Learned, text: &str) -> Option<String> {
        learned.scores(text).first().map(|(id, _)| (*id).to_owned())
    }

    #[test]
    fn new_wordings_find_the_answer_that_was_taught_similar_ones() {
        let learned = Learned::train(&taught());
        assert_eq!(best(&learned, "ضاعت بطاقتي أمس").as_deref(), Some("lost"));
        assert_eq!(best(&learned, "كيف اسجل البيبي").as_deref(), Some("baby"));
        let total: f32 = learned.scores("ضاعت بطاقتي").iter().map(|(_, score)| score).sum();
        assert!((total - 1.0).abs() < 1e-4);
    }

    #[test]
    fn an_answer_with_too_few_wordings_does_not_join() {
        let learned = Learned::train(&taught());
        assert_eq!(learned.size(), (2, 8));
        assert!(learned.scores("كم الرسوم").iter().all(|(id, _)| *id != "fees"));
        assert!(Learned::train(&[]).scores("هويتي").is_empty());
        assert!(learned.scores("").is_empty() && learned.scores("漢字").is_empty());
    }

    #[test]
    fn a_rejected_pair_counts_against_the_answer() {
        let text = "ضاعت شهادة ميلاد المولود";
        let share = |learned: &Learned| {
            learned.scores(text).iter().find(|(id, _)| *id == "lost").map_or(0.0, |(_, score)| *score)
        };
        let before = share(&Learned::train(&taught()));
        let mut pairs = taught();
        pairs.extend((0..3).map(|_| pair(text, "lost", PairVerdict::Rejected)));
        assert!(share(&Learned::train(&pairs)) < before);
    }

    #[test]
    fn training_twice_gives_the_same_scores() {
        let (first, second) = (Learned::train(&taught()), Learned::train(&taught()));
        for text in ["ضاعت", "بيبي جديد", "هويتي في البيت"] {
            assert_eq!(first.scores(text), second.scores(text));
        }
    }
}
