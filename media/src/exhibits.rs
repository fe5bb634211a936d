//! A picture for each finding that a picture explains: the frame where hands leave, where the picture stands still,
//! where it flashes, where it changes its shape, or simply one from the middle.

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
    /// It is the first of another shape.
    pub(crate) new_shape: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Subject {
    Edge,
    Frozen,
    Flash,
    Shape,
    Middle,
}

impl Subject {
    const ALL: [Subject; 5] =
        [Subject::Edge, Subject::Frozen, Subject::Flash, Subject::Shape, Subject::Middle];

    /// Which subject explains a finding, if a picture can.
    fn of(code: &str) -> Option<Subject> {
        match code {
            "hands_leave_frame" => Some(Subject::Edge),
            "frozen_picture" | "frozen_moment" => Some(Subject::Frozen),
            "flashing" => Some(Subject::Flash),
            "shape_changes" => Some(Subject::Shape),
            "too_dark" | "too_bright" | "blurred" | "small_picture" | "interlaced" | "no_face"
            | "many_faces" | "face_far" | "face_near" | "headroom" | "off_centre" | "face_contrast" => {
                Some(Subject::Middle)
            }
            _ => None,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Subject::Edge => "edge",
            Subject::Frozen => "frozen",
            Subject::Flash => "flash",
            Subject::Shape => "shape",
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
    middle_us: i64,
    kept: Vec<Exhibit>,
}

/// Long side of a finding's picture.
const SIDE: u32 = 320;

impl Exhibits {
    pub(crate) fn new(length_us: i64) -> Self {
        Exhibits { middle_us: length_us / 2, kept: Vec::new() }
    }

    /// Keeps a handle on the picture where it tells more than the one kept so far.
    pub(crate) fn consider(&mut self, small: &Frame, told: Telling, time_us: i64) -> Result<(), MediaError> {
        for subject in Subject::ALL {
            let score = match subject {
                Subject::Edge => told.edge,
                Subject::Frozen => told.frozen_us as f64,
                Subject::Flash => told.flash,
                Subject::Shape => f64::from(u8::from(told.new_shape)),
                Subject::Middle => -((time_us - self.middle_us).abs() as f64),
            };
            let kept = self.kept.iter_mut().find(|exhibit| exhibit.subject == subject);
            let worth_keeping = score != 0.0 || subject == Subject::Middle;
            if !worth_keeping || kept.as_ref().is_some_and(|exhibit| exhibit.score >= score) {
                continue;
            }
            let exhibit = Exhibit { subject, score, time_us, frame: small.share()? };
            match kept {
                Some(place) => *place = exhibit,
                None => self.kept.push(exhibit),
            }
        }
        Ok(())
    }

    /// Writes the pictures that the findings need and names them there.
    pub(crate) fn attach(&self, findings: &mut [Finding], out_dir: &Path) -> Result<(), MediaError> {
        for finding in findings {
            let Some(subject) = Subject::of(&finding.code) else { continue };
            let Some(exhibit) = self.kept.iter().find(|exhibit| exhibit.subject == subject) else { continue };
            let file = format!("check-{}.jpg", subject.word());
            let picture = to_rgb(&exhibit.frame);
            std::fs::write(out_dir.join(&file), jpeg(&shrunk(&picture, SIDE), 75)?)?;
            finding.picture = Some(file);
            finding.at_ms.get_or_insert((exhibit.time_us / 1000).unsigned_abs());
        }
        Ok(())
    }
}
