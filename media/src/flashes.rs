//! Flashing that may harm viewers, by the thresholds of WCAG 2.2, success criterion 2.3.1. A general flash is a pair of
//! opposing changes in relative luminance of at least a tenth, with the darker side below 0.80; a red flash is a pair of
//! opposing changes to or from a saturated red. Either counts where it fills at least a quarter of the picture.

use crate::av::Planes;
use crate::transcode::rgb;
use std::sync::LazyLock;

/// A change of relative luminance this large counts.
const SWING: f32 = 0.10;
const DARKER_BELOW: f32 = 0.80;
/// R/(R+G+B) from which a red is saturated, and the change of (R-G-B) x 320, negative values as zero, that counts: the
/// working definition of WCAG 2.0 and 2.1. WCAG 2.2 measures the change in a chromaticity diagram instead, where black,
/// the usual other side of a flash, has no place.
const SATURATED: f32 = 0.8;
const RED_SWING: f32 = 20.0;
const RED_SCALE: f32 = 320.0;
const AREA: f64 = 0.25;
/// Samples along the longer side: enough for areas of a quarter.
const SAMPLES: usize = 40;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Up,
    Down,
}

/// What is followed in one sample: its luminance, or how much red stands out of it.
#[derive(Debug, Clone, Copy)]
struct Level {
    value: f32,
    is_saturated: bool,
}

/// Where one sample last turned, and which way it went.
#[derive(Debug, Clone, Copy)]
struct Spot {
    extreme: Level,
    way: Option<Way>,
}

/// One kind of flash, followed over the clip.
#[derive(Debug)]
struct Track {
    /// Whether the change from one level to another is large enough.
    counts: fn(Level, Level) -> bool,
    spots: Vec<Spot>,
    last_way: Option<Way>,
    /// Times at which a large part of the picture swung, alternating in direction.
    swings: Vec<i64>,
}

#[derive(Debug)]
pub(crate) struct Flashes {
    general: Track,
    red: Track,
}

impl Default for Flashes {
    fn default() -> Self {
        Flashes { general: Track::of(is_general), red: Track::of(is_red) }
    }
}

impl Flashes {
    /// Follows one picture; answers which part of it just swung, when that is enough to count.
    pub(crate) fn observe(&mut self, picture: &Planes<'_>, time_us: i64) -> f64 {
        let (general, red): (Vec<Level>, Vec<Level>) = samples(picture).map(levels).unzip();
        self.general.observe(general, time_us).max(self.red.observe(red, time_us))
    }

    /// The most flashes (pairs of swings) of one kind in any one second.
    pub(crate) fn most_in_a_second(&self) -> u32 {
        self.general.most_in_a_second().max(self.red.most_in_a_second())
    }
}

impl Track {
    fn of(counts: fn(Level, Level) -> bool) -> Track {
        Track { counts, spots: Vec::new(), last_way: None, swings: Vec::new() }
    }

    fn observe(&mut self, now: Vec<Level>, time_us: i64) -> f64 {
        if now.len() != self.spots.len() {
            self.spots = now.into_iter().map(|extreme| Spot { extreme, way: None }).collect();
            return 0.0;
        }
        let (mut up, mut down) = (0usize, 0usize);
        for (spot, level) in self.spots.iter_mut().zip(now) {
            match spot.follow(level, self.counts) {
                Some(Way::Up) => up += 1,
                Some(Way::Down) => down += 1,
                None => {}
            }
        }
        let enough = (self.spots.len() as f64 * AREA) as usize;
        if up.max(down) < enough.max(1) {
            return 0.0;
        }
        self.note_swing(if up >= down { Way::Up } else { Way::Down }, time_us);
        up.max(down) as f64 / self.spots.len().max(1) as f64
    }

    fn note_swing(&mut self, way: Way, time_us: i64) {
        if self.last_way != Some(way) {
            self.swings.push(time_us);
            self.last_way = Some(way);
        }
    }

    fn most_in_a_second(&self) -> u32 {
        let mut start = 0;
        let mut most = 0;
        for (end, time) in self.swings.iter().enumerate() {
            while time - self.swings[start] > 1_000_000 {
                start += 1;
            }
            most = most.max(end - start + 1);
        }
        (most / 2) as u32
    }
}

impl Spot {
    /// Follows one sample; returns the way it swung when the swing became large enough.
    fn follow(&mut self, now: Level, counts: fn(Level, Level) -> bool) -> Option<Way> {
        let rising = now.value - self.extreme.value;
        match self.way {
            Some(Way::Up) if rising >= 0.0 => self.extreme = now,
            Some(Way::Down) if rising <= 0.0 => self.extreme = now,
            Some(_) | None if counts(self.extreme, now) => {
                let way = if rising > 0.0 { Way::Up } else { Way::Down };
                *self = Spot { extreme: now, way: Some(way) };
                return Some(way);
            }
            Some(_) | None => {}
        }
        None
    }
}

fn is_general(from: Level, to: Level) -> bool {
    (from.value - to.value).abs() >= SWING && from.value.min(to.value) < DARKER_BELOW
}

fn is_red(from: Level, to: Level) -> bool {
    (from.value - to.value).abs() > RED_SWING && (from.is_saturated || to.is_saturated)
}

/// Single pixels, evenly spread.
fn samples<'a>(picture: &'a Planes<'_>) -> impl Iterator<Item = [u8; 3]> + 'a {
    let Planes { luma, blue, red } = picture;
    let step = luma.width.max(luma.height).div_ceil(SAMPLES).max(1);
    let rows = (0..luma.height).step_by(step);
    rows.flat_map(move |y| {
        let (lumas, blues, reds) = (luma.row(y), blue.row(y / 2), red.row(y / 2));
        (0..luma.width).step_by(step).map(move |x| rgb(lumas[x], blues[x / 2], reds[x / 2]))
    })
}

/// Relative luminance and how much red stands out, from linear light as WCAG defines both.
fn levels(pixel: [u8; 3]) -> (Level, Level) {
    let [red, green, blue] = pixel.map(|value| LINEAR[usize::from(value)]);
    let luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    let redness = (red - green - blue).max(0.0) * RED_SCALE;
    let is_saturated = red > 0.0 && red >= SATURATED * (red + green + blue);
    (Level { value: luminance, is_saturated }, Level { value: redness, is_saturated })
}

/// From a coded value to linear light: the sRGB curve.
static LINEAR: LazyLock<[f32; 256]> = LazyLock::new(|| {
    std::array::from_fn(|value| {
        let value = value as f32 / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    })
});

#[cfg(test)]
mod tests {
    use super::*;
    use crate::av::Plane;

    /// BT.709, limited range.
    fn coded([r, g, b]: [u8; 3]) -> [u8; 3] {
        let [r, g, b] = [r, g, b].map(|value| f32::from(value) / 255.0);
        let y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
        let coded = [16.0 + 219.0 * y, 128.0 + 224.0 * (b - y) / 1.8556, 128.0 + 224.0 * (r - y) / 1.5748];
        coded.map(|value| value.round() as u8)
    }

    fn flicker(hertz: i64, colours: [[u8; 3]; 2]) -> u32 {
        let mut flashes = Flashes::default();
        for n in 0..90i64 {
            let time = n * 1_000_000 / 30;
            let lit = (time * hertz * 2 / 1_000_000) % 2 == 0;
            let [y, blue, red] = coded(colours[usize::from(lit)]).map(|level| vec![level; 160 * 90]);
            let (luma, chroma) = ((160, 90), (80, 45));
            let plane = |data, (width, height)| Plane { data, stride: width, width, height };
            let picture =
                Planes { luma: plane(&y, luma), blue: plane(&blue, chroma), red: plane(&red, chroma) };
            flashes.observe(&picture, time);
        }
        flashes.most_in_a_second()
    }

    const BLACK: [u8; 3] = [0, 0, 0];
    const RED: [u8; 3] = [255, 0, 0];

    #[test]
    fn five_flashes_a_second_are_too_many_and_two_are_not() {
        for colours in [[BLACK, [230; 3]], [BLACK, RED], [[255; 3], RED]] {
            assert!(flicker(5, colours) > 3, "{colours:?}");
            assert!(flicker(2, colours) <= 3, "{colours:?}");
        }
    }

    #[test]
    fn red_counts_even_where_the_light_stays_the_same() {
        // A green of the luminance of full red.
        assert!(flicker(5, [[0, 148, 0], RED]) > 3);
        assert!(flicker(5, [[0, 0, 0], [130, 0, 0]]) > 3);
    }

    #[test]
    fn faint_flicker_and_plain_colours_do_not_count() {
        assert_eq!(flicker(5, [[28; 3], [51; 3]]), 0);
        // Blue has little light; skin is not saturated, and hands that come and go on it change too little.
        assert_eq!(flicker(5, [BLACK, [0, 0, 255]]), 0);
        assert_eq!(flicker(5, [[198, 140, 115], [184, 128, 104]]), 0);
    }
}
