//! The three views of a text as tantivy tokenizers: words, stems, character grams.

use crate::text::{fold, grams, joined, joined_words, light_stem};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
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

/// Cuts the words of a text into the terms of a view: a text of ours, and where in it each term stands, in bytes.
type Cut = fn(&Words) -> (String, Vec<(usize, usize)>);

/// The folded words of a text.
struct Words {
    folded: String,
    places: Vec<(usize, usize)>,
}

impl Words {
    fn of(text: &str) -> Words {
        let folded = fold(text);
        let beginning = folded.text().as_ptr() as usize;
        let place = |word: &str| {
            let at = word.as_ptr() as usize - beginning;
            (at, at + word.len())
        };
        let places = folded.words().map(|word| place(word.text)).collect();
        Words { folded: folded.into_text(), places }
    }

    fn iter(&self) -> impl Iterator<Item = &str> {
        self.places.iter().map(|(from, to)| &self.folded[*from..*to])
    }
}

/// How many texts are remembered: those of one answer with its taught wordings.
const MOST_REMEMBERED: usize = 64;
/// A longer text is not remembered, in bytes.
const LONGEST_REMEMBERED: usize = 4_000;

thread_local! {
    /// The texts that were folded last. The index asks for an answer's texts in six fields, one field after the other.
    static REMEMBERED: RefCell<HashMap<String, Rc<Words>>> = RefCell::default();
}

fn words_of(text: &str) -> Rc<Words> {
    if text.len() > LONGEST_REMEMBERED {
        return Rc::new(Words::of(text));
    }
    REMEMBERED.with_borrow_mut(|remembered| {
        if let Some(words) = remembered.get(text) {
            return words.clone();
        }
        if remembered.len() >= MOST_REMEMBERED {
            remembered.clear();
        }
        let words = Rc::new(Words::of(text));
        remembered.insert(text.to_owned(), words.clone());
        words
    })
}

/// The folded words.
fn words(words: &Words) -> (String, Vec<(usize, usize)>) {
    (words.folded.clone(), words.places.clone())
}

/// The light stems of the words.
fn stems(words: &Words) -> (String, Vec<(usize, usize)>) {
    let place = |((from, _), word): (&(usize, usize), &str)| {
        let stem = light_stem(word);
        let from = from + (stem.as_ptr() as usize - word.as_ptr() as usize);
        (from, from + stem.len())
    };
    (words.folded.clone(), words.places.iter().zip(words.iter()).map(place).collect())
}

/// The character grams over the joined words.
fn gram_places(words: &Words) -> (String, Vec<(usize, usize)>) {
    let joined = joined(words.iter());
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
        let (text, places) = (self.cut)(&words_of(text));
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
