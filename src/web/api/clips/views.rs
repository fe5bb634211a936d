//! Clips as the API shows them (CONTRACT section 4).

use crate::catalog::{
    AcceptedCheck, Approval, CaptionFinding, Check, Clip, ClipKind, Hashes, MediaError, MediaState, Picture,
    PublicClip, Rendition, StudioClip, Track, Unmet, Version, VersionState, dash_url, picture_of,
};
use crate::clock::Millis;
use crate::ids::{ClipId, SignerId, StaffId, VersionId};
use serde::Serialize;
use utoipa::ToSchema;

/// A clip.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ClipView {
    pub(super) id: ClipId,
    slug: String,
    kind: ClipKind,
    /// What the public sees, if anything; otherwise where the latest version stands.
    state: VersionState,
    service: String,
    signer: Option<SignerId>,
    sign_language: String,
    title_ar: String,
    title_en: String,
    question_ar: String,
    summary_ar: String,
    alt_ar: String,
    sources: String,
    /// What it costs.
    fees_ar: String,
    /// Until when, or how long it takes.
    deadline_ar: String,
    /// Whether its page offers the file for keeping.
    may_download: bool,
    aliases: Vec<String>,
    sample: bool,
    /// Milliseconds since 1970.
    first_published_at: Option<Millis>,
    review_by: Option<Millis>,
    created_at: Millis,
    updated_at: Millis,
    version: VersionView,
}

/// A version of a clip.
#[derive(Debug, Serialize, ToSchema)]
struct VersionView {
    id: VersionId,
    n: i64,
    state: VersionState,
    state_since: Millis,
    change_note: String,
    hashes: Hashes,
    media: MediaView,
    captions: Vec<CaptionsView>,
    approvals: Vec<ApprovalView>,
    /// What is missing for the review.
    unmet: Vec<Unmet>,
    publish_at: Option<Millis>,
    unpublish_at: Option<Millis>,
    published_at: Option<Millis>,
    withdrawn_reason: Option<String>,
}

/// The media of a version.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MediaView {
    state: MediaState,
    /// Per cent done.
    progress: i64,
    /// Estimated milliseconds left.
    eta_ms: Option<i64>,
    error: Option<MediaError>,
    duration_ms: Option<i64>,
    width: Option<i64>,
    height: Option<i64>,
    fps: Option<f64>,
    has_audio: bool,
    renditions: Vec<RenditionView>,
    /// For clips longer than ninety seconds: the HLS playlist over all sizes and captions.
    hls: Option<String>,
    /// The same as a DASH manifest, for clips without sound.
    dash: Option<String>,
    /// The poster for cards: small and medium, each as WebP and JPEG, each at most 15 KB.
    cards: Vec<CardView>,
    /// The part of the original that is shown, where it was trimmed.
    trim: Option<TrimView>,
    /// The part that the checks suggest to keep, where head or tail is still.
    trim_offer: Option<TrimView>,
    poster: Option<String>,
    poster_small: Option<String>,
    preview: Option<String>,
    storyboard: Option<String>,
    storyboard_map: Option<String>,
    graphic: Option<String>,
    checks: Vec<Check>,
    /// Warnings that somebody accepted, with the reason.
    accepted_checks: Vec<AcceptedView>,
}

/// A warning that somebody accepted.
#[derive(Debug, Serialize, ToSchema)]
struct AcceptedView {
    code: String,
    reason: String,
    accepted_by: StaffId,
    accepted_at: Millis,
}

impl From<AcceptedCheck> for AcceptedView {
    fn from(one: AcceptedCheck) -> Self {
        Self {
            code: one.code,
            reason: one.reason,
            accepted_by: one.accepted_by,
            accepted_at: one.accepted_at,
        }
    }
}

/// The poster in one size and format.
#[derive(Debug, Serialize, ToSchema)]
struct CardView {
    url: String,
    mime: String,
    width: i64,
    height: i64,
    bytes: i64,
}

impl From<&Picture> for CardView {
    fn from(picture: &Picture) -> Self {
        let Picture { width, height, bytes, .. } = *picture;
        Self { url: picture.url(), mime: picture.mime.clone(), width, height, bytes }
    }
}

/// A part of a video.
#[derive(Debug, Serialize, ToSchema)]
struct TrimView {
    from_ms: u64,
    to_ms: u64,
}

impl From<media::Trim> for TrimView {
    fn from(trim: media::Trim) -> Self {
        Self { from_ms: trim.from_ms, to_ms: trim.to_ms }
    }
}

/// One encoded size.
#[derive(Debug, Serialize, ToSchema)]
struct RenditionView {
    url: String,
    name: String,
    mime: String,
    width: i64,
    height: i64,
    fps: f64,
    frames: i64,
    bytes: i64,
    bitrate: i64,
}

/// The captions of one language.
#[derive(Debug, Serialize, ToSchema)]
struct CaptionsView {
    lang: String,
    revision: i64,
    origin: String,
    cues: usize,
    errors: i64,
    findings: Vec<CaptionFinding>,
}

/// A decision of a lane.
#[derive(Debug, Serialize, ToSchema)]
struct ApprovalView {
    lane: String,
    decision: String,
    by: Option<String>,
    reason: String,
    at_ms: Option<i64>,
    decided_at: Millis,
    voided_at: Option<Millis>,
    hashes: Hashes,
}

impl ClipView {
    /// Everything, for staff.
    pub(super) fn of_studio(whole: StudioClip) -> anyhow::Result<Self> {
        let shown = whole.versions.iter().find(|version| Some(version.id) == whole.clip.published_version_id);
        let state = shown.map_or(whole.version.state, |version| version.state);
        let mut media = MediaView::of(&whole.version, &whole.renditions, &whole.pictures, whole.stream);
        media.accepted_checks = whole.accepted_checks.into_iter().map(AcceptedView::from).collect();
        let mut version = VersionView::of(whole.version, media, &whole.tracks);
        version.approvals = whole.approvals.into_iter().map(ApprovalView::from).collect();
        version.unmet = whole.unmet;
        let aliases = whole.aliases.into_iter().map(|alias| alias.text_ar).collect();
        let mut view = Self::of_clip(whole.clip, state, whole.service.code, aliases, version);
        view.signer = whole.text.signer_id;
        view.sign_language = whole.text.sign_language;
        view.title_ar = whole.text.title_ar;
        view.title_en = whole.text.title_en;
        view.question_ar = whole.text.question_ar;
        view.summary_ar = whole.text.summary_ar;
        view.alt_ar = whole.text.alt_ar;
        view.sources = whole.text.sources;
        view.fees_ar = whole.text.fees_ar;
        view.deadline_ar = whole.text.deadline_ar;
        Ok(view)
    }

    /// What is published, without names, checks and drafts.
    pub(super) fn of_public(shown: PublicClip) -> anyhow::Result<Self> {
        let state = shown.version.state;
        let mut media = MediaView::of(&shown.version, &shown.renditions, &shown.pictures, shown.stream);
        media.checks.clear();
        let mut version = VersionView::of(shown.version, media, &shown.tracks);
        version.change_note.clear();
        for captions in &mut version.captions {
            captions.findings.clear();
        }
        let mut view = Self::of_clip(shown.clip, state, shown.service.code, Vec::new(), version);
        view.signer = None;
        Ok(view)
    }

    fn of_clip(
        clip: Clip,
        state: VersionState,
        service: String,
        aliases: Vec<String>,
        version: VersionView,
    ) -> Self {
        Self {
            id: clip.id,
            slug: clip.slug,
            kind: clip.kind,
            state,
            service,
            signer: clip.signer_id,
            sign_language: clip.sign_language,
            title_ar: clip.title_ar,
            title_en: clip.title_en,
            question_ar: clip.question_ar,
            summary_ar: clip.summary_ar,
            alt_ar: clip.alt_ar,
            sources: clip.sources,
            fees_ar: clip.fees_ar,
            deadline_ar: clip.deadline_ar,
            may_download: clip.may_download,
            aliases,
            sample: clip.sample,
            first_published_at: clip.first_published_at,
            review_by: clip.review_by,
            created_at: clip.created_at,
            updated_at: clip.updated_at,
            version,
        }
    }
}

impl VersionView {
    fn of(version: Version, media: MediaView, tracks: &[Track]) -> Self {
        Self {
            id: version.id,
            n: version.n,
            state: version.state,
            state_since: version.state_since,
            change_note: version.change_note,
            hashes: version.hashes,
            media,
            captions: tracks.iter().map(CaptionsView::from).collect(),
            approvals: Vec::new(),
            unmet: Vec::new(),
            publish_at: version.publish_at,
            unpublish_at: version.unpublish_at,
            published_at: version.published_at,
            withdrawn_reason: version.withdrawn_reason,
        }
    }
}

impl MediaView {
    pub(super) fn of(
        version: &Version,
        renditions: &[Rendition],
        pictures: &[Picture],
        stream: Option<String>,
    ) -> Self {
        let media = &version.media;
        let offered = || serde_json::from_str::<media::ProbeReport>(&media.probe).ok()?.trim;
        let url = |role: &str| picture_of(pictures, role).map(Picture::url);
        Self {
            state: media.state,
            progress: media.progress / 10,
            eta_ms: media.eta_ms,
            error: media.error.clone(),
            duration_ms: media.duration_ms,
            width: media.width,
            height: media.height,
            fps: media.fps_milli.map(|milli| milli as f64 / 1000.0),
            has_audio: media.has_audio,
            renditions: renditions.iter().map(RenditionView::from).collect(),
            dash: (stream.is_some() && !media.has_audio).then(|| dash_url(version.id)),
            hls: stream,
            cards: pictures.iter().filter(|one| one.role == "poster_card").map(CardView::from).collect(),
            trim: version.trim.map(TrimView::from),
            trim_offer: if version.trim.is_none() || media.state == MediaState::Refused {
                offered().map(TrimView::from)
            } else {
                None
            },
            poster: url("poster"),
            poster_small: url("poster_small"),
            preview: url("preview"),
            storyboard: url("storyboard"),
            storyboard_map: url("storyboard_map"),
            graphic: url("graphic"),
            checks: media.checks.clone(),
            accepted_checks: Vec::new(),
        }
    }
}

impl From<&Rendition> for RenditionView {
    fn from(rendition: &Rendition) -> Self {
        Self {
            url: rendition.url(),
            name: rendition.rung.clone(),
            mime: rendition.mime.clone(),
            width: rendition.width,
            height: rendition.height,
            fps: rendition.fps_milli as f64 / 1000.0,
            frames: rendition.frames,
            bytes: rendition.bytes,
            bitrate: rendition.bitrate,
        }
    }
}

impl From<&Track> for CaptionsView {
    fn from(track: &Track) -> Self {
        Self {
            lang: track.lang.clone(),
            revision: track.revision,
            origin: track.origin.clone(),
            cues: track.cues.len(),
            errors: track.errors,
            findings: track.findings.clone(),
        }
    }
}

impl From<Approval> for ApprovalView {
    fn from(approval: Approval) -> Self {
        Self {
            lane: approval.lane,
            decision: approval.decision,
            by: approval.staff_name,
            reason: approval.reason,
            at_ms: approval.at_ms,
            decided_at: approval.decided_at,
            voided_at: approval.voided_at,
            hashes: Hashes {
                video: approval.video_hash,
                captions: approval.captions_hash,
                text: approval.text_hash,
            },
        }
    }
}
