//! Frame rates from timestamps. Headers lie (phones, screen recorders and AVI files most of all), so nothing here
//! reads them. Rules: deaf-users.md sections 1.1 and 1.2.

use crate::av::Ratio;

/// The rates an output may have. A source keeps the nearest of these within tolerance, else takes the next above.
const STANDARD: [Ratio; 8] = [
    Ratio { num: 24_000, den: 1001 },
    Ratio { num: 24, den: 1 },
    Ratio { num: 25, den: 1 },
    Ratio { num: 30_000, den: 1001 },
    Ratio { num: 30, den: 1 },
    Ratio { num: 50, den: 1 },
    Ratio { num: 60_000, den: 1001 },
    Ratio { num: 60, den: 1 },
];

/// Millisecond timestamps make a true 30 read as 30.30.
const TOLERANCE: f64 = 0.02;
const SECOND: i64 = 1_000_000;
/// Gaps within half and one and a half times the usual one belong to one steady run.
const STEADY_SHARE: f64 = 0.02;

/// When each source picture is shown, in microseconds from the first, in order.
#[derive(Debug, Clone)]
pub(crate) struct Timeline {
    times: Vec<i64>,
    last_duration: i64,
}

/// A time without a new picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Gap {
    pub(crate) from_us: i64,
    pub(crate) length_us: i64,
}

/// How fast the source really is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct SourceRate {
    pub(crate) fps: f64,
    pub(crate) steady: bool,
}

impl Timeline {
    /// Orders the times and starts them at zero. `last_duration` is the last picture's own duration where the file
    /// has a believable one; otherwise the usual gap stands in.
    pub(crate) fn new(mut times: Vec<i64>, last_duration: Option<i64>) -> Self {
        times.sort_unstable();
        let first = times.first().copied().unwrap_or(0);
        for time in &mut times {
            *time = time.saturating_sub(first);
        }
        let mut timeline = Timeline { times, last_duration: 0 };
        let usual = timeline.usual_gap();
        // A last picture may rest on screen (screen recordings), but ten seconds of it is a broken header.
        timeline.last_duration = last_duration.filter(|d| (1..=10 * SECOND).contains(d)).unwrap_or(usual);
        timeline
    }

    /// The pictures shown from one time on and before another, starting at zero again, and where they began.
    pub(crate) fn between(&self, from_us: i64, to_us: i64) -> (Timeline, i64) {
        let kept: Vec<i64> = self.times.iter().copied().filter(|t| (from_us..to_us).contains(t)).collect();
        let start = kept.first().copied().unwrap_or(0);
        let reaches_end = kept.last() == self.times.last();
        (Timeline::new(kept, self.last_duration().filter(|_| reaches_end)), start)
    }

    pub(crate) fn frames(&self) -> usize {
        self.times.len()
    }

    pub(crate) fn last_duration(&self) -> Option<i64> {
        (self.last_duration > 0).then_some(self.last_duration)
    }

    pub(crate) fn duration_us(&self) -> i64 {
        self.times.last().map_or(0, |last| last.saturating_add(self.last_duration))
    }

    /// Length to the nearest millisecond.
    pub(crate) fn duration_ms(&self) -> u64 {
        ((self.duration_us() + 500) / 1000).unsigned_abs()
    }

    pub(crate) fn effective_fps(&self) -> f64 {
        let seconds = self.duration_us() as f64 / SECOND as f64;
        if seconds > 0.0 { self.frames() as f64 / seconds } else { 0.0 }
    }

    fn gaps(&self) -> impl Iterator<Item = i64> + '_ {
        self.times.windows(2).map(|pair| pair[1].saturating_sub(pair[0]))
    }

    /// The median gap; 40 ms for a single picture, which is refused elsewhere.
    pub(crate) fn usual_gap(&self) -> i64 {
        let mut gaps: Vec<i64> = self.gaps().collect();
        gaps.sort_unstable();
        gaps.get(gaps.len() / 2).copied().unwrap_or(40_000)
    }

    /// More than one gap in fifty differs from the usual one by more than a fifth (and 2 ms).
    pub(crate) fn is_variable(&self) -> bool {
        let usual = self.usual_gap();
        let allowed = (usual / 5).max(2000);
        let odd = self.gaps().filter(|gap| (gap - usual).abs() > allowed).count();
        odd as f64 > self.gaps().count() as f64 * STEADY_SHARE
    }

    /// The longest gap that begins or ends farther than `edge_us` from both ends of the clip.
    pub(crate) fn longest_inner_gap(&self, edge_us: i64) -> Gap {
        let end = self.duration_us();
        let inside = |pair: &&[i64]| pair[1] > edge_us && pair[0] < end - edge_us;
        let gaps = self.times.windows(2).filter(inside);
        let gaps = gaps.map(|pair| Gap { from_us: pair[0], length_us: pair[1].saturating_sub(pair[0]) });
        gaps.max_by_key(|gap| gap.length_us).unwrap_or(Gap { from_us: 0, length_us: 0 })
    }

    /// Which part of all gaps is longer than this.
    pub(crate) fn share_of_gaps_over(&self, limit_us: i64) -> f64 {
        let count = self.gaps().count();
        if count == 0 { 0.0 } else { self.gaps().filter(|&gap| gap > limit_us).count() as f64 / count as f64 }
    }

    /// The rate that the output must be able to carry.
    pub(crate) fn source_rate(&self) -> SourceRate {
        let usual = self.usual_gap().max(1) as f64;
        let irregular = self.gaps().filter(|&gap| !(0.5..=1.5).contains(&(gap as f64 / usual))).count();
        let steady = irregular as f64 <= self.gaps().count() as f64 * STEADY_SHARE;
        let peak = self.peak_rate();
        let long_run = self.long_run_rate(usual);
        let fps = if steady && peak <= long_run * (1.0 + TOLERANCE) { long_run } else { peak.max(long_run) };
        SourceRate { fps, steady: steady && !self.is_variable() }
    }

    /// The highest rate over any window of at least one second (over the whole of a shorter clip).
    fn peak_rate(&self) -> f64 {
        let span = self.times.last().copied().unwrap_or(0);
        if span <= 0 {
            return 0.0;
        }
        if span < SECOND {
            return (self.times.len() - 1) as f64 * SECOND as f64 / span as f64;
        }
        let mut end = 0;
        let mut peak = 0.0f64;
        for (start, first) in self.times.iter().enumerate() {
            // One millisecond less: containers with millisecond clocks round 1.000 s down.
            while end < self.times.len() && self.times[end] - first < SECOND - 1000 {
                end += 1;
            }
            let Some(last) = self.times.get(end) else { break };
            peak = peak.max((end - start) as f64 * SECOND as f64 / (last - first) as f64);
        }
        peak
    }

    /// The mean rate with each longer gap counted as the whole number of usual gaps it spans, so that a few lost
    /// pictures do not turn 30 into 29.97.
    fn long_run_rate(&self, usual: f64) -> f64 {
        let regular = |gap: &i64| (0.5..=1.5).contains(&(*gap as f64 / usual));
        let (count, sum) =
            self.gaps().filter(regular).fold((0.0, 0.0), |(n, sum), gap| (n + 1.0, sum + gap as f64));
        if sum <= 0.0 {
            return 0.0;
        }
        let mean = sum / count;
        let (slots, time) = self.gaps().fold((0.0, 0.0), |(slots, time), gap| {
            let spanned = (gap as f64 / mean).round();
            let fits = spanned >= 1.0 && (gap as f64 / mean - spanned).abs() < 0.3;
            if fits { (slots + spanned, time + gap as f64) } else { (slots, time) }
        });
        if time > 0.0 { slots * SECOND as f64 / time } else { 0.0 }
    }
}

/// The constant rate of every rendition of a source.
pub(crate) fn output_rate(source: SourceRate) -> Ratio {
    let distance = |rate: &Ratio| (source.fps / rate.value() - 1.0).abs();
    let nearest = STANDARD.iter().min_by(|a, b| distance(a).total_cmp(&distance(b)));
    if let Some(rate) = nearest.filter(|rate| distance(rate) <= TOLERANCE) {
        return *rate;
    }
    if source.steady && source.fps < STANDARD[0].value() {
        return own_rate(source.fps);
    }
    let above = STANDARD.iter().find(|rate| rate.value() >= source.fps);
    above.copied().unwrap_or(Ratio { num: 60, den: 1 })
}

/// A slow steady source keeps its rate, written as the plain fraction it most likely is.
fn own_rate(fps: f64) -> Ratio {
    let plain = [1, 2].map(|den| Ratio { num: (fps * f64::from(den)).round() as i32, den });
    let film = Ratio { num: (fps * 1.001).round() as i32 * 1000, den: 1001 };
    let exact = Ratio { num: (fps * 1000.0).round().max(100.0) as i32, den: 1000 };
    let close = |rate: &Ratio| rate.num > 0 && (rate.value() / fps - 1.0).abs() < 0.0007;
    plain.into_iter().chain([film]).find(close).unwrap_or(exact)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steady(fps: f64, seconds: f64, round_to_ms: bool) -> Timeline {
        let count = (fps * seconds) as i64;
        let at = |n: i64| n as f64 * 1e6 / fps;
        let round =
            |us: f64| if round_to_ms { (us / 1000.0).round() as i64 * 1000 } else { us.round() as i64 };
        Timeline::new((0..count).map(|n| round(at(n))).collect(), None)
    }

    fn rate_of(timeline: &Timeline) -> (i32, i32) {
        let rate = output_rate(timeline.source_rate());
        (rate.num, rate.den)
    }

    #[test]
    fn each_standard_rate_is_kept_even_with_millisecond_timestamps() {
        for rate in STANDARD {
            for ms in [false, true] {
                assert_eq!(rate_of(&steady(rate.value(), 12.0, ms)), (rate.num, rate.den), "{rate:?} {ms}");
            }
        }
    }

    #[test]
    fn odd_rates_go_to_the_next_above_and_fast_ones_to_sixty() {
        assert_eq!(rate_of(&steady(27.0, 5.0, false)), (30_000, 1001));
        assert_eq!(rate_of(&steady(40.0, 5.0, false)), (50, 1));
        assert_eq!(rate_of(&steady(120.0, 5.0, false)), (60, 1));
        assert_eq!(rate_of(&steady(240.0, 2.0, true)), (60, 1));
    }

    #[test]
    fn slow_steady_sources_keep_their_own_rate() {
        assert_eq!(rate_of(&steady(12.0, 10.0, false)), (12, 1));
        assert_eq!(rate_of(&steady(15_000.0 / 1001.0, 10.0, true)), (15_000, 1001));
        assert_eq!(rate_of(&steady(7.5, 10.0, false)), (15, 2));
        assert_eq!(rate_of(&steady(5.0, 2.0, false)), (5, 1));
    }

    #[test]
    fn lost_pictures_do_not_lower_the_rate() {
        let mut times: Vec<i64> = (0..300).map(|n| n * 33_333).collect();
        times.remove(100);
        times.remove(200);
        assert_eq!(rate_of(&Timeline::new(times, None)), (30, 1));
    }

    #[test]
    fn a_phone_that_slows_down_in_the_dark_keeps_its_fastest_second() {
        let bright = (0..60).map(|n| n * 33_333);
        let dim = (0..40).map(|n| 2_000_000 + n * 66_667);
        let timeline = Timeline::new(bright.chain(dim).collect(), None);
        assert!(timeline.is_variable());
        assert_eq!(rate_of(&timeline), (30, 1));
    }

    #[test]
    fn durations_and_gaps_come_from_timestamps() {
        let timeline = steady(25.0, 4.0, false);
        assert_eq!((timeline.frames(), timeline.duration_us()), (100, 4_000_000));
        assert!((timeline.effective_fps() - 25.0).abs() < 0.01 && !timeline.is_variable());
        let gap =
            Timeline::new(vec![0, 40_000, 700_000, 1_000_000, 1_400_000, 2_000_000, 2_040_000], Some(40_000));
        assert_eq!(gap.longest_inner_gap(500_000), Gap { from_us: 40_000, length_us: 660_000 });
        assert_eq!(gap.share_of_gaps_over(50_000), 4.0 / 6.0);
    }

    #[test]
    fn a_part_of_a_timeline_starts_at_zero() {
        let (part, start) = steady(25.0, 4.0, false).between(1_010_000, 3_000_000);
        assert_eq!((part.frames(), start, part.duration_us()), (49, 1_040_000, 1_960_000));
    }

    #[test]
    fn nothing_panics_on_absurd_timestamps() {
        let absurd = Timeline::new(vec![i64::MIN, 0, i64::MAX], Some(i64::MAX));
        let _ = (absurd.duration_us(), absurd.is_variable(), absurd.source_rate());
        let _ = output_rate(Timeline::new(Vec::new(), None).source_rate());
    }
}
