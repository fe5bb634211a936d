//! What the picture itself shows, measured while frames pass by, all but flashing on brightness alone: black, frozen, too dark, too
//! bright, flashing, hands at the edge, sharpness. Everything but the search for faces works on a small grid of
//! samples, so it costs far less than the decode it rides on. Limits come from `quality::Thresholds`.

use crate::av::{Plane, Planes};
use crate::exhibits::Telling;
use crate::faces::{self, Faces};
use crate::motion::{Motion, Movement};

/// Samples along the longer side of the picture.
const GRID: usize = 160;
/// `blackdetect`'s own defaults: a dark sample is at most a tenth of the range above black (16), a black picture has
/// 98 % of them.
const DARK_SAMPLE: u8 = 38;
const BLACK_SHARE: f64 = 0.98;
/// `freezedetect`'s noise floor of 0.003 of full scale.
const FREEZE_NOISE: f64 = 0.003 * 255.0;
/// Anything shorter is a held sign, not a frozen picture.
const FROZEN_US: i64 = 1_000_000;
/// A sample has moved when it changed by more than camera noise.
const MOVED: u8 = 12;
/// Samples in the outer 4 % of a side are the border. The bottom does not count: a signer framed at the waist stands on
/// it and sways.
const BORDER: f64 = 0.04;
/// Of a picture's movement.
const EDGE_SHARE: f64 = 0.15;

/// A longer black end is worth cutting off (deaf-users.md 1.1).
const BLACK_END_US: i64 = 500_000;

/// How one picture differs from the one before.
#[derive(Debug, Clone, Copy, Default)]
struct Moved {
    at_all: bool,
    /// Which part of the movement is at the border; zero when the whole picture moves.
    edge_share: f64,
}

/// Measures pictures in the order they are shown.
#[derive(Default)]
pub(crate) struct Looks {
    width: usize,
    height: usize,
    previous: Vec<u8>,
    frozen_on: Vec<u8>,
    frozen_since: i64,
    frozen: Vec<(i64, i64)>,
    black_since: Option<i64>,
    black: Vec<(i64, i64)>,
    luma_sum: f64,
    pictures: u64,
    moving: u64,
    edge_moving: u64,
    sharpness: Vec<f64>,
    flashes: crate::flashes::Flashes,
    motion: Motion,
    faces: Faces,
    last_time: i64,
    new_shape_us: Option<i64>,
    is_new_shape: bool,
}

/// The measurements of a whole clip. Times in seconds.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Seen {
    pub(crate) black_share: f64,
    pub(crate) black_at_start: f64,
    pub(crate) black_at_end: f64,
    /// Where the black end begins, if there is one.
    pub(crate) black_end_from: f64,
    pub(crate) frozen_share: f64,
    pub(crate) longest_inner_freeze: f64,
    pub(crate) mean_luma: f64,
    pub(crate) edge_motion_share: f64,
    pub(crate) flashes_per_second: u32,
    pub(crate) sharpness: f64,
    /// Where the longest standstill away from the ends begins.
    pub(crate) frozen_at: f64,
    /// When the picture first took another shape.
    pub(crate) new_shape_at: Option<f64>,
    pub(crate) movement: Movement,
    pub(crate) faces: faces::Seen,
}

impl Looks {
    /// For a clip of this length.
    pub(crate) fn new(length_us: i64) -> Self {
        Looks { faces: Faces::new(length_us), ..Looks::default() }
    }

    /// The next picture, shown then, has another shape than those before.
    pub(crate) fn note_new_shape(&mut self, time_us: i64) {
        self.is_new_shape = self.new_shape_us.is_none();
        self.new_shape_us.get_or_insert(time_us);
    }

    /// Looks at one picture shown at `time_us` after the start, and says what it would be a good example of.
    pub(crate) fn observe(&mut self, picture: &Planes<'_>, time_us: i64) -> Telling {
        let luma = &picture.luma;
        if luma.width == 0 || luma.height == 0 {
            return Telling::default();
        }
        let step = luma.width.max(luma.height).div_ceil(GRID);
        let grid = sample(luma, step);
        let (width, height) = (luma.width.div_ceil(step), luma.height.div_ceil(step));
        let same_shape = (width, height) == (self.width, self.height);
        (self.width, self.height) = (width, height);
        self.note_brightness(&grid, time_us);
        self.note_freeze(&grid, time_us, same_shape);
        let moved = if same_shape { self.note_motion(&grid) } else { Moved::default() };
        self.motion.observe(&grid, moved.at_all, time_us);
        let flash = self.flashes.observe(picture, time_us);
        self.faces.observe(luma, time_us);
        if self.pictures % 5 == 1 {
            self.sharpness.push(sharpness(luma));
        }
        self.previous = grid;
        self.last_time = time_us;
        let frozen_us = Some(time_us - self.frozen_since).filter(|us| *us >= FROZEN_US).unwrap_or(0);
        let new_shape = std::mem::take(&mut self.is_new_shape);
        Telling { edge: moved.edge_share, frozen_us, flash, black_since: self.black_since, new_shape }
    }

    fn note_brightness(&mut self, grid: &[u8], time_us: i64) {
        let sum: u64 = grid.iter().map(|&sample| u64::from(sample)).sum();
        let dark = grid.iter().filter(|&&sample| sample <= DARK_SAMPLE).count();
        self.luma_sum += sum as f64 / grid.len() as f64;
        self.pictures += 1;
        let is_black = dark as f64 >= grid.len() as f64 * BLACK_SHARE;
        match (is_black, self.black_since) {
            (true, None) => self.black_since = Some(time_us),
            (false, Some(since)) => {
                self.black.push((since, time_us));
                self.black_since = None;
            }
            (true, Some(_)) | (false, None) => {}
        }
    }

    fn note_freeze(&mut self, grid: &[u8], time_us: i64, same_shape: bool) {
        if same_shape && mean_difference(grid, &self.frozen_on) < FREEZE_NOISE {
            return;
        }
        self.end_freeze(time_us);
        self.frozen_on = grid.to_vec();
        self.frozen_since = time_us;
    }

    fn end_freeze(&mut self, time_us: i64) {
        if !self.frozen_on.is_empty() && time_us - self.frozen_since >= FROZEN_US {
            self.frozen.push((self.frozen_since, time_us));
        }
    }

    fn note_motion(&mut self, grid: &[u8]) -> Moved {
        let margin_x = (self.width as f64 * BORDER).ceil() as usize;
        let margin_y = (self.height as f64 * BORDER).ceil() as usize;
        let (mut all, mut edge, mut moved) = (0u64, 0u64, 0usize);
        for (y, (now, before)) in grid.chunks(self.width).zip(self.previous.chunks(self.width)).enumerate() {
            let edge_row = y < margin_y;
            for (x, (&a, &b)) in now.iter().zip(before).enumerate() {
                let change = a.abs_diff(b);
                if change > MOVED {
                    all += u64::from(change);
                    moved += 1;
                    let at_edge = edge_row || x < margin_x || x + margin_x >= self.width;
                    edge += if at_edge { u64::from(change) } else { 0 };
                }
            }
        }
        // Below this a picture is at rest and its noise says nothing about hands; when most of it moves, the camera does.
        let at_all = all > grid.len() as u64 / 4;
        if !at_all || moved >= grid.len() * 2 / 5 {
            return Moved { at_all, edge_share: 0.0 };
        }
        let edge_share = edge as f64 / all as f64;
        self.moving += 1;
        self.edge_moving += u64::from(edge_share > EDGE_SHARE);
        Moved { at_all, edge_share }
    }

    /// Closes open runs at the clip's end and sums up.
    pub(crate) fn finish(mut self, end_us: i64) -> Seen {
        let end = end_us.max(self.last_time + 1);
        self.end_freeze(end);
        if let Some(since) = self.black_since.take() {
            self.black.push((since, end));
        }
        let seconds = |us: i64| us as f64 / 1e6;
        let black_head = self.black.first().filter(|run| run.0 <= 0).map_or(0, |run| run.1 - run.0);
        let (from, to) = self.black.last().filter(|run| run.1 >= end).copied().unwrap_or((end, end));
        let black_tail = to - from;
        let mut movement = self.motion.finish(end);
        let noticed = |black: i64| if black > BLACK_END_US { black } else { 0 };
        movement.without_black(noticed(black_head), noticed(black_tail), end);
        let share = |runs: &[(i64, i64)]| runs.iter().map(|(a, b)| b - a).sum::<i64>() as f64 / end as f64;
        let inside = self.frozen.iter().filter(|(a, b)| *a > 500_000 && *b < end - 500_000);
        let inner = inside.max_by_key(|(a, b)| b - a);
        self.sharpness.sort_by(f64::total_cmp);
        Seen {
            black_share: share(&self.black),
            black_at_start: seconds(black_head),
            black_at_end: seconds(black_tail),
            black_end_from: seconds(from),
            frozen_share: share(&self.frozen),
            longest_inner_freeze: inner.map_or(0.0, |(from, to)| seconds(to - from)),
            frozen_at: inner.map_or(0.0, |(from, _)| seconds(*from)),
            new_shape_at: self.new_shape_us.map(seconds),
            movement,
            faces: self.faces.finish(),
            mean_luma: self.luma_sum / (self.pictures.max(1)) as f64,
            edge_motion_share: self.edge_moving as f64 / self.moving.max(1) as f64,
            flashes_per_second: self.flashes.most_in_a_second(),
            sharpness: self.sharpness.get(self.sharpness.len() / 2).copied().unwrap_or(0.0),
        }
    }
}

fn sample(luma: &Plane<'_>, step: usize) -> Vec<u8> {
    let rows = (0..luma.height).step_by(step);
    rows.flat_map(|y| luma.row(y).iter().step_by(step).copied()).collect()
}

fn mean_difference(a: &[u8], b: &[u8]) -> f64 {
    let sum: u64 = a.iter().zip(b).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    sum as f64 / a.len().max(1) as f64
}

/// Mean squared Laplacian of the middle of the picture, where the signer is. Blur lowers it.
pub(crate) fn sharpness(luma: &Plane<'_>) -> f64 {
    if luma.width < 16 || luma.height < 16 {
        return 0.0;
    }
    let (left, right) = (luma.width / 5, luma.width * 4 / 5);
    let (mut sum, mut count) = (0i64, 0i64);
    for y in (luma.height / 8..luma.height * 7 / 8).step_by(2) {
        let (above, row, below) = (luma.row(y - 1), luma.row(y), luma.row(y + 1));
        for x in (left..right).step_by(2) {
            let around =
                i64::from(above[x]) + i64::from(below[x]) + i64::from(row[x - 1]) + i64::from(row[x + 1]);
            let edge = 4 * i64::from(row[x]) - around;
            sum += edge * edge;
            count += 1;
        }
    }
    sum as f64 / count.max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    const W: usize = 160;
    const H: usize = 90;

    fn show(pictures: impl Iterator<Item = Vec<u8>>, fps: i64) -> Seen {
        let mut looks = Looks::new(4_000_000);
        let colourless = vec![128; W * H / 4];
        let mut count = 0;
        for data in pictures {
            let plane = |data, width, height| Plane { data, stride: width, width, height };
            let picture = Planes {
                luma: plane(&data, W, H),
                blue: plane(&colourless, W / 2, H / 2),
                red: plane(&colourless, W / 2, H / 2),
            };
            looks.observe(&picture, count * 1_000_000 / fps);
            count += 1;
        }
        looks.finish(count * 1_000_000 / fps)
    }

    /// A grey picture with a bright block whose place changes with `n`.
    fn signer(n: usize, x0: usize) -> Vec<u8> {
        let mut data = vec![110u8; W * H];
        for y in 30..60 {
            for x in 0..24 {
                data[y * W + (x0 + x + n % 7 * 3).min(W - 1)] = 220;
            }
        }
        data
    }

    #[test]
    fn a_moving_signer_raises_nothing() {
        let seen = show((0..100).map(|n| signer(n, 60)), 25);
        assert_eq!((seen.black_share, seen.frozen_share, seen.flashes_per_second), (0.0, 0.0, 0));
        assert!(seen.mean_luma > 100.0 && seen.edge_motion_share < 0.05, "{seen:?}");
    }

    #[test]
    fn black_ends_and_black_share_are_measured() {
        let seen = show((0..100).map(|n| if n < 25 { vec![16; W * H] } else { signer(n, 60) }), 25);
        assert!((seen.black_at_start - 1.0).abs() < 0.05 && seen.black_at_end == 0.0);
        assert!((seen.black_share - 0.25).abs() < 0.02);
        assert!(
            seen.movement.trim.is_some_and(|trim| trim.from_ms.abs_diff(1_000) < 50),
            "{:?}",
            seen.movement.trim
        );
    }

    #[test]
    fn a_frozen_middle_is_found() {
        let seen = show((0..150).map(|n| signer(if (50..100).contains(&n) { 50 } else { n }, 60)), 25);
        assert!((seen.longest_inner_freeze - 2.0).abs() < 0.2, "{seen:?}");
    }

    #[test]
    fn hands_at_the_border_are_found() {
        let seen = show((0..100).map(|n| signer(n, 0)), 25);
        assert!(seen.edge_motion_share > 0.5, "{seen:?}");
    }

    #[test]
    fn blur_lowers_sharpness() {
        let sharp = signer(0, 60);
        let mut soft = sharp.clone();
        for i in W..soft.len() - W {
            soft[i] = ((u16::from(sharp[i - 1]) + u16::from(sharp[i]) + u16::from(sharp[i + 1])) / 3) as u8;
        }
        let of = |data: &[u8]| sharpness(&Plane { data, stride: W, width: W, height: H });
        assert!(of(&sharp) > of(&soft) * 1.5);
    }
}
