//! Reading SubRip (SRT).

use super::plain::{CueList, without_overrides, without_tags};
use super::vtt::read_times;
use super::{CaptionError, Cue};

/// Reads an SRT file. Cues are found by their times, so that missing numbers and blank lines inside a text do no harm.
pub(super) fn read(text: &str) -> Result<Vec<Cue>, CaptionError> {
    let lines: Vec<&str> = text.lines().collect();
    let times: Vec<usize> = (0..lines.len()).filter(|&at| lines[at].contains("-->")).collect();
    let first = times.first().map_or(lines.len(), |&at| block_start(&lines, at, 0));
    if let Some(stray) = (0..first).find(|&at| !lines[at].trim().is_empty()) {
        return Err(CaptionError::TextWithoutTime { line: stray + 1 });
    }
    let mut list = CueList::default();
    for (index, &at) in times.iter().enumerate() {
        let (start_ms, end_ms) = read_times(lines[at]).ok_or(CaptionError::BadTime { line: at + 1 })?;
        let end = times.get(index + 1).map_or(lines.len(), |&next| block_start(&lines, next, at + 1));
        let text = lines[at + 1..end].join("\n");
        list.add(start_ms, end_ms, &without_overrides(&without_tags(&text, is_editor_tag)), at + 1)?;
    }
    list.finish()
}

/// The line where the block of a time line starts: its number, when there is one.
fn block_start(lines: &[&str], time_line: usize, earliest: usize) -> usize {
    let numbered = time_line > earliest
        && !lines[time_line - 1].trim().is_empty()
        && lines[time_line - 1].trim().chars().all(|c| crate::text::ascii_digit(c).is_some());
    if numbered { time_line - 1 } else { time_line }
}

/// Tells whether the inside of angle brackets is a tag that subtitle editors write.
fn is_editor_tag(tag: &str) -> bool {
    let name = tag.trim_start_matches('/').split([' ', '.', '\t']).next().unwrap_or_default();
    ["b", "i", "u", "s", "font", "c", "v", "ruby", "rt", "lang", "span"]
        .contains(&name.to_ascii_lowercase().as_str())
}
