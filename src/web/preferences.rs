//! The reader's own choices: language, colours, and the sentence that is shown once after a form was sent.
//!
//! All three live in cookies of this site only; none names a person.

use super::i18n::{Lang, Words};
use super::layout::{DigitShape, Look};
use axum::extract::{Form, Request};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use serde::Deserialize;

const LANGUAGE: &str = "lang";
const COLOURS: &str = "theme";
const DIGITS: &str = "digits";
const NOTICE: &str = "notice";
/// No page of ours is larger.
const LARGEST_PAGE: usize = 4 * 1024 * 1024;
const ONE_YEAR: time::Duration = time::Duration::days(365);
const ONE_MINUTE: time::Duration = time::Duration::minutes(1);

/// The language of a request: `?lang=` before the cookie before Arabic.
pub fn language(query: Option<&str>, headers: &HeaderMap) -> Lang {
    let cookie =
        CookieJar::from_headers(headers).get(LANGUAGE).and_then(|cookie| Lang::parse(cookie.value()));
    asked_language(query).or(cookie).unwrap_or_default()
}

fn asked_language(query: Option<&str>) -> Option<Lang> {
    let pairs = url::form_urlencoded::parse(query?.as_bytes());
    pairs.filter(|(name, _)| name == LANGUAGE).find_map(|(_, value)| Lang::parse(&value))
}

/// The colours that a request's cookie asks for.
pub fn look(headers: &HeaderMap) -> Look {
    let cookies = CookieJar::from_headers(headers);
    cookies.get(COLOURS).and_then(|cookie| Look::parse(cookie.value())).unwrap_or_default()
}

/// The digits that the reader wants in Arabic pages.
pub fn chosen_digits(headers: &HeaderMap) -> DigitShape {
    let cookies = CookieJar::from_headers(headers);
    cookies.get(DIGITS).and_then(|cookie| DigitShape::parse(cookie.value())).unwrap_or_default()
}

/// The sentence that the previous answer left to be shown, in `lang`. A cookie that names no such sentence is ignored.
pub fn notice(lang: Lang, headers: &HeaderMap) -> Option<String> {
    let cookies = CookieJar::from_headers(headers);
    let key = cookies.get(NOTICE)?.value();
    let words = Words::of(lang);
    (key.starts_with("notice-") && words.has(key)).then(|| words.get(key))
}

/// Path and query of a page without the language, for links that lead back to it.
pub fn address(uri: &axum::http::Uri) -> String {
    let pairs = url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    let mut kept = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in pairs.filter(|(name, _)| name != LANGUAGE) {
        kept.append_pair(&name, &value);
    }
    match kept.finish() {
        query if query.is_empty() => uri.path().to_owned(),
        query => format!("{}?{query}", uri.path()),
    }
}

/// Redirects after a form (303) and leaves a sentence, by its `notice-…` key, for the next page.
pub fn see_other(to: &str, notice_key: &'static str) -> Response {
    let cookie = kept((NOTICE, notice_key), ONE_MINUTE);
    (CookieJar::new().add(cookie), Redirect::to(to)).into_response()
}

/// Keeps a language asked for by `?lang=`, and forgets a sentence once a page has shown it.
pub async fn remember(request: Request, next: Next) -> Response {
    let asked = asked_language(request.uri().query());
    let had_notice = CookieJar::from_headers(request.headers()).get(NOTICE).is_some();
    let mut response = next.run(request).await;
    if let Some(lang) = asked {
        add_cookie(&mut response, &kept((LANGUAGE, lang.code()), ONE_YEAR));
    }
    if had_notice && is_page(&response) {
        let mut gone = kept((NOTICE, ""), ONE_MINUTE);
        gone.make_removal();
        add_cookie(&mut response, &gone);
    }
    response
}

/// The form of the display menu.
#[derive(Debug, Deserialize)]
pub struct Choice {
    #[serde(default)]
    theme: String,
    #[serde(default)]
    digits: String,
    back: String,
}

/// `POST /preferences`: keeps the colours and returns to the page. A word that is no choice changes nothing.
pub async fn choose(Form(choice): Form<Choice>) -> Response {
    let back = if is_own_path(&choice.back) { choice.back.as_str() } else { "/" };
    let mut cookies = CookieJar::new();
    if let Some(look) = Look::parse(&choice.theme) {
        cookies = cookies.add(kept((COLOURS, look.word()), ONE_YEAR));
    }
    if let Some(shape) = DigitShape::parse(&choice.digits) {
        cookies = cookies.add(kept((DIGITS, shape.word()), ONE_YEAR));
    }
    (cookies, Redirect::to(back)).into_response()
}

/// Writes the digits of a page in the shape that its reader chose. The pages are made with Arabic-Indic digits, so only
/// the other choice costs anything.
pub async fn write_digits(request: Request, next: Next) -> Response {
    let shape = chosen_digits(request.headers());
    let response = next.run(request).await;
    if shape == DigitShape::Arabic || !is_page(&response) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(page) = axum::body::to_bytes(body, LARGEST_PAGE).await else {
        return axum::http::StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, axum::body::Body::from(in_latin_digits(&page)))
}

/// `٠`…`٩` as `0`…`9`, in UTF-8; nothing else begins with these two bytes.
fn in_latin_digits(page: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(page.len());
    let mut rest = page;
    while let Some((&first, after)) = rest.split_first() {
        match (first, after.split_first()) {
            (0xD9, Some((&second @ 0xA0..=0xA9, after))) => {
                out.push(b'0' + (second - 0xA0));
                rest = after;
            }
            _ => {
                out.push(first);
                rest = after;
            }
        }
    }
    out
}

/// A path of this site, not an address elsewhere such as `//example.org` or `/\example.org`.
fn is_own_path(path: &str) -> bool {
    path.starts_with('/') && !path[1..].starts_with(['/', '\\']) && !path.contains(char::is_control)
}

fn kept(pair: (&'static str, &'static str), how_long: time::Duration) -> Cookie<'static> {
    Cookie::build(pair).path("/").max_age(how_long).same_site(SameSite::Lax).build()
}

fn is_page(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE);
    kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

fn add_cookie(response: &mut Response, cookie: &Cookie<'_>) {
    if let Ok(value) = HeaderValue::from_str(&cookie.to_string()) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cookies(text: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_static(text))])
    }

    #[test]
    fn the_address_decides_the_language_before_the_cookie() {
        assert_eq!(language(None, &HeaderMap::new()), Lang::Ar);
        assert_eq!(language(None, &cookies("lang=en")), Lang::En);
        assert_eq!(language(Some("q=x&lang=ar"), &cookies("lang=en")), Lang::Ar);
        assert_eq!(language(Some("lang=fr"), &cookies("lang=en")), Lang::En);
    }

    #[test]
    fn links_back_to_a_page_leave_its_language_out() {
        assert_eq!(address(&"/ask?lang=en".parse().unwrap()), "/ask");
        assert_eq!(address(&"/search?q=a+b&lang=en&page=2".parse().unwrap()), "/search?q=a+b&page=2");
    }

    #[test]
    fn chosen_digits_replace_only_digits() {
        let page = "<p>٠١٢٣٤٥٦٧٨٩ م، ١٤٤٨ هـ؛ ٪٫ أ</p>";
        let latin = String::from_utf8(in_latin_digits(page.as_bytes())).unwrap();
        assert_eq!(latin, "<p>0123456789 م، 1448 هـ؛ ٪٫ أ</p>");
        assert_eq!(in_latin_digits(&[0xD9]), [0xD9], "a cut letter stays as it is");
    }

    #[test]
    fn the_display_menu_returns_only_to_this_site() {
        assert!(is_own_path("/clips/abc?t=3"));
        for elsewhere in ["//example.org", "/\\example.org", "https://example.org", "", "/a\r\nb"] {
            assert!(!is_own_path(elsewhere), "{elsewhere:?}");
        }
    }

    #[test]
    fn a_cookie_cannot_put_words_on_a_page() {
        assert_eq!(notice(Lang::Ar, &cookies("notice=brand")), None);
        assert_eq!(notice(Lang::Ar, &cookies("notice=notice-nothing")), None);
        assert_eq!(notice(Lang::En, &cookies("notice=notice-thanks")).as_deref(), Some("Thank you."));
    }

    #[test]
    fn a_sentence_left_for_the_next_page_is_short_lived() {
        let answer = see_other("/ask", "notice-thanks");
        assert_eq!(answer.status(), axum::http::StatusCode::SEE_OTHER);
        let cookie = answer.headers()[header::SET_COOKIE].to_str().unwrap();
        assert!(cookie.starts_with("notice=notice-thanks;") && cookie.contains("Max-Age=60"), "{cookie}");
    }
}
