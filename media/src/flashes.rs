//! Flashing that may harm viewers: WCAG 2.3.1, general flashes. A flash is a pair of opposing changes in relative
//! luminance of at least a tenth, with the darker side below 0.80, over at least a quarter of the picture.

/// A change of relative luminance this large counts.
const SWING: f32 = 0.10;
const DARKER_BELOW: f32 = 0.80;
const AREA: f64 = 0.25;
/// One sample in four by four of the looks grid is enough for areas of a quarter.
const STRIDE: usize = 4;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Up,
    Down,
}

/// Where one sample last turned, and which way it went.
#[derive(Debug, Clone, Copy)]
struct Spot {
    extreme: f32,
    way: Option<Way>,
}

#[derive(Debug, Default)]
pub(crate) struct Flashes {
    spots: Vec<Spot>,
    last_way: Option<Way>,
    /// Times at which a large part of the picture swung, alternating in direction.
    swings: Vec<i64>,
}

impl Flashes {
    /// Follows one picture; answers which part of it just swung, when that is enough to count.
    pub(crate) fn observe(&mut self, grid: &[u8], width: usize, time_us: i64) -> f64 {
        let rows = grid.chunks(width).step_by(STRIDE);
        let now: Vec<f32> = rows.flat_map(|row| row.iter().step_by(STRIDE).map(|&y| luminance(y))).collect();
        if now.len() != self.spots.len() {
            self.spots = now.iter().map(|&extreme| Spot { extreme, way: None }).collect();
            return 0.0;
        }
        let (mut up, mut down) = (0usize, 0usize);
        for (spot, value) in self.spots.iter_mut().zip(now) {
            match spot.follow(value) {
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

    /// The most flashes (pairs of swings) in any one second.
    pub(crate) fn most_in_a_second(&self) -> u32 {
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
    fn follow(&mut self, value: f32) -> Option<Way> {
        let rising = value - self.extreme;
        match self.way {
            Some(Way::Up) if rising >= 0.0 => self.extreme = value,
            Some(Way::Down) if rising <= 0.0 => self.extreme = value,
            Some(_) | None if rising.abs() >= SWING && value.min(self.extreme) < DARKER_BELOW => {
                let way = if rising > 0.0 { Way::Up } else { Way::Down };
                *self = Spot { extreme: value, way: Some(way) };
                return Some(way);
            }
            Some(_) | None => {}
        }
        None
    }
}

/// Relative luminance of a limited-range grey level.
fn luminance(y: u8) -> f32 {
    ((f32::from(y) - 16.0) / 219.0).clamp(0.0, 1.0).powf(2.2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flicker(hertz: i64, bright: u8) -> u32 {
        let mut flashes = Flashes::default();
        for n in 0..90i64 {
            let time = n * 1_000_000 / 30;
            let lit = (time * hertz * 2 / 1_000_000) % 2 == 0;
            flashes.observe(&vec![if lit { bright } else { 40 }; 160 * 90], 160, time);
        }
        flashes.most_in_a_second()
    }

    #[test]
    fn five_flashes_a_second_are_too_many_and_two_are_not() {
        assert!(flicker(5, 220) > 3);
        assert!(flicker(2, 220) <= 3);
    }

    #[test]
    fn faint_flicker_does_not_count() {
        assert_eq!(flicker(5, 60), 0);
    }
}
