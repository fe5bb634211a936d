//! What forms show again when something was wrong with them.

use crate::refusal::Refusal;
use crate::web::i18n::Lang;

/// One thing that is wrong with a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The name and id of the field; empty when it is about the whole form.
    pub field: String,
    /// What is wrong and what to do.
    pub text: String,
}

/// Everything that is wrong with a form; empty for a fresh one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FormErrors(Vec<FieldError>);

impl FormErrors {
    /// No errors.
    pub fn none() -> Self {
        Self::default()
    }

    /// Adds an error of a field; an empty field name means the whole form.
    pub fn add(&mut self, field: &str, text: impl Into<String>) {
        self.0.push(FieldError { field: field.to_owned(), text: text.into() });
    }

    /// What a rule said, beside the field that it named.
    pub fn of_refusal(refusal: &Refusal, lang: Lang) -> Self {
        let mut errors = Self::none();
        errors.add(refusal.field.unwrap_or_default(), lang.pick(&refusal.ar, &refusal.en));
        errors
    }

    /// The first error of a field.
    pub fn of(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|error| error.field == field).map(|error| error.text.as_str())
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The errors in the order of the form.
    pub fn iter(&self) -> impl Iterator<Item = &FieldError> {
        self.0.iter()
    }
}

/// One option of a select.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is shown.
    pub label: String,
    /// Whether it is the present one.
    pub chosen: bool,
}
