//! Loading many clips from a manifest (CONTRACT section 3): the same steps that people take, one line after another.
//!
//! Three passes, each safe to run again: rows and originals, then the media jobs, then captions and states. A line that
//! was loaded before is found by its `id` and only changed where it differs.

mod line;
mod spread;

pub use line::{ManifestLine, NumberedLine, read_manifest};
pub use spread::cues_from_text;

use super::caption_track::{NewCaptions, origin_of, read_captions, save_captions, track};
use super::captions::{CaptionFormat, Cue};
use super::clip::{AliasOrigin, NewClip, add_alias, aliases, clip, clip_by_external_id, create_clip};
use super::editing::{Original, attach_video, edit_text};
use super::guards::{CaptionErrors, refusal_of, unmet_guards};
use super::media_state::MediaState;
use super::publication::{PublicationTimes, publish};
use super::review::{submit, waive_reviews};
use super::service::service_by_code;
use super::signed_names::{Named, name_in_sign, signed_names};
use super::state::VersionState;
use super::text::{ClipText, TextChange, TextProblem, version_text};
use super::version::{Version, latest_version};
use super::{By, ClipKind};
use crate::app::App;
use crate::db::Tx;
use crate::ids::ClipId;
use crate::people::Staff;
use crate::refusal::{Refusal, RefusalKind, refuse};
use crate::store::{Area, Blob, FileType, record_blob};
use anyhow::Context as _;
use std::path::{Path, PathBuf};

/// A load of one manifest.
pub struct Import {
    app: App,
    /// File names in the manifest are relative to this folder.
    folder: PathBuf,
    /// The administrator who answers for waived reviews; the operator at the command line without one.
    administrator: Option<Staff>,
}

/// What a pass did with a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Something was added or changed.
    Loaded,
    /// Everything was there already.
    Unchanged,
}

impl Effect {
    fn of(changed: bool) -> Self {
        if changed { Self::Loaded } else { Self::Unchanged }
    }

    /// Loaded when either is.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self::of(self == Self::Loaded || other == Self::Loaded)
    }
}

/// Where the media of an imported clip stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MediaStanding {
    /// Still at work, with thousandths done.
    Working(i64),
    /// Nothing left to do.
    Done,
    /// Ended without a result; the reason in English.
    Ended(String),
}

impl Import {
    /// A load of a manifest that lies in `folder`.
    pub fn new(app: App, folder: PathBuf, administrator: Option<Staff>) -> Self {
        Self { app, folder, administrator }
    }

    /// First pass: the clip, its words and aliases, and its original with the media job.
    pub async fn load(&self, line: &ManifestLine) -> anyhow::Result<(ClipId, Effect)> {
        let original = match &line.media {
            Some(name) => Some((self.store_original(name).await?, name.clone())),
            None => None,
        };
        let mut tx = self.app.db.begin().await?;
        let text = text_of(&mut tx, line).await?;
        let (clip, mut changed) = match clip_by_external_id(&mut tx, &line.id).await? {
            None => (self.create(&mut tx, line, text).await?, true),
            Some(known) => (known.id, change_text(&mut tx, known.id, text).await?),
        };
        changed |= add_missing_aliases(&mut tx, clip, &line.aliases).await?;
        if let Some((blob, name)) = original {
            changed |= give_original(&mut tx, clip, blob, &name).await?;
        }
        tx.commit().await?;
        Ok((clip, Effect::of(changed)))
    }

    async fn create(&self, tx: &mut Tx, line: &ManifestLine, text: ClipText) -> anyhow::Result<ClipId> {
        let Some(kind) = ClipKind::parse(&line.kind) else {
            let en = format!("there is no kind of clip called {}", line.kind);
            return Err(refuse(Refusal::invalid("kind", "clip.unknown_kind", "نوع المقطع غير معروف.", en)));
        };
        let new = NewClip { kind, text, external_id: Some(line.id.clone()), sample: line.sample };
        create_clip(tx, By::System, new).await
    }

    async fn store_original(&self, name: &str) -> anyhow::Result<Blob> {
        let path = self.folder.join(name);
        let start = read_start(&path).map_err(|why| missing_file(name, &why))?;
        self.app.store.put_file(Area::Originals, &path, FileType::sniff(&start)).await
    }

    /// Between the passes: whether the media of a clip is still being processed.
    pub async fn standing(&self, clip: ClipId) -> anyhow::Result<MediaStanding> {
        let mut read = self.app.db.read().await?;
        let version = latest_version(&mut read, clip).await?;
        Ok(standing_of(&version))
    }

    /// Last pass: captions, which may need the length of the video, then the state that the line asks for.
    pub async fn settle(&self, line: &ManifestLine, id: ClipId) -> anyhow::Result<Effect> {
        let mut read = self.app.db.read().await?;
        let version = latest_version(&mut read, id).await?;
        drop(read);
        if let MediaStanding::Ended(reason) = standing_of(&version) {
            let ar = version.media.error.map(|error| error.message_ar).unwrap_or_default();
            return Err(refuse(Refusal::new(RefusalKind::Invalid, "import.media", ar, reason)));
        }
        let captions = self.captions_of(line, version.media.duration_ms)?;
        let mut tx = self.app.db.begin().await?;
        let mut changed = match captions {
            Some(captions) => save_if_new(&mut tx, id, &version, captions).await?,
            None => false,
        };
        changed |= self.reach_state(&mut tx, line, id).await?;
        if !line.signs.is_empty() {
            changed |= self.say_words(&mut tx, line, id).await?;
        }
        tx.commit().await?;
        Ok(Effect::of(changed))
    }

    fn captions_of(
        &self,
        line: &ManifestLine,
        duration_ms: Option<i64>,
    ) -> anyhow::Result<Option<NewCaptions>> {
        let Some(given) = &line.captions else { return Ok(None) };
        let format = CaptionFormat::of_file_name(given).filter(|_| !given.contains('\n'));
        let (cues, origin): (Vec<Cue>, _) = match format {
            Some(format) => {
                let bytes =
                    std::fs::read(self.folder.join(given)).map_err(|why| missing_file(given, &why))?;
                (read_captions(&bytes, Some(format))?, origin_of(Some(format)))
            }
            None if given.contains("-->") => (read_captions(given.as_bytes(), None)?, "vtt"),
            None => (cues_from_text(given, duration_ms), "editor"),
        };
        Ok(Some(NewCaptions { lang: "ar", origin, cues }))
    }

    async fn reach_state(&self, tx: &mut Tx, line: &ManifestLine, id: ClipId) -> anyhow::Result<bool> {
        let version = latest_version(tx, id).await?;
        match (line.state.as_deref(), version.state) {
            (Some("in_review"), VersionState::Ready) => {
                submit(tx, By::System, id, None, None).await?;
                Ok(true)
            }
            (Some("published"), VersionState::Draft | VersionState::Ready) => {
                self.check_guards(tx, id, &version).await?;
                let reason = "تحميل جماعي: اعتُمد هذا المحتوى قبل تحميله، بقرار مدير النظام";
                waive_reviews(tx, self.administrator(), id, reason).await?;
                publish(tx, By::System, id, None, PublicationTimes::default()).await?;
                Ok(true)
            }
            (Some("published"), VersionState::Approved) => {
                publish(tx, By::System, id, None, PublicationTimes::default()).await?;
                Ok(true)
            }
            (None | Some("draft" | "ready" | "in_review" | "published"), _) => Ok(false),
            (Some(other), _) => {
                let en = format!("state must be draft, ready, in_review or published, not {other}");
                Err(refuse(Refusal::invalid(
                    "state",
                    "import.unknown_state",
                    "الحالة المطلوبة غير معروفة.",
                    en,
                )))
            }
        }
    }

    /// Lets a signed title say the words that no other clip says: what staff chose since stays.
    async fn say_words(&self, tx: &mut Tx, line: &ManifestLine, id: ClipId) -> anyhow::Result<bool> {
        let chosen = signed_names(tx).await?;
        let mut changed = false;
        for subject in &line.signs {
            let subject = named(subject)?;
            if !chosen.iter().any(|(known, _)| *known == subject) {
                changed |= name_in_sign(tx, self.administrator(), &subject, Some(id)).await?;
            }
        }
        Ok(changed)
    }

    fn administrator(&self) -> By<'_> {
        self.administrator.as_ref().map_or(By::System, By::Staff)
    }

    /// A waiver stands for the reviews, not for the rest: what is given must still be right. Only what the line does not
    /// bring at all (a video, captions) may be missing, and its summary may be longer than we write them.
    async fn check_guards(&self, tx: &mut Tx, id: ClipId, version: &Version) -> anyhow::Result<()> {
        let Some(clip) = clip(tx, id).await? else { return Err(refuse(Refusal::not_found())) };
        let now = tx.now();
        let mut unmet = unmet_guards(tx, &clip, version, CaptionErrors::Accepted, now).await?;
        unmet.retain(|guard| {
            !matches!(
                guard.code,
                "media.missing" | "captions.missing" | "summary.missing" | "summary.too_long" | "alt.missing"
            )
        });
        if unmet.is_empty() { Ok(()) } else { Err(refuse(refusal_of(&unmet))) }
    }
}

fn named(subject: &str) -> anyhow::Result<Named> {
    Named::parse(subject).ok_or_else(|| {
        let en = format!("signs must name texts, topics and services, not {subject}");
        refuse(Refusal::invalid("signs", "import.unknown_subject", "لا توجد كلمة بهذا الاسم في الصفحات.", en))
    })
}

fn standing_of(version: &Version) -> MediaStanding {
    match version.media.state {
        MediaState::Waiting if version.original_key.is_none() => MediaStanding::Done,
        MediaState::Waiting | MediaState::Probing | MediaState::Transcoding => {
            MediaStanding::Working(version.media.progress)
        }
        MediaState::Ready => MediaStanding::Done,
        MediaState::Refused | MediaState::Failed | MediaState::Cancelled => {
            let reason = version.media.error.as_ref().map(|error| error.message_en.clone());
            MediaStanding::Ended(reason.unwrap_or_else(|| "the video was not processed".to_owned()))
        }
    }
}

fn missing_file(name: &str, why: &std::io::Error) -> anyhow::Error {
    let ar = "ملف مذكور في القائمة لا يمكن قراءته.";
    let en = format!("the file {name} cannot be read: {why}");
    refuse(Refusal::new(RefusalKind::Invalid, "import.missing_file", ar, en))
}

/// Enough of a file to guess its kind.
fn read_start(path: &Path) -> std::io::Result<Vec<u8>> {
    use std::io::Read as _;
    let mut start = Vec::new();
    std::fs::File::open(path)?.take(4096).read_to_end(&mut start)?;
    Ok(start)
}

async fn text_of(tx: &mut Tx, line: &ManifestLine) -> anyhow::Result<ClipText> {
    let Some(service) = service_by_code(tx, &line.service).await? else {
        let mut refusal = Refusal::from(TextProblem::UnknownService);
        refusal.en = format!("there is no service with the code {}", line.service).into();
        return Err(refuse(refusal));
    };
    Ok(ClipText {
        service_id: service.id,
        signer_id: None,
        sign_language: line.sign_language.clone().unwrap_or_else(|| "sdl".to_owned()),
        title_ar: line.title_ar.clone(),
        title_en: line.title_en.clone().unwrap_or_default(),
        question_ar: line.question.clone().unwrap_or_default(),
        summary_ar: line.summary_ar.clone().unwrap_or_default(),
        alt_ar: line.alt_ar.clone().unwrap_or_default(),
        sources: line.sources.clone().unwrap_or_default(),
        fees_ar: line.fees_ar.clone().unwrap_or_default(),
        deadline_ar: line.deadline_ar.clone().unwrap_or_default(),
    })
}

async fn change_text(tx: &mut Tx, id: ClipId, text: ClipText) -> anyhow::Result<bool> {
    let latest = latest_version(tx, id).await?;
    let present = version_text(tx, latest.id).await?;
    let wanted = ClipText { signer_id: present.signer_id, ..text }.checked().map_err(refuse)?;
    if wanted == present {
        return Ok(false);
    }
    let change = TextChange {
        service_id: Some(wanted.service_id),
        signer_id: None,
        sign_language: Some(wanted.sign_language),
        title_ar: Some(wanted.title_ar),
        title_en: Some(wanted.title_en),
        question_ar: Some(wanted.question_ar),
        summary_ar: Some(wanted.summary_ar),
        alt_ar: Some(wanted.alt_ar),
        sources: Some(wanted.sources),
        fees_ar: Some(wanted.fees_ar),
        deadline_ar: Some(wanted.deadline_ar),
    };
    edit_text(tx, By::System, id, None, change).await?;
    Ok(true)
}

async fn add_missing_aliases(tx: &mut Tx, id: ClipId, wanted: &[String]) -> anyhow::Result<bool> {
    let known = aliases(tx, id).await?;
    let mut changed = false;
    for text in wanted {
        if known.iter().all(|alias| alias.text_ar != text.trim()) {
            add_alias(tx, By::System, id, text, AliasOrigin::Editor).await?;
            changed = true;
        }
    }
    Ok(changed)
}

async fn give_original(tx: &mut Tx, id: ClipId, blob: Blob, name: &str) -> anyhow::Result<bool> {
    let latest = latest_version(tx, id).await?;
    if latest.original_key.is_some_and(|key| key.hash == blob.key.hash) {
        return Ok(false);
    }
    record_blob(tx, &blob).await?;
    let file_name = Path::new(name).file_name().map(|name| name.to_string_lossy().into_owned());
    let name = file_name.unwrap_or_default();
    let original = Original { key: blob.key, name, note: String::new() };
    attach_video(tx, By::System, id, None, original).await.context("attaching the original")?;
    Ok(true)
}

async fn save_if_new(
    tx: &mut Tx,
    id: ClipId,
    version: &Version,
    captions: NewCaptions,
) -> anyhow::Result<bool> {
    let before = track(tx, version.id, captions.lang).await?.map(|track| track.hash);
    let after = save_captions(tx, By::System, id, None, captions).await?.hash;
    Ok(before != Some(after))
}
