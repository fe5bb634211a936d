//! Text as people send it: cleaned, measured, and shown with its masks.

use super::QuestionProblem;
use crate::text::redact::SpanKind;
use unicode_segmentation::UnicodeSegmentation as _;

/// A question or reply has at most this many characters as a reader counts them.
pub const MAX_GRAPHEMES: usize = 2_000;
/// A character may carry marks; a text of nothing but marks is an attack on the page.
const MAX_SCALARS: usize = 4 * MAX_GRAPHEMES;

/// Removes what no reader sees but what can deceive or break: NUL and other controls, direction overrides and
/// isolates, byte-order marks. Line ends become `\n`. Fails when the text is too long.
pub(super) fn clean(text: &str) -> Result<String, QuestionProblem> {
    let too_long = QuestionProblem::TooLong { limit: MAX_GRAPHEMES };
    if text.len() > 4 * MAX_SCALARS {
        return Err(too_long);
    }
    let text: String = text.replace("\r\n", "\n").chars().filter(|&c| !is_hidden(c)).collect();
    let text = text.trim();
    if text.chars().count() > MAX_SCALARS || text.graphemes(true).count() > MAX_GRAPHEMES {
        return Err(too_long);
    }
    Ok(text.to_owned())
}

/// Zero-width joiners and the left-to-right and right-to-left marks stay: Arabic, Persian and emoji need them.
fn is_hidden(c: char) -> bool {
    let direction = matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}');
    direction || (c.is_control() && c != '\n' && c != '\t')
}

/// A piece of a redacted text, for pages that draw masks as labels.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Segment {
    /// As the asker wrote it.
    Text {
        /// The words.
        text: String,
    },
    /// Something that identifies a person, or a removed code.
    Mask {
        /// One of the kinds of CONTRACT section 6.
        kind: String,
        /// What to show, for example `رقم هوية`.
        label: String,
    },
}

/// Every kind that can stand in a text.
const KINDS: [SpanKind; 12] = [
    SpanKind::NationalId,
    SpanKind::Iqama,
    SpanKind::Mobile,
    SpanKind::Iban,
    SpanKind::Card,
    SpanKind::Email,
    SpanKind::Plate,
    SpanKind::Passport,
    SpanKind::Otp,
    SpanKind::Password,
    SpanKind::BirthDate,
    SpanKind::RequestNumber,
];

/// Reads the word of a kind.
pub(super) fn kind_of(word: &str) -> Option<SpanKind> {
    KINDS.into_iter().find(|kind| kind.code() == word)
}

/// The text without its masks: the word "number" of a mask is not a word of the question.
pub fn without_masks(redacted: &str) -> String {
    KINDS.into_iter().fold(redacted.to_owned(), |text, kind| {
        text.replace(&kind.mask(crate::text::redact::MaskLanguage::Arabic), " ")
    })
}

/// Cuts a redacted text at its masks, given the kinds in the order of the text.
pub fn segments(redacted: &str, kinds: &[String]) -> Vec<Segment> {
    let mut out = Vec::new();
    let mut rest = redacted;
    for word in kinds {
        let Some(kind) = kind_of(word) else { continue };
        let mask = kind.mask(crate::text::redact::MaskLanguage::Arabic);
        let Some(at) = rest.find(&mask) else { continue };
        push_text(&mut out, &rest[..at]);
        out.push(Segment::Mask { kind: word.clone(), label: kind.arabic_name().to_owned() });
        rest = &rest[at + mask.len()..];
    }
    push_text(&mut out, rest);
    out
}

fn push_text(out: &mut Vec<Segment>, text: &str) {
    if !text.is_empty() {
        out.push(Segment::Text { text: text.to_owned() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_characters_go_and_marks_that_arabic_needs_stay() {
        assert_eq!(clean("  a\0b\u{202E}c\u{2066}\u{FEFF}\r\nd \u{7}").unwrap(), "abc\nd");
        assert_eq!(clean("می\u{200C}خواهم 👨\u{200D}👩").unwrap(), "می\u{200C}خواهم 👨\u{200D}👩");
    }

    #[test]
    fn length_is_counted_as_readers_count() {
        assert!(clean(&"ش\u{651}".repeat(MAX_GRAPHEMES)).is_ok());
        assert!(clean(&"ش".repeat(MAX_GRAPHEMES + 1)).is_err());
        assert!(clean(&format!("a{}", "\u{301}".repeat(MAX_SCALARS))).is_err());
    }

    #[test]
    fn a_redacted_text_is_cut_at_its_masks() {
        let redacted = crate::text::redact("هويتي 1000000008 وجوالي 0551234567 شكرا");
        let kinds: Vec<String> = redacted.spans.iter().map(|span| span.kind.code().to_owned()).collect();
        let pieces = segments(&redacted.text, &kinds);
        let masks: Vec<&str> = pieces
            .iter()
            .filter_map(|piece| match piece {
                Segment::Mask { kind, .. } => Some(kind.as_str()),
                Segment::Text { .. } => None,
            })
            .collect();
        assert_eq!(masks, ["national_id", "mobile"]);
        assert_eq!(pieces.last(), Some(&Segment::Text { text: " شكرا".to_owned() }));
    }
}
