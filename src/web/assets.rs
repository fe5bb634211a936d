//! Style, scripts, fonts and pictures of the pages, under addresses that change with their content.
//!
//! Read from the source folder in debug builds, held in the program in release builds. The two style sheets are joined
//! from the files of a folder each. A file may name another one (`url("fonts/x.woff2")` in CSS, `from "./x.js"` in a
//! script); the names are replaced by the hashed addresses, so a changed font changes the style sheet's address too and
//! everything can be cached for ever.

use super::AppError;
use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use rust_embed::RustEmbed;
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ASK_EACH_TIME: HeaderValue = HeaderValue::from_static("no-cache");
/// Hexadecimal digits of the content hash in an address: enough that no two versions of a file ever share one.
const HASH_LENGTH: usize = 12;

/// How long a debug build keeps what it read.
const RELOAD_AFTER: Duration = Duration::from_secs(1);

#[derive(RustEmbed)]
#[folder = "src/web/assets"]
struct Files;

/// One file as it is served.
#[derive(Clone)]
struct Asset {
    hash: String,
    bytes: Bytes,
}

/// Style sheets that are joined, in the order of the file names, from the files of a folder.
const JOINED: [(&str, &str); 2] = [("ishara.css", "css/"), ("staff.css", "css-staff/")];

/// The address of an asset, for example `/assets/ishara.0123456789ab.css`. An unknown name keeps its plain address,
/// which answers 404; a test looks up every name that a template uses.
pub fn url(name: &str) -> String {
    match asset(name) {
        Some(asset) => address(name, &asset.hash),
        None => format!("/assets/{name}"),
    }
}

fn address(name: &str, hash: &str) -> String {
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    format!("/assets/{stem}.{hash}.{extension}")
}

/// Answers `/assets/{*path}`, with or without the hash. An outdated hash, from a page opened before an update, gets the
/// present file without caching.
pub async fn serve(Path(path): Path<String>) -> Result<Response, AppError> {
    let (name, hash) = split(&path);
    let asset = asset(&name).ok_or_else(AppError::not_found)?;
    let caching = if hash == Some(asset.hash.as_str()) { FOR_EVER } else { ASK_EACH_TIME };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(content_type(&name))),
        (header::CACHE_CONTROL, caching),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    Ok((headers, Body::from(asset.bytes)).into_response())
}

/// `ishara.0123456789ab.css` is `ishara.css` with its hash.
fn split(path: &str) -> (Cow<'_, str>, Option<&str>) {
    let plain = (Cow::Borrowed(path), None);
    let Some((rest, extension)) = path.rsplit_once('.') else { return plain };
    let Some((stem, hash)) = rest.rsplit_once('.') else { return plain };
    if hash.len() == HASH_LENGTH && hash.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return (Cow::Owned(format!("{stem}.{extension}")), Some(hash));
    }
    plain
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("woff2") => "font/woff2",
        Some("webmanifest") => "application/manifest+json",
        Some("jpg") => "image/jpeg",
        Some("png") => "image/png",
        _ => "application/octet-stream",
    }
}

fn asset(name: &str) -> Option<Asset> {
    shelf().get(name).cloned()
}

/// Assets by name.
type Shelf = HashMap<String, Asset>;

/// All assets. Filled once; in debug builds again each second, so that a saved style sheet shows at the next
/// reload.
fn shelf() -> Arc<Shelf> {
    static SHELF: Mutex<Option<(Instant, Arc<Shelf>)>> = Mutex::new(None);
    let mut shelf = SHELF.lock().unwrap_or_else(PoisonError::into_inner);
    match shelf.as_ref() {
        Some((filled, assets)) if !cfg!(debug_assertions) || filled.elapsed() < RELOAD_AFTER => {
            assets.clone()
        }
        _ => {
            let joined = JOINED.iter().map(|(name, _)| Cow::Borrowed(*name));
            let names = Files::iter().chain(joined);
            let assets = Arc::new(names.filter_map(|name| Some((name.to_string(), load(&name)?))).collect());
            *shelf = Some((Instant::now(), Arc::clone(&assets)));
            assets
        }
    }
}

fn load(name: &str) -> Option<Asset> {
    let bytes = match JOINED.iter().find(|(joined, _)| *joined == name) {
        Some((_, folder)) => join(folder).into_bytes(),
        None => Files::get(name)?.data.into_owned(),
    };
    let bytes = match (name.rsplit_once('.'), std::str::from_utf8(&bytes)) {
        (Some((_, "css")), Ok(text)) => point_to_hashed(text, "url(\"", "").into_bytes(),
        (Some((_, "js")), Ok(text)) => {
            point_to_hashed(&point_to_hashed(text, "from \"./", "js/"), "import \"./", "js/").into_bytes()
        }
        _ => bytes,
    };
    let hash = blake3::hash(&bytes).to_hex().as_str().get(..HASH_LENGTH)?.to_owned();
    Some(Asset { hash, bytes: bytes.into() })
}

fn join(folder: &str) -> String {
    let mut names: Vec<_> = Files::iter().filter(|name| name.starts_with(folder)).collect();
    names.sort();
    let files = names.iter().filter_map(|name| Files::get(name));
    files.map(|file| String::from_utf8_lossy(&file.data).into_owned()).collect()
}

/// Replaces each quoted name after `opening` by its hashed address. Files must not name each other in a circle.
fn point_to_hashed(text: &str, opening: &str, folder: &str) -> String {
    let mut out = String::with_capacity(text.len() + 512);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(opening) {
        let Some((name, after_name)) = after.split_once('"') else { break };
        out.push_str(before);
        out.push_str(opening.trim_end_matches("./"));
        // Not `url()`: the shelf of the release build is being filled here.
        let file = format!("{folder}{name}");
        match load(&file) {
            Some(asset) => out.push_str(&address(&file, &asset.hash)),
            None => out.push_str(name),
        }
        out.push('"');
        rest = after_name;
    }
    out.push_str(rest);
    out
}

/// The text of an asset that is served under a fixed address, such as the service worker; `None` when it is no text.
pub fn text(name: &str) -> Option<String> {
    String::from_utf8(asset(name)?.bytes.into()).ok()
}

/// The bytes of an asset, for the test of the page weight.
#[cfg(test)]
pub(super) fn size(name: &str) -> Option<usize> {
    load(name).map(|asset| asset.bytes.len())
}

/// The address and bytes of every asset, for sample pages.
#[cfg(test)]
pub(super) fn everything() -> Vec<(String, Bytes)> {
    let joined = JOINED.iter().map(|(name, _)| Cow::Borrowed(*name));
    let names = Files::iter().chain(joined);
    names.filter_map(|name| Some((url(&name), load(&name)?.bytes))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_changes_with_the_content_and_names_it() {
        let address = url("ishara.css");
        let (name, hash) = split(address.strip_prefix("/assets/").unwrap());
        assert_eq!(name, "ishara.css");
        assert_eq!(hash.unwrap().len(), HASH_LENGTH);
        assert_eq!(split("ishara.css"), (Cow::Borrowed("ishara.css"), None));
    }

    #[test]
    fn everything_that_a_style_sheet_or_script_names_exists() {
        for name in Files::iter().filter(|name| name.ends_with(".css") || name.ends_with(".js")) {
            let asset = load(&name).unwrap();
            let text = std::str::from_utf8(&asset.bytes).unwrap();
            for opening in ["url(\"", "from \""] {
                for named in text.split(opening).skip(1).filter_map(|rest| rest.split('"').next()) {
                    let path =
                        named.strip_prefix("/assets/").unwrap_or_else(|| panic!("{name} names {named}"));
                    let (file, hash) = split(path);
                    assert!(hash.is_some() && Files::get(&file).is_some(), "{name} names {named}");
                }
            }
        }
    }

    #[tokio::test]
    async fn a_hashed_address_is_cached_for_ever_and_a_plain_one_never() {
        let hashed = url("ishara.css").trim_start_matches("/assets/").to_owned();
        let answer = serve(Path(hashed)).await.unwrap();
        assert_eq!(answer.headers()[header::CACHE_CONTROL], FOR_EVER);
        assert_eq!(answer.headers()[header::CONTENT_TYPE], "text/css; charset=utf-8");
        let answer = serve(Path("ishara.css".into())).await.unwrap();
        assert_eq!(answer.headers()[header::CACHE_CONTROL], ASK_EACH_TIME);
        assert!(serve(Path("../Cargo.toml".into())).await.is_err());
    }
}
