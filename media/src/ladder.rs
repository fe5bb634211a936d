//! The sizes a clip is served in (deaf-users.md section 1.2). Never larger than the source, at most four.

use crate::av::Ratio;
use crate::geometry::Size;
use serde::{Deserialize, Serialize};

/// A rendition's place in the ladder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RungName {
    Saver,
    Normal,
    Clear,
    Full,
    /// The source's own size, where it lies between two rungs or below the first.
    Source,
}

impl RungName {
    /// The word in file names.
    pub fn word(self) -> &'static str {
        match self {
            RungName::Saver => "saver",
            RungName::Normal => "normal",
            RungName::Clear => "clear",
            RungName::Full => "full",
            RungName::Source => "source",
        }
    }
}

/// One rendition to make.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rung {
    pub(crate) name: RungName,
    pub(crate) size: Size,
    pub(crate) crf: f64,
    /// Bits per second; the buffer is twice this.
    pub(crate) max_rate: u64,
    pub(crate) profile: &'static str,
}

/// The first rung's.
pub(crate) const SAVER_SHORT_SIDE: u32 = 360;

struct Step {
    name: RungName,
    short: u32,
    crf: f64,
    max_rate: u64,
}

const STEPS: [Step; 4] = [
    Step { name: RungName::Saver, short: SAVER_SHORT_SIDE, crf: 24.0, max_rate: 600_000 },
    Step { name: RungName::Normal, short: 540, crf: 23.0, max_rate: 1_200_000 },
    Step { name: RungName::Clear, short: 720, crf: 22.0, max_rate: 2_200_000 },
    Step { name: RungName::Full, short: 1080, crf: 21.0, max_rate: 4_500_000 },
];

/// From this rate on the caps are 1.4 times as high.
const FAST: f64 = 49.0;

/// The renditions of a picture of this size, smallest first. Above 1080 lines the full rung is the largest: four
/// sizes are the most a page offers.
pub(crate) fn rungs(source: Size, fps: Ratio) -> Vec<Rung> {
    let short = source.short_side();
    let mut rungs: Vec<Rung> = STEPS
        .iter()
        .filter(|step| step.short <= short)
        .map(|step| rung(step.name, step, source, step.short))
        .collect();
    let highest = STEPS.iter().rev().find(|step| step.short <= short);
    match highest {
        None => rungs.push(rung(RungName::Source, &STEPS[0], source, short)),
        Some(step) if step.short < 1080 && f64::from(short) > f64::from(step.short) * 1.1 => {
            rungs.push(rung(RungName::Source, step, source, short));
        }
        Some(_) => {}
    }
    if fps.value() >= FAST {
        rungs.iter_mut().for_each(|rung| rung.max_rate = rung.max_rate * 14 / 10);
    }
    rungs
}

fn rung(name: RungName, step: &Step, source: Size, short: u32) -> Rung {
    // A size between two rungs gets its share of the bits by area.
    let area = f64::from(short) / f64::from(step.short);
    let max_rate = (step.max_rate as f64 * (area * area).clamp(0.25, 2.0)) as u64;
    let profile = if short <= 360 { "main" } else { "high" };
    Rung { name, size: source.with_short_side(short), crf: step.crf, max_rate, profile }
}

#[cfg(test)]
mod tests {
    use super::*;

    const THIRTY: Ratio = Ratio { num: 30, den: 1 };

    fn sizes(width: u32, height: u32) -> Vec<(u32, u32)> {
        rungs(Size { width, height }, THIRTY).iter().map(|rung| (rung.size.width, rung.size.height)).collect()
    }

    #[test]
    fn full_hd_gets_four_and_portrait_stays_portrait() {
        assert_eq!(sizes(1920, 1080), [(640, 360), (960, 540), (1280, 720), (1920, 1080)]);
        assert_eq!(sizes(1080, 1920), [(360, 640), (540, 960), (720, 1280), (1080, 1920)]);
    }

    #[test]
    fn sizes_between_rungs_get_their_own() {
        assert_eq!(sizes(640, 480), [(480, 360), (640, 480)]);
        assert_eq!(sizes(426, 240), [(426, 240)]);
        assert_eq!(sizes(1440, 900), [(576, 360), (864, 540), (1152, 720), (1440, 900)]);
        assert_eq!(sizes(780, 390), [(720, 360)]);
    }

    #[test]
    fn nothing_is_ever_enlarged_and_four_are_the_most() {
        for (width, height) in [(3840, 2160), (3026, 1386), (427, 241), (177, 145), (2000, 1081)] {
            let sizes = sizes(width, height);
            assert!(sizes.len() <= 4);
            assert!(
                sizes.iter().all(|&(w, h)| w <= width && h <= height && w % 2 == 0 && h % 2 == 0),
                "{sizes:?}"
            );
        }
    }

    #[test]
    fn fast_sources_have_higher_caps_and_the_saver_is_main_profile() {
        let fast = rungs(Size { width: 1280, height: 720 }, Ratio { num: 50, den: 1 });
        assert_eq!(
            fast.iter().map(|rung| rung.max_rate).collect::<Vec<_>>(),
            [840_000, 1_680_000, 3_080_000]
        );
        assert_eq!((fast[0].profile, fast[2].profile), ("main", "high"));
    }
}
