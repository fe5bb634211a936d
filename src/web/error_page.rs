//! The page that people see when something does not work: what happened, in both languages, and three ways on.

use super::i18n::{Lang, Words};
use super::layout::{Section, Shell};
use super::who::Reader;
use crate::ids::RequestId;
use crate::refusal::Refusal;
use askama::Template;
use axum::http::StatusCode;

/// An error page.
#[derive(Template)]
#[template(path = "error.html")]
pub(crate) struct ErrorPage {
    pub(crate) t: Words,
    pub(crate) shell: Shell,
    /// What happened, in a few words.
    pub(crate) title: String,
    /// What to do.
    pub(crate) text: String,
    /// The same in the other language: the reader may have come by somebody else's link.
    pub(crate) other_text: String,
    /// The request's number, for asking about it.
    pub(crate) number: String,
}

impl ErrorPage {
    /// The page for a refusal.
    pub(crate) fn new(status: StatusCode, refusal: &Refusal, number: RequestId, reader: &Reader) -> Self {
        let shell = Shell::new(reader, Section::Elsewhere);
        let t = shell.t;
        let (text, other_text) = match t.lang() {
            Lang::Ar => (refusal.ar.to_string(), refusal.en.to_string()),
            Lang::En => (refusal.en.to_string(), refusal.ar.to_string()),
        };
        Self { title: t.get(title_key(status)), text, other_text, number: number.to_string(), t, shell }
    }
}

fn title_key(status: StatusCode) -> &'static str {
    match status.as_u16() {
        401 => "error-title-401",
        403 => "error-title-403",
        404 => "error-title-404",
        409 | 412 => "error-title-409",
        410 => "error-title-410",
        413 => "error-title-413",
        422 => "error-title-422",
        429 => "error-title-429",
        503 | 507 => "error-title-503",
        500..=599 => "error-title-500",
        _ => "error-title-400",
    }
}
