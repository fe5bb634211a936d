//! Pages that many visitors ask for, kept whole and compressed until something published changes.
//!
//! The key is what decides the bytes of a page: its address, the reader's language and colours, and the coding that the
//! browser takes. A page is good while the change feed stands where it stood when the page was made. Pages with a
//! sentence to show once, and searches, are never kept: a search term may hold personal data.

use super::position::Position;
use crate::app::App;
use crate::web::AppError;
use crate::web::who::Reader;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use moka::sync::Cache;
use std::io::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Memory for kept pages: about 8,000 compressed clip pages.
const KEPT_BYTES: u64 = 64 * 1024 * 1024;
/// The home page tells how many questions wait; service names may change without a published clip changing.
const KEPT: Duration = Duration::from_secs(5);
/// A clip's page changes with the feed alone; this only bounds what nobody foresaw.
const CLIP_KEPT: Duration = Duration::from_secs(60);
/// Longer addresses are no pages of ours.
const LONGEST_ADDRESS: usize = 400;
/// No page of ours is larger.
const LARGEST_PAGE: usize = 4 * 1024 * 1024;

/// What decides the bytes of a page.
#[derive(PartialEq, Eq, Hash)]
struct Key {
    address: String,
    lang: crate::web::i18n::Lang,
    look: crate::web::layout::Look,
    digits: crate::web::layout::DigitShape,
    coding: Coding,
}

/// How the bytes are coded on their way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Coding {
    Brotli,
    Gzip,
    Plain,
}

#[derive(Clone)]
struct Ready {
    position: i64,
    until: Instant,
    kind: HeaderValue,
    caching: HeaderValue,
    others: Option<HeaderValue>,
    body: Bytes,
}

/// All kept pages, and how it is known that they are still good.
pub(super) struct ReadyPages {
    pages: Cache<Key, Ready>,
    position: Arc<Position>,
}

impl ReadyPages {
    pub(super) fn new(position: Arc<Position>) -> Self {
        let weight = |_: &Key, page: &Ready| u32::try_from(page.body.len() + 512).unwrap_or(u32::MAX);
        let pages = Cache::builder().max_capacity(KEPT_BYTES).weigher(weight).time_to_live(CLIP_KEPT).build();
        Self { pages, position }
    }
}

/// The pages and the program they belong to.
#[derive(Clone)]
pub(super) struct Keeper {
    pub(super) app: App,
    pub(super) ready: Arc<ReadyPages>,
}

/// Answers from the kept pages, or keeps the page that is made.
pub(super) async fn keep(
    State(keeper): State<Keeper>,
    request: Request,
    next: Next,
) -> Result<Response, AppError> {
    let Some(key) = key_of(&keeper.app, &request) else { return Ok(next.run(request).await) };
    let position = keeper.ready.position.now(&keeper.app).await?;
    if let Some(page) = keeper.ready.pages.get(&key)
        && page.position == position
        && page.until > Instant::now()
    {
        return Ok(answer(&page, key.coding));
    }
    let made = next.run(request).await;
    if made.status() != StatusCode::OK || made.headers().contains_key(header::SET_COOKIE) {
        return Ok(made);
    }
    let (parts, body) = made.into_parts();
    let whole = to_bytes(body, LARGEST_PAGE).await?;
    let coding = key.coding;
    let coded = tokio::task::spawn_blocking(move || code(coding, &whole)).await??;
    let header_of = |name| parts.headers.get(name).cloned();
    let kept = if key.address.starts_with("/clips/") { CLIP_KEPT } else { KEPT };
    let page = Ready {
        position,
        until: Instant::now() + kept,
        kind: header_of(header::CONTENT_TYPE).unwrap_or(HeaderValue::from_static("text/html; charset=utf-8")),
        caching: header_of(header::CACHE_CONTROL).unwrap_or(HeaderValue::from_static("private, no-cache")),
        others: header_of(header::ACCESS_CONTROL_ALLOW_ORIGIN),
        body: coded,
    };
    let response = answer(&page, coding);
    keeper.ready.pages.insert(key, page);
    Ok(response)
}

fn key_of(app: &App, request: &Request) -> Option<Key> {
    let address = request.uri().path_and_query()?.as_str();
    if request.method() != Method::GET || address.len() > LONGEST_ADDRESS {
        return None;
    }
    let reader = Reader::of(app, request.uri(), request.headers());
    if reader.notice.is_some() {
        return None;
    }
    let coding = coding_of(request.headers());
    Some(Key {
        address: address.to_owned(),
        lang: reader.lang,
        look: reader.look,
        digits: reader.digits,
        coding,
    })
}

/// The best coding that the browser names without refusing it (`q=0`).
fn coding_of(headers: &HeaderMap) -> Coding {
    let named =
        headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let takes = |name: &str| {
        named.split(',').any(|one| {
            let (coding, quality) = one.split_once(';').unwrap_or((one, ""));
            let refused = quality.trim().strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()) == Some(0.0);
            coding.trim().eq_ignore_ascii_case(name) && !refused
        })
    };
    match (takes("br"), takes("gzip")) {
        (true, _) => Coding::Brotli,
        (false, true) => Coding::Gzip,
        (false, false) => Coding::Plain,
    }
}

fn code(coding: Coding, whole: &Bytes) -> anyhow::Result<Bytes> {
    Ok(match coding {
        Coding::Plain => whole.clone(),
        Coding::Gzip => {
            let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
            out.write_all(whole)?;
            out.finish()?.into()
        }
        Coding::Brotli => {
            // Quality 5: a sixth larger than 11 at a fiftieth of its time, and pages change often.
            let settings = brotli::enc::BrotliEncoderParams { quality: 5, ..Default::default() };
            let mut out = Vec::with_capacity(whole.len() / 4);
            brotli::BrotliCompress(&mut whole.as_ref(), &mut out, &settings)?;
            out.into()
        }
    })
}

fn answer(page: &Ready, coding: Coding) -> Response {
    let mut response = Body::from(page.body.clone()).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, page.kind.clone());
    headers.insert(header::CACHE_CONTROL, page.caching.clone());
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding, cookie"));
    if let Some(others) = &page.others {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, others.clone());
    }
    let name = match coding {
        Coding::Brotli => "br",
        Coding::Gzip => "gzip",
        // Said openly, so that the compression of other answers leaves this one alone.
        Coding::Plain => "identity",
    };
    headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taking(codings: &'static str) -> Coding {
        coding_of(&HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(codings))]))
    }

    #[test]
    fn the_browser_chooses_the_coding_and_may_refuse_one() {
        assert_eq!(taking("gzip, deflate, br, zstd"), Coding::Brotli);
        assert_eq!(taking("gzip;q=1.0, br;q=0"), Coding::Gzip);
        assert_eq!(taking("identity"), Coding::Plain);
        assert_eq!(coding_of(&HeaderMap::new()), Coding::Plain);
    }

    #[test]
    fn every_coding_gives_the_page_back() {
        let page = Bytes::from("ضاعت هويتي، ماذا أفعل؟ ".repeat(200));
        assert_eq!(code(Coding::Plain, &page).unwrap(), page);
        let packed = code(Coding::Gzip, &page).unwrap();
        let mut read = String::new();
        std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(packed.as_ref()), &mut read).unwrap();
        assert_eq!(read.as_bytes(), page.as_ref());
        let packed = code(Coding::Brotli, &page).unwrap();
        let mut read = Vec::new();
        brotli::BrotliDecompress(&mut packed.as_ref(), &mut read).unwrap();
        assert_eq!(read, page.as_ref());
        assert!(packed.len() < page.len() / 10);
    }
}
