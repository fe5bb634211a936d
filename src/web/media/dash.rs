//! The DASH manifest of a long clip (ISO/IEC 23009-1): byte ranges of the same fragmented files that HLS points at.

use super::playlist::codecs;
use crate::catalog::{Rendition, Segment, Stream, Track};
use std::fmt::Write as _;
use std::ops::Range;

pub(super) const MIME: &str = "application/dash+xml";

/// Segments are four seconds long; a player that holds one can begin.
const BUFFER_S: u64 = 4;

/// The manifest over all sizes and captions; none for a clip with sound, which lies in the same files as the picture:
/// players of DASH want it apart.
///
/// The signing is the clip's own language and its main picture. The role `sign` would say that somebody interprets a
/// film beside it (deaf-users.md section 4).
pub(super) fn manifest(
    streams: &[(Stream, Rendition)],
    tracks: &[Track],
    signed_in: &str,
) -> anyhow::Result<Option<String>> {
    if streams.iter().any(|(_, size)| codecs(size).contains("mp4a")) {
        return Ok(None);
    }
    let (mut sizes, mut length_us) = (String::new(), 0);
    for (stream, size) in streams {
        let (head, segments) = stream.segments()?;
        length_us = length_us.max(segments.iter().map(|segment| segment.length_us).sum());
        representation(&mut sizes, stream, size, &head, &segments)?;
    }
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" profiles=\"urn:mpeg:dash:profile:full:2011\" type=\"static\" \
         mediaPresentationDuration=\"PT{:.3}S\" minBufferTime=\"PT{BUFFER_S}S\">\n<Period>\n\
         <AdaptationSet contentType=\"video\" mimeType=\"video/mp4\" lang=\"{signed_in}\" segmentAlignment=\"true\" startWithSAP=\"1\">\n{}",
        length_us as f64 / 1e6,
        role("main"),
    );
    text.push_str(&sizes);
    text.push_str("</AdaptationSet>\n");
    for Track { lang, .. } in tracks {
        write!(
            text,
            "<AdaptationSet contentType=\"text\" mimeType=\"text/vtt\" lang=\"{lang}\">\n{}\
             <Representation id=\"captions-{lang}\" bandwidth=\"256\"><BaseURL>{lang}.vtt</BaseURL></Representation>\n\
             </AdaptationSet>\n",
            role("subtitle"),
        )?;
    }
    text.push_str("</Period>\n</MPD>\n");
    Ok(Some(text))
}

fn role(value: &str) -> String {
    format!("<Role schemeIdUri=\"urn:mpeg:dash:role:2011\" value=\"{value}\"/>\n")
}

/// Bytes as a range request names them, the last one included.
fn inclusive(bytes: &Range<u64>) -> String {
    format!("{}-{}", bytes.start, bytes.end - 1)
}

fn representation(
    out: &mut String,
    stream: &Stream,
    size: &Rendition,
    head: &Range<u64>,
    segments: &[Segment],
) -> std::fmt::Result {
    writeln!(
        out,
        "<Representation id=\"{}\" bandwidth=\"{}\" width=\"{}\" height=\"{}\" sar=\"1:1\" \
         frameRate=\"{}/1000\" codecs=\"{}\">\n<BaseURL>{}</BaseURL>\n<SegmentList timescale=\"1000000\">\n\
         <Initialization range=\"{}\"/>\n<SegmentTimeline>",
        stream.rung,
        stream.peak.max(size.bitrate),
        size.width,
        size.height,
        size.fps_milli,
        codecs(size),
        stream.url(),
        inclusive(head),
    )?;
    for segment in segments {
        writeln!(out, "<S d=\"{}\"/>", segment.length_us)?;
    }
    out.push_str("</SegmentTimeline>\n");
    for segment in segments {
        writeln!(out, "<SegmentURL mediaRange=\"{}\"/>", inclusive(&segment.bytes))?;
    }
    out.push_str("</SegmentList>\n</Representation>\n");
    Ok(())
}
