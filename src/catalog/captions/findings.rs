//! What is wrong with captions for a deaf reader: the table of deaf-users.md section 3.

mod reading;
mod time;
mod wording;

use super::Cue;
use crate::text::arabic_numbers;
use serde::Serialize;

/// How much a finding weighs: an error blocks publishing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    Error,
    Warn,
}

/// The rules, by their stable names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    ReadingSpeed,
    LineLength,
    LineCount,
    Duration,
    Gap,
    Overlap,
    BeyondEnd,
    Uncovered,
    EmptyCue,
    ControlCharacter,
    BrokenCharacter,
    ThreeDots,
    LatinPunctuation,
    MixedDigits,
    Tatweel,
    Dialect,
    CallOnly,
    ReversedPunctuation,
    Wording,
    NoArabic,
}

/// One finding, for one cue or for the whole file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub rule: Rule,
    pub level: Level,
    /// Index of the cue, from 0; none for the whole file.
    pub cue: Option<usize>,
    pub message_ar: String,
    pub message_en: String,
}

/// What the rules need to know about the video.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct About {
    /// Length of the video in milliseconds, when it is known.
    pub duration_ms: Option<u32>,
    /// Frames a second, for the smallest gap; 24 when not known.
    pub frames_per_second: Option<f64>,
}

/// Checks captions and returns the findings in the order of the cues, those about the whole file last.
pub fn check(cues: &[Cue], about: About) -> Vec<Finding> {
    let mut findings = Findings { list: Vec::new() };
    for (index, cue) in cues.iter().enumerate() {
        let mut of_cue = OfCue { findings: &mut findings, index };
        reading::check_cue(cue, &mut of_cue);
        time::check_cue(cue, cues.get(index + 1), about, &mut of_cue);
        wording::check_cue(cue, &mut of_cue);
    }
    wording::check_calls(cues, &mut findings);
    wording::check_file(cues, &mut findings);
    findings.list.sort_by_key(|finding| finding.cue.unwrap_or(usize::MAX));
    findings.list
}

struct Findings {
    list: Vec<Finding>,
}

impl Findings {
    fn add(
        &mut self,
        rule: Rule,
        level: Level,
        cue: Option<usize>,
        ar: impl AsRef<str>,
        en: impl Into<String>,
    ) {
        let message_ar = arabic_numbers(ar.as_ref());
        self.list.push(Finding { rule, level, cue, message_ar, message_en: en.into() });
    }
}

/// Adds findings to one cue.
struct OfCue<'a> {
    findings: &'a mut Findings,
    index: usize,
}

impl OfCue<'_> {
    fn error(&mut self, rule: Rule, ar: impl AsRef<str>, en: impl Into<String>) {
        self.findings.add(rule, Level::Error, Some(self.index), ar, en);
    }

    fn warn(&mut self, rule: Rule, ar: impl AsRef<str>, en: impl Into<String>) {
        self.findings.add(rule, Level::Warn, Some(self.index), ar, en);
    }
}
