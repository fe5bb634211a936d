//! In and out points: the original is processed again without its head and tail, as a new version, and the captions
//! move with the pictures. A recording that was refused, as for its length, can be cut too.

use super::by::By;
use super::caption_track::move_captions;
use super::captions::Cue;
use super::clip::take_clip;
use super::editing::{Original, attach_video};
use super::media_state::MediaState;
use super::version::{Version, latest_version, version};
use crate::audit::Entry;
use crate::db::{Tx, query};
use crate::ids::{ClipId, VersionId};
use crate::refusal::{Refusal, RefusalKind, refuse};
use media::Trim;
use serde_json::json;

/// What is shorter cannot hold a sign.
const SHORTEST_MS: u64 = 500;

/// Cuts the latest version's video to a part of what it shows now; `None` takes the whole original again. Returns the
/// new version, whose processing has been enqueued.
pub async fn trim_video(
    tx: &mut Tx,
    by: By<'_>,
    clip: ClipId,
    expected: Option<i64>,
    wanted: Option<Trim>,
) -> anyhow::Result<VersionId> {
    let clip = take_clip(tx, clip, expected).await?;
    let latest = latest_version(tx, clip.id).await?;
    let (Some(key), Some(length_ms), false) =
        (latest.original_key, length_to_cut(&latest), clip.kind.is_still())
    else {
        return Err(nothing_to_trim());
    };
    let before = latest.trim.filter(|_| latest.media.state == MediaState::Ready);
    let after = match wanted {
        Some(part) => Some(within(before, checked(part, length_ms)?)),
        None => None,
    };
    // Cues are on the clock of the present cut; the new cut starts elsewhere in the original.
    let start_ms = |cut: Option<Trim>| cut.map_or(0, |cut| i64::try_from(cut.from_ms).unwrap_or(0));
    let shift_ms = start_ms(latest.trim) - start_ms(after);
    let end_ms = wanted.map(|part| part.to_ms - part.from_ms);
    let original = Original { key, name: latest.original_name.clone(), note: String::new() };
    let id = attach_video(tx, by, clip.id, None, original).await?;
    query("UPDATE clip_version SET trim_from_ms = $1, trim_to_ms = $2 WHERE id = $3")
        .bind(after.and_then(|cut| i64::try_from(cut.from_ms).ok()))
        .bind(after.and_then(|cut| i64::try_from(cut.to_ms).ok()))
        .bind(id)
        .execute(tx)
        .await?;
    let Some(cut) = version(tx, id).await? else {
        anyhow::bail!("version {id} disappeared while it was cut")
    };
    move_captions(tx, by, &cut, |cues| shifted(cues, shift_ms, end_ms)).await?;
    let detail = json!({ "version": cut.n, "from_ms": after.map(|cut| cut.from_ms), "to_ms": after.map(|cut| cut.to_ms) });
    tx.record(Entry::new(by.actor(), "media.trimmed", "clip", clip.id).with(detail));
    Ok(id)
}

/// What a cut is taken from, in milliseconds: the finished video as it is, or the whole original where the checks refused
/// it, for a cut may be all that it needs. Nothing while it is processed, or where the file is no video at all.
pub fn length_to_cut(version: &Version) -> Option<u64> {
    match version.media.state {
        MediaState::Ready => version.media.duration_ms.and_then(|ms| u64::try_from(ms).ok()),
        MediaState::Refused => {
            let report: media::ProbeReport = serde_json::from_str(&version.media.probe).ok()?;
            report.video.map(|video| video.duration_ms)
        }
        MediaState::Waiting
        | MediaState::Probing
        | MediaState::Transcoding
        | MediaState::Failed
        | MediaState::Cancelled => None,
    }
}

fn nothing_to_trim() -> anyhow::Error {
    let ar = "لا يوجد فيديو يمكن قصّه الآن. انتظر حتى تنتهي المعالجة.";
    let en = "There is no video to trim now. Wait until processing is over.";
    refuse(Refusal::new(RefusalKind::Conflict, "media.nothing_to_trim", ar, en))
}

fn checked(part: Trim, length_ms: u64) -> anyhow::Result<Trim> {
    let part = Trim { to_ms: part.to_ms.min(length_ms), ..part };
    if part.from_ms + SHORTEST_MS <= part.to_ms {
        return Ok(part);
    }
    let ar = "اجعل نهاية المقطع بعد بدايته بنصف ثانية على الأقل، وداخل مدة المقطع.";
    let en = "Set the end at least half a second after the start, and inside the clip.";
    Err(refuse(Refusal::invalid("to_ms", "media.empty_trim", ar, en)))
}

/// A part of a part is a part of the original.
fn within(before: Option<Trim>, part: Trim) -> Trim {
    let offset = before.map_or(0, |cut| cut.from_ms);
    Trim { from_ms: offset + part.from_ms, to_ms: offset + part.to_ms }
}

/// Cues on the new clock; what lies outside the cut is gone, what reaches over an edge ends there.
fn shifted(cues: &[Cue], shift_ms: i64, end_ms: Option<u64>) -> Vec<Cue> {
    let end = end_ms.map_or(i64::MAX, |end| i64::try_from(end).unwrap_or(i64::MAX));
    let place = |ms: u32| (i64::from(ms) + shift_ms).clamp(0, end);
    let cue = |cue: &Cue| {
        let (start, stop) = (place(cue.start_ms), place(cue.end_ms));
        let whole = start < stop;
        let (start_ms, end_ms) = (u32::try_from(start).ok()?, u32::try_from(stop).ok()?);
        whole.then(|| Cue { start_ms, end_ms, text: cue.text.clone() })
    };
    cues.iter().filter_map(cue).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cue(start_ms: u32, end_ms: u32) -> Cue {
        Cue { start_ms, end_ms, text: "نص".to_owned() }
    }

    #[test]
    fn cues_move_with_the_cut_and_end_at_its_edges() {
        let cues = [cue(0, 900), cue(500, 2_000), cue(2_000, 4_000), cue(5_000, 6_000)];
        assert_eq!(shifted(&cues, -1_000, Some(2_500)), [cue(0, 1_000), cue(1_000, 2_500)]);
        assert_eq!(shifted(&cues[..1], 1_500, None), [cue(1_500, 2_400)]);
    }

    #[test]
    fn a_cut_of_a_cut_counts_from_the_original() {
        let first = Trim { from_ms: 1_000, to_ms: 9_000 };
        assert_eq!(
            within(Some(first), Trim { from_ms: 500, to_ms: 3_000 }),
            Trim { from_ms: 1_500, to_ms: 4_000 }
        );
    }

    #[test]
    fn an_empty_or_reversed_cut_is_refused() {
        assert!(checked(Trim { from_ms: 5_000, to_ms: 5_200 }, 10_000).is_err());
        assert!(checked(Trim { from_ms: 9_900, to_ms: 20_000 }, 10_000).is_err());
        assert!(checked(Trim { from_ms: 0, to_ms: 20_000 }, 10_000).is_ok());
    }
}
