//! Fits the weights that ship with the program and prints what cross-validation says of them.
//!
//!     cargo run --release --example fit_matching -- WEIGHTS.json MODEL_FOLDER LIBRARY.jsonl QUESTIONS.jsonl [LIBRARY QUESTIONS]…
//!
//! Library: `{id, title, question?, caption?, service?, aliases?}` a line, as for `ishara match`. Questions: `{question,
//! answer_id or null, also_ok?}` or `{question, relevant_ids}` a line. The weights shipped in
//! `src/matching/data/weights.json` are fitted in this way. `ishara train` fits to the decisions of one's own team.

#![allow(clippy::print_stdout, reason = "the figures are the point of this program")]

use anyhow::Context;
use ishara::matching::report::Report;
use ishara::matching::study::{Library, Pair};
use ishara::matching::train::{Studied, train};
use ishara::matching::{Lexicon, Meanings, Model, Weights};
use ishara::search::{ClipDocument, CueText, Filter};
use serde::Deserialize;
use std::path::Path;

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
    #[serde(default)]
    relevant_ids: Vec<String>,
}

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, out, folder, files @ ..] = arguments.as_slice() else {
        anyhow::bail!("usage: fit_matching WEIGHTS MODEL_FOLDER LIBRARY QUESTIONS [LIBRARY QUESTIONS]...");
    };
    let lexicon = Lexicon::shipped()?;
    let (mut by_words, mut by_meaning) = (Vec::new(), Vec::new());
    for pair in files.chunks_exact(2) {
        let (answers, pairs) = (answers(&pair[0])?, pairs(&pair[1])?);
        let meanings = Meanings::open(Path::new(folder));
        meanings.shelve(&answers)?;
        for (meanings, study) in [(&Meanings::off(), &mut by_words), (&meanings, &mut by_meaning)] {
            let filter = Filter::default();
            let library =
                Library { answers: &answers, pairs: &pairs, lexicon: &lexicon, filter: &filter, meanings };
            study.extend(library.study()?);
        }
        println!("{}: {} answers, {} questions", pair[0], answers.len(), pairs.len());
    }
    anyhow::ensure!(
        by_meaning.iter().any(|studied| studied.example.by_meaning),
        "there is no sentence model"
    );
    let model = Model { version: 4, words: fit("words", &by_words), meanings: fit("meanings", &by_meaning) };
    std::fs::write(out, serde_json::to_string_pretty(&model)? + "\n").context("cannot write the weights")
}

fn fit(name: &str, study: &[Studied]) -> Weights {
    let (weights, outcomes) = train(study, None);
    let report = Report::of(&outcomes);
    println!(
        "{name}: MRR@10 {:.3} R@1 {:.3} R@5 {:.3} AUROC {:.3} right@95 {:.3} calibration error {:.3}",
        report.mrr_at_10,
        report.recall_at_1,
        report.recall_at_5,
        report.auroc.unwrap_or(0.5),
        report.right_at_95,
        report.calibration_error
    );
    for bin in &report.reliability {
        println!(
            "  {:.1}: {:4} questions, said {:.2}, was {:.2}",
            bin.from, bin.questions, bin.confidence, bin.right
        );
    }
    weights
}

fn answers(path: &str) -> anyhow::Result<Vec<ClipDocument>> {
    let clip = |answer: Answer| ClipDocument {
        clip_id: answer.id,
        title: answer.title,
        question: answer.question,
        aliases: answer.aliases,
        cues: CueText::sentences(&answer.caption),
        ..ClipDocument::default()
    };
    Ok(read(path)?.into_iter().map(clip).collect())
}

fn pairs(path: &str) -> anyhow::Result<Vec<Pair>> {
    let pair = |asked: Asked| Pair {
        question: asked.question,
        right: asked.answer_id.into_iter().chain(asked.also_ok).chain(asked.relevant_ids).collect(),
    };
    Ok(read(path)?.into_iter().map(pair).collect())
}

fn read<T: for<'de> Deserialize<'de>>(path: &str) -> anyhow::Result<Vec<T>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {path}"))?;
    text.lines().map(|line| serde_json::from_str(line).context("cannot read a line")).collect()
}
