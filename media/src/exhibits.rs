//! A picture for each finding that a picture explains: the frame where hands leave, where the picture stands still,
//! where it flashes, where it is black or damaged, where it changes its shape, after which the next is missing, or simply
//! one from the middle.

use crate::av::Frame;
use crate::quality::Finding;
use crate::refusal::MediaError;
use crate::transcode::{jpeg, shrunk, to_rgb};
use std::path::Path;

/// How telling one picture is for each subject; larger is better.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Telling {
    /// Share of the movement that happens at the border.
    pub(crate) edge: f64,
    /// For how long the picture has not changed, in microseconds.
    pub(crate) frozen_us: i64,
    /// Share of the picture that swings between dark and light.
    pub(crate) flash: f64,
    /// Since when the picture is black, in microseconds.
    pub(crate) black_since: Option<i64>,
    /// It is the first of another shape.
    pub(crate) new_shape: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Subject {
    Edge,
    Frozen,
    Flash,
    Shape,
    /// The first black one.
    Black,
    /// The first one of the last black stretch.
    BlackEnd,
    /// The decoder had to guess a part of it.
    Patched,
    /// The last one before the longest time without a new one.
    Gap,
    Middle,
}

impl Subject {
    const ALL: [Subject; 9] = [
        Subject::Edge,
        Subject::Frozen,
        Subject::Flash,
        Subject::Shape,
        Subject::Black,
        Subject::BlackEnd,
        Subject::Patched,
        Subject::Gap,
        Subject::Middle,
    ];

    /// Which subjects explain a finding, if a picture can: the best first.
    fn of(finding: &Finding) -> &'static [Subject] {
        match finding.code.as_str() {
            "hands_leave_frame" => &[Subject::Edge],
            "frozen_picture" | "frozen_moment" => &[Subject::Frozen],
            "flashing" => &[Subject::Flash],
            "shape_changes" => &[Subject::Shape],
            "black_ends" if finding.at_ms != Some(0) => &[Subject::BlackEnd],
            "black_picture" | "black_ends" => &[Subject::Black],
            // Where nothing was patched, whole pictures were lost.
            "damaged" => &[Subject::Patched, Subject::Gap],
            "picture_gaps" | "uneven_motion" => &[Subject::Gap],
            "low_frame_rate" | "too_dark" | "too_bright" | "blurred" | "small_picture" | "interlaced"
            | "no_face" | "many_faces" | "face_far" | "face_near" | "headroom" | "off_centre"
            | "face_contrast" => &[Subject::Middle],
            _ => &[],
        }
    }

    fn word(self) -> &'static str {
        match self {
            Subject::Edge => "edge",
            Subject::Frozen => "frozen",
            Subject::Flash => "flash",
            Subject::Shape => "shape",
            Subject::Black => "black",
            Subject::BlackEnd => "black-end",
            Subject::Patched => "patched",
            Subject::Gap => "gap",
            Subject::Middle => "middle",
        }
    }
}

struct Exhibit {
    subject: Subject,
    score: f64,
    time_us: i64,
    frame: Frame,
}

/// The best picture so far for each subject.
pub(crate) struct Exhibits {
    length_us: i64,
    before: Option<(i64, Frame)>,
    kept: Vec<Exhibit>,
}

/// A gap this near to an end of the clip is no fault of it, as in the check.
const END_US: i64 = 500_000;
/// Long side of a finding's picture.
const SIDE: u32 = 320;

impl Exhibits {
    pub(crate) fn new(length_us: i64) -> Self {
        Exhibits { length_us, before: None, kept: Vec::new() }
    }

    /// Keeps a handle on the picture where it tells more than the one kept so far.
    pub(crate) fn consider(&mut self, small: &Frame, told: Telling, time_us: i64) -> Result<(), MediaError> {
        let before = self.before.replace((time_us, small.share()?));
        let gap = before.as_ref().map_or(0, |(from_us, _)| self.gap(*from_us, time_us));
        for subject in Subject::ALL {
            let score = match subject {
                Subject::Edge => told.edge,
                Subject::Frozen => told.frozen_us as f64,
                Subject::Flash => told.flash,
                Subject::Shape => f64::from(u8::from(told.new_shape)),
                Subject::Black => f64::from(u8::from(told.black_since.is_some())),
                Subject::BlackEnd => told.black_since.map_or(0.0, |since| since as f64 + 1.0),
                Subject::Patched => f64::from(u8::from(small.is_patched())),
                Subject::Gap => gap as f64,
                Subject::Middle => -((time_us - self.length_us / 2).abs() as f64),
            };
            let kept = self.kept.iter_mut().find(|exhibit| exhibit.subject == subject);
            let worth_keeping = score != 0.0 || subject == Subject::Middle;
            if !worth_keeping || kept.as_ref().is_some_and(|exhibit| exhibit.score >= score) {
                continue;
            }
            let (time_us, frame) = match (&before, subject) {
                (Some((from_us, frame)), Subject::Gap) => (*from_us, frame.share()?),
                _ => (time_us, small.share()?),
            };
            let exhibit = Exhibit { subject, score, time_us, frame };
            match kept {
                Some(place) => *place = exhibit,
                None => self.kept.push(exhibit),
            }
        }
        Ok(())
    }

    /// How long nothing new was shown, away from the clip's ends.
    fn gap(&self, from_us: i64, to_us: i64) -> i64 {
        let is_inside = to_us > END_US && from_us < self.length_us.saturating_sub(END_US);
        if is_inside { to_us.saturating_sub(from_us) } else { 0 }
    }

    /// Writes the pictures that the findings need and names them there.
    pub(crate) fn attach(&self, findings: &mut [Finding], out_dir: &Path) -> Result<(), MediaError> {
        for finding in findings {
            let of = |subject: &Subject| self.kept.iter().find(|exhibit| exhibit.subject == *subject);
            let Some(exhibit) = Subject::of(finding).iter().find_map(of) else { continue };
            let subject = exhibit.subject;
            let file = format!("check-{}.jpg", subject.word());
            let picture = to_rgb(&exhibit.frame);
            std::fs::write(out_dir.join(&file), jpeg(&shrunk(&picture, SIDE), 75)?)?;
            finding.picture = Some(file);
            finding.at_ms.get_or_insert((exhibit.time_us / 1000).unsigned_abs());
        }
        Ok(())
    }
}
