//! Arabic text: folding, words, stems, character grams, redaction and routing. Pure functions, no I/O.
//!
//! One folding serves the index, the query, redaction and routing, so that two spellings of the same word are the
//! same everywhere. Offsets are counted in Unicode scalar values of the text as it was given.

mod fold;
mod gist;
mod grams;
mod letters;
mod numerals;
pub mod redact;
pub mod route;
mod segment;
mod stem;
pub mod words;

pub use fold::{Folded, Word, fold, fold_text};
pub use gist::{asking_part, first, gist};
pub use grams::{GramCursor, gram_hash, gram_hashes, grams, hashes_of, in_common, joined, joined_words};
pub use letters::{ascii_digit, is_arabic_letter, is_invisible};
pub use numerals::{arabic_digit, arabic_numbers};
pub use redact::{Redacted, Span, SpanKind, cut_secrets, redact};
pub use route::{Intent, Privacy, Reason, Referral, Route, route};
pub use segment::split_joined;
pub use stem::light_stem;
