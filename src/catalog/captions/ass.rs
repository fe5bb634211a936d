//! Reading Advanced SubStation Alpha (ASS, SSA): the dialogue lines without their styling.

use super::plain::{CueList, without_overrides};
use super::timecode::read_clock;
use super::{CaptionError, Cue};

/// Reads the `[Events]` of a file; drawings and comments are passed over.
pub(super) fn read(text: &str) -> Result<Vec<Cue>, CaptionError> {
    let mut list = CueList::default();
    let mut fields: Option<Fields> = None;
    let mut in_events = false;
    for (index, line) in text.lines().enumerate() {
        let (line, number) = (line.trim_start_matches('\u{feff}').trim(), index + 1);
        if line.starts_with('[') {
            in_events = line.eq_ignore_ascii_case("[events]");
        } else if let Some(names) = line.strip_prefix("Format:").filter(|_| in_events) {
            fields = Some(Fields::read(names).ok_or(CaptionError::BadFields { line: number })?);
        } else if let Some(values) = line.strip_prefix("Dialogue:").filter(|_| in_events) {
            let fields = fields.as_ref().ok_or(CaptionError::BadFields { line: number })?;
            read_dialogue(fields, values, number, &mut list)?;
        }
    }
    list.finish()
}

/// Where the fields that matter stand in a dialogue line; the text is always the last.
struct Fields {
    count: usize,
    start: usize,
    end: usize,
}

impl Fields {
    fn read(names: &str) -> Option<Fields> {
        let names: Vec<&str> = names.split(',').map(str::trim).collect();
        let place = |wanted: &str| names.iter().position(|name| name.eq_ignore_ascii_case(wanted));
        let text_is_last = place("Text")? + 1 == names.len();
        text_is_last.then_some(Fields { count: names.len(), start: place("Start")?, end: place("End")? })
    }
}

fn read_dialogue(fields: &Fields, values: &str, line: usize, list: &mut CueList) -> Result<(), CaptionError> {
    let values: Vec<&str> = values.splitn(fields.count, ',').collect();
    if values.len() < fields.count {
        return Err(CaptionError::BadFields { line });
    }
    let time = |place: usize| read_clock(values[place]).ok_or(CaptionError::BadTime { line });
    let text = values[fields.count - 1];
    if is_drawing(text) {
        return Ok(());
    }
    let text = without_overrides(text).replace("\\N", "\n").replace("\\n", "\n").replace("\\h", " ");
    list.add(time(fields.start)?, time(fields.end)?, &text, line)
}

/// `{\p1}` starts vector drawing commands.
fn is_drawing(text: &str) -> bool {
    text.split("\\p").skip(1).any(|rest| rest.starts_with(|c: char| matches!(c, '1'..='9')))
}
