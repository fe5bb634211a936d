//! Which pieces of the vocabulary stay: all that a question in Arabic may hold, and common Latin words.

use super::E5s1;
use crate::text::is_arabic_letter;

/// Latin pieces up to this place stay whatever their length; the vocabulary is ordered by how common a piece is.
const COMMON: usize = 20_000;
/// Latin pieces up to this length stay however rare.
const SHORT: usize = 3;

/// The indexes of the kept pieces, in their old order.
pub(super) fn kept(model: &E5s1) -> anyhow::Result<Vec<usize>> {
    // The prefix "passage: " is made of a rare piece; without it every answer would silently get another vector.
    let mut always = vec![model.begin, model.end, model.padding, model.unknown];
    for piece in ["<mask>", "▁passage", ":", "▁que", "ry"] {
        always.push(model.piece(piece)?);
    }
    let pieces = model.pieces.iter().enumerate();
    Ok(pieces.filter(|(at, (piece, _))| always.contains(at) || stays(*at, piece)).map(|(at, _)| at).collect())
}

fn stays(place: usize, piece: &str) -> bool {
    let text = piece.replace('▁', "");
    if text.is_empty() || text.chars().any(is_arabic) {
        return true;
    }
    if text.is_ascii() {
        return text.len() <= SHORT || place < COMMON;
    }
    // Symbols, digits, emoji and marks; then single Latin letters with marks.
    let mut letters = text.chars().filter(|c| c.is_alphabetic() && !c.is_ascii());
    letters.next().is_none() || (text.chars().count() == 1 && text.chars().all(|c| c < '\u{250}'))
}

fn is_arabic(c: char) -> bool {
    is_arabic_letter(c)
        || matches!(c, '\u{600}'..='\u{6ff}' | '\u{750}'..='\u{77f}' | '\u{8a0}'..='\u{8ff}'
        | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arabic_common_latin_symbols_and_emoji_stay_and_other_scripts_go() {
        let table = [
            (90_000, "▁الهوية", true),
            (90_000, "ﻫ", true),
            (90_000, "▁", true),
            (90_000, "abc", true),
            (19_999, "▁absher", true),
            (20_001, "▁absher", false),
            (90_000, "🙏", true),
            (90_000, "%2", true),
            (90_000, "é", true),
            (90_000, "été", false),
            (5, "身份", false),
            (5, "▁паспорт", false),
        ];
        for (place, piece, expected) in table {
            assert_eq!(stays(place, piece), expected, "{piece}");
        }
    }
}
