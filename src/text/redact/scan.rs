//! The view of a text that the redaction rules read: folded characters, words, and numbers with gaps.

use super::context::{Topic, Topics};
use crate::text::fold::{Folded, fold};
use arrayvec::{ArrayString, ArrayVec};

pub(super) struct Scan {
    pub(super) folded: Folded,
    pub(super) chars: Vec<char>,
    words: Vec<ScanWord>,
    /// The subjects that any word announces.
    topics: Topics,
}

/// A word as a range of folded characters.
#[derive(Debug, Clone)]
pub(super) struct ScanWord {
    pub(super) text: String,
    pub(super) from: usize,
    pub(super) to: usize,
    topics: Topics,
}

impl ScanWord {
    /// Tells whether the word announces this subject.
    pub(super) fn names(&self, topic: Topic) -> bool {
        self.topics.hold(topic)
    }
}

/// The most digits that a rule reads as one number.
const LONGEST_NUMBER: usize = 40;

/// Digits taken from the text, with the gaps that stood between them. It lies on the stack: a text of nothing but
/// numbers asks for one at each of them.
#[derive(Debug, Clone)]
pub(super) struct Number {
    pub(super) digits: ArrayString<LONGEST_NUMBER>,
    pub(super) from: usize,
    pub(super) to: usize,
    /// Where each unbroken group of digits ends, in `digits`.
    group_ends: ArrayVec<u8, LONGEST_NUMBER>,
    /// The first visible character of each gap (a space when there is nothing else).
    pub(super) gaps: ArrayVec<char, LONGEST_NUMBER>,
}

impl Number {
    /// How many unbroken groups of digits it has.
    pub(super) fn group_count(&self) -> usize {
        self.group_ends.len()
    }

    /// The unbroken groups of digits, in order.
    pub(super) fn groups(&self) -> impl Iterator<Item = &str> {
        (0..self.group_count()).map(|at| self.group(at))
    }

    /// One of the groups; `at` is below [`Number::group_count`].
    pub(super) fn group(&self, at: usize) -> &str {
        let from = at.checked_sub(1).map_or(0, |before| self.group_ends[before]);
        &self.digits[usize::from(from)..usize::from(self.group_ends[at])]
    }
}

/// The widest gap inside one number, in characters.
const WIDEST_GAP: usize = 3;

impl Scan {
    pub(super) fn of(text: &str) -> Scan {
        let folded = fold(text);
        let chars: Vec<char> = folded.text().chars().collect();
        let words = folded
            .words()
            .map(|word| ScanWord {
                topics: Topics::of(word.text),
                text: word.text.to_owned(),
                from: word.first_char as usize,
                to: word.first_char as usize + word.text.chars().count(),
            })
            .collect::<Vec<ScanWord>>();
        let topics = words.iter().fold(Topics::default(), |all, word| all.and(word.topics));
        Scan { folded, chars, words, topics }
    }

    /// Tells whether any word of the text announces this subject.
    pub(super) fn speaks_of(&self, topic: Topic) -> bool {
        self.topics.hold(topic)
    }

    pub(super) fn words(&self) -> &[ScanWord] {
        &self.words
    }

    pub(super) fn at(&self, index: usize) -> Option<char> {
        self.chars.get(index).copied()
    }

    pub(super) fn is_digit(&self, index: usize) -> bool {
        self.at(index).is_some_and(|c| c.is_ascii_digit())
    }

    /// The places where an unbroken group of digits begins.
    pub(super) fn group_starts(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.chars.len()).filter(|&i| self.is_digit(i) && (i == 0 || !self.is_digit(i - 1)))
    }

    /// Takes the whole run of digits and gaps from a group's start, at most `most` digits ([`LONGEST_NUMBER`] at the
    /// utmost) and to the end of a group.
    pub(super) fn run_from(&self, from: usize, most: usize) -> Number {
        let most = most.min(LONGEST_NUMBER);
        let mut number = Number {
            digits: ArrayString::new(),
            from,
            to: from,
            group_ends: ArrayVec::new(),
            gaps: ArrayVec::new(),
        };
        let (mut at, mut gap) = (from, None);
        loop {
            let end = self.group_end(at);
            if number.digits.len() + (end - at) > most {
                break;
            }
            if let Some(gap) = gap {
                number.gaps.push(gap);
            }
            self.chars[at..end].iter().for_each(|digit| number.digits.push(*digit));
            number.group_ends.push(number.digits.len() as u8);
            number.to = end;
            let Some((next, shown)) = self.gap_after(end) else { break };
            gap = Some(shown);
            at = next;
        }
        number
    }

    /// Takes exactly `count` digits that end where a group ends.
    pub(super) fn digits_from(&self, from: usize, count: usize) -> Option<Number> {
        (self.digits_within(from, count) == count).then(|| self.run_from(from, count))
    }

    /// Exactly `count` digits that end where a group ends, without the rest of a [`Number`].
    pub(super) fn bare_digits(&self, from: usize, count: usize) -> Option<String> {
        let digits = || self.chars[from..].iter().filter(|c| c.is_ascii_digit()).take(count).collect();
        (self.digits_within(from, count) == count).then(digits)
    }

    /// How many digits [`Scan::run_from`] would take. Nothing is copied: this is asked at every group of a text.
    pub(super) fn digits_within(&self, from: usize, most: usize) -> usize {
        let (mut at, mut count) = (from, 0);
        loop {
            let end = self.group_end(at);
            if count + (end - at) > most {
                return count;
            }
            count += end - at;
            match self.gap_after(end) {
                Some((next, _)) if count < most => at = next,
                Some(_) | None => return count,
            }
        }
    }

    /// The group of digits before the gap that ends at `from`, if only a gap lies between.
    pub(super) fn group_before(&self, from: usize) -> Option<std::ops::Range<usize>> {
        let mut at = from;
        while at > 0 && from - at < WIDEST_GAP && is_gap(self.chars[at - 1]) {
            at -= 1;
        }
        if at == 0 || at == from || !self.is_digit(at - 1) {
            return None;
        }
        let end = at;
        while at > 0 && self.is_digit(at - 1) {
            at -= 1;
        }
        Some(at..end)
    }

    /// The group of digits after the gap that starts at `to`, if only a gap lies between.
    pub(super) fn group_after(&self, to: usize) -> Option<std::ops::Range<usize>> {
        self.gap_after(to).map(|(start, _)| start..self.group_end(start))
    }

    fn group_end(&self, from: usize) -> usize {
        (from..self.chars.len()).find(|&i| !self.is_digit(i)).unwrap_or(self.chars.len())
    }

    fn gap_after(&self, end: usize) -> Option<(usize, char)> {
        let mut shown = ' ';
        for at in end..(end + WIDEST_GAP + 1).min(self.chars.len()) {
            let c = self.chars[at];
            if c.is_ascii_digit() {
                return (at > end).then_some((at, shown));
            }
            if !is_gap(c) {
                return None;
            }
            if c != ' ' {
                shown = c;
            }
        }
        None
    }

    /// Index of the first word that starts at or after a character.
    fn word_at(&self, index: usize) -> usize {
        self.words.partition_point(|word| word.from < index)
    }

    /// The words before a character, nearest first; a line or sentence end does not stop them.
    pub(super) fn words_before(&self, index: usize) -> impl Iterator<Item = &ScanWord> {
        let end = self.words.partition_point(|word| word.to <= index);
        self.words[..end].iter().rev()
    }

    /// The words from a character on, nearest first.
    pub(super) fn words_after(&self, index: usize) -> impl Iterator<Item = &ScanWord> {
        self.words[self.word_at(index)..].iter()
    }
}

/// Tells whether a folded character may stand between two digits of one number.
fn is_gap(c: char) -> bool {
    matches!(
        c,
        ' ' | '-' | '.' | '/' | '\\' | '_' | '·' | '•' | '(' | ')' | '*' | '~' | '−' | '‐'..='―' | '⁃' | '﹣'
    )
}
