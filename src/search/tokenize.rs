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
    for (name, cut) in [(WORDS, words as Cut), (STEMS, stems as Cut), (GRAMS, all_grams as Cut)] {
        manager.register(name, TextAnalyzer::from(ViewTokenizer { cut }));
    }
    manager
}

/// Cuts a text into the terms of a view.
pub(super) type Cut = fn(&str) -> Vec<String>;

/// The folded words.
pub(super) fn words(text: &str) -> Vec<String> {
    fold(text).words().map(|word| word.text.to_owned()).collect()
}

/// The light stems of the words.
pub(super) fn stems(text: &str) -> Vec<String> {
    fold(text).words().map(|word| light_stem(word.text).to_owned()).collect()
}

/// The character grams over the joined words.
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
        ViewStream { terms: (self.cut)(text).into_iter(), token: Token::default() }
    }
}

struct ViewStream {
    terms: std::vec::IntoIter<String>,
    token: Token,
}

impl TokenStream for ViewStream {
    fn advance(&mut self) -> bool {
        let Some(term) = self.terms.next() else { return false };
        self.token.position = self.token.position.wrapping_add(1);
        self.token.text = term;
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}
