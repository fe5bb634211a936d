//! In and out points in the editor.

use super::editor::{Loaded, parse, settle};
use crate::catalog::{self, By, MediaState};
use crate::people::Permission;
use crate::web::AppError;
use crate::web::i18n::Words;
use crate::web::player::seconds;
use crate::web::present::duration;
use crate::web::staff::Visit;
use axum::extract::{Form, Path};
use axum::response::Response;
use media::{ProbeReport, Trim};
use serde::Deserialize;

/// The form under the player.
pub(super) struct TrimView {
    /// Seconds, as the fields hold them.
    pub(super) from: String,
    pub(super) to: String,
    pub(super) length: String,
    /// What the checks suggest, in words.
    pub(super) offer: Option<String>,
    /// A cut is the likely next step.
    pub(super) is_open: bool,
    /// The video is a part of its original now.
    pub(super) is_cut: bool,
}

/// Nothing while there is no video to cut, or for people who do not produce.
pub(super) fn trim_view(visit: &Visit, t: Words, loaded: &Loaded) -> Option<TrimView> {
    let version = &loaded.version;
    let usable = visit.may(Permission::Produce) && !loaded.clip.kind.is_still();
    let length_ms = catalog::length_to_cut(version).filter(|_| usable)?;
    let length_ms = i64::try_from(length_ms).unwrap_or(i64::MAX);
    let is_refused = version.media.state == MediaState::Refused;
    let offer = offered(&version.media.probe).filter(|_| version.trim.is_none() || is_refused);
    let shown = |ms: u64| i64::try_from(ms).unwrap_or(0);
    let part = offer.map_or((0, length_ms), |cut| (shown(cut.from_ms), shown(cut.to_ms).min(length_ms)));
    let words = |cut: Trim| {
        let (from, to) = (duration(t.lang(), shown(cut.from_ms)), duration(t.lang(), shown(cut.to_ms)));
        t.with_two("edit-trim-offer", ("from", &from), ("to", &to))
    };
    Some(TrimView {
        from: seconds(part.0),
        to: seconds(part.1),
        length: seconds(length_ms),
        is_open: offer.is_some() || is_refused,
        offer: offer.map(words),
        is_cut: version.trim.is_some(),
    })
}

/// The part that the checks suggest to keep.
pub(super) fn offered(probe: &str) -> Option<Trim> {
    serde_json::from_str::<ProbeReport>(probe).ok()?.trim
}

/// Seconds as a browser sends them; an empty form takes the whole original.
#[derive(Debug, Deserialize)]
pub(super) struct TrimForm {
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
}

impl TrimForm {
    fn wanted(&self) -> Option<Trim> {
        let ms = |text: &str| {
            let seconds: f64 = text.trim().parse().ok()?;
            (seconds.is_finite() && (0.0..=86_400.0).contains(&seconds))
                .then_some((seconds * 1000.0).round() as u64)
        };
        Some(Trim { from_ms: ms(&self.from)?, to_ms: ms(&self.to)? })
    }
}

/// `POST /studio/clips/{id}/trim`.
pub(super) async fn cut(
    visit: Visit,
    Path(id): Path<String>,
    Form(form): Form<TrimForm>,
) -> Result<Response, AppError> {
    visit.require(Permission::Produce)?;
    let id = parse(&id)?;
    // Fields that hold no time are an impossible cut, which the rule refuses with a sentence.
    let nowhere = Trim { from_ms: 0, to_ms: 0 };
    let is_whole = form.from.is_empty() && form.to.is_empty();
    let wanted = (!is_whole).then(|| form.wanted().unwrap_or(nowhere));
    let mut tx = visit.app.db.begin().await?;
    let by = By::Staff(&visit.caller.staff);
    let outcome = catalog::trim_video(&mut tx, by, id, None, wanted).await;
    settle(&visit, id, tx, outcome, "", "notice-edit-trimmed").await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_become_milliseconds_and_nonsense_becomes_nothing() {
        let form = |from: &str, to: &str| TrimForm { from: from.into(), to: to.into() }.wanted();
        assert_eq!(form("1.5", "9"), Some(Trim { from_ms: 1_500, to_ms: 9_000 }));
        assert_eq!(form("NaN", "9"), None);
        assert_eq!(form("", "9"), None);
        assert_eq!(form("-1", "9"), None);
    }
}
