//! "No, because": a rule's answer to somebody, in both languages, with a stable code for programs.
//!
//! Features return a refusal inside `anyhow::Error` (see [`refuse`]); the web edge finds it there and answers with the
//! right status. Whatever is not a refusal is an internal error.

use serde_json::Value;
use std::borrow::Cow;

/// What sort of "no" it is; the web edge turns it into a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalKind {
    /// The request itself is wrong (400).
    Malformed,
    /// Nobody is signed in (401).
    SignIn,
    /// This person may not (403).
    Forbidden,
    /// There is no such thing, or not for this person (404).
    NotFound,
    /// There was such a thing (410).
    Gone,
    /// The thing is not in a state that allows this (409).
    Conflict,
    /// Somebody changed it in between (412).
    Stale,
    /// Too large (413).
    TooLarge,
    /// A type of file or body we do not take (415).
    Unsupported,
    /// The bytes do not fit their checksum (460, a status of the tus protocol).
    Altered,
    /// Understood, but the content breaks a rule (422).
    Invalid,
    /// This client asks too often (429).
    TooMany,
    /// We cannot at the moment (503).
    Unavailable,
    /// The disk is nearly full (507).
    NoSpace,
}

/// A rule said no.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// What sort of "no".
    pub kind: RefusalKind,
    /// Stable name such as `clip.not_ready`; the last part of the problem type.
    pub code: &'static str,
    /// What is wrong and what to do, in Arabic.
    pub ar: Cow<'static, str>,
    /// The same in English.
    pub en: Cow<'static, str>,
    /// The form field or JSON member it is about.
    pub field: Option<&'static str>,
    /// More for programs, for example the list of unmet guards.
    pub details: Option<Value>,
}

impl Refusal {
    /// A refusal with a sentence in each language.
    pub fn new(
        kind: RefusalKind,
        code: &'static str,
        ar: impl Into<Cow<'static, str>>,
        en: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { kind, code, ar: ar.into(), en: en.into(), field: None, details: None }
    }

    /// Content that breaks a rule, at a field.
    pub fn invalid(
        field: &'static str,
        code: &'static str,
        ar: impl Into<Cow<'static, str>>,
        en: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { field: Some(field), ..Self::new(RefusalKind::Invalid, code, ar, en) }
    }

    /// There is no such thing, or not for this person.
    pub fn not_found() -> Self {
        Self::new(
            RefusalKind::NotFound,
            "not_found",
            "لا يوجد شيء بهذا العنوان. تحقّق من الرابط.",
            "There is nothing at this address. Check the link.",
        )
    }

    /// Somebody changed it in between.
    pub fn stale() -> Self {
        let ar = "عدّل شخص آخر هذا قبلك. افتحه من جديد ثم أعد التعديل.";
        Self::new(
            RefusalKind::Stale,
            "stale",
            ar,
            "Somebody changed this before you. Open it again and repeat your change.",
        )
    }

    /// This person may not.
    pub fn forbidden() -> Self {
        let ar = "ليس لحسابك صلاحية لهذا.";
        Self::new(RefusalKind::Forbidden, "forbidden", ar, "Your account is not allowed to do this.")
    }

    /// Adds facts for programs.
    #[must_use]
    pub fn with_details(mut self, details: Value) -> Self {
        self.details = Some(details);
        self
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.en)
    }
}

impl std::error::Error for Refusal {}

/// Wraps a rule's "no" for functions that return `anyhow::Result`.
pub fn refuse(problem: impl Into<Refusal>) -> anyhow::Error {
    anyhow::Error::new(problem.into())
}
