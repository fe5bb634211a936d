//! The answers of a topic or of one service.

use super::views::{ClipCard, NextAction, Pages, ServiceLink, Steps};
use crate::web::i18n::Words;
use crate::web::layout::{Shell, SignClip};
use askama::Template;

/// A topic's or a service's page.
#[derive(Template)]
#[template(path = "gallery/service.html")]
pub(crate) struct ServicePage {
    pub(crate) t: Words,
    pub(crate) shell: Shell,
    /// The name of the topic or service.
    pub(crate) title: String,
    /// Its icon.
    pub(crate) icon: &'static str,
    /// Its name in sign.
    pub(crate) sign: Option<SignClip>,
    /// The topic above a service: address and name.
    pub(crate) topic: Option<(String, String)>,
    /// The services of a topic.
    pub(crate) services: Vec<ServiceLink>,
    /// Where a service is kept on the device for use without a network; none for a topic.
    pub(crate) keep: Option<String>,
    /// What comes after the answers of a service.
    pub(crate) actions: Vec<NextAction>,
    /// The errands of a service, each in the order of its steps; on the first page only.
    pub(crate) series: Vec<Steps>,
    /// The other answers, newest first.
    pub(crate) clips: Vec<ClipCard>,
    /// More answers.
    pub(crate) pages: Pages,
}
