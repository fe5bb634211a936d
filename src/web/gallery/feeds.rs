//! What is new, for feed readers and other pages (Atom with media), and everything, for search engines (sitemap).

use super::take::absolute;
use crate::app::App;
use crate::catalog::{self, After, Card, CardFilter, TOPICS};
use crate::clock::Millis;
use crate::web::AppError;
use crate::web::i18n::{Lang, Words};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use std::fmt::Write as _;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Entries of the feed.
const ENTRIES: i64 = 50;
/// A sitemap may hold 50,000 addresses (<https://www.sitemaps.org/protocol.html>), and each clip has one in two languages.
const SITEMAP_CLIPS: usize = 24_500;
const BATCH: i64 = 1_000;

/// `GET /feed.xml`: the newest clips with their pictures and videos, in Arabic.
pub(super) async fn feed(State(app): State<App>) -> Result<Response, AppError> {
    let mut read = app.db.read().await?;
    let mut cards = catalog::newest_cards(&mut read, &CardFilter::default(), None, ENTRIES * 2).await?;
    cards.retain(|card| !card.kind.is_title());
    cards.truncate(usize::try_from(ENTRIES)?);
    let versions: Vec<_> = cards.iter().map(|card| card.version_id).collect();
    let videos = catalog::saver_videos(&mut read, &versions).await?;
    let t = Words::of(Lang::Ar);
    let newest = cards.first().map(|card| card.published_at).unwrap_or_default();
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" \
         xmlns:media=\"http://search.yahoo.com/mrss/\" xml:lang=\"ar\">\n<id>{base}</id><title>{title}</title>\
         <updated>{}</updated><link rel=\"self\" href=\"{}\"/><link href=\"{base}\"/><author><name>{title}</name></author>\n",
        timestamp(newest),
        absolute(&app, "/feed.xml"),
        base = absolute(&app, "/"),
        title = escaped(&t.get("feed-title")),
    );
    for card in &cards {
        let video = videos.iter().find(|(version, _)| *version == card.version_id).map(|(_, video)| video);
        entry(&mut out, &app, card, video)?;
    }
    out.push_str("</feed>\n");
    Ok(xml("application/atom+xml; charset=utf-8", out))
}

fn entry(out: &mut String, app: &App, card: &Card, video: Option<&catalog::Rendition>) -> std::fmt::Result {
    let url = absolute(app, &format!("/clips/{}", card.slug));
    let (title, at) = (escaped(&card.title_ar), timestamp(card.published_at));
    writeln!(
        out,
        "<entry><id>{url}</id><title>{title}</title><link href=\"{url}\"/><updated>{at}</updated>"
    )?;
    writeln!(out, "<published>{at}</published><category term=\"{}\"/>", escaped(&card.service_code))?;
    if !card.summary_ar.is_empty() {
        writeln!(out, "<summary>{}</summary>", escaped(&card.summary_ar))?;
    }
    if let Some(video) = video {
        let file = absolute(app, &video.url());
        let seconds = card.duration_ms.unwrap_or(0) / 1000;
        writeln!(
            out,
            "<link rel=\"enclosure\" type=\"video/mp4\" length=\"{}\" href=\"{file}\"/>",
            video.bytes
        )?;
        writeln!(
            out,
            "<media:group><media:content url=\"{file}\" type=\"video/mp4\" medium=\"video\" fileSize=\"{}\" \
             width=\"{}\" height=\"{}\" duration=\"{seconds}\" lang=\"{}\"/><media:title>{title}</media:title>",
            video.bytes,
            video.width,
            video.height,
            escaped(&card.sign_language),
        )?;
        if let Some(poster) = &card.poster {
            writeln!(out, "<media:thumbnail url=\"{}\"/>", absolute(app, poster))?;
        }
        out.push_str("</media:group>");
    }
    writeln!(out, "</entry>")
}

/// `GET /sitemap.xml`: every public page, clips with their video.
pub(super) async fn sitemap(State(app): State<App>) -> Result<Response, AppError> {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" \
         xmlns:video=\"http://www.google.com/schemas/sitemap-video/1.1\" \
         xmlns:xhtml=\"http://www.w3.org/1999/xhtml\">\n",
    );
    let mut read = app.db.read().await?;
    let topics = TOPICS.iter().map(|topic| format!("/services/{}", topic.code));
    let services = catalog::services(&mut read).await?;
    let active = services.iter().filter(|service| service.active);
    let services = active.map(|service| format!("/services/{}", service.code));
    let plain = ["/", "/ask", "/help", "/privacy"].map(str::to_owned).into_iter();
    for path in plain.chain(topics).chain(services) {
        let places = Places::of(&app, &path);
        writeln!(out, "<url><loc>{}</loc>{}</url>", places.arabic, places.links())?;
        writeln!(out, "{}", places.in_english())?;
    }
    let (mut after, mut told) = (None, 0);
    while told < SITEMAP_CLIPS {
        let all = CardFilter { with_parts: true, ..CardFilter::default() };
        let cards = catalog::newest_cards(&mut read, &all, after, BATCH).await?;
        let Some(last) = cards.last() else { break };
        after = Some(After { at: last.published_at, id: last.id });
        for card in cards.iter().take(SITEMAP_CLIPS - told) {
            place(&mut out, &app, card)?;
        }
        told += cards.len();
    }
    out.push_str("</urlset>\n");
    Ok(xml("application/xml; charset=utf-8", out))
}

/// Where a page is, and where it is with English words around what is signed; ready to stand in XML.
struct Places {
    arabic: String,
    english: String,
}

impl Places {
    fn of(app: &App, path: &str) -> Self {
        let arabic = escaped(&absolute(app, path));
        Self { english: format!("{arabic}?lang=en"), arabic }
    }

    /// Each language's page names both, or search engines take neither at its word.
    fn links(&self) -> String {
        let link = |lang: &str, href: &str| {
            format!("<xhtml:link rel=\"alternate\" hreflang=\"{lang}\" href=\"{href}\"/>")
        };
        link("ar", &self.arabic) + &link("en", &self.english)
    }

    fn in_english(&self) -> String {
        format!("<url><loc>{}</loc>{}</url>", self.english, self.links())
    }
}

fn place(out: &mut String, app: &App, card: &Card) -> std::fmt::Result {
    let at = timestamp(card.published_at);
    let places = Places::of(app, &format!("/clips/{}", card.slug));
    writeln!(out, "{}", places.in_english())?;
    write!(out, "<url><loc>{}</loc><lastmod>{at}</lastmod>", places.arabic)?;
    if let (Some(poster), Some(length), false) = (&card.poster, card.duration_ms, card.kind.is_still()) {
        let description = if card.summary_ar.is_empty() { &card.title_ar } else { &card.summary_ar };
        write!(
            out,
            "<video:video><video:thumbnail_loc>{}</video:thumbnail_loc><video:title>{}</video:title>\
             <video:description>{}</video:description><video:player_loc>{}</video:player_loc>\
             <video:duration>{}</video:duration><video:publication_date>{at}</video:publication_date>\
             <video:family_friendly>yes</video:family_friendly></video:video>",
            absolute(app, poster),
            escaped(&card.title_ar),
            escaped(description),
            absolute(app, &format!("/embed/{}", card.slug)),
            (length / 1000).max(1),
        )?;
    }
    writeln!(out, "{}</url>", places.links())
}

pub(super) fn timestamp(moment: Millis) -> String {
    let at =
        OffsetDateTime::from_unix_timestamp(moment.0.div_euclid(1000)).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    at.format(&Rfc3339).unwrap_or_default()
}

/// Text inside XML: markup is told, and what XML 1.0 cannot hold is left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            letter if letter.is_control() && !matches!(letter, '\n' | '\t') => {}
            letter => out.push(letter),
        }
    }
    out
}

fn xml(kind: &'static str, body: String) -> Response {
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "public, max-age=60")], body).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_break_the_feed() {
        assert_eq!(escaped("<b>&\"\u{0}\u{1b}أ"), "&lt;b&gt;&amp;&quot;أ");
        assert_eq!(timestamp(Millis(1_795_327_800_000)), "2026-11-22T06:10:00Z");
    }
}
