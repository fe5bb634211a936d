//! Punctuation that an old editor moved to the wrong end of a line: found and offered, never changed silently.

use super::Cue;
use crate::text::is_arabic_letter;

/// An offer to put the punctuation of one cue back at the end of its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repair {
    /// Index of the cue.
    pub cue: usize,
    /// The text with its punctuation at the end.
    pub text: String,
}

/// Finds lines that start with closing punctuation and do not end with any: the mark of visually reversed files.
pub fn reversed_punctuation(cues: &[Cue]) -> Vec<Repair> {
    let repair = |(index, cue): (usize, &Cue)| {
        let text = cue.text.lines().map(straightened).collect::<Vec<_>>().join("\n");
        (text != cue.text).then_some(Repair { cue: index, text })
    };
    cues.iter().enumerate().filter_map(repair).collect()
}

/// Returns the cues with all offered repairs made.
pub fn repaired(cues: &[Cue]) -> Vec<Cue> {
    let mut cues = cues.to_vec();
    for repair in reversed_punctuation(&cues) {
        cues[repair.cue].text = repair.text;
    }
    cues
}

fn is_closing(c: char) -> bool {
    matches!(c, '؟' | '?' | '!' | '.' | '،' | ',' | '؛' | ';' | ':' | '…')
}

fn straightened(line: &str) -> String {
    let body = line.trim_start_matches(is_closing);
    let marks = &line[..line.len() - body.len()];
    // Dots in front may mean that a sentence goes on; a real question or full stop stands alone.
    let goes_on = marks.starts_with("..") || marks.starts_with('…');
    let reversed =
        !marks.is_empty() && !goes_on && !body.ends_with(is_closing) && body.contains(is_arabic_letter);
    if reversed { format!("{}{marks}", body.trim()) } else { line.to_owned() }
}
