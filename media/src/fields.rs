//! Finds interlaced pictures in files that do not say so: camcorder tapes captured by software, and exports that lost
//! the flag. FFmpeg's `idet` looks at the first pictures that move; only rates and codings that interlaced video comes
//! in are looked at, so that phone clips pay nothing.

use crate::av::{Frame, Geometry, Plane, Pull, VideoGraph};
use crate::container::Intake;
use crate::reel::{self, Audience, Clock, Hear};
use crate::refusal::MediaError;
use crate::scan::Scan;
use crate::source::Source;
use std::path::Path;

/// How the lines of a picture belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fields {
    Progressive,
    /// The file says so, and says for each picture which field is first.
    Flagged,
    /// The file says nothing; the pictures show it.
    TopFirst,
    BottomFirst,
}

impl Fields {
    pub(crate) fn interlaced(self) -> bool {
        match self {
            Fields::Progressive => false,
            Fields::Flagged | Fields::TopFirst | Fields::BottomFirst => true,
        }
    }

    /// The word of FFmpeg's deinterlacer.
    pub(crate) fn parity(self) -> &'static str {
        match self {
            Fields::Progressive | Fields::Flagged => "auto",
            Fields::TopFirst => "tff",
            Fields::BottomFirst => "bff",
        }
    }
}

/// Interlaced video has 25 or 29.97 pictures a second; above this rate there are no two fields in one.
const FASTEST: f64 = 31.0;
const CODINGS: [&str; 7] = ["h264", "mpeg2video", "mpeg1video", "mpeg4", "dvvideo", "prores", "mjpeg"];
/// Pictures that were judged either way before the answer stands, and pictures looked at in all.
const ENOUGH: u32 = 40;
const AT_MOST: u32 = 150;
/// A few combed pictures may be a hand in front of stripes.
const COMBED_AT_LEAST: u32 = 6;

/// Says how the lines of this clip belong together.
pub(crate) fn survey(
    path: &Path,
    intake: Intake,
    scan: &Scan,
    source: &Source,
) -> Result<Fields, MediaError> {
    let stream = &source.video;
    if stream.interlaced {
        return Ok(Fields::Flagged);
    }
    let possible = scan.timeline.source_rate().fps <= FASTEST
        && CODINGS.contains(&stream.codec.as_str())
        && stream.height >= 240
        && stream.display_matrix.is_none();
    if !possible {
        return Ok(Fields::Progressive);
    }
    let mut watch = Source::open(path, intake)?;
    let mut judge = Judge::default();
    let clock = Clock::of(scan);
    reel::play(&mut watch, Hear::PictureOnly, 2, clock, &mut judge)?;
    Ok(judge.verdict())
}

#[derive(Default)]
struct Judge {
    graph: Option<(Geometry, VideoGraph)>,
    looked: u32,
    top: u32,
    bottom: u32,
    whole: u32,
    flagged: bool,
    previous: Vec<u8>,
    comb: Comb,
}

/// Teeth among the samples that moved: lines that differ from both neighbours, which agree with each other. Real fields
/// give a quarter and more; sharp drawings that move, which fool `idet`, a sixth at most (measured on test pictures,
/// captured tape and signing clips).
#[derive(Default)]
struct Comb {
    moved: u64,
    teeth: u64,
}

const TOOTHED_SHARE: f64 = 0.20;
const MOVED: u8 = 15;
const TOOTH: i16 = 12;
/// One column in four is enough.
const COLUMNS: usize = 4;

impl Comb {
    fn note(&mut self, now: &Plane<'_>, before: &[u8]) {
        if before.len() != now.width * now.height || now.height < 3 {
            return;
        }
        for y in 1..now.height - 1 {
            let (above, row, below) = (now.row(y - 1), now.row(y), now.row(y + 1));
            let earlier = &before[y * now.width..(y + 1) * now.width];
            for x in (0..now.width).step_by(COLUMNS) {
                if row[x].abs_diff(earlier[x]) > MOVED {
                    self.moved += 1;
                    self.teeth += u64::from(is_tooth(above[x], row[x], below[x]));
                }
            }
        }
    }

    fn is_toothed(&self) -> bool {
        self.teeth as f64 > self.moved as f64 * TOOTHED_SHARE
    }
}

fn is_tooth(above: u8, here: u8, below: u8) -> bool {
    let (up, down) = (i16::from(here) - i16::from(above), i16::from(here) - i16::from(below));
    let sticks_out = (up > TOOTH && down > TOOTH) || (up < -TOOTH && down < -TOOTH);
    sticks_out && 2 * (i16::from(above) - i16::from(below)).abs() < up.abs()
}

impl Judge {
    fn verdict(&self) -> Fields {
        let combed = self.top + self.bottom;
        match () {
            () if self.flagged => Fields::Flagged,
            () if combed < COMBED_AT_LEAST || combed < self.whole * 2 => Fields::Progressive,
            () if !self.comb.is_toothed() => Fields::Progressive,
            () if self.bottom > self.top => Fields::BottomFirst,
            () => Fields::TopFirst,
        }
    }

    fn judge(&mut self, frame: &Frame) -> Result<(), MediaError> {
        let geometry = frame.geometry();
        if self.graph.as_ref().is_none_or(|(built_for, _)| *built_for != geometry) {
            self.graph = Some((geometry, VideoGraph::build(geometry, "[in]format=gray,idet[out0]", 1, 1)?));
        }
        let Some((_, graph)) = &mut self.graph else { return Ok(()) };
        graph.push(frame)?;
        let mut judged = Frame::new()?;
        while graph.pull(0, &mut judged)? == Pull::Ready {
            match judged.note("lavfi.idet.multiple.current_frame").as_deref() {
                Some("tff") => self.top += 1,
                Some("bff") => self.bottom += 1,
                Some("progressive") => self.whole += 1,
                Some(_) | None => {}
            }
            let luma = judged.luma();
            self.comb.note(&luma, &self.previous);
            self.previous = (0..luma.height).flat_map(|y| luma.row(y)).copied().collect();
        }
        Ok(())
    }
}

impl Audience for Judge {
    fn picture(&mut self, frame: &mut Frame, time_us: i64) -> Result<(), MediaError> {
        frame.set_pts(time_us);
        self.flagged |= frame.is_interlaced();
        self.looked += 1;
        self.judge(frame)
    }

    fn has_seen_enough(&self) -> bool {
        self.flagged || self.top + self.bottom + self.whole >= ENOUGH || self.looked >= AT_MOST
    }

    fn sound(&mut self, _frame: &mut Frame) -> Result<(), MediaError> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_combed_pictures_are_no_verdict() {
        let judge = |top, bottom, whole| {
            let comb = Comb { moved: 1000, teeth: 260 };
            Judge { top, bottom, whole, comb, ..Judge::default() }.verdict()
        };
        assert_eq!(judge(5, 0, 0), Fields::Progressive);
        assert_eq!(judge(10, 0, 20), Fields::Progressive);
        assert_eq!(judge(30, 0, 5), Fields::TopFirst);
        assert_eq!(judge(2, 30, 0), Fields::BottomFirst);
    }

    #[test]
    fn sharp_drawings_that_move_are_no_comb() {
        let comb = Comb { moved: 1000, teeth: 170 };
        assert_eq!(Judge { top: 40, comb, ..Judge::default() }.verdict(), Fields::Progressive);
    }
}
