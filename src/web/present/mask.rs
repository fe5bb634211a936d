//! Redacted text as pages show it: words, and a chip for each hidden part.

use crate::questions::Segment;
use crate::text::redact::{MaskLanguage, SpanKind};

/// A piece of a redacted text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MaskedPiece {
    /// Words to show as they are.
    Words(String),
    /// Something hidden; the name of its kind, never its length.
    Hidden(String),
}

impl MaskedPiece {
    /// The piece as a page draws it.
    pub fn of(segment: Segment) -> Self {
        match segment {
            Segment::Text { text } => Self::Words(text),
            Segment::Mask { label, .. } => Self::Hidden(label),
        }
    }
}

/// Splits a redacted text at its masks, `[رقم هوية]` or `[national_id]`. Other square brackets stay words.
pub fn masked_pieces(text: &str) -> Vec<MaskedPiece> {
    let mut pieces = Vec::new();
    let mut words = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('[') {
        let (before, from_bracket) = rest.split_at(at);
        words.push_str(before);
        match mask_at_start(from_bracket) {
            Some(mask) => {
                if !words.is_empty() {
                    pieces.push(MaskedPiece::Words(std::mem::take(&mut words)));
                }
                pieces.push(MaskedPiece::Hidden(mask.trim_matches(['[', ']']).to_owned()));
                rest = &from_bracket[mask.len()..];
            }
            None => {
                words.push('[');
                rest = &from_bracket[1..];
            }
        }
    }
    words.push_str(rest);
    if !words.is_empty() {
        pieces.push(MaskedPiece::Words(words));
    }
    pieces
}

fn mask_at_start(text: &str) -> Option<String> {
    let masks = SpanKind::ALL
        .iter()
        .flat_map(|kind| [MaskLanguage::Arabic, MaskLanguage::English].map(|language| kind.mask(language)));
    masks.into_iter().find(|mask| text.starts_with(mask.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_become_chips_and_other_brackets_stay() {
        let pieces = masked_pieces("هويتي [رقم هوية] ضاعت [أمس] و[mobile]");
        assert_eq!(
            pieces,
            [
                MaskedPiece::Words("هويتي ".into()),
                MaskedPiece::Hidden("رقم هوية".into()),
                MaskedPiece::Words(" ضاعت [أمس] و".into()),
                MaskedPiece::Hidden("mobile".into()),
            ]
        );
        assert_eq!(masked_pieces(""), []);
        assert_eq!(masked_pieces("["), [MaskedPiece::Words("[".into())]);
    }
}
