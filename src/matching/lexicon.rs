//! What askers write and what the answers write: dialect, deaf usage and everyday names of services.
//!
//! The list is data with a version; the studio may later keep its own in the database. It widens the query and never
//! replaces a word of it (matching.md section 6.3).

use crate::text::{fold, fold_text, light_stem};
use std::collections::HashMap;

/// The list that ships with the program.
const SHIPPED: &str = include_str!("data/lexicon.tsv");

/// Forms and their expansions, ready to be looked up.
#[derive(Debug, Clone)]
pub struct Lexicon {
    version: u32,
    /// By the stem of the form's first word.
    forms: HashMap<String, Vec<Form>>,
}

#[derive(Debug, Clone)]
struct Form {
    words: Vec<String>,
    expansion: String,
}

/// A place in a question where a form of the lexicon stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expansion {
    /// Indexes of the question's words that the form covers.
    pub first_word: usize,
    pub words: usize,
    /// The wording of the answers.
    pub text: String,
}

/// A list that cannot be read; the line says where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LexiconError {
    #[error("the lexicon has no version line")]
    NoVersion,
    #[error("line {0} of the lexicon is not \"forms = expansion\"")]
    BadLine(usize),
}

impl Lexicon {
    /// Reads the list that ships with the program.
    pub fn shipped() -> Result<Lexicon, LexiconError> {
        Lexicon::read(SHIPPED)
    }

    /// The list that ships with the program as an editor sees it: without its version, with "=" between the parts.
    pub fn shipped_body() -> String {
        let lines = SHIPPED.lines().filter(|line| !line.starts_with("# version"));
        lines.map(|line| line.replacen('\t', " = ", 1)).collect::<Vec<_>>().join("\n")
    }

    /// Reads a list: a version line, then lines of forms separated by ";", a tab or "=", and the expansion. Lines that
    /// begin with "#" are remarks.
    pub fn read(text: &str) -> Result<Lexicon, LexiconError> {
        let version =
            text.lines().find_map(|line| line.strip_prefix("# version\t")).ok_or(LexiconError::NoVersion)?;
        let version = version.trim().parse().map_err(|_| LexiconError::NoVersion)?;
        let mut lexicon = Lexicon { version, forms: HashMap::new() };
        for (index, line) in
            text.lines().enumerate().filter(|(_, line)| !line.starts_with('#') && !line.is_empty())
        {
            let (forms, expansion) = line.split_once(['\t', '=']).ok_or(LexiconError::BadLine(index + 1))?;
            if fold_text(forms).trim().is_empty() || fold_text(expansion).trim().is_empty() {
                return Err(LexiconError::BadLine(index + 1));
            }
            forms.split([';', '؛']).for_each(|form| lexicon.add(form, expansion.trim()));
        }
        Ok(lexicon)
    }

    /// The version of the list, kept with every decision that used it.
    pub fn version(&self) -> u32 {
        self.version
    }

    fn add(&mut self, form: &str, expansion: &str) {
        let folded = fold_text(form);
        let words: Vec<String> = folded.split_whitespace().map(str::to_owned).collect();
        if let Some(first) = words.first() {
            let key = key(first).to_owned();
            self.forms.entry(key).or_default().push(Form { words, expansion: expansion.to_owned() });
        }
    }

    /// Finds the forms in a question. Where a long form stands, shorter ones inside it still count.
    pub fn expand(&self, question: &str) -> Vec<Expansion> {
        let folded = fold(question);
        let words: Vec<&str> = folded.words().map(|word| word.text).collect();
        let mut found = Vec::new();
        for first_word in 0..words.len() {
            for form in candidate_keys(words[first_word]).filter_map(|key| self.forms.get(key)).flatten() {
                let fits = form.words.len() <= words.len() - first_word
                    && form.words.iter().zip(&words[first_word..]).all(|(form, word)| is_same(form, word));
                let expansion =
                    Expansion { first_word, words: form.words.len(), text: form.expansion.clone() };
                if fits && !found.contains(&expansion) {
                    found.push(expansion);
                }
            }
        }
        found
    }
}

/// Stems of two letters are too common to mean the same word.
fn key(word: &str) -> &str {
    let stem = light_stem(word);
    if stem.chars().count() >= 3 { stem } else { word }
}

fn candidate_keys(word: &str) -> impl Iterator<Item = &str> {
    let stem = key(word);
    let bare = without_prefix(word);
    [Some(stem), (bare != stem).then_some(bare), (word != stem && word != bare).then_some(word)]
        .into_iter()
        .flatten()
}

fn without_prefix(word: &str) -> &str {
    ["وال", "بال", "فال", "ال", "لل", "و", "ب", "ل", "ف"]
        .iter()
        .find_map(|prefix| word.strip_prefix(prefix).filter(|rest| rest.chars().count() >= 3))
        .unwrap_or(word)
}

fn is_same(form: &str, word: &str) -> bool {
    form == word || form == without_prefix(word) || (key(form) == key(word) && key(form).chars().count() >= 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expansions(question: &str) -> Vec<String> {
        Lexicon::shipped().unwrap().expand(question).into_iter().map(|expansion| expansion.text).collect()
    }

    #[test]
    fn dialect_and_deaf_forms_lead_to_the_words_of_the_answers() {
        let table = [
            ("هويتي ضايعه", "فقدان مفقودة بدل فاقد ضاعت"),
            ("البطاقة وقعت مني ومش لاقيها", "فقدان مفقودة بدل فاقد ضاعت"),
            ("كرت العايله", "سجل الأسرة"),
            ("بالكرت العائلة", "الهوية الوطنية بطاقة"),
            ("جاني ولد امس", "تسجيل مولود"),
            ("نسيت الباسورد", "الرقم السري كلمة المرور"),
            ("وين اقرب فرع", "أقرب مكتب موقع"),
        ];
        for (question, expansion) in table {
            assert!(
                expansions(question).contains(&expansion.to_owned()),
                "{question}: {:?}",
                expansions(question)
            );
        }
        assert!(expansions("سؤال عن شيء مختلف تماما").is_empty());
    }

    #[test]
    fn a_form_says_which_words_it_covers() {
        let found = Lexicon::shipped().unwrap().expand("ابي كرت العايله");
        assert!(found.iter().any(|expansion| expansion.first_word == 1 && expansion.words == 2));
    }

    #[test]
    fn a_list_without_version_or_tab_is_refused() {
        assert_eq!(Lexicon::read("ا\tب").unwrap_err(), LexiconError::NoVersion);
        assert_eq!(Lexicon::read("# version\t2\nا ب").unwrap_err(), LexiconError::BadLine(2));
    }
}
