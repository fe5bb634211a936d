//! From marked-up caption text to plain lines.

use super::{CaptionError, Cue, MAX_CUES};

/// Collects cues while a file is read: plain text, checked times, bounded number.
#[derive(Default)]
pub(super) struct CueList {
    cues: Vec<Cue>,
}

impl CueList {
    /// Adds a cue whose time stands in `line` of the file.
    pub(super) fn add(
        &mut self,
        start_ms: u32,
        end_ms: u32,
        text: &str,
        line: usize,
    ) -> Result<(), CaptionError> {
        if end_ms <= start_ms {
            return Err(CaptionError::EndsBeforeStart { line });
        }
        if self.cues.len() == MAX_CUES {
            return Err(CaptionError::TooManyCues);
        }
        self.cues.push(Cue { start_ms, end_ms, text: tidy(text) });
        Ok(())
    }

    /// Returns the cues by time; a file without any is an error.
    pub(super) fn finish(mut self) -> Result<Vec<Cue>, CaptionError> {
        if self.cues.is_empty() {
            return Err(CaptionError::Empty);
        }
        self.cues.sort_by_key(|cue| (cue.start_ms, cue.end_ms));
        Ok(self.cues)
    }
}

/// Trims lines, drops empty ones, and drops direction controls: direction is ours to set when we write.
fn tidy(text: &str) -> String {
    let lines = text.lines().map(|line| {
        let kept: String = line.chars().filter_map(kept_character).collect();
        kept.trim_matches(|c: char| c.is_whitespace() || is_direction_mark(c)).to_owned()
    });
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

fn kept_character(c: char) -> Option<char> {
    match c {
        '\0' => Some('\u{fffd}'),
        '\t' | '\u{a0}' => Some(' '),
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => None,
        c => Some(c),
    }
}

pub(super) fn is_direction_mark(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{61c}')
}

/// Takes the tags out of a text. In WebVTT everything in angle brackets is a tag; elsewhere only the tags that
/// subtitle editors write are, and a lone "<" is text.
pub(super) fn without_tags(text: &str, is_tag: impl Fn(&str) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('<') {
        let (before, tag) = rest.split_at(open);
        out.push_str(before);
        match tag.find('>') {
            Some(close) if is_tag(&tag[1..close]) => rest = &tag[close + 1..],
            Some(_) | None => {
                out.push('<');
                rest = &tag[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// Takes override blocks such as `{\an8}` out of a text.
pub(super) fn without_overrides(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find("{\\") {
        let Some(close) = rest[open..].find('}') else { break };
        out.push_str(&rest[..open]);
        rest = &rest[open + close + 1..];
    }
    out.push_str(rest);
    out
}

/// Resolves the character references that WebVTT knows, once.
pub(super) fn without_references(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        let reference =
            rest[at + 1..].find(';').filter(|end| *end <= 8).map(|end| &rest[at + 1..at + 1 + end]);
        match reference.and_then(|name| referenced(name).map(|c| (c, name.len()))) {
            Some((c, length)) => {
                out.push(c);
                rest = &rest[at + length + 2..];
            }
            None => {
                out.push('&');
                rest = &rest[at + 1..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn referenced(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some(' '),
        "lrm" => Some('\u{200e}'),
        "rlm" => Some('\u{200f}'),
        _ => numbered(name.strip_prefix('#')?),
    }
}

fn numbered(number: &str) -> Option<char> {
    let value = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => number.parse().ok()?,
    };
    char::from_u32(value)
}
