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

/// Words of small talk beside the particles of `words`: "كيف حالكم؟" and "عندي سؤال" ask for nothing.
const SMALL_TALK: &[&str] = &[
    "حال",
    "حالك",
    "حالكم",
    "اخبارك",
    "اخباركم",
    "علومكم",
    "سوال",
    "سوالي",
    "استفسار",
    "استفساري",
    "بخير",
    "تمام",
    "حياكم",
    "وسهلا",
    "ومرحبا",
    "النور",
    "الورد",
    "اختي",
    "اخواني",
    "خواتي",
    "حبايبي",
    "وشكرا",
    "مقدما",
    "مساوكم",
    "مساكم",
    "صباحكم",
    "hello",
    "hi",
    "thanks",
    "please",
];
/// Question words that stand in stories too: "من البيت", "ما فهمت", "وقت طويل".
const ALSO_TOLD: &[&str] = &[
    "من",
    "ما",
    "لم",
    "وقت",
    "موقع",
    "مكان",
    "عنوان",
    "سبب",
    "مده",
    "باي",
    "معني",
    "فلوس",
    "سعر",
    "اطلب",
    "عادي",
    "ضروري",
    "مطلوب",
    "المطلوب",
    "رسوم",
    "الرسوم",
    "غرامه",
    "الغرامه",
    "can",
    "who",
];

/// One part of a message.
struct Part<'a> {
    text: &'a str,
    asks: Asks,
    /// How many of its words say something about a subject.
    telling: usize,
    /// A little picture or a line end stands before it.
    begins: bool,
}

/// How surely a part asks.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Asks {
    No,
    /// It has a question word.
    Words,
    /// It ends with a question mark.
    Mark,
}

impl Part<'_> {
    fn asks(&self) -> bool {
        self.asks > Asks::No
    }
}

/// At most `most` characters of a message: a short one as it is, of a long one the parts that ask, then its beginning,
/// in the order of the message.
pub fn gist(text: &str, most: usize) -> Cow<'_, str> {
    if text.char_indices().nth(most).is_none() {
        return Cow::Borrowed(text);
    }
    let parts = parts(text);
    let mut order: Vec<usize> =
        (0..parts.len()).filter(|at| parts[*at].telling > 0 || parts[*at].asks()).collect();
    // Question marks before question words; among stories the beginning first. The sort keeps the rest in order.
    order.sort_by_key(|at| std::cmp::Reverse(parts[*at].asks));
    let mut room = most;
    let mut kept: Vec<(usize, &str)> = Vec::new();
    for at in order {
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

/// What a chatty message asks, without greetings, small talk and stories: the stretches between its little pictures that
/// ask, and of a long one the parts. `None` where that is the whole message, where nothing asks, or where it would say
/// too little alone.
pub fn asking_part(text: &str) -> Option<String> {
    let mut begins = false;
    let parts: Vec<Part> = parts(text)
        .into_iter()
        .filter_map(|part| {
            begins |= part.begins;
            (part.telling > 0).then(|| Part { begins: std::mem::take(&mut begins), ..part })
        })
        .collect();
    let mut kept: Vec<usize> = Vec::new();
    let mut from = 0;
    while from < parts.len() {
        let end = (from + 1..parts.len()).find(|at| parts[*at].begins).unwrap_or(parts.len());
        let stretch = &parts[from..end];
        let is_short = stretch.iter().map(|part| part.telling).sum::<usize>() <= FEW_WORDS;
        let asks = stretch.iter().any(Part::asks);
        kept.extend((from..end).filter(|at| asks && (is_short || parts[*at].asks())));
        from = end;
    }
    let telling: usize = kept.iter().map(|at| parts[*at].telling).sum();
    let kept = joined(kept.into_iter().map(|at| parts[at].text));
    let is_whole = fold_text(&kept).split_whitespace().eq(fold_text(text).split_whitespace());
    (telling >= FEWEST_WORDS && !is_whole).then_some(kept)
}

/// The parts of a message, without the pictures between them.
fn parts(text: &str) -> Vec<Part<'_>> {
    let text = first(text, MOST_READ);
    let mut parts = Vec::new();
    let (mut from, mut begins) = (0, false);
    let mut take = |text, begins: &mut bool| {
        if let Some(part) = part(text, *begins) {
            parts.push(part);
            *begins = false;
        }
    };
    for (at, c) in text.char_indices() {
        let after = at + c.len_utf8();
        if is_end(c) {
            take(&text[from..after], &mut begins);
            from = after;
            begins |= c == '\n';
        } else if is_picture(c) {
            take(&text[from..at], &mut begins);
            from = after;
            begins = true;
        }
    }
    take(&text[from..], &mut begins);
    parts
}

fn part(text: &str, begins: bool) -> Option<Part<'_>> {
    let text = text.trim();
    let folded = fold_text(text);
    let words = || folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words().next()?;
    let asks_by = |word: &str| !ALSO_TOLD.contains(&word) && asking(word).is_some();
    let asks = match text.ends_with(['؟', '?']) {
        true => Asks::Mark,
        false if words().any(asks_by) => Asks::Words,
        false => Asks::No,
    };
    let tells = |word: &&str| !is_function_word(word) && !SMALL_TALK.contains(word);
    Some(Part { text, asks, telling: words().filter(tells).count(), begins })
}

fn is_end(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '؟' | '،' | ',' | '؛' | ';' | '…' | '\n' | '\r')
}

/// Emoji, dingbats and other signs that are no letters.
fn is_picture(c: char) -> bool {
    c >= '\u{2190}' && !c.is_alphanumeric() && !is_invisible(c)
}

/// The beginning of a text, at most `most` Unicode scalar values.
pub fn first(text: &str, most: usize) -> &str {
    text.char_indices().nth(most).map_or(text, |(at, _)| &text[..at])
}

fn joined<'a>(parts: impl Iterator<Item = &'a str>) -> String {
    parts.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_chatty_message_asks_is_found_between_greetings_and_stories() {
        let table = [
            ("السلام عليكم 🌷 كيف أجدد هويتي؟", Some("كيف أجدد هويتي؟")),
            ("هلا، كيف حالكم؟ انتقلنا إلى بيت جديد 🏠 كيف أحدث عنواني؟ وشكراً", Some("كيف أحدث عنواني؟")),
            (
                "السلام عليكم، ضاعت هويتي في السفر، كيف أستخرج بدل؟",
                Some("ضاعت هويتي في السفر، كيف أستخرج بدل؟"),
            ),
            ("ضاعت بطاقتي أمس 😢 كيف؟", None),
            ("السلام عليكم، كيف حالكم؟ ضاعت بطاقتي في السوق", None),
            ("كيف أجدد هويتي؟", None),
            ("انتهت هويتي، فكيف أجددها؟", None),
            ("صباح الخير", None),
            ("", None),
            ("🙂🙏", None),
        ];
        for (text, part) in table {
            assert_eq!(asking_part(text).as_deref(), part, "{text}");
        }
    }

    #[test]
    fn small_talk_and_story_words_are_spelled_folded() {
        for word in SMALL_TALK.iter().chain(ALSO_TOLD) {
            assert_eq!(&fold_text(word), word);
        }
    }

    #[test]
    fn of_a_long_story_the_question_is_read_wherever_it_stands() {
        let question = "كيف أنقل سجل الأسرة؟";
        for sentence in
            ["رحت إلى المكتب وقابلت الموظف وانتظرت. ", "خرجت من البيت أمس وما فهمت الموظف وقت طويل. "]
        {
            let story = sentence.repeat(40);
            for text in [
                format!("{story}{question}"),
                format!("{question} {story}"),
                format!("{story}{question}{story}"),
            ] {
                let gist = gist(&text, 200);
                assert!(gist.contains(question), "{gist}");
                assert!(gist.contains(sentence.trim()) && gist.chars().count() <= 200);
            }
        }
    }

    #[test]
    fn a_message_without_marks_is_cut_and_a_short_one_left_alone() {
        assert_eq!(gist(&"ا".repeat(100_000), 400).chars().count(), 400);
        assert_eq!(gist(&"🙂".repeat(1_000), 400).chars().count(), 400);
        assert_eq!(gist("كيف؟  أجدد", 400), "كيف؟  أجدد");
    }
}
