//! Captions from plain text: sentences in reading order, spread over the length of the video.

use crate::catalog::captions::Cue;

/// Characters a second when nothing else says how long (`reference/deaf-users.md` section 3: comfortable up to 15).
const CHARACTERS_PER_SECOND: u64 = 12;
/// Two lines of 37 characters.
const LONGEST_CUE: usize = 74;
/// Longest line.
const LONGEST_LINE: usize = 37;
/// Shortest cue, in milliseconds.
const SHORTEST_MS: u64 = 1_000;
/// Longest cue, in milliseconds.
const LONGEST_MS: u64 = 7_000;

/// Cuts text into captions of at most two lines and gives each its time: its share of the video's length, or the time
/// that reading takes.
pub fn cues_from_text(text: &str, duration_ms: Option<i64>) -> Vec<Cue> {
    let pieces = pieces_of(text);
    let total: u64 = pieces.iter().map(|piece| weight(piece)).sum();
    let duration = duration_ms.and_then(|ms| u64::try_from(ms).ok());
    let mut start = 0;
    let mut cues = Vec::new();
    for piece in pieces {
        let share = match duration {
            Some(duration) => duration * weight(&piece) / total.max(1),
            None => (weight(&piece) * 1_000 / CHARACTERS_PER_SECOND).clamp(SHORTEST_MS, LONGEST_MS),
        };
        let end = start + share.max(1);
        let shown_until = end.min(start + LONGEST_MS);
        if let (Ok(start_ms), Ok(end_ms)) = (u32::try_from(start), u32::try_from(shown_until)) {
            cues.push(Cue { start_ms, end_ms, text: in_lines(&piece) });
        }
        start = end;
    }
    cues
}

fn weight(piece: &str) -> u64 {
    piece.chars().count() as u64
}

/// Sentences, and long ones in pieces of whole words.
fn pieces_of(text: &str) -> Vec<String> {
    let mut pieces = Vec::new();
    for sentence in text.split_inclusive(['.', '؟', '!', '\n']).map(str::trim) {
        let mut piece = String::new();
        for word in sentence.split_whitespace() {
            let grown = piece.chars().count() + 1 + word.chars().count();
            if !piece.is_empty() && grown > LONGEST_CUE {
                pieces.push(std::mem::take(&mut piece));
            }
            if !piece.is_empty() {
                piece.push(' ');
            }
            piece.push_str(word);
        }
        if !piece.is_empty() {
            pieces.push(piece);
        }
    }
    pieces
}

fn in_lines(piece: &str) -> String {
    if piece.chars().count() <= LONGEST_LINE {
        return piece.to_owned();
    }
    // The break that leaves both lines closest to the same length.
    let half = piece.len() / 2;
    let spaces = piece.match_indices(' ').map(|(at, _)| at);
    match spaces.min_by_key(|at| at.abs_diff(half)) {
        Some(at) => format!("{}\n{}", &piece[..at], &piece[at + 1..]),
        None => piece.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_fill_the_video_in_order() {
        let cues = cues_from_text("جملة أولى. جملة ثانية أطول من الأولى؟", Some(9_000));
        assert_eq!(
            cues.iter().map(|cue| cue.text.as_str()).collect::<Vec<_>>(),
            ["جملة أولى.", "جملة ثانية أطول من الأولى؟"]
        );
        assert!(cues[0].end_ms <= cues[1].start_ms && cues[1].end_ms <= 9_000);
    }

    #[test]
    fn a_long_sentence_is_cut_between_words() {
        let cues = cues_from_text(&"كلمة ".repeat(60), None);
        assert!(cues.len() > 3);
        for cue in &cues {
            assert!(cue.text.lines().count() <= 2 && cue.text.chars().count() <= LONGEST_CUE);
            assert!(cue.end_ms > cue.start_ms);
        }
        assert!(cues_from_text("", None).is_empty());
    }
}
