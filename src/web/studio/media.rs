//! The video of a version: player, progress, checks, poster, another try.

use super::editor::{Loaded, parse, settle};
use super::words::{is_working, media_words};
use crate::catalog::{self, By, MediaState, media_url};
use crate::people::Permission;
use crate::web::AppError;
use crate::web::i18n::Words;
use crate::web::preferences::see_other;
use crate::web::present::{decimal, digits, duration};
use crate::web::staff::Visit;
use axum::extract::{Form, Path};
use axum::response::Response;
use serde::Deserialize;

/// The largest short side that the editor plays: enough to see the hands, quick to load.
const PREVIEW_SHORT_SIDE: i64 = 720;

/// The video part of the page.
pub(super) struct MediaView {
    pub(super) video: Option<String>,
    pub(super) graphic: Option<String>,
    pub(super) alt: String,
    pub(super) poster: Option<String>,
    pub(super) track: Option<String>,
    pub(super) language: String,
    pub(super) fps_plain: String,
    pub(super) working: bool,
    pub(super) version: String,
    pub(super) progress: i64,
    pub(super) said: String,
    pub(super) may_cancel: bool,
    pub(super) problem: Option<(String, String)>,
    pub(super) may_retry: bool,
    pub(super) may_upload: bool,
    pub(super) facts: Vec<(String, String)>,
}

/// A moment that may be the poster.
pub(super) struct Poster {
    pub(super) n: i64,
    pub(super) url: String,
    pub(super) chosen: bool,
    pub(super) words: String,
}

/// The player and everything around it.
pub(super) fn media_view(visit: &Visit, t: Words, loaded: &Loaded) -> MediaView {
    let version = &loaded.version;
    let media = &version.media;
    let still = |role: &str| loaded.stills.iter().find(|still| still.role == role && still.n == 0);
    let preview = loaded
        .sizes
        .iter()
        .rfind(|size| size.width.min(size.height) <= PREVIEW_SHORT_SIDE)
        .or(loaded.sizes.first());
    let poster = still("poster").map(|still| media_url(still.storage_key));
    let is_still = loaded.clip.kind.is_still();
    let graphic = still("graphic").map(|still| media_url(still.storage_key)).or_else(|| poster.clone());
    let produces = visit.may(Permission::Produce);
    let working = is_working(version.state, media.state);
    let stopped = matches!(media.state, MediaState::Refused | MediaState::Failed | MediaState::Cancelled);
    let href = format!("/studio/clips/{}", loaded.clip.id);
    MediaView {
        video: preview.filter(|_| !is_still).map(|size| media_url(size.storage_key)),
        graphic: graphic.filter(|_| is_still),
        alt: if loaded.text.alt_ar.is_empty() {
            loaded.text.title_ar.clone()
        } else {
            loaded.text.alt_ar.clone()
        },
        poster,
        track: loaded.track.as_ref().map(|_| format!("{href}/captions/ar.vtt")),
        language: loaded.text.sign_language.clone(),
        fps_plain: format!("{:.3}", media.fps_milli.map_or(30.0, |milli| milli as f64 / 1_000.0)),
        working,
        version: version.id.to_string(),
        progress: media.progress,
        said: media_words(t, media.state, media.progress, media.eta_ms),
        may_cancel: working && produces,
        problem: problem(t, loaded),
        may_retry: stopped && produces && version.original_key.is_some(),
        may_upload: produces,
        facts: facts(t, loaded),
    }
}

fn problem(t: Words, loaded: &Loaded) -> Option<(String, String)> {
    let media = &loaded.version.media;
    let error = media.error.as_ref()?;
    let title = media_words(t, media.state, media.progress, None);
    Some((title, t.lang().pick(&error.message_ar, &error.message_en).to_owned()))
}

fn facts(t: Words, loaded: &Loaded) -> Vec<(String, String)> {
    let media = &loaded.version.media;
    let lang = t.lang();
    let mut facts = Vec::new();
    if let Some(ms) = media.duration_ms {
        facts.push((t.get("edit-facts-duration"), duration(lang, ms)));
    }
    if let (Some(width), Some(height)) = (media.width, media.height) {
        facts.push((t.get("edit-facts-size"), digits(lang, format!("{width}×{height}"))));
    }
    if let Some(milli) = media.fps_milli {
        facts.push((t.get("edit-facts-fps"), decimal(lang, milli as f64 / 1_000.0, 2)));
    }
    if media.state == MediaState::Ready && !loaded.clip.kind.is_still() {
        let key = if media.has_audio { "edit-sound-some" } else { "edit-sound-none" };
        facts.push((t.get("edit-facts-sound"), t.get(key)));
    }
    facts
}

/// The posters that can be chosen; nothing when there is only one.
pub(super) fn posters(visit: &Visit, t: Words, loaded: &Loaded) -> Vec<Poster> {
    let candidates: Vec<_> = loaded.stills.iter().filter(|still| still.role == "poster_candidate").collect();
    let Some(present) = loaded.stills.iter().find(|still| still.role == "poster" && still.n == 0) else {
        return Vec::new();
    };
    if candidates.is_empty() || !visit.may(Permission::Produce) {
        return Vec::new();
    }
    let others = candidates.iter().filter(|still| still.storage_key != present.storage_key);
    let mut list: Vec<(i64, bool, String)> = vec![(-1, true, media_url(present.storage_key))];
    list.extend(others.map(|still| (still.n, false, media_url(still.storage_key))));
    let poster = |(at, (n, chosen, url)): (usize, (i64, bool, String))| Poster {
        n,
        url,
        chosen,
        words: t.with("edit-poster-n", "n", digits(t.lang(), at + 1)),
    };
    list.into_iter().enumerate().map(poster).collect()
}

/// `POST /studio/clips/{id}/processing`: another try.
pub(super) async fn retry(visit: Visit, Path(id): Path<String>) -> Result<Response, AppError> {
    visit.require(Permission::Produce)?;
    let id = parse(&id)?;
    let mut tx = visit.app.db.begin().await?;
    let outcome = catalog::retry_media(&mut tx, By::Staff(&visit.caller.staff), id).await;
    settle(&visit, id, tx, outcome, "", "notice-edit-retried").await
}

/// `POST /studio/clips/{id}/cancellation`: stops the processing.
pub(super) async fn cancel(visit: Visit, Path(id): Path<String>) -> Result<Response, AppError> {
    visit.require(Permission::Produce)?;
    let id = parse(&id)?;
    let mut tx = visit.app.db.begin().await?;
    let outcome = catalog::cancel_media(&mut tx, By::Staff(&visit.caller.staff), id).await;
    settle(&visit, id, tx, outcome, "", "notice-edit-cancelled").await
}

/// Which picture was chosen; -1 is the present one.
#[derive(Debug, Deserialize)]
pub(super) struct PosterForm {
    #[serde(default = "present")]
    n: i64,
}

fn present() -> i64 {
    -1
}

/// `POST /studio/clips/{id}/poster`.
pub(super) async fn choose_poster(
    visit: Visit,
    Path(id): Path<String>,
    Form(form): Form<PosterForm>,
) -> Result<Response, AppError> {
    visit.require(Permission::Produce)?;
    let id = parse(&id)?;
    let back = format!("/studio/clips/{id}#posters");
    if form.n < 0 {
        return Ok(see_other(&back, "notice-edit-poster-saved"));
    }
    let mut tx = visit.app.db.begin().await?;
    catalog::choose_poster(&mut tx, By::Staff(&visit.caller.staff), id, form.n).await?;
    tx.commit().await?;
    Ok(see_other(&back, "notice-edit-poster-saved"))
}
