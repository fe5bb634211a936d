//! The home page: topics, newest answers, one warning, three ways to ask.

use super::views::{ClipCard, TopicTile};
use crate::web::i18n::Words;
use crate::web::layout::{Shell, SignClip};
use askama::Template;

/// The home page.
#[derive(Template)]
#[template(path = "gallery/home.html")]
pub(crate) struct HomePage {
    pub(crate) t: Words,
    pub(crate) shell: Shell,
    /// The newest answer, playing beside the heading: its clip, page and title.
    pub(crate) lead: Option<(SignClip, String, String)>,
    /// How people fare with their questions; figures of everybody together, never of one.
    pub(crate) promise: Promise,
    /// At most eight.
    pub(crate) topics: Vec<TopicTile>,
    /// The newest answers.
    pub(crate) newest: Vec<ClipCard>,
    /// The newest awareness clips.
    pub(crate) aware: Vec<ClipCard>,
    /// One awareness clip to show large.
    pub(crate) awareness: Option<Awareness>,
}

/// The figures under the welcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Promise {
    /// Half of the questions are answered within; `None` before there are enough to say.
    pub(crate) median_answer: Option<String>,
    /// Questions that wait for an answer now.
    pub(crate) waiting: u64,
}

/// An awareness clip on the home page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Awareness {
    /// The clip's page.
    pub(crate) href: String,
    /// Its title.
    pub(crate) title: String,
    /// One or two sentences.
    pub(crate) text: String,
    /// Its still picture; may be empty.
    pub(crate) poster: String,
}
