//! The gallery as an installed application: manifest, service worker, what a saved service or clip needs without a
//! network; and where to report a weakness.

use super::shelf::Counted;
use super::shown::{in_language, published};
use super::take::absolute;
use super::visitor::Visitor;
use crate::app::App;
use crate::catalog::{self, Card, CardFilter};
use crate::web::AppError;
use crate::web::assets;
use crate::web::i18n::Words;
use crate::web::layout::SignClip;
use crate::web::present::file_size;
use crate::web::who::Reader;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

/// Clips of a service that are kept; an office tablet holds several services.
const MOST_KEPT: i64 = 60;

/// What every page needs, kept when the worker is installed. The saved list is what opens without a network.
const SHELL: [&str; 23] = [
    "ishara.css",
    "icons.svg",
    "mark.svg",
    "arcs.svg",
    "fonts/plex-arabic-400.woff2",
    "fonts/plex-arabic-600.woff2",
    "fonts/plex-latin-400.woff2",
    "fonts/plex-latin-600.woff2",
    "js/early.js",
    "js/main.js",
    "js/dom.js",
    "js/theme.js",
    "js/titles.js",
    "js/signpop.js",
    "js/worker.js",
    "js/player.js",
    "js/player-board.js",
    "js/player-captions.js",
    "js/player-keys.js",
    "js/player-loop.js",
    "js/player-quality.js",
    "js/save.js",
    "js/saved.js",
];

/// `GET /manifest.webmanifest`.
pub(super) async fn manifest(reader: Reader) -> Result<Response, AppError> {
    let t = Words::of(reader.lang);
    let icon = |name: &str, sizes: &str, kind: &str| json!({ "src": assets::url(name), "sizes": sizes, "type": kind, "purpose": "any" });
    let manifest = json!({
        "id": "/",
        "name": t.get("app-name"),
        "short_name": t.get("brand"),
        "description": t.get("home-lead"),
        "lang": t.lang().code(),
        "dir": t.lang().dir(),
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#faf8f9",
        "theme_color": "#3b0f2c",
        "icons": [
            icon("app-192.png", "192x192", "image/png"),
            icon("app-512.png", "512x512", "image/png"),
            json!({ "src": assets::url("app-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "maskable" }),
        ],
        "shortcuts": [
            { "name": t.get("nav-ask"), "url": "/ask" },
            { "name": t.get("saved-title"), "url": "/saved" },
        ],
    });
    Ok(kept_short("application/manifest+json", manifest.to_string()))
}

/// `GET /sw.js`: the worker with the addresses of this program's own files; it changes when any of them does.
pub(super) async fn worker() -> Result<Response, AppError> {
    let shell: Vec<String> = SHELL.iter().map(|name| assets::url(name)).collect();
    let version = blake3::hash(shell.join("\n").as_bytes()).to_hex();
    let head = format!(
        "const VERSION = \"{}\";\nconst SHELL = {};\n",
        &version.as_str()[..12],
        serde_json::to_string(&shell)?
    );
    let body = assets::text("js/sw.js").ok_or_else(AppError::not_found)?;
    Ok(kept_short("text/javascript; charset=utf-8", head + &body))
}

/// `GET /.well-known/security.txt` (RFC 9116). The contact is the gallery's own form; a year of validity.
pub(super) async fn security(State(app): State<App>) -> Result<Response, AppError> {
    const YEAR_MS: i64 = 365 * 24 * 60 * 60 * 1000;
    let expires = super::feeds::timestamp(crate::clock::Millis(app.clock.now().0 + YEAR_MS));
    let text = format!(
        "Contact: {}\nExpires: {expires}\nPreferred-Languages: ar, en\nCanonical: {}\n",
        absolute(&app, "/ask#write"),
        absolute(&app, "/.well-known/security.txt"),
    );
    Ok(kept_short("text/plain; charset=utf-8", text))
}

/// `GET /robots.txt`: pages of one person are nobody's to index; everything public stands in the sitemap.
pub(super) async fn robots(State(app): State<App>) -> Result<Response, AppError> {
    let text = format!(
        "User-agent: *\nDisallow: /questions\nDisallow: /ask\nDisallow: /login\nDisallow: /studio\nDisallow: /desk\n\
         Disallow: /admin\nAllow: /\nSitemap: {}\n",
        absolute(&app, "/sitemap.xml"),
    );
    Ok(kept_short("text/plain; charset=utf-8", text))
}

/// What a service needs without a network: its page, its clips' pages, their pictures and smallest videos.
pub(super) async fn service_needs(visitor: Visitor, Path(code): Path<String>) -> Result<Response, AppError> {
    let found = visitor.front.services.iter().find(|one| one.service.code == code);
    let Counted { service, sign, .. } = found.ok_or_else(AppError::not_found)?;
    let mut read = visitor.app.db.read().await?;
    let filter = CardFilter { service: Some(service.id), ..CardFilter::default() };
    let cards = catalog::newest_cards(&mut read, &filter, None, MOST_KEPT).await?;
    let t = visitor.t();
    let name = in_language(t.lang(), &service.name_ar, &service.name_en);
    let mut signs: Vec<&SignClip> =
        SIGNED_ON_KEPT_PAGES.iter().filter_map(|text| visitor.front.signs.get(text)).collect();
    signs.extend(sign);
    let pages = vec!["/".to_owned(), format!("/services/{code}")];
    needs(&mut read, t, name, pages, &signs, &cards).await
}

/// What one clip needs without a network.
pub(super) async fn clip_needs(
    State(app): State<App>,
    Path(slug): Path<String>,
    reader: Reader,
) -> Result<Response, AppError> {
    let mut read = app.db.read().await?;
    let shown = published(&mut read, &slug).await?;
    let cards = catalog::cards(&mut read, &[shown.clip.id]).await?;
    let t = Words::of(reader.lang);
    let title = in_language(t.lang(), &shown.clip.title_ar, &shown.clip.title_en);
    needs(&mut read, t, title, Vec::new(), &[], &cards).await
}

/// Texts of the kept pages that may have a signed twin.
const SIGNED_ON_KEPT_PAGES: [&str; 5] =
    ["home-topics", "home-newest", "home-aware", "home-ask", "clip-understood"];

async fn needs(
    read: &mut crate::db::Read,
    t: Words,
    name: &str,
    mut pages: Vec<String>,
    signs: &[&SignClip],
    cards: &[Card],
) -> Result<Response, AppError> {
    let versions: Vec<_> = cards.iter().map(|card| card.version_id).collect();
    let videos = catalog::saver_videos(read, &versions).await?;
    let mut files: Vec<String> = cards.iter().filter_map(|card| card.poster.clone()).collect();
    files.extend(signs.iter().flat_map(|sign| [sign.video.clone(), sign.poster.clone()]));
    files.sort();
    files.dedup();
    let mut instead = serde_json::Map::new();
    for card in cards {
        pages.push(format!("/clips/{}", card.slug));
        if catalog::track(read, card.version_id, "ar").await?.is_some() {
            files.push(format!("/clips/{}/captions/ar.vtt", card.slug));
        }
        // A graphic has no video; its own picture is what is read.
        let graphic = catalog::pictures(read, card.version_id).await?;
        files.extend(catalog::picture_of(&graphic, "graphic").map(catalog::Picture::url));
        let smallest =
            videos.iter().find(|(version, _)| *version == card.version_id).map(|(_, video)| video.url());
        let Some(kept) = smallest else { continue };
        let sizes = catalog::renditions(read, card.version_id).await?;
        let others = sizes.iter().map(catalog::Rendition::url).chain(card.preview.clone());
        instead.extend(others.filter(|other| *other != kept).map(|other| (other, kept.clone().into())));
    }
    files.extend(videos.iter().map(|(_, video)| video.url()));
    let bytes: u64 = videos.iter().map(|(_, video)| u64::try_from(video.bytes).unwrap_or(0)).sum();
    Ok(Json(json!({
        "name": name,
        "pages": pages,
        "files": files,
        // Whichever size the player asks for, the smallest is the one that is kept.
        "instead": instead,
        "bytes": bytes,
        "size": file_size(t, bytes),
    }))
    .into_response())
}

fn kept_short(kind: &'static str, body: String) -> Response {
    let caching = HeaderValue::from_static("no-cache");
    ([(header::CONTENT_TYPE, HeaderValue::from_static(kind)), (header::CACHE_CONTROL, caching)], body)
        .into_response()
}
