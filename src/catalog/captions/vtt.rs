//! Reading WebVTT.

use super::plain::{CueList, without_references, without_tags};
use super::timecode::read_clock;
use super::{CaptionError, Cue};

/// Reads a WebVTT file; notes, styles and regions are passed over, tags and positions dropped.
pub(super) fn read(text: &str) -> Result<Vec<Cue>, CaptionError> {
    let lines: Vec<&str> = text.lines().collect();
    let header = lines.first().map(|line| line.trim_start_matches('\u{feff}')).unwrap_or_default();
    let is_header =
        header.strip_prefix("WEBVTT").is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']));
    if !is_header {
        return Err(CaptionError::MissingHeader { line: 1 });
    }
    let mut list = CueList::default();
    let mut at = next_blank(&lines, 0).min(first_time(&lines));
    while at < lines.len() {
        if lines[at].trim().is_empty() {
            at += 1;
        } else {
            at = read_block(&lines, at, &mut list)?;
        }
    }
    list.finish()
}

fn next_blank(lines: &[&str], from: usize) -> usize {
    (from..lines.len()).find(|&at| lines[at].trim().is_empty()).unwrap_or(lines.len())
}

fn first_time(lines: &[&str]) -> usize {
    lines.iter().position(|line| line.contains("-->")).unwrap_or(lines.len())
}

/// Reads the block that starts at a line and returns the line after it.
fn read_block(lines: &[&str], from: usize, list: &mut CueList) -> Result<usize, CaptionError> {
    let first = lines[from];
    let has_time = |at: usize| lines.get(at).is_some_and(|line| line.contains("-->"));
    if !has_time(from) && is_passed_over(first) {
        return Ok(next_blank(lines, from));
    }
    let time_line = if has_time(from) { from } else { from + 1 };
    if !has_time(time_line) {
        return Err(CaptionError::TextWithoutTime { line: from + 1 });
    }
    let (start_ms, end_ms) =
        read_times(lines[time_line]).ok_or(CaptionError::BadTime { line: time_line + 1 })?;
    let mut end = next_blank(lines, time_line + 1);
    // A missing blank line before the next cue is a common slip.
    if let Some(next) = (time_line + 1..end).find(|&at| has_time(at)) {
        end = next;
    }
    let text = lines[time_line + 1..end].join("\n");
    list.add(start_ms, end_ms, &without_references(&without_tags(&text, |_| true)), time_line + 1)?;
    Ok(end)
}

fn is_passed_over(line: &str) -> bool {
    ["NOTE", "STYLE", "REGION"].iter().any(|word| {
        line.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))
    })
}

/// Reads "start --> end settings".
pub(super) fn read_times(line: &str) -> Option<(u32, u32)> {
    let (start, rest) = line.split_once("-->")?;
    let end = rest.split_whitespace().next()?;
    Some((read_clock(start)?, read_clock(end)?))
}
