//! Lists of the staff pages as data: one template draws every table, its filters, its empty state and its buttons.

use super::form::{Extra, Link, Said};
use crate::web::forms::FormErrors;
use crate::web::i18n::Words;
use crate::web::layout::StaffShell;
use askama::Template;

/// A state in a word, with its colour and icon.
#[derive(Debug, Clone)]
pub(crate) struct Chip {
    pub(crate) tone: &'static str,
    pub(crate) icon: &'static str,
    pub(crate) text: String,
}

impl Chip {
    pub(crate) fn new(tone: &'static str, icon: &'static str, text: String) -> Self {
        Self { tone, icon, text }
    }

    /// Whether something is in use.
    pub(crate) fn active(t: Words, active: bool) -> Self {
        if active {
            Self::new("ok", "check", t.get("admin-active"))
        } else {
            Self::new("warn", "stop", t.get("admin-inactive"))
        }
    }
}

/// One field of a row.
#[derive(Debug, Clone)]
pub(crate) enum Cell {
    /// Words.
    Text(String),
    /// A code, id or file name, always left to right.
    Code(String),
    /// A state.
    Chip(Chip),
    /// How far something has come, in thousandths.
    Progress { label: String, value: i64 },
    /// Words, and smaller ones below.
    Pair(String, String),
}

/// What can be done with a row.
#[derive(Debug, Clone)]
pub(crate) enum Deed {
    /// Opens its page.
    Open { href: String, text: String },
    /// Changes it.
    Post { action: String, icon: &'static str, text: String },
}

/// One row.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    /// Names the row in its buttons, for people who do not see the table.
    pub(crate) name: String,
    pub(crate) cells: Vec<Cell>,
    pub(crate) deeds: Vec<Deed>,
}

/// A link that narrows the list.
#[derive(Debug, Clone)]
pub(crate) struct Filter {
    pub(crate) href: String,
    pub(crate) text: String,
    pub(crate) current: bool,
}

/// A field that finds rows.
#[derive(Debug, Clone)]
pub(crate) struct Find {
    pub(crate) action: &'static str,
    pub(crate) name: &'static str,
    pub(crate) label: String,
    pub(crate) hint: String,
    pub(crate) value: String,
    pub(crate) submit: String,
    pub(crate) reset: Option<Link>,
}

/// A page with one table.
#[derive(Template)]
#[template(path = "staff/table.html")]
pub(crate) struct TablePage {
    pub(crate) t: Words,
    pub(crate) shell: StaffShell,
    pub(crate) title: String,
    pub(crate) lead: String,
    pub(crate) tabs: Vec<Filter>,
    pub(crate) said: Option<Said>,
    pub(crate) add: Option<Link>,
    pub(crate) filters: Vec<Filter>,
    pub(crate) filters_label: String,
    pub(crate) find: Option<Find>,
    pub(crate) errors: FormErrors,
    pub(crate) heads: Vec<String>,
    pub(crate) rows: Vec<Row>,
    pub(crate) has_deeds: bool,
    pub(crate) empty: (String, String),
    pub(crate) more: Option<Link>,
    pub(crate) below: Option<Extra>,
}

impl TablePage {
    /// A table without filters and buttons.
    pub(crate) fn new(shell: StaffShell, title: String, heads: Vec<String>, rows: Vec<Row>) -> Self {
        let t = shell.t;
        Self {
            t,
            shell,
            title,
            lead: String::new(),
            tabs: Vec::new(),
            said: None,
            add: None,
            filters: Vec::new(),
            filters_label: String::new(),
            find: None,
            errors: FormErrors::none(),
            has_deeds: rows.iter().any(|row| !row.deeds.is_empty()),
            heads,
            rows,
            empty: (String::new(), String::new()),
            more: None,
            below: None,
        }
    }
}
