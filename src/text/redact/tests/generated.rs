//! Generated positives and hard negatives; the bars are those of the matching issue: recall .999, false .001.

use super::super::{SpanKind, find};
use super::dice::Dice;
use super::harmless::harmless;
use super::planted::{Planted, planted};
use std::collections::BTreeMap;

/// How many texts of each side the suite tries; measured with 10,000.
const ROUNDS: usize = 10_000;

#[test]
fn planted_identifiers_are_masked_whatever_their_disguise() {
    let mut dice = Dice(20);
    let mut missed: BTreeMap<SpanKind, Vec<String>> = BTreeMap::new();
    for _ in 0..ROUNDS {
        let Planted { kind, text, span } = planted(&mut dice);
        let covered = find(&text).iter().any(|found| found.start <= span.0 && span.1 <= found.end);
        if !covered {
            missed.entry(kind).or_default().push(text);
        }
    }
    let count: usize = missed.values().map(Vec::len).sum();
    assert!(count * 1000 <= ROUNDS, "{count} of {ROUNDS} missed: {}", shown(&missed));
}

#[test]
fn harmless_numbers_stay_readable() {
    let mut dice = Dice(21);
    let mut masked: BTreeMap<SpanKind, Vec<String>> = BTreeMap::new();
    for _ in 0..ROUNDS {
        let text = harmless(&mut dice);
        if let Some(span) = find(&text).first() {
            masked.entry(span.kind).or_default().push(text);
        }
    }
    let count: usize = masked.values().map(Vec::len).sum();
    assert!(count * 1000 <= ROUNDS, "{count} of {ROUNDS} masked: {}", shown(&masked));
}

/// A few examples of each kind, with invisible characters visible.
fn shown(texts: &BTreeMap<SpanKind, Vec<String>>) -> String {
    let of = |(kind, texts): (&SpanKind, &Vec<String>)| {
        let few: Vec<&String> = texts.iter().take(6).collect();
        format!("\n{} {}: {few:#?}", texts.len(), kind.code())
    };
    texts.iter().map(of).collect()
}
