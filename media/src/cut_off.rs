//! Whether a file ends before the end that it declares, as when a transfer broke off. Such a file plays like a whole one
//! and stops in the middle of a sentence, so it is refused, where its header leaves no doubt: an MP4 lists every picture
//! in its index; Matroska and AVI say how many bytes follow and how long they last. Streams that are written while they
//! run (fragments, live WebM, transport streams) promise nothing.

use crate::av::{Input, Packet, Ratio, StreamParameters, rescale};
use crate::container::Container;
use crate::refusal::Refusal;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

/// Headers round, and a last picture may be cut away by a player's edit: both must be missing before a file is refused.
const LEAST_MISSING_US: i64 = 1_000_000;
const LEAST_MISSING_SHARE: f64 = 0.02;
/// Enough for an EBML head and the beginning of its segment.
const HEAD: u64 = 4096;

/// The end of the pictures on the file's own clock, where the header, which says `header_us`, is to be believed.
pub(crate) fn declared_end_us(
    path: &Path,
    container: Container,
    input: &Input,
    video: &StreamParameters,
    header_us: Option<i64>,
) -> Option<i64> {
    match container {
        Container::Mp4 if is_in_fragments(path) => None,
        Container::Mp4 => rescale(input.indexed_end(video.index)?, video.time_base, Ratio::MICROSECONDS),
        Container::Matroska => shortened(path, segment_end).and(header_us),
        // FFmpeg bends an AVI header to the length of the file, so the header is read here.
        Container::Avi => shortened(path, riff_end).as_deref().and_then(avi_length_us),
        Container::MpegTs | Container::MpegPs | Container::Flv | Container::Ogg => None,
    }
}

/// The first bytes of a file that is shorter than they say. One that cannot be read is told of elsewhere.
fn shortened(path: &Path, declared_end: fn(&[u8]) -> Option<u64>) -> Option<Vec<u8>> {
    let file = std::fs::File::open(path).ok()?;
    let length = file.metadata().ok()?.len();
    let mut head = Vec::new();
    file.take(HEAD).read_to_end(&mut head).ok()?;
    declared_end(&head).is_some_and(|end| end > length).then_some(head)
}

/// Boxes at the top of a file that are looked at: a file in fragments has its first among them.
const BOXES: usize = 32;

/// Whether an MP4 was written in fragments. FFmpeg reads all their indexes at once, but a recorder that stopped in one of
/// them leaves what it has, and there is nothing to send again.
fn is_in_fragments(path: &Path) -> bool {
    let Ok(mut file) = std::fs::File::open(path) else { return false };
    for _ in 0..BOXES {
        let Ok((kind, left)) = next_box(&mut file) else { return false };
        if &kind == b"moof" {
            return true;
        }
        if left < 0 || file.seek(SeekFrom::Current(left)).is_err() {
            return false;
        }
    }
    false
}

/// The name of the box here and how many bytes of it follow (ISO/IEC 14496-12, section 4.2).
fn next_box(file: &mut std::fs::File) -> std::io::Result<([u8; 4], i64)> {
    let (mut size, mut kind, mut long) = ([0; 4], [0; 4], [0; 8]);
    file.read_exact(&mut size)?;
    file.read_exact(&mut kind)?;
    let left = match u32::from_be_bytes(size) {
        1 => {
            file.read_exact(&mut long)?;
            i64::try_from(u64::from_be_bytes(long)).unwrap_or(-1).saturating_sub(16)
        }
        size => i64::from(size) - 8,
    };
    Ok((kind, left))
}

/// Where the first RIFF of an AVI file ends.
fn riff_end(head: &[u8]) -> Option<u64> {
    Some(u64::from(word(head, 4)?) + 8)
}

/// Pictures times the time of each, from the main header, which comes first of all.
fn avi_length_us(head: &[u8]) -> Option<i64> {
    let is_main_header = head.get(24..28)? == b"avih";
    let length = i64::from(word(head, 32)?).checked_mul(i64::from(word(head, 48)?))?;
    is_main_header.then_some(length)
}

fn word(head: &[u8], at: usize) -> Option<u32> {
    head.get(at..at + 4)?.try_into().ok().map(u32::from_le_bytes)
}

/// Where the segment of a Matroska file ends (RFC 8794, RFC 9559); nothing while its size is not known.
fn segment_end(head: &[u8]) -> Option<u64> {
    const SEGMENT: [u8; 4] = [0x18, 0x53, 0x80, 0x67];
    let (header, header_at) = element_size(head, 4)?;
    let segment_at = header_at.checked_add(usize::try_from(header).ok()?)?;
    if head.get(segment_at..segment_at.checked_add(4)?)? != SEGMENT {
        return None;
    }
    let (size, content_at) = element_size(head, segment_at + 4)?;
    size.checked_add(content_at as u64)
}

/// An element's size and where its content begins; nothing for the reserved value that means "not known".
fn element_size(head: &[u8], at: usize) -> Option<(u64, usize)> {
    let first = *head.get(at)?;
    let length = first.leading_zeros() as usize + 1;
    let bytes = head.get(at..at.checked_add(length)?).filter(|_| length <= 8)?;
    let value = bytes.iter().fold(0u64, |value, byte| value << 8 | u64::from(*byte));
    let ones = (1u64 << (7 * length)) - 1;
    (value & ones != ones).then_some((value & ones, at + length))
}

/// How far the pictures of a file reach.
pub(crate) struct Reach {
    time_base: Ratio,
    span: Option<(i64, i64)>,
}

impl Reach {
    pub(crate) fn new(time_base: Ratio) -> Self {
        Reach { time_base, span: None }
    }

    /// Notes a packet, shown or not.
    pub(crate) fn note(&mut self, packet: &Packet) {
        let shown_until = packet.pts().map(|pts| pts.saturating_add(packet.duration()));
        let us = |value: Option<i64>| value.and_then(|v| rescale(v, self.time_base, Ratio::MICROSECONDS));
        let Some(until) = us(packet.dts()).max(us(shown_until)) else { return };
        let from = us(packet.dts()).or(us(packet.pts())).unwrap_or(until);
        let (start, end) = self.span.unwrap_or((from, until));
        self.span = Some((start.min(from), end.max(until)));
    }

    /// # Errors
    /// Refused when the pictures end clearly before the declared end.
    pub(crate) fn hold_to(&self, declared_end_us: i64) -> Result<(), Refusal> {
        let (start, end) = self.span.unwrap_or((0, 0));
        let declared = declared_end_us.saturating_sub(start);
        let arrived = end.saturating_sub(start);
        let missing = declared.saturating_sub(arrived);
        if missing <= LEAST_MISSING_US || missing as f64 <= declared as f64 * LEAST_MISSING_SHARE {
            return Ok(());
        }
        let ms = |us: i64| (us / 1000).max(0).unsigned_abs();
        Err(Refusal::CutOff { arrived_ms: ms(arrived), declared_ms: ms(declared) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_ends_where_its_size_says_or_says_nothing() {
        let header = [0x1a, 0x45, 0xdf, 0xa3, 0x84, 1, 2, 3, 4, 0x18, 0x53, 0x80, 0x67];
        let with = |size: &[u8]| segment_end(&[&header, size].concat());
        assert_eq!(with(&[0x41, 0x00]), Some(15 + 256));
        assert_eq!(with(&[0x01, 0, 0, 0, 0, 0, 0x10, 0x00]), Some(21 + 4096));
        assert_eq!(with(&[0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]), None);
        assert_eq!(with(&[0xff]), None);
        assert_eq!(with(&[0x00]), None);
        assert_eq!(segment_end(&[]), None);
    }

    #[test]
    fn only_a_clear_shortfall_counts() {
        let reach = |end: i64| Reach { time_base: Ratio::MICROSECONDS, span: Some((0, end)) };
        assert!(reach(10_000_000).hold_to(10_900_000).is_ok());
        assert!(reach(98_500_000).hold_to(100_000_000).is_ok());
        let cut = Refusal::CutOff { arrived_ms: 5_000, declared_ms: 10_000 };
        assert_eq!(reach(5_000_000).hold_to(10_000_000), Err(cut));
        assert!(reach(0).hold_to(i64::MAX).is_err() && reach(5).hold_to(i64::MIN).is_ok());
    }
}
