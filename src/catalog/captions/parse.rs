//! Reading a caption file of any kind we take.

use super::decode::decode;
use super::{CaptionError, Cue, ass, eaf, srt, ttml, vtt};

/// The kinds of caption files we read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CaptionFormat {
    WebVtt,
    SubRip,
    Ttml,
    Ass,
    Eaf,
}

impl CaptionFormat {
    /// Returns the format of a media type (CONTRACT section 4); parameters are ignored.
    pub fn of_media_type(media_type: &str) -> Option<CaptionFormat> {
        match media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
            "text/vtt" => Some(CaptionFormat::WebVtt),
            "application/x-subrip" | "application/srt" | "text/srt" => Some(CaptionFormat::SubRip),
            "application/ttml+xml" => Some(CaptionFormat::Ttml),
            "text/x-ssa" | "text/x-ass" => Some(CaptionFormat::Ass),
            "text/x-eaf+xml" => Some(CaptionFormat::Eaf),
            _ => None,
        }
    }

    /// Returns the format of a file name by its ending.
    pub fn of_file_name(name: &str) -> Option<CaptionFormat> {
        match name.rsplit_once('.')?.1.to_ascii_lowercase().as_str() {
            "vtt" => Some(CaptionFormat::WebVtt),
            "srt" => Some(CaptionFormat::SubRip),
            "ttml" | "xml" | "dfxp" => Some(CaptionFormat::Ttml),
            "ass" | "ssa" => Some(CaptionFormat::Ass),
            "eaf" => Some(CaptionFormat::Eaf),
            _ => None,
        }
    }

    /// Tells the format by the beginning of the text.
    fn of_text(text: &str) -> Option<CaptionFormat> {
        let start = text.trim_start_matches('\u{feff}').trim_start();
        if start.starts_with("WEBVTT") {
            Some(CaptionFormat::WebVtt)
        } else if start.starts_with('<') && start.contains("<ANNOTATION_DOCUMENT") {
            Some(CaptionFormat::Eaf)
        } else if start.starts_with('<') {
            Some(CaptionFormat::Ttml)
        } else if start.starts_with('[') {
            Some(CaptionFormat::Ass)
        } else if start.contains("-->") {
            Some(CaptionFormat::SubRip)
        } else {
            None
        }
    }
}

/// Reads a caption file into sorted cues of plain text. Without a declared format the text decides.
///
/// Errors name the line; see [`CaptionError`].
pub fn parse(bytes: &[u8], declared: Option<CaptionFormat>) -> Result<Vec<Cue>, CaptionError> {
    let text = decode(bytes)?;
    if text.trim().is_empty() {
        return Err(CaptionError::Empty);
    }
    let format = declared.or_else(|| CaptionFormat::of_text(&text)).ok_or(CaptionError::UnknownFormat)?;
    match format {
        CaptionFormat::WebVtt => vtt::read(&text),
        CaptionFormat::SubRip => srt::read(&text),
        CaptionFormat::Ttml => ttml::read(&text),
        CaptionFormat::Ass => ass::read(&text),
        CaptionFormat::Eaf => eaf::read(&text),
    }
}
