//! HLS for longer clips: the packets of each rendition once more, in fragments of one file, with a playlist that points
//! at byte ranges of it (RFC 8216). Nothing is encoded twice.

use crate::av::{Input, Layout, Mux, OpenRules, Packet, Pull, Ratio, StreamKind, rescale};
use crate::refusal::MediaError;
use crate::result::{Rendition, StreamFile};
use crate::source::MAX_PIXELS;
use anyhow::{Context, ensure};
use std::path::Path;

/// Up to this length a clip is fetched as one MP4 with byte ranges (deaf-users.md, "what matters most").
const FROM_MS: u64 = 90_000;
/// Keyframes are one second apart; a request for each would be wasteful, more than six seconds slow to switch.
const SEGMENT_US: i64 = 4_000_000;
const MAIN: &str = "main.m3u8";

/// Adds the fragmented file and its playlist to each rendition of a long clip, and writes the playlist over all.
pub(super) fn add_streams(
    renditions: &mut [Rendition],
    out_dir: &Path,
) -> Result<Option<String>, MediaError> {
    if renditions.first().is_none_or(|smallest| smallest.duration_ms <= FROM_MS) {
        return Ok(None);
    }
    for rendition in renditions.iter_mut() {
        rendition.stream = Some(fragment(&rendition.file, out_dir)?);
    }
    std::fs::write(out_dir.join(MAIN), main_playlist(renditions))?;
    Ok(Some(MAIN.to_owned()))
}

fn fragment(file: &str, out_dir: &Path) -> Result<StreamFile, MediaError> {
    let stem = file.trim_end_matches(".mp4");
    let (stream, playlist) = (format!("{stem}-stream.mp4"), format!("{stem}.m3u8"));
    let keys = copy_packets(&out_dir.join(file), &out_dir.join(&stream))?;
    let bytes = std::fs::read(out_dir.join(&stream))?;
    let fragments = fragments(&bytes)?;
    ensure_agree(&fragments, &keys)?;
    let segments = segments(&fragments, &keys);
    std::fs::write(out_dir.join(&playlist), media_playlist(&stream, fragments.head, &segments))?;
    Ok(StreamFile { file: stream, playlist, peak: segments.iter().map(Segment::rate).max().unwrap_or(0) })
}

/// When each group of pictures begins, and when the last one ends.
struct Groups {
    starts_us: Vec<i64>,
    end_us: i64,
}

/// Copies all packets into a fragmented file, a fragment for each keyframe of the picture.
fn copy_packets(from: &Path, to: &Path) -> Result<Groups, MediaError> {
    let rules = OpenRules { demuxer: "mov", decoders: "h264,aac", max_pixels: MAX_PIXELS };
    let mut input = Input::open(from, &rules)?;
    input.complete_parameters(&rules)?;
    let streams = input.streams();
    let picture = streams.iter().find(|s| s.kind == StreamKind::Video).context("no picture to copy")?;
    let (video, time_base) = (picture.index, picture.time_base);
    let mut mux = Mux::create(to, Layout::Fragments)?;
    for stream in &streams {
        mux.add_copy(&input, stream.index)?;
    }
    mux.start()?;
    let mut groups = Groups { starts_us: Vec::new(), end_us: 0 };
    loop {
        let mut packet = Packet::new()?;
        match input.read(&mut packet)? {
            Pull::Ready => {}
            Pull::NeedsInput => continue,
            Pull::Ended => break,
        }
        let us = |value: i64| rescale(value, time_base, Ratio::MICROSECONDS).unwrap_or(0);
        if let (true, Some(shown)) = (packet.stream() == video, packet.pts()) {
            if packet.is_key() {
                groups.starts_us.push(us(shown));
            }
            groups.end_us = groups.end_us.max(us(shown + packet.duration()));
        }
        let stream = packet.stream();
        mux.write(stream, packet)?;
    }
    mux.finish()?;
    Ok(groups)
}

/// Where the fragments of a file lie.
struct Fragments {
    /// Bytes of the head, which a player needs first.
    head: usize,
    /// Offset of each fragment, and of the end of the last.
    edges: Vec<usize>,
}

/// Walks the boxes of the file that was just written.
fn fragments(bytes: &[u8]) -> anyhow::Result<Fragments> {
    let (mut at, mut edges, mut end) = (0usize, Vec::new(), 0usize);
    while let Some(header) = bytes.get(at..at + 8) {
        let size = u32::from_be_bytes([header[0], header[1], header[2], header[3]]) as usize;
        let size = match size {
            1 => {
                let long = bytes.get(at + 8..at + 16).context("a box without its length")?;
                usize::try_from(u64::from_be_bytes(long.try_into()?))?
            }
            size => size,
        };
        ensure!(size >= 8, "a box of {size} bytes");
        match &header[4..8] {
            b"moof" => edges.push(at),
            b"mdat" => end = at + size,
            _ => {}
        }
        at += size;
    }
    let head = *edges.first().context("a stream without fragments")?;
    edges.push(end);
    Ok(Fragments { head, edges })
}

fn ensure_agree(fragments: &Fragments, groups: &Groups) -> anyhow::Result<()> {
    let (written, wanted) = (fragments.edges.len() - 1, groups.starts_us.len());
    ensure!(written == wanted, "{written} fragments for {wanted} groups of pictures");
    Ok(())
}

/// What a player fetches at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Segment {
    offset: usize,
    bytes: usize,
    length_us: i64,
}

impl Segment {
    fn rate(&self) -> u64 {
        self.bytes as u64 * 8 * 1_000_000 / self.length_us.max(1).unsigned_abs()
    }
}

/// Joins fragments to segments of about four seconds.
fn segments(fragments: &Fragments, groups: &Groups) -> Vec<Segment> {
    let ends = groups.starts_us.iter().skip(1).copied().chain([groups.end_us]);
    let mut made: Vec<Segment> = Vec::new();
    for ((edge, start), end) in fragments.edges.windows(2).zip(&groups.starts_us).zip(ends) {
        let (bytes, length_us) = (edge[1] - edge[0], end - start);
        match made.last_mut().filter(|last| last.length_us + length_us <= SEGMENT_US) {
            Some(last) => (last.bytes, last.length_us) = (last.bytes + bytes, last.length_us + length_us),
            None => made.push(Segment { offset: edge[0], bytes, length_us }),
        }
    }
    made
}

fn media_playlist(file: &str, head: usize, segments: &[Segment]) -> String {
    let longest_us = segments.iter().map(|segment| segment.length_us).max().unwrap_or(SEGMENT_US);
    let target = (longest_us as f64 / 1e6).round().max(1.0);
    let mut text = format!(
        "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:{target:.0}\n#EXT-X-PLAYLIST-TYPE:VOD\n\
         #EXT-X-INDEPENDENT-SEGMENTS\n#EXT-X-MAP:URI=\"{file}\",BYTERANGE=\"{head}@0\"\n"
    );
    for segment in segments {
        let seconds = segment.length_us as f64 / 1e6;
        let Segment { bytes, offset, .. } = segment;
        text.push_str(&format!("#EXTINF:{seconds:.6},\n#EXT-X-BYTERANGE:{bytes}@{offset}\n{file}\n"));
    }
    text.push_str("#EXT-X-ENDLIST\n");
    text
}

fn main_playlist(renditions: &[Rendition]) -> String {
    let mut text = String::from("#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n");
    for rendition in renditions {
        let Some(stream) = &rendition.stream else { continue };
        let codecs = rendition.codecs();
        text.push_str(&format!(
            "#EXT-X-STREAM-INF:BANDWIDTH={},AVERAGE-BANDWIDTH={},RESOLUTION={}x{},FRAME-RATE={:.3},CODECS=\"{codecs}\"\n{}\n",
            stream.peak.max(rendition.bitrate), rendition.bitrate, rendition.width, rendition.height, rendition.fps,
            stream.playlist,
        ));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fragments_of_a_second_become_segments_of_four() {
        let fragments = Fragments { head: 100, edges: (0..=10).map(|n| 100 + n * 50).collect() };
        let groups = Groups { starts_us: (0..10).map(|n| n * 1_000_000).collect(), end_us: 9_500_000 };
        let made = segments(&fragments, &groups);
        let told: Vec<_> = made.iter().map(|s| (s.offset, s.bytes, s.length_us)).collect();
        assert_eq!(told, [(100, 200, 4_000_000), (300, 200, 4_000_000), (500, 100, 1_500_000)]);
        let text = media_playlist("a.mp4", 100, &made);
        assert!(text.contains("#EXT-X-MAP:URI=\"a.mp4\",BYTERANGE=\"100@0\""), "{text}");
        assert!(
            text.contains("#EXTINF:1.500000,\n#EXT-X-BYTERANGE:100@500\na.mp4\n#EXT-X-ENDLIST"),
            "{text}"
        );
    }
}
