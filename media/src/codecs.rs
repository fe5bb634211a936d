//! Which codings are decoded, and by which of FFmpeg's decoders. A list, not a refusal list: a decoder that nobody
//! needs is a hole that nobody watches (CVE-2026-8461 sat in one).

use crate::container::Intake;

/// Coding, decoder and who may send it.
struct Listed {
    codec: &'static str,
    decoder: &'static str,
    camcorder_only: bool,
}

const fn phone(codec: &'static str, decoder: &'static str) -> Listed {
    Listed { codec, decoder, camcorder_only: false }
}

const fn camcorder(codec: &'static str, decoder: &'static str) -> Listed {
    Listed { codec, decoder, camcorder_only: true }
}

const VIDEO: [Listed; 15] = [
    phone("h264", "h264"),
    phone("hevc", "hevc"),
    phone("vp8", "vp8"),
    phone("vp9", "vp9"),
    phone("av1", "libdav1d"),
    phone("mpeg4", "mpeg4"),
    phone("h263", "h263"),
    camcorder("mpeg1video", "mpeg1video"),
    camcorder("mpeg2video", "mpeg2video"),
    camcorder("mjpeg", "mjpeg"),
    camcorder("dvvideo", "dvvideo"),
    camcorder("prores", "prores"),
    camcorder("theora", "theora"),
    camcorder("flv1", "flv"),
    camcorder("h263p", "h263p"),
];

/// Sound is a nicety here: a codec that is not listed means a silent rendition, never a refusal.
const AUDIO: [(&str, &str); 14] = [
    ("aac", "aac"),
    ("opus", "opus"),
    ("vorbis", "vorbis"),
    ("mp3", "mp3float"),
    ("mp2", "mp2float"),
    ("ac3", "ac3"),
    ("eac3", "eac3"),
    ("flac", "flac"),
    ("amr_nb", "amrnb"),
    ("amr_wb", "amrwb"),
    ("alac", "alac"),
    ("pcm_s16le", "pcm_s16le"),
    ("pcm_s16be", "pcm_s16be"),
    ("pcm_u8", "pcm_u8"),
];

/// The decoder for a picture coding that this intake may send.
pub(crate) fn video_decoder(codec: &str, intake: Intake) -> Option<&'static str> {
    let listed = VIDEO.iter().find(|listed| listed.codec == codec)?;
    match intake {
        Intake::Staff => Some(listed.decoder),
        Intake::Public if listed.camcorder_only => None,
        Intake::Public => Some(listed.decoder),
    }
}

/// The decoder for a sound coding, where we have one.
pub(crate) fn audio_decoder(codec: &str) -> Option<&'static str> {
    AUDIO.iter().find(|(name, _)| *name == codec).map(|(_, decoder)| *decoder)
}

/// Every decoder that may ever run, in the form FFmpeg's own white list takes.
pub(crate) fn decoder_list() -> String {
    let video = VIDEO.iter().map(|listed| listed.decoder);
    video.chain(AUDIO.iter().map(|(_, decoder)| *decoder)).collect::<Vec<_>>().join(",")
}

/// Decoders with known unrepaired holes in FFmpeg versions before the repaired ones.
const FAULTY: [(&str, &str); 1] = [("magicyuv", "CVE-2026-8461")];

/// Says whether this FFmpeg may be used: a version with a known critical hole is fine only while the faulty decoder
/// is off our list. Returns the advisory that stands in the way.
pub fn standing_advisory(version: &str) -> Option<&'static str> {
    if is_repaired(version) {
        return None;
    }
    let listed = decoder_list();
    FAULTY
        .iter()
        .find(|(decoder, _)| listed.split(',').any(|name| name == *decoder))
        .map(|(_, advisory)| *advisory)
}

/// Repaired from 5.1.10, 6.1.6, 7.1.5 and 8.1.2 on (reliability.md, S5).
fn is_repaired(version: &str) -> bool {
    let upstream = version.trim_start_matches('n').split(['-', '+', '~']).next().unwrap_or_default();
    let mut parts = upstream.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let number = (parts.next().unwrap_or(0), parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    match number {
        (5, 1, patch) => patch >= 10,
        (6, 1, patch) => patch >= 6,
        (7, 1, patch) => patch >= 5,
        (8, 1, patch) => patch >= 2,
        (major, minor, _) => (major, minor) > (8, 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rare_decoders_are_not_listed() {
        for rare in
            ["magicyuv", "cllc", "hqx", "gif", "png", "apng", "webp", "tiff", "rawvideo", "bink", "exr"]
        {
            assert_eq!(video_decoder(rare, Intake::Staff), None, "{rare}");
        }
    }

    #[test]
    fn citizens_cannot_send_camcorder_codings() {
        assert_eq!(video_decoder("mpeg2video", Intake::Public), None);
        assert_eq!(video_decoder("mpeg2video", Intake::Staff), Some("mpeg2video"));
        assert_eq!(video_decoder("av1", Intake::Public), Some("libdav1d"));
    }

    #[test]
    fn a_known_bad_ffmpeg_is_allowed_only_without_the_faulty_decoder() {
        assert!(!is_repaired("5.1.9-0+deb12u1") && is_repaired("5.1.10") && is_repaired("8.2"));
        assert!(!is_repaired("7.0.2") && is_repaired("n7.1.5"));
        assert_eq!(standing_advisory("5.1.9-0+deb12u1"), None);
    }
}
