//! Asking: record in sign, upload, or write. Every way is a plain form; scripts add the camera and a resumable upload.

use super::safety::Warning;
use crate::uploads::Limits;
use crate::web::forms::FormErrors;
use crate::web::i18n::Words;
use crate::web::layout::{Shell, SignClip};
use crate::web::present::digits;
use askama::Template;

/// The page with the three ways to ask.
#[derive(Template)]
#[template(path = "gallery/ask.html")]
pub(crate) struct AskPage {
    pub(crate) t: Words,
    pub(crate) shell: Shell,
    /// What was wrong with what was sent.
    pub(crate) errors: FormErrors,
    /// What was typed before.
    pub(crate) draft: AskDraft,
    /// Limits of a citizen's video.
    pub(crate) limits: VideoLimits,
    /// The signed warning for somebody who writes a one-time code: a few seconds of it.
    pub(crate) safety: Option<SignClip>,
    /// The page of the whole warning; empty while there is none.
    pub(crate) safety_href: String,
}

/// What the form shows again after an error.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct AskDraft {
    /// The question.
    pub(crate) text: String,
    /// Where to send a note, if wanted.
    pub(crate) contact: String,
    /// Whether only women may answer.
    pub(crate) wants_woman: bool,
}

/// Limits of a citizen's video.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct VideoLimits {
    /// Megabytes of 1,000,000 bytes.
    pub(crate) megabytes: u64,
    /// Seconds.
    pub(crate) seconds: u64,
}

impl VideoLimits {
    /// The limits of what comes under a ticket.
    pub(crate) fn of(limits: &Limits) -> Self {
        Self { megabytes: limits.ticket_bytes / 1_000_000, seconds: limits.ticket_seconds.unsigned_abs() }
    }

    /// "حتى ٩٠ ثانية و٢٠٠ ميغابايت."
    pub(crate) fn words(self, t: Words) -> String {
        let seconds = digits(t.lang(), self.seconds);
        let size = digits(t.lang(), self.megabytes);
        t.with_two("ask-upload-limits", ("seconds", &seconds), ("size", &size))
    }
}

/// The page after a question was sent.
#[derive(Template)]
#[template(path = "gallery/ask_sent.html")]
pub(crate) struct AskSentPage {
    pub(crate) t: Words,
    pub(crate) shell: Shell,
    /// The short code.
    pub(crate) code: String,
    /// The asker's own page, absolute; ends in the secret.
    pub(crate) url: String,
    /// The same as an SVG path of a QR code, and the side of the square that it is drawn in.
    pub(crate) qr: Option<QrPath>,
    /// When an answer is to be expected, in words.
    pub(crate) expected: String,
    /// The question held a code or password.
    pub(crate) safety: Option<Warning>,
}

/// A QR code as one path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct QrPath {
    /// Modules along one side.
    pub(crate) side: usize,
    /// The `d` of the path: one unit square for each dark module.
    pub(crate) path: String,
}

impl QrPath {
    /// Encodes an address; `None` when it is too long for a QR code.
    pub(crate) fn of(address: &str) -> Option<Self> {
        let code = qrcode::QrCode::new(address).ok()?;
        let side = code.width();
        let dark = code.to_colors();
        let squares = dark.iter().enumerate().filter(|(_, colour)| **colour == qrcode::Color::Dark);
        let path = squares.map(|(at, _)| format!("M{} {}h1v1h-1z", at % side, at / side)).collect();
        Some(Self { side, path })
    }
}
