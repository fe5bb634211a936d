//! A clip as other sites and programs see it: structured data, link previews, oEmbed and the small page for embedding.

use super::shown::{current, in_language};
use super::take::absolute;
use super::watch;
use crate::app::App;
use crate::catalog::{self, PublicClip};
use crate::web::AppError;
use crate::web::i18n::Words;
use crate::web::layout::page;
use crate::web::player::{Player, Sound};
use crate::web::present;
use crate::web::who::Reader;
use askama::Template;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

/// An embedded player is at least this wide and high: its controls need the room (CSS pixels).
const EMBED_MIN: u32 = 280;
/// Room under the picture for captions and controls (CSS pixels).
const EMBED_CONTROLS: u32 = 470;
/// The width where nothing else is asked for (CSS pixels).
const EMBED_WIDTH: u32 = 480;

/// What a clip's page says to machines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Outside {
    /// The clip's page, absolute and without a moment.
    pub(crate) url: String,
    /// The still picture, absolute; may be empty.
    pub(crate) poster: String,
    /// The video of the automatic size, absolute.
    pub(crate) video: String,
    /// Its width and height in pixels.
    pub(crate) size: (u32, u32),
    /// The description in one line.
    pub(crate) description: String,
    /// Where oEmbed is asked about this page.
    pub(crate) oembed: String,
    /// The `VideoObject`, safe inside a script element.
    pub(crate) json_ld: String,
}

/// Describes a published clip to machines.
pub(super) fn outside(app: &App, t: Words, shown: &PublicClip, player: &Player) -> Outside {
    let url = absolute(app, &format!("/clips/{}", shown.clip.slug));
    let main = player.main();
    let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("url", &url).finish();
    let mut said = Outside {
        poster: some_absolute(app, &player.poster),
        video: main.map(|size| absolute(app, &size.url)).unwrap_or_default(),
        size: main.map_or((0, 0), |size| (size.width, size.height)),
        description: description(shown),
        oembed: absolute(app, &format!("/oembed?{query}")),
        json_ld: String::new(),
        url,
    };
    said.json_ld = in_script(&video_object(app, t, shown, player, &said));
    said
}

fn some_absolute(app: &App, path: &str) -> String {
    if path.is_empty() { String::new() } else { absolute(app, path) }
}

/// The short answer, or the question where there is none.
fn description(shown: &PublicClip) -> String {
    let clip = &shown.clip;
    let texts = [&clip.summary_ar, &clip.question_ar, &clip.title_ar];
    texts.into_iter().find(|text| !text.is_empty()).cloned().unwrap_or_default()
}

/// schema.org `VideoObject` (deaf-users.md section 4); the vocabulary of the accessibility fields is W3C's
/// a11y-discov-vocab.
fn video_object(app: &App, t: Words, shown: &PublicClip, player: &Player, said: &Outside) -> Value {
    let transcript: Vec<&str> = player.cues.iter().map(|cue| cue.text.as_str()).collect();
    let (modes, hazards) = match player.sound {
        Sound::Silent => (json!(["visual"]), json!(["noFlashingHazard", "noSoundHazard"])),
        Sound::Audible => (json!(["visual", "auditory"]), json!(["noFlashingHazard"])),
    };
    let mut features = vec!["signLanguage"];
    if !transcript.is_empty() {
        features.extend(["captions", "transcript"]);
    }
    let department = &shown.department;
    let mut object = json!({
        "@context": "https://schema.org",
        "@type": "VideoObject",
        "@id": said.url,
        "url": said.url,
        "mainEntityOfPage": said.url,
        "name": in_language(t.lang(), &shown.clip.title_ar, &shown.clip.title_en),
        "description": said.description,
        "inLanguage": shown.clip.sign_language,
        "duration": iso_duration(player.length_ms),
        "contentUrl": said.video,
        "embedUrl": absolute(app, &format!("/embed/{}", shown.clip.slug)),
        "encodingFormat": "video/mp4",
        "width": said.size.0,
        "height": said.size.1,
        "isFamilyFriendly": true,
        "isAccessibleForFree": true,
        "accessibilityFeature": features,
        "accessMode": modes,
        "accessModeSufficient": [{ "@type": "ItemList", "itemListElement": ["visual"] }],
        "accessibilityHazard": hazards,
        "publisher": { "@type": "Organization", "name": in_language(t.lang(), &department.name_ar, &department.name_en) },
    });
    if let Some(published) = shown.version.published_at {
        object["uploadDate"] = json!(present::date(t, published).machine);
    }
    if !said.poster.is_empty() {
        object["thumbnailUrl"] = json!(said.poster);
    }
    if !transcript.is_empty() {
        object["transcript"] = json!(transcript.join("\n"));
        object["caption"] = json!({ "@type": "MediaObject", "inLanguage": "ar", "encodingFormat": "text/vtt",
            "contentUrl": absolute(app, &player.captions_url) });
    }
    object
}

/// `PT42S`, `PT1M5.2S`.
pub(super) fn iso_duration(ms: i64) -> String {
    let (minutes, rest) = (ms.max(0) / 60_000, ms.max(0) % 60_000);
    let seconds = crate::web::player::seconds(rest);
    match minutes {
        0 => format!("PT{seconds}S"),
        _ => format!("PT{minutes}M{seconds}S"),
    }
}

/// JSON that cannot end the script element it stands in, whatever a title holds.
fn in_script(value: &Value) -> String {
    value.to_string().replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}

/// The player alone, for a frame in another site.
#[derive(Template)]
#[template(path = "gallery/embed.html")]
pub(crate) struct EmbedPage {
    pub(crate) t: Words,
    /// The colours that the reader chose here.
    pub(crate) look: crate::web::layout::Look,
    /// The clip's title.
    pub(crate) title: String,
    /// The clip's page, absolute.
    pub(crate) url: String,
    /// The video.
    pub(crate) player: Player,
}

/// `GET /embed/{slug}`: any site may frame this page, and no other one.
pub(super) async fn embed(
    State(app): State<App>,
    Path(slug): Path<String>,
    reader: Reader,
) -> Result<Response, AppError> {
    let mut read = app.db.read().await?;
    let shown = current(&mut read, &slug).await?;
    let t = Words::of(reader.lang);
    let mut shown_page = page(&EmbedPage {
        look: reader.look,
        title: in_language(t.lang(), &shown.clip.title_ar, &shown.clip.title_en).to_owned(),
        url: absolute(&app, &format!("/clips/{}", shown.clip.slug)),
        player: watch::player(t, &shown, None),
        t,
    })?;
    let policy = "default-src 'none'; img-src 'self'; media-src 'self'; font-src 'self'; style-src 'self'; \
                  script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *";
    let headers = shown_page.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    headers.insert(HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex"));
    Ok(shown_page)
}

/// What a site asks about one of our pages (<https://oembed.com>).
#[derive(serde::Deserialize)]
pub(super) struct Asked {
    url: String,
    #[serde(default)]
    format: String,
    maxwidth: Option<u32>,
    maxheight: Option<u32>,
}

/// `GET /oembed`: JSON only; 501 for XML, as the format says.
pub(super) async fn oembed(
    State(app): State<App>,
    Query(asked): Query<Asked>,
    reader: Reader,
) -> Result<Response, AppError> {
    if !matches!(asked.format.as_str(), "" | "json") {
        return Ok(StatusCode::NOT_IMPLEMENTED.into_response());
    }
    let slug = slug_of(&app, &asked.url).ok_or_else(AppError::not_found)?;
    let mut read = app.db.read().await?;
    let shown = current(&mut read, &slug).await?;
    let t = Words::of(reader.lang);
    let player = watch::player(t, &shown, None);
    let picture = player.main().map_or((4, 5), |size| (size.width.max(1), size.height.max(1)));
    let (width, height) = frame(picture, asked.maxwidth, asked.maxheight);
    let title = in_language(t.lang(), &shown.clip.title_ar, &shown.clip.title_en);
    let mut answer = json!({
        "version": "1.0",
        "type": "video",
        "provider_name": t.get("brand"),
        "provider_url": absolute(&app, "/"),
        "title": title,
        "width": width,
        "height": height,
        "cache_age": 300,
        "html": format!(
            "<iframe src=\"{}\" width=\"{width}\" height=\"{height}\" title=\"{}\" allow=\"fullscreen\" \
             allowfullscreen loading=\"lazy\"></iframe>",
            absolute(&app, &format!("/embed/{}", shown.clip.slug)),
            in_attribute(title),
        ),
    });
    if let Some(poster) = catalog::picture_of(&shown.pictures, "poster_small") {
        answer["thumbnail_url"] = json!(absolute(&app, &poster.url()));
        answer["thumbnail_width"] = json!(poster.width);
        answer["thumbnail_height"] = json!(poster.height);
    }
    let anybody = [(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"))];
    Ok((anybody, Json(answer)).into_response())
}

/// The clip that an address of this site names.
fn slug_of(app: &App, address: &str) -> Option<String> {
    let asked = url::Url::parse(address).ok()?;
    if asked.origin() != app.config.base_url.origin() {
        return None;
    }
    let slug = asked.path().strip_prefix("/clips/")?;
    (!slug.is_empty() && !slug.contains('/')).then(|| slug.to_owned())
}

/// A frame in the shape of the picture with its controls, within what the asking site allows.
fn frame(picture: (u32, u32), most_wide: Option<u32>, most_high: Option<u32>) -> (u32, u32) {
    let width = EMBED_WIDTH.min(most_wide.unwrap_or(EMBED_WIDTH)).max(EMBED_MIN);
    let height = (u64::from(width) * u64::from(picture.1) / u64::from(picture.0)).min(2_000);
    let whole = u32::try_from(height).unwrap_or(2_000) + EMBED_CONTROLS;
    (width, whole.min(most_high.unwrap_or(whole)).max(EMBED_MIN))
}

fn in_attribute(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_with_markup_cannot_leave_its_script_element_or_attribute() {
        let value = json!({ "name": "</script><script>alert(1)</script>&" });
        let text = in_script(&value);
        assert!(!text.contains('<') && !text.contains('>') && !text.contains('&'));
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
        assert_eq!(in_attribute("\"><b>&"), "&quot;&gt;&lt;b&gt;&amp;");
    }

    #[test]
    fn lengths_are_written_as_iso_8601() {
        assert_eq!(iso_duration(42_000), "PT42S");
        assert_eq!(iso_duration(65_200), "PT1M5.2S");
        assert_eq!(iso_duration(-1), "PT0S");
    }

    #[test]
    fn a_frame_keeps_the_shape_and_the_limits_of_the_other_site() {
        assert_eq!(frame((400, 500), None, None), (480, 600 + EMBED_CONTROLS));
        assert_eq!(frame((400, 500), Some(320), Some(600)), (320, 600));
        assert_eq!(frame((1, 9_000), Some(1), Some(1)), (EMBED_MIN, EMBED_MIN));
    }
}
