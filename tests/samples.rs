//! The sample library, read by the program's own rules: what ships as an example must be exemplary.

#![allow(clippy::unwrap_used, reason = "a test ends where something unexpected happens")]

use ishara::catalog::captions::{About, check, parse};
use ishara::text::{redact, route};
use serde_json::Value;
use std::path::PathBuf;

fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("media/fixtures").join(name)
}

fn lines(name: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(fixture(name)).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn every_sample_caption_file_has_no_finding_at_all() {
    for clip in lines("library.jsonl") {
        let Some(name) = clip["captions"].as_str() else { continue };
        let cues = parse(&std::fs::read(fixture(name)).unwrap(), None).unwrap();
        let findings = check(&cues, About { duration_ms: None, frames_per_second: Some(30.0) });
        assert!(cues.len() >= 3, "{name}");
        assert!(findings.is_empty(), "{name}: {findings:?}");
    }
}

/// (id, route, intent, what is masked): the questions show the desk one of each.
const EXPECTED: [(&str, &str, &str, &[&str]); 6] = [
    ("sample-appointment-msa", "public", "information", &[]),
    ("sample-renew-personal", "private", "personal_case", &["national_id"]),
    ("sample-otp", "private", "fraud_alert", &["otp"]),
    ("sample-complaint", "private", "complaint", &[]),
    ("sample-suggestion", "private", "suggestion", &[]),
    ("sample-personal", "private", "personal_case", &[]),
];

#[test]
fn the_waiting_questions_take_the_roads_they_were_written_for() {
    let questions = lines("questions.jsonl");
    for (id, privacy, intent, masks) in EXPECTED {
        let text = questions.iter().find(|question| question["id"] == id).unwrap()["text"].as_str().unwrap();
        let spans = redact::find(text);
        let kinds: Vec<&str> = spans.iter().map(|span| span.kind.code()).collect();
        let taken = route::route(text, &spans);
        assert_eq!(
            (taken.privacy.code(), taken.intent.code()),
            (privacy, intent),
            "{id}: {:?}",
            taken.reasons
        );
        assert_eq!(kinds, masks, "{id}");
    }
}
