//! When captions appear: durations, gaps, overlaps, the end of the video.

use super::{About, OfCue, Rule};
use crate::catalog::captions::Cue;

/// Milliseconds a caption must and should stay, and the most it may.
const SHORTEST: (u32, u32) = (833, 1000);
const LONGEST: u32 = 7000;
/// How far a caption may reach beyond the video, in milliseconds.
const BEYOND: u32 = 100;
/// Signing without captions for longer than this is an error, in milliseconds.
const UNCOVERED: u32 = 3000;

pub(super) fn check_cue(cue: &Cue, next: Option<&Cue>, about: About, findings: &mut OfCue) {
    check_duration(cue, findings);
    if let Some(next) = next {
        check_gap(cue, next, about, findings);
    }
    if about.duration_ms.is_some_and(|length| cue.end_ms > length.saturating_add(BEYOND)) {
        findings.error(
            Rule::BeyondEnd,
            "ينتهي النص بعد نهاية الفيديو.",
            "The caption ends after the end of the video.",
        );
    }
}

fn check_duration(cue: &Cue, findings: &mut OfCue) {
    let duration = cue.end_ms.saturating_sub(cue.start_ms);
    let seconds = f64::from(duration) / 1000.0;
    if duration > LONGEST {
        findings.error(
            Rule::Duration,
            format!("يبقى النص {seconds:.1} ثانية. الحد 7 ثوانٍ."),
            format!("The caption stays {seconds:.1} s; the limit is 7 s."),
        );
        return;
    }
    let ar = format!("يظهر النص {seconds:.2} ثانية فقط. الأفضل ثانية على الأقل.");
    let en = format!("The caption stays only {seconds:.2} s; it should stay at least 1 s.");
    match duration {
        short if short < SHORTEST.0 => findings.error(Rule::Duration, ar, en),
        short if short < SHORTEST.1 => findings.warn(Rule::Duration, ar, en),
        _ => {}
    }
}

fn check_gap(cue: &Cue, next: &Cue, about: About, findings: &mut OfCue) {
    if next.start_ms < cue.end_ms {
        findings.error(
            Rule::Overlap,
            "يظهر النص التالي قبل أن ينتهي هذا النص.",
            "The next caption starts before this one ends.",
        );
        return;
    }
    let gap = next.start_ms - cue.end_ms;
    let two_frames = 2000.0 / about.frames_per_second.filter(|rate| *rate > 0.0).unwrap_or(24.0);
    if f64::from(gap) < two_frames.floor() {
        findings.warn(
            Rule::Gap,
            "لا فاصل كافيًا قبل النص التالي: اترك إطارين على الأقل.",
            "Too small a gap before the next caption: leave at least two frames.",
        );
    }
    if gap > UNCOVERED {
        findings.error(
            Rule::Uncovered,
            format!("بعد هذا النص {:.1} ثانية من الإشارة بلا نص.", f64::from(gap) / 1000.0),
            format!("After this caption {:.1} s of signing have no caption.", f64::from(gap) / 1000.0),
        );
    }
}
