//! From stored pixels to what a viewer sees: rotation, mirroring, pixel shape, even sizes.

use serde::{Deserialize, Serialize};

/// What must be done to the stored picture to make it upright. Angles are clockwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Turn {
    None,
    Clockwise90,
    Half,
    Clockwise270,
    Mirrored,
    Mirrored90,
    MirroredHalf,
    Mirrored270,
}

impl Turn {
    /// Reads a display matrix: only the signs of its four rotation cells matter. A slanted or broken matrix, which no
    /// camera writes, means no turn.
    pub fn from_display_matrix(matrix: &[i32; 9]) -> Turn {
        let (a, b, c, d) = (matrix[0], matrix[1], matrix[3], matrix[4]);
        let upright = is_small(b, a) && is_small(c, d);
        let sideways = is_small(a, b) && is_small(d, c);
        match (upright, sideways, a.signum(), b.signum(), c.signum(), d.signum()) {
            (true, false, 1, _, _, 1) => Turn::None,
            (true, false, -1, _, _, -1) => Turn::Half,
            (true, false, -1, _, _, 1) => Turn::Mirrored,
            (true, false, 1, _, _, -1) => Turn::MirroredHalf,
            (false, true, _, 1, -1, _) => Turn::Clockwise90,
            (false, true, _, -1, 1, _) => Turn::Clockwise270,
            (false, true, _, 1, 1, _) => Turn::Mirrored90,
            (false, true, _, -1, -1, _) => Turn::Mirrored270,
            _ => Turn::None,
        }
    }

    /// Degrees clockwise, as facts show it.
    pub fn degrees(self) -> u16 {
        match self {
            Turn::None | Turn::Mirrored => 0,
            Turn::Clockwise90 | Turn::Mirrored90 => 90,
            Turn::Half | Turn::MirroredHalf => 180,
            Turn::Clockwise270 | Turn::Mirrored270 => 270,
        }
    }

    pub(crate) fn swaps_sides(self) -> bool {
        matches!(self.degrees(), 90 | 270)
    }

    /// The filters that do it.
    pub(crate) fn filters(self) -> &'static str {
        match self {
            Turn::None => "",
            Turn::Clockwise90 => "transpose=clock,",
            Turn::Half => "hflip,vflip,",
            Turn::Clockwise270 => "transpose=cclock,",
            Turn::Mirrored => "hflip,",
            Turn::Mirrored90 => "transpose=cclock_flip,",
            Turn::MirroredHalf => "vflip,",
            Turn::Mirrored270 => "transpose=clock_flip,",
        }
    }
}

/// A cell so much smaller than its neighbour that only rounding can have put it there.
fn is_small(cell: i32, beside: i32) -> bool {
    cell.unsigned_abs() <= beside.unsigned_abs() / 50
}

/// A picture size in square pixels, as seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Size {
    pub width: u32,
    pub height: u32,
}

impl Size {
    pub fn short_side(self) -> u32 {
        self.width.min(self.height)
    }

    /// This shape with a given short side; both sides even, as 4:2:0 pictures need.
    pub(crate) fn with_short_side(self, short: u32) -> Size {
        let scale = f64::from(short) / f64::from(self.short_side().max(1));
        let own_long = self.width.max(self.height);
        let long = (f64::from(own_long) * scale / 2.0).round() as u32 * 2;
        let (short, long) = ((short & !1).max(2), long.min(own_long & !1).max(2));
        if self.width <= self.height {
            Size { width: short, height: long }
        } else {
            Size { width: long, height: short }
        }
    }
}

/// Shapes this close are one: sizes are rounded to even sides.
const SAME_SHAPE: f64 = 0.01;

impl Size {
    pub(crate) fn has_shape_of(self, other: Size) -> bool {
        let across = f64::from(self.width) * f64::from(other.height);
        let down = f64::from(self.height) * f64::from(other.width);
        (across / down.max(1.0) - 1.0).abs() <= SAME_SHAPE
    }

    /// The largest size of another picture's shape that fits in this one; both sides even.
    pub(crate) fn fitted(self, picture: Size) -> Size {
        let across = f64::from(self.width) / f64::from(picture.width.max(1));
        let down = f64::from(self.height) / f64::from(picture.height.max(1));
        let scale = across.min(down);
        let even =
            |side: u32, most: u32| ((f64::from(side) * scale / 2.0).round() as u32 * 2).min(most).max(2);
        Size { width: even(picture.width, self.width), height: even(picture.height, self.height) }
    }
}

/// The size a viewer sees: pixels made square by widening (never by losing lines), then turned.
pub fn displayed(width: u32, height: u32, sar: (u32, u32), turn: Turn) -> Size {
    let plausible =
        sar.0 > 0 && sar.1 > 0 && sar.0 <= sar.1.saturating_mul(8) && sar.1 <= sar.0.saturating_mul(8);
    let ratio = if plausible { f64::from(sar.0) / f64::from(sar.1) } else { 1.0 };
    let width = (f64::from(width) * ratio).round() as u32;
    if turn.swaps_sides() { Size { width: height, height: width } } else { Size { width, height } }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matrix(a: i32, b: i32, c: i32, d: i32) -> [i32; 9] {
        [a << 16, b << 16, 0, c << 16, d << 16, 0, 0, 0, 1 << 30]
    }

    #[test]
    fn phone_matrices_become_turns() {
        assert_eq!(Turn::from_display_matrix(&matrix(1, 0, 0, 1)), Turn::None);
        assert_eq!(Turn::from_display_matrix(&matrix(0, 1, -1, 0)), Turn::Clockwise90);
        assert_eq!(Turn::from_display_matrix(&matrix(-1, 0, 0, -1)), Turn::Half);
        assert_eq!(Turn::from_display_matrix(&matrix(0, -1, 1, 0)), Turn::Clockwise270);
        assert_eq!(Turn::from_display_matrix(&matrix(-1, 0, 0, 1)), Turn::Mirrored);
    }

    #[test]
    fn slanted_and_empty_matrices_turn_nothing() {
        assert_eq!(Turn::from_display_matrix(&matrix(1, 1, -1, 1)), Turn::None);
        assert_eq!(Turn::from_display_matrix(&[0; 9]), Turn::None);
        assert_eq!(Turn::from_display_matrix(&[i32::MIN; 9]), Turn::None);
    }

    #[test]
    fn square_pixels_and_rotation_give_the_seen_size() {
        assert_eq!(displayed(640, 360, (2, 1), Turn::None), Size { width: 1280, height: 360 });
        assert_eq!(displayed(1920, 1080, (1, 1), Turn::Clockwise90), Size { width: 1080, height: 1920 });
        assert_eq!(displayed(640, 480, (0, 1), Turn::None), Size { width: 640, height: 480 });
        assert_eq!(displayed(640, 480, (1, 4_000_000_000), Turn::None), Size { width: 640, height: 480 });
    }

    #[test]
    fn a_picture_of_another_shape_fits_in_and_keeps_its_own() {
        let (wide, tall) = (Size { width: 640, height: 480 }, Size { width: 480, height: 640 });
        assert_eq!(wide.fitted(tall), Size { width: 360, height: 480 });
        assert_eq!(tall.fitted(wide), Size { width: 480, height: 360 });
        assert_eq!(wide.fitted(Size { width: 320, height: 240 }), wide);
        assert_eq!(wide.fitted(Size { width: 0, height: 9 }), Size { width: 2, height: 480 });
        assert!(wide.has_shape_of(Size { width: 322, height: 240 }) && !wide.has_shape_of(tall));
        assert!(!wide.has_shape_of(Size { width: 0, height: 0 }));
    }

    #[test]
    fn scaled_sizes_keep_shape_and_are_even() {
        let phone = Size { width: 1080, height: 1920 };
        assert_eq!(phone.with_short_side(360), Size { width: 360, height: 640 });
        assert_eq!(Size { width: 427, height: 241 }.with_short_side(241), Size { width: 426, height: 240 });
    }
}
