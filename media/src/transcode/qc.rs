//! Each finished rendition is opened again and held to its plan: rate, frame count, length, uprightness, square
//! pixels, seekable keyframes, clean decode (deaf-users.md section 1.2, last line).

use super::Made;
use super::likeness::ssim;
use super::rendition::scope;
use crate::av::{DecodeScope, Decoder, Frame, Input, OpenRules, Packet, Pull, Ratio, StreamKind, rescale};
use crate::refusal::MediaError;
use crate::result::Rendition;
use crate::source::MAX_PIXELS;
use anyhow::{Context, ensure};
use std::path::Path;

/// Examines one rendition and describes it.
///
/// # Errors
/// A sentence that says where the file departs from the plan: a fault of ours, never of the upload.
pub(crate) fn examine(made: &Made, out_dir: &Path) -> Result<Examined, MediaError> {
    let path = out_dir.join(&made.file);
    let measured = measure(made, &path).with_context(|| format!("cannot examine {}", made.file))?;
    hold_to_plan(made, &measured).with_context(|| format!("{} departs from its plan", made.file))?;
    let bytes = std::fs::metadata(&path)?.len();
    let likeness = measured.likeness.iter().sum::<f64>() / measured.likeness.len().max(1) as f64;
    let seconds = measured.duration_us as f64 / 1e6;
    let is_within_cap = is_within_cap(made.rung.max_rate, measured.picture_bytes, measured.duration_us);
    let rendition = Rendition {
        file: made.file.clone(),
        name: made.rung.name,
        width: made.rung.size.width,
        height: made.rung.size.height,
        fps: (made.fps.value() * 1000.0).round() / 1000.0,
        frames: measured.frames.unsigned_abs(),
        duration_ms: ((measured.duration_us + 500) / 1000).unsigned_abs(),
        bytes,
        bitrate: (bytes as f64 * 8.0 / seconds.max(0.001)) as u64,
        mime: mime(&measured),
        ssim: (likeness * 10_000.0).round() / 10_000.0,
        stream: None,
    };
    Ok(Examined { rendition, is_within_cap })
}

/// A rendition that keeps to its plan.
pub(crate) struct Examined {
    pub(crate) rendition: Rendition,
    /// Its pictures need no more bits than their rung may have.
    pub(crate) is_within_cap: bool,
}

/// Over the whole clip a tenth more is allowed (deaf-users.md, requirement 27), and in a short one what the encoder may
/// spend at once: a quarter of its buffer of two seconds.
const OVER_CAP: f64 = 1.10;
const AT_ONCE_S: f64 = 0.5;

fn is_within_cap(max_rate: u64, bytes: u64, duration_us: i64) -> bool {
    let seconds = duration_us as f64 / 1e6;
    bytes as f64 * 8.0 <= max_rate as f64 * (seconds * OVER_CAP).max(seconds + AT_ONCE_S)
}

struct Measured {
    frames: i64,
    duration_us: i64,
    longest_group_us: i64,
    width: i32,
    height: i32,
    sar: Ratio,
    is_turned: bool,
    has_sound: bool,
    picture_bytes: u64,
    decoded: i64,
    failed: i64,
    /// Profile, constraints and level as the file states them.
    coding: Option<[u8; 3]>,
    /// Structural similarity of sampled pictures with their source.
    likeness: Vec<f64>,
}

fn measure(made: &Made, path: &Path) -> Result<Measured, MediaError> {
    let rules = OpenRules { demuxer: "mov", decoders: "h264,aac", max_pixels: MAX_PIXELS };
    let mut input = Input::open(path, &rules)?;
    input.complete_parameters(&rules)?;
    let streams = input.streams();
    let video =
        streams.first().filter(|s| s.kind == StreamKind::Video).context("the first stream is no picture")?;
    input.keep_only(&[0]);
    let mut decoder = Decoder::open(&input, 0, "h264", 2, MAX_PIXELS)?;
    decoder.limit_to(scope(&made.rung));
    let mut measured = Measured {
        frames: 0,
        duration_us: 0,
        longest_group_us: 0,
        width: video.width,
        height: video.height,
        sar: video.sar,
        is_turned: video.display_matrix.is_some_and(|m| m[0] <= 0 || m[1] != 0),
        has_sound: streams.iter().any(|s| s.kind == StreamKind::Audio),
        picture_bytes: 0,
        decoded: 0,
        failed: 0,
        coding: input.h264_coding(0),
        likeness: Vec::new(),
    };
    let mut reading = Reading { made, decoder, frame: Frame::new()?, time_base: video.time_base };
    reading.read_through(&mut input, &mut measured)?;
    Ok(measured)
}

/// A rendition being read and decoded again.
struct Reading<'a> {
    made: &'a Made,
    decoder: Decoder,
    frame: Frame,
    time_base: Ratio,
}

impl Reading<'_> {
    fn read_through(&mut self, input: &mut Input, measured: &mut Measured) -> Result<(), MediaError> {
        let mut packet = Packet::new()?;
        let (mut first, mut end, mut keys) = (i64::MAX, i64::MIN, Vec::new());
        while input.read(&mut packet)? == Pull::Ready {
            // Sound that was read ahead while parameters were completed still comes out here.
            if packet.stream() != 0 {
                continue;
            }
            let us = |value: i64| rescale(value, self.time_base, Ratio::MICROSECONDS).unwrap_or(0);
            let shown = packet.pts().context("a packet without a time")?;
            measured.frames += 1;
            measured.picture_bytes += packet.len() as u64;
            first = first.min(us(shown));
            end = end.max(us(shown + packet.duration()));
            if packet.is_key() {
                keys.push(us(shown));
            }
            measured.failed += i64::from(self.decoder.send(&packet).is_err());
            self.take_out(measured)?;
        }
        self.decoder.finish()?;
        self.take_out(measured)?;
        measured.duration_us = end.saturating_sub(first).max(0);
        keys.push(end);
        measured.longest_group_us = keys.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or(0);
        Ok(())
    }

    /// Counts decoded pictures and compares those that were kept from the source.
    fn take_out(&mut self, measured: &mut Measured) -> Result<(), MediaError> {
        while self.decoder.receive(&mut self.frame)? == Pull::Ready {
            measured.decoded += 1;
            let us = self.frame.timestamp().and_then(|t| rescale(t, self.time_base, Ratio::MICROSECONDS));
            let slot = us.map(|us| (us as f64 / 1e6 * self.made.fps.value()).round() as i64);
            let kept = self.made.samples.iter().find(|(at, _)| Some(*at) == slot);
            if let Some((_, source)) = kept {
                measured.likeness.push(ssim(&source.luma(), &self.frame.luma()));
            }
        }
        Ok(())
    }
}

fn hold_to_plan(made: &Made, is: &Measured) -> anyhow::Result<()> {
    let frame_us = 1e6 / made.fps.value();
    let planned_us = made.frames as f64 * frame_us;
    let size = made.rung.size;
    ensure!((is.frames - made.frames).abs() <= 1, "{} frames instead of {}", is.frames, made.frames);
    ensure!((is.duration_us as f64 - planned_us).abs() <= frame_us + 1.0, "{} µs long", is.duration_us);
    ensure!((is.width, is.height) == (size.width as i32, size.height as i32), "{}x{}", is.width, is.height);
    ensure!(is.sar.num == is.sar.den || is.sar.num == 0, "pixels of {}:{}", is.sar.num, is.sar.den);
    ensure!(!is.is_turned, "the picture is turned");
    ensure!(is.longest_group_us as f64 <= 1e6_f64.max(frame_us) + 1000.0, "{} µs apart", is.longest_group_us);
    ensure!(is.failed == 0, "{} packets do not decode", is.failed);
    ensure!(!is.likeness.is_empty(), "no picture could be compared with its source");
    let all_decoded = scope(&made.rung) == DecodeScope::KeyPictures || is.decoded == is.frames;
    ensure!(is.decoded > 0 && all_decoded, "{} of {} frames decode", is.decoded, is.frames);
    Ok(())
}

/// For `<source type>` and playlists.
fn mime(is: &Measured) -> String {
    let [profile, constraints, level] = is.coding.unwrap_or([0x64, 0, 0x2a]);
    let sound = if is.has_sound { ", mp4a.40.2" } else { "" };
    format!("video/mp4; codecs=\"avc1.{profile:02X}{constraints:02X}{level:02X}{sound}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clip_may_need_a_tenth_more_than_its_cap_and_a_short_one_half_a_second_more() {
        let within = |kbit: u64, seconds: i64| is_within_cap(600_000, kbit * 1000 / 8, seconds * 1_000_000);
        assert!(within(6_600, 10) && !within(6_700, 10));
        assert!(within(890, 1) && !within(910, 1));
        assert!(within(19_800, 30) && !within(19_900, 30));
    }
}
