//! Where the signer's face is: about ten pictures of a clip are given to a face detector (rustface, a Rust port of
//! SeetaFace; BSD 2-Clause, as is its model in `models/`). What it tells is advice only: a covered or turned face is not
//! found, so "no face" never counts against a clip.

use crate::av::Plane;
use rustface::{Detector, FaceInfo, ImageData};

/// Found with this certainty a box is a face; real signing clips give 4 to 12, plain walls and objects nothing.
const CERTAIN: f64 = 3.0;
/// Hands and prints on clothes reach 4; a second face must be beyond doubt.
const CERTAIN_SECOND: f64 = 6.0;
/// The detector's picture, longer side in pixels. It finds faces of twenty pixels: the first size is enough for a signer
/// in a good frame, the second is for those who stand too far away; down to 7 % of the height they are found.
const SIDES: [usize; 2] = [320, 640];
/// Its window, in pixels; it wants no smaller picture.
const LEAST_SIDE: usize = 40;
const PICTURES: i64 = 10;
/// Nearer together pictures say the same again.
const LEAST_GAP_US: i64 = 800_000;
static MODEL: &[u8] = include_bytes!("../models/seeta_fd_frontal_v1.0.bin");

/// Looks for faces now and then while pictures pass in the order they are shown.
#[derive(Default)]
pub(crate) struct Faces {
    gap_us: i64,
    next_us: i64,
    finder: Finder,
    looked: usize,
    crowded: usize,
    found: Vec<Place>,
}

/// Where one face is, as parts of the picture; 0.5 across is the middle.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Place {
    height: f64,
    headroom: f64,
    across: f64,
    contrast: f64,
}

/// What the pictures of a clip say together: medians, as parts of the picture's sides.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Framing {
    /// Most pictures show more than one face.
    pub(crate) crowded: bool,
    /// Height of the face.
    pub(crate) height: f64,
    /// Room above the face.
    pub(crate) headroom: f64,
    /// How far the face is from the middle, sideways.
    pub(crate) off_centre: f64,
    /// Difference of brightness between the face and what is beside it, of 255.
    pub(crate) contrast: f64,
}

/// Whether faces were looked for, and found.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) enum Seen {
    /// Too small, too short or not looked at.
    #[default]
    Unknown,
    /// Looked, and found none in most pictures.
    None,
    Face(Framing),
}

impl Faces {
    pub(crate) fn new(length_us: i64) -> Self {
        let gap_us = (length_us / PICTURES).max(LEAST_GAP_US);
        let first = (length_us / 2).min(gap_us / 2);
        Faces { gap_us, next_us: first, finder: Finder::default(), looked: 0, crowded: 0, found: Vec::new() }
    }

    /// Looks at a picture when it is time to.
    pub(crate) fn observe(&mut self, luma: &Plane<'_>, time_us: i64) {
        if time_us < self.next_us || luma.width.min(luma.height) < LEAST_SIDE {
            return;
        }
        self.next_us = time_us + self.gap_us;
        self.looked += 1;
        for side in SIDES {
            if self.search(&shrink(luma, side)) {
                return;
            }
        }
    }

    /// Whether a face was found, which is then noted.
    fn search(&mut self, small: &Small) -> bool {
        let faces = self.finder.faces(small);
        self.crowded += usize::from(faces.iter().filter(|face| face.score() >= CERTAIN_SECOND).count() > 1);
        let best = faces.iter().max_by(|a, b| a.score().total_cmp(&b.score()));
        self.found.extend(best.map(|face| small.place(face)));
        best.is_some()
    }

    pub(crate) fn finish(self) -> Seen {
        if self.looked == 0 {
            return Seen::Unknown;
        }
        if self.found.len() * 3 < self.looked {
            return Seen::None;
        }
        let median = |of: fn(&Place) -> f64| {
            let mut all: Vec<f64> = self.found.iter().map(of).collect();
            all.sort_by(f64::total_cmp);
            all[all.len() / 2]
        };
        Seen::Face(Framing {
            crowded: self.crowded * 2 > self.looked,
            height: median(|place| place.height),
            headroom: median(|place| place.headroom),
            off_centre: (median(|place| place.across) - 0.5).abs(),
            contrast: median(|place| place.contrast),
        })
    }
}

/// The detector, made when it is first needed: reading its model takes a while.
#[derive(Default)]
pub(crate) struct Finder(Option<Box<dyn Detector>>);

impl Finder {
    /// Whether a face is in one picture.
    pub(crate) fn finds_face(&mut self, luma: &Plane<'_>) -> bool {
        let is_large_enough = luma.width.min(luma.height) >= LEAST_SIDE;
        is_large_enough && SIDES.iter().any(|&side| !self.faces(&shrink(luma, side)).is_empty())
    }

    fn faces(&mut self, small: &Small) -> Vec<FaceInfo> {
        if small.width.min(small.height) < LEAST_SIDE {
            return Vec::new();
        }
        if self.0.is_none() {
            self.0 = detector();
        }
        let Some(detector) = &mut self.0 else { return Vec::new() };
        detector.detect(&ImageData::new(&small.data, small.width as u32, small.height as u32))
    }
}

fn detector() -> Option<Box<dyn Detector>> {
    let mut detector = rustface::create_detector_with_model(rustface::read_model(MODEL).ok()?);
    detector.set_score_thresh(CERTAIN);
    detector.set_pyramid_scale_factor(0.8);
    detector.set_slide_window_step(4, 4);
    Some(detector)
}

/// A picture small enough to be searched quickly.
struct Small {
    width: usize,
    height: usize,
    data: Vec<u8>,
}

/// Means of whole blocks, so that camera noise does not look like features.
fn shrink(luma: &Plane<'_>, side: usize) -> Small {
    let longer = luma.width.max(luma.height);
    let side = side.min(longer);
    let (width, height) = (luma.width * side / longer, luma.height * side / longer);
    let mut data = Vec::with_capacity(width * height);
    for y in 0..height {
        let rows = y * luma.height / height..((y + 1) * luma.height).div_ceil(height);
        for x in 0..width {
            let columns = x * luma.width / width..((x + 1) * luma.width).div_ceil(width);
            let sum: usize = rows
                .clone()
                .flat_map(|row| &luma.row(row)[columns.clone()])
                .map(|&sample| usize::from(sample))
                .sum();
            data.push((sum / (rows.len() * columns.len())) as u8);
        }
    }
    Small { width, height, data }
}

impl Small {
    fn place(&self, face: &FaceInfo) -> Place {
        let found = face.bbox();
        let (left, top) = (f64::from(found.x()), f64::from(found.y()));
        let (wide, high) = (f64::from(found.width()), f64::from(found.height()));
        // The middle of the box is skin; beside it, at the height of the face, is what the viewer sees it against.
        let inside = self.mean(left + wide * 0.25, left + wide * 0.75, top + high * 0.25, top + high * 0.75);
        let beside = [(left - wide * 0.8, left - wide * 0.25), (left + wide * 1.25, left + wide * 1.8)];
        let beside = beside.iter().filter_map(|(from, to)| self.mean(*from, *to, top, top + high));
        let contrast = inside.and_then(|face| beside.map(|wall| (face - wall).abs()).min_by(f64::total_cmp));
        Place {
            height: high / self.height as f64,
            headroom: top / self.height as f64,
            across: (left + wide / 2.0) / self.width as f64,
            contrast: contrast.unwrap_or(255.0),
        }
    }

    /// Mean brightness of a part of the picture; nothing where the part lies outside.
    fn mean(&self, left: f64, right: f64, top: f64, bottom: f64) -> Option<f64> {
        let within = |at: f64, most: usize| at.clamp(0.0, most as f64) as usize;
        let columns = within(left, self.width)..within(right, self.width);
        let rows = within(top, self.height)..within(bottom, self.height);
        let count = columns.len() * rows.len();
        let sum: usize = rows
            .flat_map(|y| &self.data[y * self.width..][columns.clone()])
            .map(|&sample| usize::from(sample))
            .sum();
        (count > 0).then(|| sum as f64 / count as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_model_is_read() {
        assert!(detector().is_some());
    }

    #[test]
    fn a_wall_has_no_face_and_a_tiny_picture_is_not_looked_at() {
        let look = |width: usize, height: usize| {
            let data = vec![120u8; width * height];
            let mut faces = Faces::new(4_000_000);
            for n in 0..120 {
                faces.observe(&Plane { data: &data, stride: width, width, height }, n * 33_333);
            }
            (faces.looked, faces.finish())
        };
        assert_eq!(look(320, 180), (5, Seen::None));
        assert_eq!(look(32, 360), (0, Seen::Unknown));
    }

    #[test]
    fn shrinking_keeps_the_shape_and_the_brightness() {
        let data: Vec<u8> = (0..720 * 1280).map(|at| if at % 720 < 360 { 40 } else { 200 }).collect();
        let small = shrink(&Plane { data: &data, stride: 720, width: 720, height: 1280 }, 320);
        assert_eq!((small.width, small.height), (180, 320));
        assert_eq!((small.data[10], small.data[170]), (40, 200));
        assert_eq!(small.mean(0.0, 90.0, 0.0, 320.0), Some(40.0));
        assert_eq!(small.mean(-50.0, -1.0, 0.0, 320.0), None);
    }
}
