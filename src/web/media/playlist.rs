//! HLS playlists of long clips: `/media/streams/{version}/main.m3u8` over all sizes and captions, one of byte ranges for
//! each size, one for each caption language; and `main.mpd`, the same for DASH. Whoever may see the renditions may see
//! these.

use super::access::Admission;
use super::dash;
use super::{Media, not_here, unavailable};
use crate::catalog::{self, Rendition, Stream, Track};
use crate::db::Read;
use crate::ids::VersionId;
use crate::web::AppError;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use std::sync::Arc;

const HLS: &str = "application/vnd.apple.mpegurl";
/// Captions may change at any time, so playlists are asked for again.
const CACHED: &str = "public, max-age=60";

pub(super) async fn serve(State(media): State<Arc<Media>>, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    match answer(&media, &mut parts).await {
        Ok(Some(response)) => response,
        Ok(None) => not_here(),
        Err(broken) => unavailable(broken),
    }
}

async fn answer(media: &Media, parts: &mut axum::http::request::Parts) -> Result<Option<Response>, AppError> {
    let path = parts.uri.path().strip_prefix("/media/streams/").unwrap_or_default().to_owned();
    let Some((version, file)) = path.split_once('/') else { return Ok(None) };
    let Ok(version) = version.parse::<VersionId>() else { return Ok(None) };
    let mut read = media.app.db.read().await?;
    let streams = catalog::streams(&mut read, version).await?;
    let Some((first, _)) = streams.first() else { return Ok(None) };
    let Some((admission, _)) = media.access.admit(&media.app, first.storage_key, parts).await? else {
        return Ok(None);
    };
    Ok(text_of(&mut read, version, file, &streams)
        .await?
        .map(|(mime, text)| described(admission, mime, text)))
}

/// The file's media type and text, if there is such a file.
async fn text_of(
    read: &mut Read,
    version: VersionId,
    file: &str,
    streams: &[(Stream, Rendition)],
) -> Result<Option<(&'static str, String)>, AppError> {
    if let Some(lang) = file.strip_suffix(".vtt") {
        let track = catalog::track(read, version, lang).await?;
        return Ok(track.map(|track| ("text/vtt; charset=utf-8", catalog::captions::to_vtt(&track.cues))));
    }
    if file == "main.mpd" {
        let tracks = catalog::tracks(read, version).await?;
        let signed_in = catalog::signed_in(read, version).await?;
        let manifest = dash::manifest(streams, &tracks, &signed_in)?;
        return Ok(manifest.map(|text| (dash::MIME, text)));
    }
    let Some(name) = file.strip_suffix(".m3u8") else { return Ok(None) };
    if name == "main" {
        let tracks = catalog::tracks(read, version).await?;
        return Ok(Some((HLS, main_playlist(streams, &tracks))));
    }
    if let Some(lang) = name.strip_prefix("captions-") {
        let length = catalog::version(read, version).await?.and_then(|version| version.media.duration_ms);
        let track = catalog::track(read, version, lang).await?;
        return Ok(track.map(|track| (HLS, captions_playlist(&track.lang, length.unwrap_or(0)))));
    }
    let stream = streams.iter().find(|(stream, _)| stream.rung == name);
    Ok(stream.map(|(stream, _)| (HLS, stream.media_playlist())))
}

fn main_playlist(streams: &[(Stream, Rendition)], tracks: &[Track]) -> String {
    let mut text = String::from("#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n");
    for track in tracks {
        let (lang, name) = (&track.lang, language_name(&track.lang));
        let default = if lang == "ar" { "YES" } else { "NO" };
        text.push_str(&format!(
            "#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID=\"captions\",NAME=\"{name}\",LANGUAGE=\"{lang}\",DEFAULT={default},\
             AUTOSELECT=YES,FORCED=NO,URI=\"captions-{lang}.m3u8\"\n"
        ));
    }
    let captions = if tracks.is_empty() { "" } else { ",SUBTITLES=\"captions\"" };
    for (stream, size) in streams {
        let codecs = codecs(size);
        text.push_str(&format!(
            "#EXT-X-STREAM-INF:BANDWIDTH={},AVERAGE-BANDWIDTH={},RESOLUTION={}x{},FRAME-RATE={:.3},\
             CODECS=\"{codecs}\"{captions}\n{}.m3u8\n",
            stream.peak.max(size.bitrate),
            size.bitrate,
            size.width,
            size.height,
            size.fps_milli as f64 / 1000.0,
            stream.rung,
        ));
    }
    text
}

/// What a size is encoded with, as RFC 6381 writes it.
pub(super) fn codecs(size: &Rendition) -> &str {
    size.mime.split('"').nth(1).unwrap_or_default()
}

fn language_name(lang: &str) -> &'static str {
    match lang {
        "ar" => "العربية",
        _ => "English",
    }
}

/// One segment: the whole file.
fn captions_playlist(lang: &str, length_ms: i64) -> String {
    let seconds = length_ms as f64 / 1000.0;
    format!(
        "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:{:.0}\n#EXT-X-PLAYLIST-TYPE:VOD\n\
         #EXTINF:{seconds:.3},\n{lang}.vtt\n#EXT-X-ENDLIST\n",
        seconds.ceil()
    )
}

fn described(admission: Admission, mime: &'static str, text: String) -> Response {
    let caching = match admission {
        Admission::Public => CACHED,
        Admission::Private => "private, no-store",
    };
    let mut response = Response::new(Body::from(text));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(mime));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captions_are_one_segment_as_long_as_the_clip() {
        let text = captions_playlist("ar", 95_400);
        assert!(text.contains("#EXT-X-TARGETDURATION:96\n") && text.contains("#EXTINF:95.400,\nar.vtt\n"));
    }
}
