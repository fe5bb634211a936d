//! What the public pages show of clips and services: owned words and addresses, ready to print.

use crate::web::i18n::Words;
use crate::web::layout::SignClip;
use crate::web::present::{DateText, digits};

/// A clip in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ClipCard {
    /// The clip's page; with `?t=` when a caption matched.
    pub(crate) href: String,
    /// The question as the asker would say it.
    pub(crate) title: String,
    /// The address of the still picture; empty while there is none.
    pub(crate) poster: String,
    /// `٠٠:٤٢`.
    pub(crate) length: String,
    /// The service's name.
    pub(crate) service: String,
    /// When it was published.
    pub(crate) published: Option<DateText>,
    /// When this version and when the first one was published, in milliseconds, for "since your last visit".
    pub(crate) moments: (i64, i64),
    /// The caption that matched the search.
    pub(crate) matched: Option<MatchedLine>,
    /// Its question in sign: the few seconds that play in the card.
    pub(crate) sign: Option<SignClip>,
}

/// The caption that matched a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MatchedLine {
    /// The words, with the matching ones apart.
    pub(crate) pieces: Vec<LinePiece>,
    /// `٠٠:١٢`.
    pub(crate) starts_at: String,
}

/// A run of words of a matched line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LinePiece {
    /// As it is.
    Plain(String),
    /// Matches the search.
    Marked(String),
}

/// Cuts a line at its highlights. Offsets are in Unicode scalar values, sorted and apart, as the search gives them.
pub(crate) fn line_pieces(text: &str, highlights: &[(usize, usize)]) -> Vec<LinePiece> {
    let letters: Vec<char> = text.chars().collect();
    let run = |from: usize, to: usize| letters.get(from..to).unwrap_or_default().iter().collect::<String>();
    let mut pieces = Vec::new();
    let mut done = 0;
    for &(start, end) in highlights {
        let (start, end) = (start.clamp(done, letters.len()), end.clamp(done, letters.len()));
        if start > done {
            pieces.push(LinePiece::Plain(run(done, start)));
        }
        if end > start {
            pieces.push(LinePiece::Marked(run(start, end)));
        }
        done = end.max(done);
    }
    if done < letters.len() {
        pieces.push(LinePiece::Plain(run(done, letters.len())));
    }
    pieces
}

/// A big topic on the home page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TopicTile {
    /// The topic's page.
    pub(crate) href: String,
    /// Its name.
    pub(crate) name: String,
    /// Its icon.
    pub(crate) icon: &'static str,
    /// How many published answers it has.
    pub(crate) answers: u64,
    /// What plays on the tile.
    pub(crate) plays: Option<TilePlays>,
}

/// What plays on a topic's tile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TilePlays {
    /// The topic's name in sign.
    Name(SignClip),
    /// The beginning of its newest answer, with that answer's title.
    NewestAnswer(SignClip, String),
}

/// A service inside a topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ServiceLink {
    /// The service's page.
    pub(crate) href: String,
    /// Its name.
    pub(crate) name: String,
    /// How many published answers it has.
    pub(crate) answers: u64,
    /// Its name in sign.
    pub(crate) sign: Option<SignClip>,
}

/// A next step, such as the service in Absher.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NextAction {
    /// Where it leads.
    pub(crate) href: String,
    /// Its icon.
    pub(crate) icon: &'static str,
    /// A verb first.
    pub(crate) label: String,
}

/// Clips in the order of one errand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Steps {
    /// What they lead to.
    pub(crate) title: String,
    /// The published steps.
    pub(crate) steps: Vec<ClipCard>,
    /// The step of the page, from 0; on a service's page there is none.
    pub(crate) here: Option<usize>,
}

impl Steps {
    /// "الخطوة ٢ من ٣"; `step` counts from 0.
    pub(crate) fn place(&self, t: Words, step: &usize) -> String {
        let number = |n: usize| digits(t.lang(), n);
        t.with_two("series-here", ("n", &number(step + 1)), ("total", &number(self.steps.len())))
    }

    /// Whether the page is this step's own; `step` counts from 0.
    pub(crate) fn is_here(&self, step: &usize) -> bool {
        self.here == Some(*step)
    }

    /// The step after the page's own.
    pub(crate) fn next(&self) -> Option<&ClipCard> {
        self.steps.get(self.here? + 1)
    }
}

/// The pages of a list that is too long for one: empty where there is none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Pages {
    /// The page before.
    pub(crate) previous: String,
    /// The page after.
    pub(crate) next: String,
}

impl TopicTile {
    /// "١٤ إجابة".
    pub(crate) fn count(&self, t: Words) -> String {
        t.count("answers", self.answers)
    }
}

impl ServiceLink {
    /// "١٤ إجابة".
    pub(crate) fn count(&self, t: Words) -> String {
        t.count("answers", self.answers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matching_words_are_cut_out_of_their_line() {
        let pieces = line_pieces("أبلغ عن فقدان الهوية", &[(8, 13), (14, 20)]);
        let (plain, marked) =
            (|text: &str| LinePiece::Plain(text.into()), |text: &str| LinePiece::Marked(text.into()));
        assert_eq!(pieces, [plain("أبلغ عن "), marked("فقدان"), plain(" "), marked("الهوية")]);
        assert_eq!(line_pieces("أ", &[]), [plain("أ")]);
        assert_eq!(line_pieces("أب", &[(1, 99)]), [plain("أ"), marked("ب")]);
    }
}
