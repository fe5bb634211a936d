//! What every page stands in: the public shell and the staff shell, and the parts that both share.

use super::AppError;
use super::i18n::{Lang, Words};
use super::who::Reader;
use crate::people::{Permission, Role};
use anyhow::Context as _;
use askama::Template;
use axum::http::{HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Answers with a page. Pages are private to the reader: they hold the choice of language, and staff pages more.
pub fn page<T: Template>(template: &T) -> Result<Response, AppError> {
    let html = template.render().context("rendering a page")?;
    let private = [(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"))];
    Ok((private, Html(html)).into_response())
}

/// The colours that the reader chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Look {
    /// Whatever the device says.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
    /// High contrast.
    Contrast,
}

impl Look {
    /// All of them, in the order of the menu.
    pub const ALL: [Self; 4] = [Self::System, Self::Light, Self::Dark, Self::Contrast];

    /// The word of the `theme` cookie and of `<html data-theme>`.
    pub fn word(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
            Self::Contrast => "contrast",
        }
    }

    /// Reads the word of the cookie; `None` for any other word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|look| look.word() == word)
    }

    /// The name in the menu.
    pub fn label(self) -> &'static str {
        match self {
            Self::System => "appearance-system",
            Self::Light => "appearance-light",
            Self::Dark => "appearance-dark",
            Self::Contrast => "appearance-contrast",
        }
    }
}

/// The digits of Arabic pages; English pages always have `0`…`9`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum DigitShape {
    /// `٠١٢`.
    #[default]
    Arabic,
    /// `012`.
    Latin,
}

impl DigitShape {
    /// Both, in the order of the menu.
    pub const ALL: [Self; 2] = [Self::Arabic, Self::Latin];

    /// The word of the `digits` cookie and of `<html data-digits>`; the numbering systems of Unicode.
    pub fn word(self) -> &'static str {
        match self {
            Self::Arabic => "arab",
            Self::Latin => "latn",
        }
    }

    /// Reads the word of the cookie; `None` for any other word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|shape| shape.word() == word)
    }

    /// The name in the menu: a picture of it, written so that the choice itself does not change it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Arabic => "digits-arabic",
            Self::Latin => "digits-latin",
        }
    }
}

/// How a notice or chip feels; each has its colour and its icon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// For information.
    Info,
    /// It worked.
    Ok,
    /// Look here.
    Warn,
    /// It did not work.
    Bad,
}

impl Tone {
    /// The ending of the CSS class.
    pub fn class(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Bad => "bad",
        }
    }

    /// The icon that goes with it, so that colour is never alone.
    pub fn icon(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Ok => "check",
            Self::Warn => "warning",
            Self::Bad => "close",
        }
    }
}

/// A signed clip of a few seconds that says the same as a piece of page text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignClip {
    /// The address of the video.
    pub video: String,
    /// The address of its still picture.
    pub poster: String,
    /// The language of the signing, for `<video lang>`: `sdl`, `ase`, …
    pub language: String,
}

/// Where in the public site a page is, for the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// The home page.
    Home,
    /// Search, services, clips.
    Answers,
    /// The asker's pages.
    MyQuestion,
    /// None of the links: asking, privacy, errors.
    Elsewhere,
}

/// The parts of a public page that do not depend on its content.
#[derive(Debug, Clone)]
pub struct Shell {
    /// The words of the reader's language.
    pub t: Words,
    /// The reader's colours.
    pub look: Look,
    /// The reader's digits.
    pub digits: DigitShape,
    /// The link to mark in the navigation.
    pub here: Section,
    /// Path and query of this page without the language, for the switch and the display menu.
    pub address: String,
    /// A sentence to show once, after a form was sent.
    pub notice: Option<String>,
    /// Whether sample clips are in the library and need their attribution.
    pub sample: bool,
    /// The signed twins of page sentences, by the sentence's key.
    pub signs: Arc<BTreeMap<&'static str, SignClip>>,
}

impl Shell {
    /// The shell of a page in `here` for this reader, without signed twins and sample attribution.
    pub fn new(reader: &Reader, here: Section) -> Self {
        Self {
            t: Words::of(reader.lang),
            look: reader.look,
            digits: reader.digits,
            here,
            address: reader.address.clone(),
            notice: reader.notice.clone(),
            sample: false,
            signs: Arc::default(),
        }
    }

    /// The signed twin of the sentence named `key`.
    pub fn sign(&self, key: &str) -> Option<&SignClip> {
        self.signs.get(key)
    }

    /// This page in the other language.
    pub fn switch_href(&self) -> String {
        switch_href(&self.address, self.t.lang().other())
    }
}

/// Where in the staff house a page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StaffSection {
    /// Questions.
    Desk,
    /// Clips.
    Studio,
    /// Background work.
    Jobs,
    /// Accounts, departments, services, signers.
    Admin,
    /// The audit chain.
    Audit,
    /// The own account.
    Account,
}

/// A link of the staff bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StaffLink {
    /// The section it opens.
    pub section: StaffSection,
    /// Its address.
    pub href: &'static str,
    /// Its icon.
    pub icon: &'static str,
    /// Its words.
    pub key: &'static str,
}

const STAFF_LINKS: [(Permission, StaffLink); 5] = [
    (Permission::ViewDesk, link(StaffSection::Desk, "/desk", "inbox", "staff-desk")),
    (Permission::ViewStudio, link(StaffSection::Studio, "/studio", "film", "staff-studio")),
    (Permission::ViewJobs, link(StaffSection::Jobs, "/jobs", "tasks", "staff-jobs")),
    (Permission::Administer, link(StaffSection::Admin, "/admin", "settings", "staff-admin")),
    (Permission::ViewAudit, link(StaffSection::Audit, "/audit", "document", "staff-audit")),
];

const fn link(section: StaffSection, href: &'static str, icon: &'static str, key: &'static str) -> StaffLink {
    StaffLink { section, href, icon, key }
}

/// The parts of a staff page that do not depend on its content.
#[derive(Debug, Clone)]
pub struct StaffShell {
    /// The words of the reader's language.
    pub t: Words,
    /// The reader's colours.
    pub look: Look,
    /// The reader's digits.
    pub digits: DigitShape,
    /// The link to mark in the bar.
    pub here: StaffSection,
    /// Path and query of this page without the language.
    pub address: String,
    /// A sentence to show once, after a form was sent.
    pub notice: Option<String>,
    /// Whether sample clips are in the library and need their attribution.
    pub sample: bool,
    /// The links that this role may follow.
    pub links: Vec<StaffLink>,
    /// Who is signed in.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// Late questions that were handed up to this person, for the bar.
    pub handed_up: i64,
}

impl StaffShell {
    /// The shell of a page in `here` for a signed-in person.
    pub fn new(reader: &Reader, name: &str, role: Role, here: StaffSection) -> Self {
        let links = STAFF_LINKS.iter().filter(|(needed, _)| role.may(*needed)).map(|(_, link)| *link);
        Self {
            t: Words::of(reader.lang),
            look: reader.look,
            digits: reader.digits,
            here,
            address: reader.address.clone(),
            notice: reader.notice.clone(),
            sample: false,
            links: links.collect(),
            name: name.to_owned(),
            role,
            handed_up: 0,
        }
    }

    /// Whether the bar counts late questions beside a link: at the desk's, once there are any.
    pub fn counts_late_at(&self, link: &StaffLink) -> bool {
        self.handed_up > 0 && link.section == StaffSection::Desk
    }

    /// The first letter of the name, for the round badge.
    pub fn initial(&self) -> String {
        self.name.chars().next().map(String::from).unwrap_or_default()
    }

    /// The role in words.
    pub fn role_words(&self) -> String {
        self.t.get(role_key(self.role))
    }

    /// This page in the other language.
    pub fn switch_href(&self) -> String {
        switch_href(&self.address, self.t.lang().other())
    }
}

/// The key of a role's name.
pub fn role_key(role: Role) -> &'static str {
    match role {
        Role::Producer => "role-producer",
        Role::LinguisticReviewer => "role-linguistic-reviewer",
        Role::DepartmentReviewer => "role-department-reviewer",
        Role::Agent => "role-agent",
        Role::Supervisor => "role-supervisor",
        Role::Administrator => "role-administrator",
        Role::Auditor => "role-auditor",
    }
}

fn switch_href(address: &str, lang: Lang) -> String {
    let joint = if address.contains('?') { '&' } else { '?' };
    format!("{address}{joint}lang={}", lang.code())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_switch_keeps_the_page_and_its_query() {
        assert_eq!(switch_href("/ask", Lang::En), "/ask?lang=en");
        assert_eq!(switch_href("/search?q=%D8%A3", Lang::Ar), "/search?q=%D8%A3&lang=ar");
    }

    #[derive(Template)]
    #[template(
        source = r#"{% extends "staff.html" %}{% block title %}x{% endblock %}{% block main %}<h1>{{ t.get("staff-desk") }}</h1>{% endblock %}"#,
        ext = "html"
    )]
    struct Bare {
        t: Words,
        shell: StaffShell,
    }

    #[test]
    fn a_staff_page_names_the_person_and_offers_to_sign_out() {
        let shell = StaffShell::new(&Reader::default(), "هند العتيبي", Role::Agent, StaffSection::Desk);
        let html = Bare { t: shell.t, shell }.render().unwrap();
        for part in ["هند العتيبي", "موظف الردّ", r#"action="/logout""#, r#"href="/desk" aria-current="page""#]
        {
            assert!(html.contains(part), "{part} is missing");
        }
    }

    #[test]
    fn the_staff_bar_shows_only_what_the_role_may_see() {
        let hrefs = |role| {
            let shell = StaffShell::new(&Reader::default(), "هند", role, StaffSection::Desk);
            shell.links.iter().map(|link| link.href).collect::<Vec<_>>()
        };
        assert_eq!(hrefs(Role::LinguisticReviewer), ["/studio"]);
        assert_eq!(hrefs(Role::Agent), ["/desk", "/studio"]);
        assert_eq!(hrefs(Role::Administrator), ["/desk", "/studio", "/jobs", "/admin", "/audit"]);
    }
}
