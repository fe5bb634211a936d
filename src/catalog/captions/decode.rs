//! From bytes to text: UTF-8, UTF-16 and, for old Arabic editors, Windows-1256.

use super::{CaptionError, MAX_BYTES};

/// Decodes a caption file and unites its line ends to `\n`. A byte order mark decides; without one UTF-16 is known by
/// its zero bytes, and what is not UTF-8 is taken for Windows-1256.
pub(super) fn decode(bytes: &[u8]) -> Result<String, CaptionError> {
    if bytes.len() > MAX_BYTES {
        return Err(CaptionError::TooLarge);
    }
    let text = decoded(bytes);
    if looks_binary(&text) {
        return Err(CaptionError::NotText);
    }
    Ok(text.replace("\r\n", "\n").replace('\r', "\n"))
}

fn decoded(bytes: &[u8]) -> String {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[mark..]).0.into_owned();
    }
    if let Some(encoding) = utf_16_without_mark(bytes) {
        return encoding.decode_without_bom_handling(bytes).0.into_owned();
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::WINDOWS_1256.decode_without_bom_handling(bytes).0.into_owned(),
    }
}

/// The ASCII part of a caption file (times, arrows) has a zero in every second byte of UTF-16.
fn utf_16_without_mark(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    let start = &bytes[..bytes.len().min(512)];
    let zeros = |parity: usize| start.iter().skip(parity).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let enough = start.len() / 8;
    match (even, odd) {
        (0..=1, odd) if odd > enough => Some(encoding_rs::UTF_16LE),
        (even, 0..=1) if even > enough => Some(encoding_rs::UTF_16BE),
        _ => None,
    }
}

/// A text file has hardly any control characters; a single stray one is left for the findings to name.
fn looks_binary(text: &str) -> bool {
    let controls =
        text.chars().filter(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}')).count();
    controls > 8 && controls * 50 > text.chars().count()
}
