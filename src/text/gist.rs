//! The parts of a message: those that ask, and those that only greet, thank or tell how somebody feels.
//!
//! People write to an account as to a person: a greeting, a story, and somewhere in it the question. Commas, line ends
//! and little pictures divide these as reliably as full stops do.

use super::fold::fold_text;
use super::letters::is_invisible;
use super::words::{asking, is_function_word};
use std::borrow::Cow;

/// How much of a message is looked through for its question, in characters.
const MOST_READ: usize = 8_000;
/// A part with fewer telling words does not stand for itself: "كيف؟" asks about what was said before.
const FEWEST_WORDS: usize = 2;
/// A plain message of so many telling words is all question: what stands before a comma in it is the case it asks about.
const FEW_WORDS: usize = 12;

/// One part of a message.
struct Part<'a> {
    text: &'a str,
    /// It has a question word or ends with a question mark.
    asks: bool,
    /// How many of its words say something about a subject.
    telling: usize,
}

/// At most `most` characters of a message: a short one as it is, of a long one the parts that ask, then its beginning,
/// in the order of the message.
pub fn gist(text: &str, most: usize) -> Cow<'_, str> {
    if text.char_indices().nth(most).is_none() {
        return Cow::Borrowed(text);
    }
    let parts = parts(text);
    let asking = parts.iter().enumerate().filter(|(_, part)| part.asks).map(|(at, _)| at).rev();
    let telling =
        parts.iter().enumerate().filter(|(_, part)| !part.asks && part.telling > 0).map(|(at, _)| at);
    let mut room = most;
    let mut kept: Vec<(usize, &str)> = Vec::new();
    for at in asking.chain(telling) {
        let piece = first(parts[at].text, room);
        room = room.saturating_sub(piece.chars().count() + 1);
        kept.push((at, piece));
        if room == 0 {
            break;
        }
    }
    kept.sort_unstable_by_key(|(at, _)| *at);
    match kept.is_empty() {
        true => Cow::Borrowed(first(text, most)),
        false => Cow::Owned(joined(kept.into_iter().map(|(_, piece)| piece))),
    }
}

/// The part of a chatty or long message that asks, without greetings, pictures and stories; with the part before it where
/// it says too little alone. `None` where that is the whole message, where nothing asks, or where all of it is one plain
/// question.
pub fn asking_part(text: &str) -> Option<String> {
    let all = parts(text);
    let is_chatty = text.chars().any(is_picture) || all.iter().any(|part| part.telling == 0 && !part.asks);
    let words: usize = all.iter().map(|part| part.telling).sum();
    if !is_chatty && words <= FEW_WORDS {
        return None;
    }
    let parts: Vec<Part> = all.into_iter().filter(|part| part.telling > 0 || part.asks).collect();
    let asks: Vec<usize> = (0..parts.len()).filter(|at| parts[*at].asks).collect();
    let mut first = *asks.first()?;
    let mut telling: usize = asks.iter().map(|at| parts[*at].telling).sum();
    while telling < FEWEST_WORDS && first > 0 {
        first -= 1;
        telling += parts[first].telling;
    }
    let kept = parts.iter().enumerate().filter(|(at, part)| *at >= first && (part.asks || *at < asks[0]));
    let kept = joined(kept.map(|(_, part)| part.text));
    let is_whole = fold_text(&kept).split_whitespace().eq(fold_text(text).split_whitespace());
    (telling > 0 && !is_whole).then_some(kept)
}

/// The parts of a message, without the pictures between them.
fn parts(text: &str) -> Vec<Part<'_>> {
    let text = first(text, MOST_READ);
    let mut parts = Vec::new();
    let mut from = 0;
    for (at, c) in text.char_indices() {
        let after = at + c.len_utf8();
        if is_end(c) {
            parts.extend(part(&text[from..after]));
            from = after;
        } else if is_picture(c) {
            parts.extend(part(&text[from..at]));
            from = after;
        }
    }
    parts.extend(part(&text[from..]));
    parts
}

fn part(text: &str) -> Option<Part<'_>> {
    let text = text.trim();
    let folded = fold_text(text);
    let words = || folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words().next()?;
    Some(Part {
        text,
        asks: text.ends_with(['؟', '?']) || words().any(|word| asking(word).is_some()),
        telling: words().filter(|word| !is_function_word(word)).count(),
    })
}

fn is_end(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '؟' | '،' | ',' | '؛' | ';' | '…' | '\n' | '\r')
}

/// Emoji, dingbats and other signs that are no letters.
fn is_picture(c: char) -> bool {
    c >= '\u{2190}' && !c.is_alphanumeric() && !is_invisible(c)
}

fn first(text: &str, most: usize) -> &str {
    text.char_indices().nth(most).map_or(text, |(at, _)| &text[..at])
}

fn joined<'a>(parts: impl Iterator<Item = &'a str>) -> String {
    parts.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_part_that_asks_is_found_between_greetings_and_stories() {
        let table = [
            ("السلام عليكم 🌷 كيف أجدد هويتي؟", Some("كيف أجدد هويتي؟")),
            ("هلا، انتقلنا إلى بيت جديد 🏠 كيف أحدث عنواني؟ وشكراً", Some("كيف أحدث عنواني؟")),
            ("ضاعت بطاقتي أمس 😢 كيف؟", Some("ضاعت بطاقتي أمس كيف؟")),
            ("كيف أجدد هويتي؟", None),
            ("صباح الخير", None),
            ("", None),
            ("🙂🙏", None),
        ];
        for (text, part) in table {
            assert_eq!(asking_part(text).as_deref(), part, "{text}");
        }
    }

    #[test]
    fn of_a_long_story_the_question_is_read_wherever_it_stands() {
        let story = "رحت إلى المكتب وقابلت الموظف وانتظرت. ".repeat(40);
        for text in [format!("{story}كيف أنقل سجل الأسرة؟"), format!("كيف أنقل سجل الأسرة؟ {story}")]
        {
            let gist = gist(&text, 200);
            assert!(gist.contains("كيف أنقل سجل الأسرة؟"), "{gist}");
            assert!(gist.contains("رحت إلى المكتب") && gist.chars().count() <= 200);
        }
    }

    #[test]
    fn a_message_without_marks_is_cut_and_a_short_one_left_alone() {
        assert_eq!(gist(&"ا".repeat(100_000), 400).chars().count(), 400);
        assert_eq!(gist(&"🙂".repeat(1_000), 400).chars().count(), 400);
        assert_eq!(gist("كيف؟  أجدد", 400), "كيف؟  أجدد");
    }
}
