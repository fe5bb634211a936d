//! Fits the matcher's weights from a library and questions with known answers, and prints what cross-validation says.
//!
//!     cargo run --example fit_matching -- LIBRARY.jsonl QUESTIONS.jsonl WEIGHTS.json
//!
//! Library: `{id, title, question?, caption?, service?, aliases?}` a line, as for `ishara match`. Questions:
//! `{qid, question, answer_id or null, also_ok?}` a line. The weights shipped in `src/matching/data/weights.json` were
//! made by this program.

#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "the figures are the point of this program"
)]

use anyhow::Context;
use ishara::matching::fit::{Example, fit_confidence, fit_ranker};
use ishara::matching::{Lexicon, Linear, Matcher, Model, Signs};
use ishara::search::{ClipDocument, CueText, SearchIndex};
use serde::Deserialize;
use std::sync::Arc;

const FOLDS: usize = 5;
const RANKER_L2: f32 = 0.003;
const CONFIDENCE_L2: f32 = 0.003;

#[derive(Deserialize)]
struct Answer {
    id: String,
    title: String,
    #[serde(default)]
    question: String,
    #[serde(default)]
    caption: String,
    #[serde(default)]
    aliases: Vec<String>,
}

#[derive(Deserialize)]
struct Asked {
    question: String,
    answer_id: Option<String>,
    #[serde(default)]
    also_ok: Vec<String>,
}

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, library, questions, out] = arguments.as_slice() else {
        anyhow::bail!("usage: fit_matching LIBRARY QUESTIONS OUT");
    };
    let answers: Vec<Answer> = read(library)?;
    let asked: Vec<Asked> = read(questions)?;
    let all = matcher(answers.iter())?;
    let ranked = examples(&all, &asked, |_| true)?;
    println!("answerable questions: {}", ranked.iter().filter(|example| example.answerable).count());
    let out_of_fold = rankings_out_of_fold(&ranked);
    print_ranking(&out_of_fold);
    let ranker = fit_ranker(&ranked, RANKER_L2);
    // A library that lacks half of the answers shows what near neighbours look like when the right one is missing.
    let mut points = points(&ranked, &ranker);
    for parity in 0..2 {
        let kept = |answer: &Answer| hash(&answer.id) % 2 == parity;
        let half = matcher(answers.iter().filter(|answer| kept(answer)))?;
        let is_kept = |id: &str| answers.iter().any(|answer| answer.id == id && kept(answer));
        points.extend(self::points(&examples(&half, &asked, is_kept)?, &ranker));
    }
    let full = ranked.len();
    let answerable = probabilities(&answerable_points(&points), full);
    let right: Vec<(f32, bool)> = probabilities(&right_points(&points), full)
        .into_iter()
        .zip(&answerable)
        .zip(&points)
        .map(|((given, answerable), (_, _, right))| (given.0 * answerable.0, *right))
        .collect();
    let answers: Vec<(f32, bool)> =
        right.iter().zip(&answerable).map(|(right, known)| (right.0, known.1)).collect();
    println!("answerable: cross-validated AUROC {:.4}", auroc(&answerable));
    println!("first right: cross-validated AUROC {:.4}", auroc(&right));
    println!("first right as a sign of answerable: {:.4}", auroc(&answers));
    let model = Model {
        version: 2,
        ranker,
        answerable: fit_confidence(&known(&answerable_points(&points)), CONFIDENCE_L2),
        first_right: fit_confidence(&known(&right_points(&points)), CONFIDENCE_L2),
        abstain_below: threshold(&answerable, 0.95),
        offer_from: threshold(&right, 0.95),
    };
    std::fs::write(out, serde_json::to_string_pretty(&model)? + "\n").context("cannot write the weights")?;
    println!("abstain below {:.3}, offer from {:.3}", model.abstain_below, model.offer_from);
    Ok(())
}

fn read<T: for<'de> Deserialize<'de>>(path: &str) -> anyhow::Result<Vec<T>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {path}"))?;
    text.lines().map(|line| serde_json::from_str(line).context("cannot read a line")).collect()
}

fn matcher<'a>(answers: impl Iterator<Item = &'a Answer>) -> anyhow::Result<Matcher> {
    let index = SearchIndex::in_memory()?;
    let clip = |answer: &Answer| ClipDocument {
        clip_id: answer.id.clone(),
        title: answer.title.clone(),
        question: answer.question.clone(),
        aliases: answer.aliases.clone(),
        cues: CueText::sentences(&answer.caption),
        ..ClipDocument::default()
    };
    index.rebuild(answers.map(|answer| Ok(clip(answer))), 0)?;
    let empty = Linear { weights: Default::default(), offset: 0.0 };
    let model = Model {
        version: 0,
        ranker: empty.clone(),
        answerable: empty.clone(),
        first_right: empty,
        abstain_below: 0.0,
        offer_from: 1.0,
    };
    Ok(Matcher::new(Arc::new(index), Lexicon::shipped()?, model))
}

fn examples(
    matcher: &Matcher,
    asked: &[Asked],
    known: impl Fn(&str) -> bool,
) -> anyhow::Result<Vec<Example>> {
    let example = |asked: &Asked| {
        let right: Vec<String> =
            asked.answer_id.iter().chain(&asked.also_ok).filter(|id| known(id)).cloned().collect();
        matcher.example(&asked.question, &right)
    };
    asked.iter().map(example).collect()
}

/// Ranks each example with weights fitted on the other folds.
fn rankings_out_of_fold(examples: &[Example]) -> Vec<Option<usize>> {
    let mut places = vec![None; examples.len()];
    for fold in 0..FOLDS {
        let others: Vec<Example> = examples
            .iter()
            .enumerate()
            .filter(|(at, _)| at % FOLDS != fold)
            .map(|(_, example)| example.clone())
            .collect();
        let ranker = fit_ranker(&others, RANKER_L2);
        for (at, example) in examples.iter().enumerate().filter(|(at, _)| at % FOLDS == fold) {
            places[at] = if example.answerable {
                Some(example.ranked(&ranker).right_at.unwrap_or(usize::MAX))
            } else {
                None
            };
        }
    }
    places
}

fn print_ranking(places: &[Option<usize>]) {
    let places: Vec<usize> = places.iter().flatten().copied().collect();
    let count = places.len().max(1) as f64;
    let within = |limit: usize| places.iter().filter(|place| **place <= limit).count() as f64 / count;
    let mrr =
        places.iter().filter(|place| **place <= 10).map(|place| 1.0 / *place as f64).sum::<f64>() / count;
    println!(
        "cross-validated: MRR@10 {mrr:.4} R@1 {:.4} R@5 {:.4} R@10 {:.4}",
        within(1),
        within(5),
        within(10)
    );
}

fn points(examples: &[Example], ranker: &Linear) -> Vec<(Signs, bool, bool)> {
    let point = |example: &Example| {
        let ranking = example.ranked(ranker);
        (ranking.signs, example.answerable, ranking.right_at == Some(1))
    };
    examples.iter().map(point).collect()
}

/// Signs with what is known; points without are not learned from.
type Point = (Signs, Option<bool>);

/// Is there an answer? Every question counts.
fn answerable_points(points: &[(Signs, bool, bool)]) -> Vec<Point> {
    points.iter().map(|(signs, answerable, _)| (*signs, Some(*answerable))).collect()
}

/// Is the first right, where there is an answer?
fn right_points(points: &[(Signs, bool, bool)]) -> Vec<Point> {
    points.iter().map(|(signs, answerable, right)| (*signs, answerable.then_some(*right))).collect()
}

fn known<'a>(points: impl IntoIterator<Item = &'a Point>) -> Vec<(Signs, bool)> {
    points.into_iter().filter_map(|(signs, good)| good.map(|good| (*signs, good))).collect()
}

/// The probability of each of the first `full` points under weights fitted on the other folds. The same question is in
/// the same fold wherever it occurs.
fn probabilities(points: &[Point], full: usize) -> Vec<(f32, bool)> {
    let mut found = vec![(0.0, false); full];
    for fold in 0..FOLDS {
        let others =
            points.iter().enumerate().filter(|(at, _)| at % full % FOLDS != fold).map(|(_, point)| point);
        let confidence = fit_confidence(&known(others), CONFIDENCE_L2);
        for at in (0..full).filter(|at| at % FOLDS == fold) {
            let (signs, good) = &points[at];
            found[at] = (confidence.probability(signs), good.unwrap_or(false));
        }
    }
    found
}

fn auroc(points: &[(f32, bool)]) -> f64 {
    let good: Vec<f32> = points.iter().filter(|(_, good)| *good).map(|(value, _)| *value).collect();
    let bad: Vec<f32> = points.iter().filter(|(_, good)| !*good).map(|(value, _)| *value).collect();
    let wins: f64 = good
        .iter()
        .flat_map(|good| {
            bad.iter().map(move |bad| {
                if good > bad {
                    1.0
                } else if good == bad {
                    0.5
                } else {
                    0.0
                }
            })
        })
        .sum();
    wins / (good.len() * bad.len()).max(1) as f64
}

/// The lowest value from which on at least `share` of the points are good.
fn threshold(points: &[(f32, bool)], share: f64) -> f32 {
    let mut sorted = points.to_vec();
    sorted.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (mut good, mut lowest) = (0, 1.0);
    for (count, (value, is_good)) in sorted.iter().enumerate() {
        good += usize::from(*is_good);
        if good as f64 / (count + 1) as f64 >= share {
            lowest = *value;
        }
    }
    lowest
}

fn hash(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |sum, byte| (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193)) >> 7
}
