//! The three views of a text as tantivy tokenizers: words, stems, character grams.

use crate::text::{GramCursor, fold, grams, joined, joined_words, light_stem};
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
    for (name, view) in [(WORDS, View::Words), (STEMS, View::Stems), (GRAMS, View::Grams)] {
        manager.register(name, TextAnalyzer::from(ViewTokenizer { view }));
    }
    manager
}

#[derive(Clone, Copy)]
enum View {
    Words,
    Stems,
    Grams,
}

/// A text as the three views need it.
struct Read {
    folded: String,
    /// Where the words stand in `folded`, in bytes.
    words: Vec<(usize, usize)>,
    /// The words with the sign between them that grams know.
    joined: String,
}

impl Read {
    fn of(text: &str) -> Read {
        let folded = fold(text);
        let beginning = folded.text().as_ptr() as usize;
        let place = |word: &str| {
            let at = word.as_ptr() as usize - beginning;
            (at, at + word.len())
        };
        let words = folded.words().map(|word| place(word.text)).collect();
        let joined = joined(folded.words().map(|word| word.text));
        Read { words, joined, folded: folded.into_text() }
    }

    fn word(&self, at: usize) -> Option<&str> {
        self.words.get(at).map(|(from, to)| &self.folded[*from..*to])
    }
}

/// How many texts are remembered: those of one answer with its taught wordings.
const MOST_REMEMBERED: usize = 64;
/// A longer text is not remembered, in bytes.
const LONGEST_REMEMBERED: usize = 4_000;

thread_local! {
    /// The texts that were folded last. The index asks for an answer's texts in six fields, one field after the other.
    static REMEMBERED: RefCell<HashMap<String, Rc<Read>>> = RefCell::default();
}

fn read(text: &str) -> Rc<Read> {
    if text.len() > LONGEST_REMEMBERED {
        return Rc::new(Read::of(text));
    }
    REMEMBERED.with_borrow_mut(|remembered| {
        if let Some(read) = remembered.get(text) {
            return read.clone();
        }
        if remembered.len() >= MOST_REMEMBERED {
            remembered.clear();
        }
        let read = Rc::new(Read::of(text));
        remembered.insert(text.to_owned(), read.clone());
        read
    })
}

/// The character grams over the joined words, for a query.
pub(super) fn all_grams(text: &str) -> Vec<String> {
    grams(&joined_words(text)).map(str::to_owned).collect()
}

#[derive(Clone)]
struct ViewTokenizer {
    view: View,
}

impl Tokenizer for ViewTokenizer {
    type TokenStream<'a> = ViewStream;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> ViewStream {
        let read = read(text);
        ViewStream {
            grams: GramCursor::new(&read.joined),
            read,
            view: self.view,
            next: 0,
            token: Token::default(),
        }
    }
}

/// Hands out one term after the other in the same token: an answer has a thousand of them.
struct ViewStream {
    read: Rc<Read>,
    view: View,
    /// The next word.
    next: usize,
    grams: GramCursor,
    token: Token,
}

impl TokenStream for ViewStream {
    fn advance(&mut self) -> bool {
        let term = match self.view {
            View::Words => self.read.word(self.next),
            View::Stems => self.read.word(self.next).map(light_stem),
            View::Grams => self.grams.next(&self.read.joined),
        };
        let Some(term) = term else { return false };
        self.next += 1;
        self.token.position = self.token.position.wrapping_add(1);
        self.token.text.clear();
        self.token.text.push_str(term);
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}
