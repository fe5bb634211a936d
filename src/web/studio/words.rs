//! States of clips in words, with their colour and icon.

use crate::catalog::{ClipKind, MediaState, VersionState};
use crate::web::i18n::Words;
use crate::web::present::{percent, span};
use crate::web::staff::table::Chip;

/// Where a version stands.
pub(super) fn state_chip(t: Words, state: VersionState) -> Chip {
    use VersionState as S;
    let (tone, icon, key) = match state {
        S::Draft => ("plain", "pencil", "version-draft"),
        S::Processing => ("info", "clock", "version-processing"),
        S::Failed => ("bad", "close", "version-failed"),
        S::Ready => ("ok", "check", "version-ready"),
        S::InReview => ("info", "clock", "version-in-review"),
        S::ChangesRequested => ("warn", "warning", "version-changes-requested"),
        S::Approved => ("ok", "check", "version-approved"),
        S::Scheduled => ("toot", "calendar", "version-scheduled"),
        S::Published => ("ok", "check", "version-published"),
        S::NeedsReview => ("warn", "warning", "version-needs-review"),
        S::Superseded => ("plain", "answers", "version-superseded"),
        S::Withdrawn => ("plain", "stop", "version-withdrawn"),
    };
    Chip::new(tone, icon, t.get(key))
}

/// How far the processing has come, as one sentence.
pub(super) fn media_words(t: Words, state: MediaState, progress: i64, eta_ms: Option<i64>) -> String {
    match state {
        MediaState::Waiting => t.get("media-waiting"),
        MediaState::Probing => match eta_ms.filter(|ms| *ms >= 60_000) {
            Some(ms) => t.with("media-probing-eta", "span", span(t, ms)),
            None => t.get("media-probing"),
        },
        MediaState::Refused => t.get("media-refused"),
        MediaState::Ready => t.get("media-ready"),
        MediaState::Failed => t.get("media-failed"),
        MediaState::Cancelled => t.get("media-cancelled"),
        MediaState::Transcoding => {
            let share = percent(t.lang(), progress as f64 / 1000.0);
            match eta_ms {
                Some(ms) if ms >= 60_000 => {
                    t.with_two("media-transcoding-eta", ("percent", &share), ("span", &span(t, ms)))
                }
                Some(_) => t.with("media-transcoding-soon", "percent", share),
                None => t.with("media-transcoding", "percent", share),
            }
        }
    }
}

/// Whether the media of a version is on its way.
pub(super) fn is_working(state: VersionState, media: MediaState) -> bool {
    state == VersionState::Processing
        && matches!(media, MediaState::Waiting | MediaState::Probing | MediaState::Transcoding)
}

/// A kind in the language of the page.
pub(super) fn kind_name(t: Words, kind: ClipKind) -> &'static str {
    t.lang().pick(kind.name_ar(), kind.name_en())
}
