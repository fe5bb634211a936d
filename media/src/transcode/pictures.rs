//! Poster, poster candidates and storyboard, gathered while the clip passes and written through the image crate.

use super::cards::CardMaker;
use super::stage::Onlooker;
use super::usual::Usual;
use crate::av::Frame;
use crate::faces::Finder;
use crate::geometry::Size;
use crate::looks::sharpness;
use crate::refusal::MediaError;
use crate::result::{Card, PosterCandidate, StoryboardMap};
use image::codecs::jpeg::JpegEncoder;
use image::{RgbImage, imageops};
use std::borrow::Cow;
use std::path::Path;
use std::time::{Duration, Instant};

/// Posters come from this part of the clip, where hands are up; one candidate from each sixth of it.
const POSTER_FROM: f64 = 0.10;
const POSTER_TO: f64 = 0.60;
const CANDIDATES: usize = 6;
const POSTER_SHORT_SIDE: u32 = 720;
/// Between pictures that are looked at for sharpness.
const LOOK_EVERY_US: i64 = 150_000;
const TILE_SIDE: u32 = 160;
const COLUMNS: u32 = 10;
const MAX_TILES: i64 = 60;

/// Gathers pictures of a clip of known length from its smallest size, and the chosen moments once more in a larger one, in
/// the same pass or in the second.
pub(crate) struct Album {
    length_us: i64,
    tile: Size,
    interval_us: i64,
    tiles: Vec<RgbImage>,
    looked_us: i64,
    usual: Usual,
    fallback: Option<Moment>,
    moments: Vec<Option<Moment>>,
    /// Which size of a pass the posters are taken from: the largest of at most 720 lines.
    larger: Option<usize>,
}

struct Moment {
    frame: Frame,
    time_us: i64,
    score: f64,
}

/// The files that an album became.
pub(crate) struct Saved {
    pub(crate) poster: String,
    pub(crate) cards: Vec<Card>,
    pub(crate) candidates: Vec<PosterCandidate>,
    pub(crate) storyboard: String,
    pub(crate) storyboard_vtt: String,
    pub(crate) map: StoryboardMap,
    /// How long it took to choose and write them.
    pub(crate) spent: Duration,
}

impl Album {
    pub(crate) fn new(length_us: i64) -> Self {
        Album {
            length_us,
            tile: Size { width: TILE_SIDE, height: TILE_SIDE },
            interval_us: (length_us / MAX_TILES).max(1_000_000),
            tiles: Vec::new(),
            looked_us: i64::MIN / 2,
            usual: Usual::default(),
            fallback: None,
            moments: (0..CANDIDATES).map(|_| None).collect(),
            larger: None,
        }
    }

    /// The sizes of the first pass are known.
    pub(crate) fn open(&mut self, sizes: &[Size]) {
        self.tile = fit(sizes.first().copied().unwrap_or(self.tile), TILE_SIDE);
    }

    /// Looks at one small picture of the first pass.
    pub(crate) fn consider(&mut self, small: &Frame, time_us: i64) -> Result<(), MediaError> {
        let due = self.tiles.len() as i64 * self.interval_us;
        if time_us >= due && self.tiles.len() as i64 <= MAX_TILES {
            self.tiles.push(imageops::thumbnail(&to_rgb(small), self.tile.width, self.tile.height));
        }
        if time_us < self.looked_us + LOOK_EVERY_US {
            return Ok(());
        }
        self.looked_us = time_us;
        self.consider_poster(small, time_us)
    }

    /// Keeps the most telling picture of each part of the poster's stretch, by reference: sharp, well lit, and with the
    /// hands where they usually are not, which is up.
    fn consider_poster(&mut self, small: &Frame, time_us: i64) -> Result<(), MediaError> {
        let luma = small.luma();
        let score = sharpness(&luma) * visibility(small) * (0.3 + self.usual.lift(&luma));
        if self.fallback.as_ref().is_none_or(|kept| score > kept.score * 1.5) {
            self.fallback = Some(Moment { frame: small.share()?, time_us, score });
        }
        let along = time_us as f64 / self.length_us.max(1) as f64;
        if !(POSTER_FROM..POSTER_TO).contains(&along) {
            return Ok(());
        }
        let part = ((along - POSTER_FROM) / (POSTER_TO - POSTER_FROM) * CANDIDATES as f64) as usize;
        let kept = &mut self.moments[part.min(CANDIDATES - 1)];
        if kept.as_ref().is_none_or(|kept| score > kept.score) {
            *kept = Some(Moment { frame: small.share()?, time_us, score });
        }
        Ok(())
    }

    fn chosen(&mut self) -> impl Iterator<Item = &mut Moment> {
        self.moments.iter_mut().flatten().chain(&mut self.fallback)
    }

    /// Writes all pictures.
    pub(crate) fn save(self, out_dir: &Path, duration_ms: u64) -> Result<Saved, MediaError> {
        let began = Instant::now();
        let mut moments: Vec<Moment> = self.moments.into_iter().flatten().collect();
        if moments.is_empty() {
            moments.extend(self.fallback);
        }
        let best = poster_of(&moments).ok_or_else(|| anyhow::anyhow!("no picture for a poster"))?;
        let (mut candidates, mut poster_cards) = (Vec::new(), Vec::new());
        // The poster first, so that a busy candidate cannot take quality from its cards.
        let mut in_turn: Vec<usize> = (0..moments.len()).collect();
        in_turn.sort_by_key(|&index| index != best);
        let mut maker = CardMaker::default();
        for index in in_turn {
            let Moment { frame, time_us, .. } = &moments[index];
            let picture = to_rgb(frame);
            let made = maker.make(&picture)?;
            if index == best {
                std::fs::write(out_dir.join("poster.jpg"), jpeg(&picture, 82)?)?;
                poster_cards = made.save("poster", out_dir)?;
            }
            let file = format!("candidate-{}.jpg", index + 1);
            std::fs::write(out_dir.join(&file), jpeg(&shrunk(&picture, 640), 78)?)?;
            let cards = made.save(&format!("candidate-{}", index + 1), out_dir)?;
            candidates.push(PosterCandidate { file, time_ms: (time_us / 1000).unsigned_abs(), cards });
        }
        candidates.sort_by_key(|candidate| candidate.time_ms);
        let map = StoryboardMap {
            tile_width: self.tile.width,
            tile_height: self.tile.height,
            columns: COLUMNS.min(self.tiles.len().max(1) as u32),
            tiles: self.tiles.len() as u32,
            interval_ms: (self.interval_us / 1000).unsigned_abs(),
        };
        std::fs::write(out_dir.join("storyboard.jpg"), jpeg(&sheet(&self.tiles, &map), 70)?)?;
        std::fs::write(out_dir.join("storyboard.vtt"), map.vtt("storyboard.jpg", duration_ms))?;
        Ok(Saved {
            poster: "poster.jpg".to_owned(),
            cards: poster_cards,
            candidates,
            storyboard: "storyboard.jpg".to_owned(),
            storyboard_vtt: "storyboard.vtt".to_owned(),
            map,
            spent: began.elapsed(),
        })
    }
}

/// A poster shows who signs: the best picture with a face, however sharp the lines of a drawn title are. Where no picture
/// has a face, the best. None of no pictures.
fn poster_of(moments: &[Moment]) -> Option<usize> {
    let mut best_first: Vec<usize> = (0..moments.len()).collect();
    best_first.sort_by(|&a, &b| moments[b].score.total_cmp(&moments[a].score));
    if moments.len() < 2 {
        return best_first.first().copied();
    }
    let mut finder = Finder::default();
    let with_face = best_first.iter().find(|&&at| finder.finds_face(&moments[at].frame.luma()));
    with_face.or(best_first.first()).copied()
}

/// The chosen moments again, larger.
impl Onlooker for Album {
    fn begins(&mut self, sizes: &[Size]) {
        self.larger = sizes.iter().rposition(|size| size.short_side() <= POSTER_SHORT_SIDE);
    }

    fn sees(&mut self, frames: &[Frame], time_us: i64) -> Result<(), MediaError> {
        let Some(larger) = self.larger.and_then(|index| frames.get(index)) else { return Ok(()) };
        for moment in self.chosen().filter(|moment| moment.time_us == time_us) {
            moment.frame = larger.share()?;
        }
        Ok(())
    }
}

impl StoryboardMap {
    /// The WebVTT that players read: one cue for each tile, with its place in the picture called `picture`.
    pub fn vtt(&self, picture: &str, duration_ms: u64) -> String {
        let mut text = String::from("WEBVTT\n");
        for tile in 0..self.tiles {
            let start = u64::from(tile) * self.interval_ms;
            let is_last = tile + 1 == self.tiles;
            let end = if is_last { duration_ms.max(start + 1) } else { start + self.interval_ms };
            let (x, y) = (tile % self.columns * self.tile_width, tile / self.columns * self.tile_height);
            let (from, to) = (vtt_time(start), vtt_time(end));
            let (width, height) = (self.tile_width, self.tile_height);
            text.push_str(&format!("\n{from} --> {to}\n{picture}#xywh={x},{y},{width},{height}\n"));
        }
        text
    }
}

fn vtt_time(ms: u64) -> String {
    format!("{:02}:{:02}:{:02}.{:03}", ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60, ms % 1000)
}

/// 1 for a well lit picture, falling to almost nothing for a black or white one.
fn visibility(frame: &Frame) -> f64 {
    let luma = frame.luma();
    let rows = (0..luma.height).step_by(8);
    let (sum, count) = rows
        .flat_map(|y| luma.row(y).iter().step_by(8))
        .fold((0u64, 0u64), |(sum, count), &sample| (sum + u64::from(sample), count + 1));
    let mean = sum as f64 / count.max(1) as f64;
    if (45.0..=210.0).contains(&mean) { 1.0 } else { 0.02 }
}

fn sheet(tiles: &[RgbImage], map: &StoryboardMap) -> RgbImage {
    let rows = map.tiles.div_ceil(map.columns).max(1);
    let mut sheet = RgbImage::new(map.columns * map.tile_width, rows * map.tile_height);
    for (index, tile) in (0u32..).zip(tiles) {
        let (x, y) = (index % map.columns * map.tile_width, index / map.columns * map.tile_height);
        imageops::replace(&mut sheet, tile, i64::from(x), i64::from(y));
    }
    sheet
}

fn fit(size: Size, long: u32) -> Size {
    let longest = size.width.max(size.height).max(1);
    let scaled = |side: u32| (side * long.min(longest)).div_ceil(longest).max(1);
    Size { width: scaled(size.width), height: scaled(size.height) }
}

/// The picture with its longer side at most `long`.
pub(crate) fn shrunk(picture: &RgbImage, long: u32) -> Cow<'_, RgbImage> {
    let whole = Size { width: picture.width(), height: picture.height() };
    let size = fit(whole, long);
    if size == whole {
        return Cow::Borrowed(picture);
    }
    Cow::Owned(imageops::thumbnail(picture, size.width, size.height))
}

pub(crate) fn jpeg(picture: &RgbImage, quality: u8) -> Result<Vec<u8>, MediaError> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(picture).map_err(anyhow::Error::from)?;
    Ok(bytes)
}

/// BT.709, limited range, to RGB.
pub(crate) fn to_rgb(frame: &Frame) -> RgbImage {
    let (luma, blue, red) = (frame.luma(), frame.chroma(1), frame.chroma(2));
    let mut picture = RgbImage::new(luma.width as u32, luma.height as u32);
    for (y, out) in picture.chunks_exact_mut(luma.width.max(1) * 3).enumerate() {
        let (lumas, blues, reds) = (luma.row(y), blue.row(y / 2), red.row(y / 2));
        for (x, pixel) in out.chunks_exact_mut(3).enumerate() {
            pixel.copy_from_slice(&rgb(lumas[x], blues[x / 2], reds[x / 2]));
        }
    }
    picture
}

/// One pixel, BT.709, limited range, to RGB.
#[inline]
pub(crate) fn rgb(luma: u8, blue: u8, red: u8) -> [u8; 3] {
    let c = 1192 * (i32::from(luma) - 16);
    let (d, e) = (i32::from(blue) - 128, i32::from(red) - 128);
    let clamp = |value: i32| ((value + 512) >> 10).clamp(0, 255) as u8;
    [clamp(c + 1836 * e), clamp(c - 218 * d - 546 * e), clamp(c + 2163 * d)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_storyboard_map_reads_row_by_row() {
        let map = StoryboardMap { tile_width: 160, tile_height: 90, columns: 2, tiles: 3, interval_ms: 1000 };
        let vtt = map.vtt("sheet.jpg", 2500);
        assert!(
            vtt.starts_with("WEBVTT\n\n00:00:00.000 --> 00:00:01.000\nsheet.jpg#xywh=0,0,160,90\n"),
            "{vtt}"
        );
        assert!(vtt.ends_with("00:00:02.000 --> 00:00:02.500\nsheet.jpg#xywh=0,90,160,90\n"), "{vtt}");
    }
}
