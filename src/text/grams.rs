//! Character 3- and 4-grams across word boundaries: the best single lexical index for misspelt and joined words.

use super::fold;

/// Joins the folded words of a text with `_`, with one at each end, ready for [`grams`]. Empty when there is no word.
pub fn joined_words(text: &str) -> String {
    joined(fold(text).words().map(|word| word.text))
}

/// The same for words that are folded already.
pub fn joined<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let mut joined = String::new();
    for word in words {
        joined.push('_');
        joined.push_str(word);
    }
    if !joined.is_empty() {
        joined.push('_');
    }
    joined
}

/// Goes through the 3- and 4-grams of joined words, in order of their place (matching.md section 6.2).
pub fn grams(joined: &str) -> impl Iterator<Item = &str> {
    let mut cursor = GramCursor::new(joined);
    std::iter::from_fn(move || cursor.next(joined))
}

/// A place among the grams of a text that somebody else holds.
pub struct GramCursor {
    /// Where the next gram begins, in bytes.
    at: usize,
    /// Where its three and its four characters end; none where the text is too short.
    third: Option<usize>,
    fourth: Option<usize>,
    /// The gram of three characters was given.
    is_fourth_next: bool,
}

impl GramCursor {
    /// Stands before the first gram of joined words.
    pub fn new(joined: &str) -> GramCursor {
        let third = (0..3).try_fold(0, |at, _| after(joined, at));
        GramCursor { at: 0, third, fourth: third.and_then(|at| after(joined, at)), is_fourth_next: false }
    }

    /// The next gram of the same joined words.
    pub fn next<'a>(&mut self, joined: &'a str) -> Option<&'a str> {
        let end = if self.is_fourth_next { self.fourth } else { self.third }?;
        let gram = joined.get(self.at..end)?;
        self.is_fourth_next = !self.is_fourth_next && self.fourth.is_some();
        if !self.is_fourth_next {
            self.at = after(joined, self.at)?;
            self.third = self.fourth;
            self.fourth = self.fourth.and_then(|at| after(joined, at));
        }
        Some(gram)
    }
}

/// Where the character that begins at a byte ends.
fn after(text: &str, at: usize) -> Option<usize> {
    text.get(at..)?.chars().next().map(|c| at + c.len_utf8())
}

/// The hash of a gram, FNV-1a: the same in every run, unlike the standard library's.
pub fn gram_hash(gram: &str) -> u32 {
    gram.bytes().fold(0x811c_9dc5, |sum, byte| (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// The hashes of the different 3- and 4-grams of a text, sorted.
pub fn gram_hashes(text: &str) -> Vec<u32> {
    hashes_of(&joined_words(text))
}

/// The same for words that are joined already.
pub fn hashes_of(joined: &str) -> Vec<u32> {
    let mut hashes: Vec<u32> = grams(joined).map(gram_hash).collect();
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}

/// How many numbers two sorted lists have in common.
pub fn in_common(a: &[u32], b: &[u32]) -> usize {
    let (mut i, mut j, mut count) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                count += 1;
                i += 1;
                j += 1;
            }
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grams_cross_word_boundaries() {
        let joined = joined_words("بدل فاقد");
        assert_eq!(joined, "_بدل_فاقد_");
        let all: Vec<_> = grams(&joined).collect();
        assert_eq!(&all[..4], ["_بد", "_بدل", "بدل", "بدل_"]);
        assert!(all.contains(&"ل_فا") && all.contains(&"قد_"));
        assert_eq!(all.len(), 8 + 7);
    }

    #[test]
    fn a_text_without_words_has_no_grams() {
        assert_eq!(grams(&joined_words(" ؟! ")).count(), 0);
    }

    #[test]
    fn hashes_are_sorted_and_different_and_counted_where_they_meet() {
        let (short, long) = (gram_hashes("فاقد"), gram_hashes("بدل فاقد فاقد"));
        assert!(long.is_sorted() && long.windows(2).all(|pair| pair[0] != pair[1]));
        assert_eq!(in_common(&short, &long), short.len());
        assert_eq!(in_common(&short, &gram_hashes("")), 0);
    }
}
