//! A clip's page: the signing first, then the short answer, the full text, and where it comes from.

use super::outside::Outside;
use super::views::{ClipCard, NextAction, Steps};
use crate::web::i18n::Words;
use crate::web::layout::Shell;
use crate::web::player::Player;
use crate::web::present::DateText;
use askama::Template;

/// A published clip.
#[derive(Template)]
#[template(path = "gallery/clip.html")]
pub(crate) struct ClipPage {
    pub(crate) t: Words,
    pub(crate) shell: Shell,
    /// The question as the asker would say it.
    pub(crate) title: String,
    /// The clip's own part of addresses.
    pub(crate) slug: String,
    /// The video.
    pub(crate) player: Player,
    /// Its service: address and name.
    pub(crate) service: Option<(String, String)>,
    /// The short answer: at most three sentences where it went through our review.
    pub(crate) sentences: Vec<String>,
    /// What changed about it; stands before the answer.
    pub(crate) news: Vec<News>,
    /// The errand that it is a step of.
    pub(crate) series: Option<Steps>,
    /// What to do next.
    pub(crate) actions: Vec<NextAction>,
    /// Where it comes from.
    pub(crate) facts: ClipFacts,
    /// Other answers of the same service.
    pub(crate) related: Vec<ClipCard>,
    /// What it says to machines.
    pub(crate) outside: Outside,
    /// The small still picture, kept with a saved clip; may be empty.
    pub(crate) card_poster: String,
    /// The largest file, for keeping: address and size in words.
    pub(crate) download: Option<(String, String)>,
}

/// Something that a reader must know about this answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct News {
    /// What happened.
    pub(crate) title: String,
    /// What it means.
    pub(crate) text: String,
}

/// Why a clip can be trusted; empty texts are left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ClipFacts {
    /// What it costs, or where to see it.
    pub(crate) fees: String,
    /// Until when, or how long it takes.
    pub(crate) deadline: String,
    /// Since when fees and deadline are known to be right: "صحيحة بتاريخ …".
    pub(crate) as_of: String,
    /// Who signs in it.
    pub(crate) signer: String,
    /// The department that approved it.
    pub(crate) owner: String,
    /// When it was published.
    pub(crate) published: Option<DateText>,
    /// When it is checked again at the latest.
    pub(crate) review_by: Option<DateText>,
    /// The sign language in words.
    pub(crate) sign_language: String,
    /// Both lanes approved it; a sample that was only loaded says so instead.
    pub(crate) approval: Approval,
}

/// How a clip came to be public.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Approval {
    /// A deaf reviewer and the department agreed.
    #[default]
    Reviewed,
    /// Loaded under an administrator's waiver, such as the samples.
    Waived,
}
