//! The preview in a gallery tile: two to three seconds of real signing at full frame rate, without sound. Cut at
//! keyframes out of the smallest rendition, so nothing is encoded again.

use crate::av::{Input, Layout, Mux, OpenRules, Packet, Pull, Ratio, rescale};
use crate::refusal::MediaError;
use crate::source::MAX_PIXELS;
use std::path::Path;

const LENGTH_US: i64 = 3_000_000;
/// Long clips start with an empty scene: begin a little way in.
const START_SHARE: f64 = 0.2;

/// Cuts the preview and returns its file name.
pub(crate) fn cut(rendition: &Path, out_dir: &Path) -> Result<String, MediaError> {
    let rules = OpenRules { demuxer: "mov", decoders: "h264,aac", max_pixels: MAX_PIXELS };
    let packets = read_pictures(rendition, &rules)?;
    let mut input = Input::open(rendition, &rules)?;
    input.complete_parameters(&rules)?;
    let mut mux = Mux::create(&out_dir.join("preview.mp4"), Layout::Whole)?;
    mux.add_copy(&input, 0)?;
    mux.start()?;
    let (from, to) = stretch(&packets.keys_us, packets.end_us);
    let first = packets.keys_us.iter().position(|&key| key == from).unwrap_or(0);
    let range = packets.groups.get(first).copied().unwrap_or(0)..packets.group_after(to);
    let shift = packets.all.get(range.start).and_then(Packet::pts).unwrap_or(0);
    for mut packet in packets.all.into_iter().skip(range.start).take(range.len()) {
        packet.shift(-shift);
        mux.write(0, packet)?;
    }
    mux.finish()?;
    Ok("preview.mp4".to_owned())
}

/// From the keyframe nearest to a fifth of the clip to the last one that still gives at most three seconds.
fn stretch(keys_us: &[i64], end_us: i64) -> (i64, i64) {
    let wanted = if end_us > 2 * LENGTH_US { (end_us as f64 * START_SHARE) as i64 } else { 0 };
    let from = keys_us.iter().copied().min_by_key(|key| (key - wanted).abs()).unwrap_or(0);
    let ends = keys_us.iter().copied().chain([end_us]);
    let to = ends.filter(|end| *end > from && *end - from <= LENGTH_US).max().unwrap_or(end_us);
    (from, to)
}

/// A rendition's pictures in stored order, with the place of each group.
struct Pictures {
    all: Vec<Packet>,
    keys_us: Vec<i64>,
    groups: Vec<usize>,
    end_us: i64,
}

impl Pictures {
    /// Index of the first packet of the group that begins at `time_us`, or the end.
    fn group_after(&self, time_us: i64) -> usize {
        let group = self.keys_us.iter().position(|&key| key >= time_us);
        group.and_then(|group| self.groups.get(group)).copied().unwrap_or(self.all.len())
    }
}

fn read_pictures(rendition: &Path, rules: &OpenRules<'_>) -> Result<Pictures, MediaError> {
    let mut input = Input::open(rendition, rules)?;
    let time_base = input.streams().first().map_or(Ratio::MICROSECONDS, |stream| stream.time_base);
    input.keep_only(&[0]);
    let mut found = Pictures { all: vec![], keys_us: vec![], groups: vec![], end_us: 0 };
    loop {
        let mut packet = Packet::new()?;
        match input.read(&mut packet)? {
            Pull::Ready if packet.stream() == 0 => {}
            Pull::Ready | Pull::NeedsInput => continue,
            Pull::Ended => return Ok(found),
        }
        let us = |value: i64| rescale(value, time_base, Ratio::MICROSECONDS).unwrap_or(0);
        let shown = packet.pts().unwrap_or(0);
        if packet.is_key() {
            found.keys_us.push(us(shown));
            found.groups.push(found.all.len());
        }
        found.end_us = found.end_us.max(us(shown + packet.duration()));
        found.all.push(packet);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_clip_gives_three_seconds_from_inside() {
        let keys: Vec<i64> = (0..20).map(|n| n * 966_667).collect();
        let (from, to) = stretch(&keys, 20_000_000);
        assert_eq!(from, 4 * 966_667);
        assert!((2_000_000..=3_000_000).contains(&(to - from)));
    }

    #[test]
    fn a_short_clip_is_its_own_preview() {
        assert_eq!(stretch(&[0, 1_000_000], 1_900_000), (0, 1_900_000));
        assert_eq!(stretch(&[0], 100_000), (0, 100_000));
    }
}
