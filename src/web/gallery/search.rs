//! Search: few words, any spelling; each hit says which caption matched and opens there.

use super::views::{ClipCard, Pages, TopicTile};
use crate::web::i18n::Words;
use crate::web::layout::Shell;
use askama::Template;

/// The search page, with or without a query.
#[derive(Template)]
#[template(path = "gallery/search.html")]
pub(crate) struct SearchPage {
    pub(crate) t: Words,
    pub(crate) shell: Shell,
    /// The query as typed; empty for a fresh page.
    pub(crate) query: String,
    /// What was found, best first.
    pub(crate) hits: Vec<ClipCard>,
    /// How many were found in all.
    pub(crate) total: u64,
    /// Narrow down by service.
    pub(crate) filters: Vec<FilterLink>,
    /// More hits.
    pub(crate) pages: Pages,
    /// Shown when nothing was found or asked.
    pub(crate) topics: Vec<TopicTile>,
}

/// One filter above the hits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FilterLink {
    /// The same search, filtered.
    pub(crate) href: String,
    /// The service's name with the number of hits.
    pub(crate) label: String,
    /// Whether it is the present one.
    pub(crate) current: bool,
}
