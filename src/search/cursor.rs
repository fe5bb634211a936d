//! Where the next page of results begins, without state on our side.

use super::schema::key_of;
use std::str::FromStr;

/// The last hit of a page: its score and its clip. Hits are ordered by score, then by the clips' keys.
#[derive(Debug, Clone, PartialEq)]
pub struct Cursor {
    pub(super) score: f32,
    pub(super) clip_id: String,
}

impl Cursor {
    /// Tells whether a hit comes after this place.
    pub(super) fn is_before(&self, score: f32, key: u64) -> bool {
        score < self.score || (score == self.score && key > key_of(&self.clip_id))
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:08x}.{}", self.score.to_bits(), self.clip_id)
    }
}

/// The cursor was not made by us.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a valid page position")]
pub struct BadCursor;

impl FromStr for Cursor {
    type Err = BadCursor;

    fn from_str(text: &str) -> Result<Cursor, BadCursor> {
        let (bits, clip_id) = text.split_once('.').ok_or(BadCursor)?;
        let score = f32::from_bits(u32::from_str_radix(bits, 16).map_err(|_| BadCursor)?);
        if !score.is_finite() || clip_id.is_empty() || clip_id.len() > 200 {
            return Err(BadCursor);
        }
        Ok(Cursor { score, clip_id: clip_id.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_its_text_form_and_foreign_text_is_refused() {
        let cursor = Cursor { score: 12.25, clip_id: "clip_1".into() };
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        for text in ["", "x", "zz.clip", "7fc00000.clip", "41440000."] {
            assert_eq!(text.parse::<Cursor>(), Err(BadCursor), "{text}");
        }
    }
}
