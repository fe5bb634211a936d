//! The package for channels, in the editor.

use super::editor::{Loaded, parse, settle};
use crate::catalog::{self, By, MediaState};
use crate::people::Permission;
use crate::web::AppError;
use crate::web::i18n::Words;
use crate::web::present::file_size;
use crate::web::staff::Visit;
use axum::extract::Path;
use axum::response::Response;

/// What the page offers.
pub(super) struct PackageView {
    /// Address and size of the finished file; never one above the limit.
    pub(super) file: Option<(String, String)>,
    /// The still picture and the words that are posted beside it; where the public sees another version, its own page has
    /// them.
    pub(super) poster: Option<String>,
    pub(super) words: String,
    /// Being made.
    pub(super) waits: bool,
    /// Could not be made.
    pub(super) failed: bool,
}

/// Nothing while there is no finished video.
pub(super) fn package_view(t: Words, loaded: &Loaded) -> Option<PackageView> {
    let usable = loaded.version.media.state == MediaState::Ready && !loaded.clip.kind.is_still();
    let package = loaded.package.as_ref();
    let state = package.map(|package| package.state.as_str());
    let fitting = package.filter(|package| package.fits());
    let size = |bytes: i64| file_size(t, u64::try_from(bytes).unwrap_or(0));
    let is_packaged = loaded.clip.published_version_id.is_none_or(|id| id == loaded.version.id);
    let words = format!("{}\n{}", loaded.text.title_ar, loaded.text.summary_ar);
    usable.then(|| PackageView {
        file: fitting.and_then(|package| Some((package.url()?, size(package.bytes?)))),
        poster: catalog::picture_of(&loaded.stills, "poster")
            .filter(|_| is_packaged)
            .map(catalog::Picture::url),
        words: if is_packaged { words.trim().to_owned() } else { String::new() },
        waits: state == Some("waiting"),
        failed: state == Some("failed"),
    })
}

/// `POST /studio/clips/{id}/package`.
pub(super) async fn request(visit: Visit, Path(id): Path<String>) -> Result<Response, AppError> {
    visit.require(Permission::ViewStudio)?;
    let id = parse(&id)?;
    let mut tx = visit.app.db.begin().await?;
    let outcome = catalog::request_package(&mut tx, By::Staff(&visit.caller.staff), id).await;
    settle(&visit, id, tx, outcome, "#package", "notice-edit-package").await
}
