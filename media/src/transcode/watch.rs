//! Who looks on during a pass: upload checks and pictures in the first, nobody when a rung is made again.

use super::pictures::Album;
use super::stage::Onlooker;
use crate::av::Frame;
use crate::exhibits::Exhibits;
use crate::geometry::Size;
use crate::looks::Looks;
use crate::refusal::MediaError;
use std::time::{Duration, Instant};

/// Everything that is looked at in the first pass.
pub(crate) struct Watch {
    pub(crate) looks: Looks,
    pub(crate) exhibits: Exhibits,
    pub(crate) album: Album,
    /// Spent on pictures so far.
    pub(crate) spent: Duration,
}

impl Watch {
    pub(crate) fn new(length_us: i64) -> Self {
        Watch {
            looks: Looks::new(length_us),
            exhibits: Exhibits::new(length_us),
            album: Album::new(length_us),
            spent: Duration::ZERO,
        }
    }
}

impl Onlooker for Watch {
    fn begins(&mut self, sizes: &[Size]) {
        self.album.open(sizes);
        self.album.begins(sizes);
    }

    fn changes_shape(&mut self, time_us: i64) {
        self.looks.note_new_shape(time_us);
    }

    fn sees(&mut self, frames: &[Frame], time_us: i64) -> Result<(), MediaError> {
        let Some(small) = frames.first() else { return Ok(()) };
        let told = self.looks.observe(&small.planes(), time_us);
        self.exhibits.consider(small, told, time_us)?;
        let began = Instant::now();
        self.album.consider(small, time_us)?;
        // Where this pass makes larger sizes too, what was just chosen is kept in the larger one.
        self.album.sees(frames, time_us)?;
        self.spent += began.elapsed();
        Ok(())
    }
}

/// Nobody.
pub(crate) struct Closed;

impl Onlooker for Closed {
    fn begins(&mut self, _sizes: &[Size]) {}

    fn sees(&mut self, _frames: &[Frame], _time_us: i64) -> Result<(), MediaError> {
        Ok(())
    }
}
