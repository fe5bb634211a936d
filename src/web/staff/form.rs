//! Forms of the staff pages as data: a list of fields that one template draws, so that every form has the same labels,
//! hints, errors and focus.

use crate::web::forms::{Choice, FormErrors};
use crate::web::i18n::Words;
use crate::web::layout::{StaffShell, Tone};
use askama::Template;

/// What the person fills in.
#[derive(Debug, Clone)]
pub(crate) enum Control {
    /// One line; `kind` is the type of the input.
    Line { kind: &'static str, value: String, autocomplete: &'static str },
    /// Several lines.
    Area { value: String },
    /// One of a list.
    Select { choices: Vec<Choice> },
    /// Yes or no; sent as `yes`.
    Check { checked: bool },
    /// Sent along unseen.
    Kept { value: String },
}

/// One field with its words.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) label: String,
    pub(crate) hint: String,
    pub(crate) control: Control,
}

impl Field {
    fn new(name: &'static str, label: String, control: Control) -> Self {
        Self { name, label, hint: String::new(), control }
    }

    /// One line of text.
    pub(crate) fn line(name: &'static str, label: String, value: impl Into<String>) -> Self {
        Self::typed("text", name, label, value, "off")
    }

    /// One line of another type, with what the browser may fill in.
    pub(crate) fn typed(
        kind: &'static str,
        name: &'static str,
        label: String,
        value: impl Into<String>,
        autocomplete: &'static str,
    ) -> Self {
        Self::new(name, label, Control::Line { kind, value: value.into(), autocomplete })
    }

    /// Several lines of text.
    pub(crate) fn area(name: &'static str, label: String, value: impl Into<String>) -> Self {
        Self::new(name, label, Control::Area { value: value.into() })
    }

    /// One of a list.
    pub(crate) fn select(name: &'static str, label: String, choices: Vec<Choice>) -> Self {
        Self::new(name, label, Control::Select { choices })
    }

    /// Yes or no.
    pub(crate) fn check(name: &'static str, label: String, checked: bool) -> Self {
        Self::new(name, label, Control::Check { checked })
    }

    /// Sent along unseen.
    pub(crate) fn kept(name: &'static str, value: impl Into<String>) -> Self {
        Self::new(name, String::new(), Control::Kept { value: value.into() })
    }

    /// Adds what helps to fill it in.
    pub(crate) fn hint(mut self, hint: String) -> Self {
        self.hint = hint;
        self
    }
}

/// The choices of a select; `chosen` is marked.
pub(crate) fn choices(
    all: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>,
    chosen: &str,
) -> Vec<Choice> {
    let choice = |(value, label): (_, _)| {
        let value: String = Into::into(value);
        Choice { chosen: value == chosen, value, label: Into::into(label) }
    };
    all.into_iter().map(choice).collect()
}

/// Whether a check box was ticked.
pub(crate) fn ticked(value: Option<&str>) -> bool {
    value == Some("yes")
}

/// A link with its words.
#[derive(Debug, Clone)]
pub(crate) struct Link {
    pub(crate) href: String,
    pub(crate) text: String,
}

impl Link {
    pub(crate) fn to(href: impl Into<String>, text: String) -> Self {
        Self { href: href.into(), text }
    }
}

/// Something said at the top of a page.
#[derive(Debug, Clone)]
pub(crate) struct Said {
    pub(crate) tone: Tone,
    pub(crate) text: String,
    pub(crate) more: String,
}

impl Said {
    pub(crate) fn new(tone: Tone, text: String) -> Self {
        Self { tone, text, more: String::new() }
    }
}

/// A second, smaller form below the first, or a single button.
#[derive(Debug, Clone)]
pub(crate) struct Extra {
    pub(crate) title: String,
    pub(crate) lead: String,
    pub(crate) action: String,
    pub(crate) fields: Vec<Field>,
    pub(crate) icon: &'static str,
    pub(crate) submit: String,
}

/// A page with one form.
#[derive(Template)]
#[template(path = "staff/form.html")]
pub(crate) struct FormPage {
    pub(crate) t: Words,
    pub(crate) shell: StaffShell,
    pub(crate) title: String,
    pub(crate) lead: String,
    pub(crate) back: Option<Link>,
    pub(crate) said: Option<Said>,
    pub(crate) errors: FormErrors,
    pub(crate) action: String,
    pub(crate) fields: Vec<Field>,
    pub(crate) submit: String,
    pub(crate) extras: Vec<Extra>,
}

impl FormPage {
    /// A page with nothing but its form.
    pub(crate) fn new(
        shell: StaffShell,
        title: String,
        action: impl Into<String>,
        fields: Vec<Field>,
    ) -> Self {
        let t = shell.t;
        Self {
            t,
            shell,
            title,
            lead: String::new(),
            back: None,
            said: None,
            errors: FormErrors::none(),
            action: action.into(),
            fields,
            submit: t.get("staff-save"),
            extras: Vec::new(),
        }
    }
}
