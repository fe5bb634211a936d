//! The short written answer below a clip: at most three sentences, each short enough for who reads Arabic as a second
//! language (`reference/deaf-users.md` requirement 2).

/// More sentences are no short answer: a version with more does not go to review.
pub const MOST_SENTENCES: usize = 3;
/// A longer sentence is warned of.
pub const MOST_WORDS: usize = 12;

/// A sentence that has more words than [`MOST_WORDS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LongSentence {
    /// Its place, from 1.
    pub place: usize,
    /// How many words it has.
    pub words: usize,
}

/// Cuts a text into its sentences, for the numbered short answer.
pub fn sentences(text: &str) -> Vec<String> {
    let mut sentences = Vec::new();
    let mut sentence = String::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        sentence.push(letter);
        // "absher.sa" and "1.5" have dots that end nothing.
        let ends = letters.peek().is_none_or(|next| next.is_whitespace());
        if matches!(letter, '؟' | '!' | '\n') || (letter == '.' && ends) {
            sentences.push(std::mem::take(&mut sentence));
        }
    }
    sentences.push(sentence);
    sentences.into_iter().map(|one| one.trim().to_owned()).filter(|one| !one.is_empty()).collect()
}

/// The sentences that are longer than [`MOST_WORDS`].
pub fn long_sentences(text: &str) -> Vec<LongSentence> {
    let counted = sentences(text).into_iter().enumerate().map(|(index, sentence)| {
        let words = sentence.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric));
        LongSentence { place: index + 1, words: words.count() }
    });
    counted.filter(|sentence| sentence.words > MOST_WORDS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_at_its_full_stops_and_question_marks() {
        assert_eq!(sentences("أبلغ أولًا. هل تم؟ احجز موعدًا"), ["أبلغ أولًا.", "هل تم؟", "احجز موعدًا"]);
        assert_eq!(
            sentences("افتح absher.sa الآن. الرسوم 1.5 ريال."),
            ["افتح absher.sa الآن.", "الرسوم 1.5 ريال."]
        );
        assert!(sentences(" ").is_empty());
    }

    #[test]
    fn a_sentence_of_more_than_twelve_words_is_long() {
        let twelve = "واحد ".repeat(12);
        assert_eq!(long_sentences(&format!("افتح أبشر. {twelve}.")), []);
        let long = [LongSentence { place: 2, words: 13 }];
        assert_eq!(long_sentences(&format!("افتح أبشر. {twelve}واحد.")), long);
    }
}
