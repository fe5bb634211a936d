//! How well questions find the clips of the sample library, and how well the confidence knows. The questions are our
//! own, in six styles, a fifth of them without an answer here; the floors lie a little below what was measured.

use crate::support::variable;
use ishara::catalog::captions::parse;
use ishara::matching::report::Report;
use ishara::matching::train::Outcome;
use ishara::matching::{Asked, Matcher, Meanings};
use ishara::search::{ClipDocument, CueText, Filter, SearchIndex};
use serde::Deserialize;
use std::path::Path;
use std::sync::Arc;

const QUESTIONS: &str = include_str!("data/questions.jsonl");

#[derive(Deserialize)]
struct Question {
    question: String,
    right: Vec<String>,
}

#[derive(Deserialize)]
struct Sample {
    id: String,
    title_ar: String,
    #[serde(default)]
    question: String,
    captions: Option<String>,
    #[serde(default)]
    aliases: Vec<String>,
}

impl Sample {
    fn into_clip(self, folder: &Path) -> ClipDocument {
        let captions = self.captions.map(|name| std::fs::read(folder.join(name)).unwrap());
        let cues = captions.map(|bytes| parse(&bytes, None).unwrap()).unwrap_or_default();
        let text: Vec<String> = cues.into_iter().map(|cue| cue.text).collect();
        ClipDocument {
            clip_id: self.id,
            title: self.title_ar,
            question: self.question,
            aliases: self.aliases,
            cues: CueText::sentences(&text.join("\n")),
            ..ClipDocument::default()
        }
    }
}

fn library() -> Vec<ClipDocument> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("media/fixtures");
    let text = std::fs::read_to_string(folder.join("library.jsonl")).unwrap();
    let sample = |line: &str| serde_json::from_str::<Sample>(line).unwrap().into_clip(&folder);
    text.lines().map(sample).collect()
}

fn report(meanings: Meanings) -> Report {
    let library = library();
    meanings.shelve(&library).unwrap();
    let index = Arc::new(SearchIndex::in_memory().unwrap());
    index.rebuild(library.into_iter().map(Ok), 1).unwrap();
    let matcher = Matcher::shipped(index).unwrap().with_meanings(Arc::new(meanings));
    let questions = QUESTIONS.lines().map(|line| serde_json::from_str::<Question>(line).unwrap());
    let outcomes: Vec<Outcome> = questions.map(|question| outcome(&matcher, &question)).collect();
    Report::of(&outcomes)
}

fn outcome(matcher: &Matcher, question: &Question) -> Outcome {
    let asked = Asked { text: &question.question, filter: Filter::default(), limit: 10 };
    let matching = matcher.match_question(&asked).unwrap();
    let is_right = |id: &String| question.right.contains(id);
    let place = matching.suggestions.iter().position(|one| is_right(&one.clip_id));
    Outcome {
        right_at: place.map(|place| place + 1),
        answerable: !question.right.is_empty(),
        answerable_probability: matching.answerable,
        confidence: matching.confidence,
    }
}

/// MRR@10, the share of right answers in the first place and in the first five, and AUROC of the confidence.
fn holds(report: &Report, floors: [f64; 4]) {
    let auroc = report.auroc.unwrap_or(0.0);
    let measured = [report.mrr_at_10, report.recall_at_1, report.recall_at_5, auroc];
    assert!(measured.iter().zip(floors).all(|(value, floor)| *value >= floor), "{measured:.3?} < {floors:?}");
}

#[test]
fn questions_find_their_clips_by_words_alone() {
    holds(&report(Meanings::off()), [0.93, 0.88, 0.97, 0.93]);
}

#[test]
fn questions_find_their_clips_with_the_sentence_model() {
    let Some(folder) = variable("ISHARA_TEST_MODEL") else { return };
    holds(&report(Meanings::open(Path::new(&folder))), [0.94, 0.90, 0.98, 0.95]);
}
