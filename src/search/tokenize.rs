//! The three views of a text as tantivy tokenizers: words, stems, character grams.

use crate::text::{fold, grams, joined_words, light_stem};
use tantivy::tokenizer::{TextAnalyzer, Token, TokenStream, Tokenizer, TokenizerManager};

/// The names under which the schema asks for the tokenizers; a change of folding needs a new number, so that old
/// indexes are rebuilt.
pub(super) const WORDS: &str = "ishara_words_3";
pub(super) const STEMS: &str = "ishara_stems_3";
pub(super) const GRAMS: &str = "ishara_grams_3";

/// Returns a manager that knows the three tokenizers.
pub(super) fn tokenizers() -> TokenizerManager {
    // The default manager knows "raw", which the key fields use.
    let manager = TokenizerManager::default();
    for (name, cut) in [(WORDS, words as Cut), (STEMS, stems as Cut), (GRAMS, gram_places as Cut)] {
        manager.register(name, TextAnalyzer::from(ViewTokenizer { cut }));
    }
    manager
}

/// Cuts a text into the terms of a view: a text of ours, and where in it each term stands, in bytes.
type Cut = fn(&str) -> (String, Vec<(usize, usize)>);

/// The folded words.
fn words(text: &str) -> (String, Vec<(usize, usize)>) {
    parts_of_words(text, |word| word)
}

/// The light stems of the words.
fn stems(text: &str) -> (String, Vec<(usize, usize)>) {
    parts_of_words(text, light_stem)
}

fn parts_of_words(text: &str, part: impl Fn(&str) -> &str) -> (String, Vec<(usize, usize)>) {
    let folded = fold(text);
    let beginning = folded.text().as_ptr() as usize;
    let place = |term: &str| {
        let at = term.as_ptr() as usize - beginning;
        (at, at + term.len())
    };
    let places = folded.words().map(|word| place(part(word.text))).collect();
    (folded.into_text(), places)
}

/// The character grams over the joined words.
fn gram_places(text: &str) -> (String, Vec<(usize, usize)>) {
    let joined = joined_words(text);
    let places = grams(&joined).map(|gram| (gram.at, gram.at + gram.text.len())).collect();
    (joined, places)
}

/// The character grams over the joined words, for a query.
pub(super) fn all_grams(text: &str) -> Vec<String> {
    grams(&joined_words(text)).map(|gram| gram.text.to_owned()).collect()
}

#[derive(Clone)]
struct ViewTokenizer {
    cut: Cut,
}

impl Tokenizer for ViewTokenizer {
    type TokenStream<'a> = ViewStream;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> ViewStream {
        let (text, places) = (self.cut)(text);
        ViewStream { text, places: places.into_iter(), token: Token::default() }
    }
}

/// Hands out one term after the other in the same token: an answer has a thousand of them.
struct ViewStream {
    text: String,
    places: std::vec::IntoIter<(usize, usize)>,
    token: Token,
}

impl TokenStream for ViewStream {
    fn advance(&mut self) -> bool {
        let Some((from, to)) = self.places.next() else { return false };
        self.token.position = self.token.position.wrapping_add(1);
        self.token.text.clear();
        self.token.text.push_str(&self.text[from..to]);
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}
