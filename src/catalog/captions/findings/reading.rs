//! How much there is to read: characters a second, characters a line, lines.

use super::{OfCue, Rule};
use crate::catalog::captions::Cue;
use crate::text::is_invisible;
use unicode_segmentation::UnicodeSegmentation;

/// Characters a second: above the first a warning, above the second an error. Deaf readers do slightly better with
/// verbatim text at 15; the broadcast norm for Arabic is 20 (deaf-users.md section 3).
const SPEED: (f64, f64) = (15.0, 20.0);
const LINE: (usize, usize) = (37, 42);
const LINES: usize = 2;

pub(super) fn check_cue(cue: &Cue, findings: &mut OfCue) {
    check_speed(cue, findings);
    if let Some(longest) = cue.text.lines().map(length).max().filter(|longest| *longest > LINE.0) {
        let ar = format!("السطر طويل: {longest} حرفًا. الحد {} حرفًا، والأفضل {}.", LINE.1, LINE.0);
        let en = format!("A line has {longest} characters; the limit is {}, better {}.", LINE.1, LINE.0);
        if longest > LINE.1 {
            findings.error(Rule::LineLength, ar, en)
        } else {
            findings.warn(Rule::LineLength, ar, en)
        }
    }
    let lines = cue.text.lines().count();
    if lines > LINES {
        findings.error(
            Rule::LineCount,
            format!("عدد الأسطر {lines}. الحد سطران."),
            format!("The caption has {lines} lines; the limit is two."),
        );
    }
}

fn check_speed(cue: &Cue, findings: &mut OfCue) {
    let characters: usize = cue.text.lines().map(length).sum();
    let seconds = f64::from(cue.end_ms.saturating_sub(cue.start_ms).max(1)) / 1000.0;
    let speed = characters as f64 / seconds;
    if speed <= SPEED.0 {
        return;
    }
    let ar =
        format!("النص أسرع من القراءة: {speed:.1} حرفًا في الثانية. الحد {}، والأفضل {}.", SPEED.1, SPEED.0);
    let en = format!(
        "Too fast to read: {speed:.1} characters a second; the limit is {}, better {}.",
        SPEED.1, SPEED.0
    );
    if speed > SPEED.1 {
        findings.error(Rule::ReadingSpeed, ar, en)
    } else {
        findings.warn(Rule::ReadingSpeed, ar, en)
    }
}

/// Grapheme clusters, spaces included; tatweel and direction marks are not read, and vowel signs belong to their letter.
fn length(line: &str) -> usize {
    line.graphemes(true)
        .filter(|cluster| cluster.chars().any(|c| !is_invisible(c) && !is_vowel_sign(c)))
        .count()
}

fn is_vowel_sign(c: char) -> bool {
    matches!(c, '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{610}'..='\u{61a}' | '\u{6d6}'..='\u{6ed}')
}
