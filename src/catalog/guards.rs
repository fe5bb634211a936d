//! What a version still lacks before it may go to review or to the public. Every guard says what to do about it.

use super::caption_track::{Track, tracks};
use super::captions::{self, About, Cue, Rule};
use super::clip::Clip;
use super::media_state::MediaState;
use super::signer::{Consent, signer};
use super::summary::{MOST_SENTENCES, sentences};
use super::text::{ClipText, version_text};
use super::version::Version;
use crate::clock::Millis;
use crate::db::Conn;
use crate::refusal::{Refusal, RefusalKind};
use serde_json::json;

/// Something that is missing, in both languages.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Unmet {
    /// Stable name.
    pub code: &'static str,
    /// What to do, in Arabic.
    pub ar: &'static str,
    /// The same in English.
    pub en: &'static str,
}

const fn unmet(code: &'static str, ar: &'static str, en: &'static str) -> Unmet {
    Unmet { code, ar, en }
}

const NO_VIDEO: Unmet = unmet("media.missing", "ارفع الفيديو أولًا.", "Upload the video first.");
const MEDIA_NOT_READY: Unmet =
    unmet("media.not_ready", "انتظر حتى تكتمل معالجة الفيديو.", "Wait until the video has been processed.");
const MEDIA_REFUSED: Unmet = unmet(
    "media.refused",
    "الفيديو لم يُقبل. قصّه إن أمكن، أو ارفع ملفًا آخر.",
    "The video was not accepted. Trim it where that helps, or upload another file.",
);
const NO_CAPTIONS: Unmet = unmet("captions.missing", "أضف الترجمة العربية المكتوبة.", "Add Arabic captions.");
const CAPTION_ERRORS: Unmet = unmet(
    "captions.errors",
    "صحّح أخطاء التعليق، أو اكتب سبب قبولها.",
    "Correct the caption errors, or give a reason to accept them.",
);
const NO_ALT: Unmet =
    unmet("alt.missing", "اكتب بالعربية ما يظهر في التصميم.", "Write in Arabic what the graphic shows.");
const NO_SUMMARY: Unmet = unmet(
    "summary.missing",
    "اكتب الخلاصة في جملة إلى ثلاث جمل.",
    "Write the summary in one to three sentences.",
);
const SUMMARY_LONG: Unmet = unmet(
    "summary.too_long",
    "اختصر الخلاصة إلى ثلاث جمل على الأكثر.",
    "Shorten the summary to three sentences at most.",
);
const CONSENT_MISSING: Unmet = unmet(
    "consent.missing",
    "سجّل موافقة مقدّم الإشارة على النشر.",
    "Record the signer's consent to be published.",
);
const CONSENT_EXPIRED: Unmet = unmet(
    "consent.expired",
    "انتهت موافقة مقدّم الإشارة. جدّدها أولًا.",
    "The signer's consent has expired. Renew it first.",
);
const CONSENT_WITHDRAWN: Unmet = unmet(
    "consent.withdrawn",
    "سحب مقدّم الإشارة موافقته. لا يُنشر هذا الفيديو.",
    "The signer has withdrawn consent. This video cannot be published.",
);
const REJECTED_WORDING: Unmet = unmet(
    "wording.rejected",
    "في النص كلمة مرفوضة. اكتب «الصم» أو «ضعاف السمع».",
    "The text has a rejected word. Write “الصم” or “ضعاف السمع”.",
);
const CALL_ONLY: Unmet = unmet(
    "wording.call_only",
    "«اتصل بنا» ليست إجابة. اذكر معها وسيلة مكتوبة أو بالإشارة.",
    "“Call us” is not an answer. Name a written or signed way beside it.",
);

/// Whether caption errors were accepted with a reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CaptionErrors {
    /// They block.
    Block,
    /// Somebody accepted them; the reason is on record.
    Accepted,
}

/// The guards of review and publication that `version` does not meet at `now`; empty when all are met.
pub async fn unmet_guards(
    conn: &mut impl Conn,
    clip: &Clip,
    version: &Version,
    errors: CaptionErrors,
    now: Millis,
) -> anyhow::Result<Vec<Unmet>> {
    let text = version_text(conn, version.id).await?;
    let tracks = tracks(conn, version.id).await?;
    let mut list = Vec::new();
    list.extend(media_guard(version));
    // Whatever can be heard has to be readable too, in a signed title as well.
    if clip.kind.needs_captions() || version.media.has_audio {
        list.extend(caption_guard(&tracks, errors));
    } else if clip.kind.is_still() && text.alt_ar.is_empty() && text.summary_ar.is_empty() {
        list.push(NO_ALT);
    }
    if text.summary_ar.is_empty() && clip.kind.needs_captions() {
        list.push(NO_SUMMARY);
    }
    if sentences(&text.summary_ar).len() > MOST_SENTENCES {
        list.push(SUMMARY_LONG);
    }
    if let Some(id) = text.signer_id
        && let Some(signer) = signer(conn, id).await?
    {
        list.extend(consent_guard(signer.consent(now)));
    }
    list.extend(wording_guards(&text, &tracks));
    Ok(list)
}

fn media_guard(version: &Version) -> Option<Unmet> {
    match version.media.state {
        MediaState::Ready => None,
        MediaState::Waiting if version.original_key.is_none() => Some(NO_VIDEO),
        MediaState::Waiting | MediaState::Probing | MediaState::Transcoding => Some(MEDIA_NOT_READY),
        MediaState::Refused | MediaState::Failed | MediaState::Cancelled => Some(MEDIA_REFUSED),
    }
}

fn caption_guard(tracks: &[Track], errors: CaptionErrors) -> Option<Unmet> {
    let Some(arabic) = tracks.iter().find(|track| track.lang == "ar") else { return Some(NO_CAPTIONS) };
    if arabic.cues.is_empty() {
        return Some(NO_CAPTIONS);
    }
    (arabic.errors > 0 && errors == CaptionErrors::Block).then_some(CAPTION_ERRORS)
}

fn consent_guard(consent: Consent) -> Option<Unmet> {
    match consent {
        Consent::Valid => None,
        Consent::Missing => Some(CONSENT_MISSING),
        Consent::Expired => Some(CONSENT_EXPIRED),
        Consent::Withdrawn => Some(CONSENT_WITHDRAWN),
    }
}

/// Title, summary and captions follow the same two rules about words as captions do; here neither can be overridden
/// (`reference/deaf-users.md` requirements 11 and 55).
fn wording_guards(text: &ClipText, tracks: &[Track]) -> Vec<Unmet> {
    let written =
        [&text.title_ar, &text.question_ar, &text.summary_ar, &text.alt_ar, &text.fees_ar, &text.deadline_ar];
    let mut cues: Vec<Cue> = written
        .into_iter()
        .filter(|text| !text.is_empty())
        .map(|text| Cue { start_ms: 0, end_ms: 1, text: text.clone() })
        .collect();
    let arabic = tracks.iter().filter(|track| track.lang == "ar");
    cues.extend(arabic.flat_map(|track| track.cues.iter().cloned()));
    let found = captions::check(&cues, About { duration_ms: None, frames_per_second: None });
    let breaks = |rule: Rule| found.iter().any(|finding| finding.rule == rule);
    [(Rule::Wording, REJECTED_WORDING), (Rule::CallOnly, CALL_ONLY)]
        .into_iter()
        .filter(|(rule, _)| breaks(*rule))
        .map(|(_, guard)| guard)
        .collect()
}

/// The refusal that lists what is missing.
pub(super) fn refusal_of(unmet: &[Unmet]) -> Refusal {
    let join = |sentences: Vec<&str>| sentences.join(" ");
    let ar = join(unmet.iter().map(|guard| guard.ar).collect());
    let en = join(unmet.iter().map(|guard| guard.en).collect());
    Refusal::new(RefusalKind::Conflict, "review.not_ready", ar, en).with_details(json!({ "unmet": unmet }))
}
