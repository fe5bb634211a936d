//! The form of a reply: the chosen clip, a short text, who sees it.

use crate::catalog::{self, media_url, picture_of};
use crate::db::Conn;
use crate::ids::{ClipId, StaffId};
use crate::questions::{CaseVideo, QuestionDetail, VideoState};
use crate::text::Privacy;
use crate::web::AppError;
use crate::web::gallery::ask::VideoLimits;
use crate::web::i18n::Words;
use crate::web::staff::form::Field;

/// A clip that was taken for the reply.
pub(super) struct Chosen {
    pub(super) clip: String,
    pub(super) title: String,
    pub(super) poster: Option<String>,
    /// What a reply with this clip says unless the agent writes something else.
    pub(super) summary: String,
}

impl Chosen {
    /// A published clip; another one cannot be taken.
    pub(super) async fn load(conn: &mut impl Conn, t: Words, id: ClipId) -> Result<Option<Self>, AppError> {
        let Some(public) = catalog::public_clip_by_id(conn, id).await? else { return Ok(None) };
        let poster = picture_of(&public.pictures, "poster_small").or(picture_of(&public.pictures, "poster"));
        Ok(Some(Self {
            clip: id.to_string(),
            title: t.lang().pick(&public.clip.title_ar, &public.clip.title_en).to_owned(),
            poster: poster.map(|picture| media_url(picture.storage_key)),
            summary: public.clip.summary_ar.trim().to_owned(),
        }))
    }
}

/// What was typed into a form that was refused.
#[derive(Clone)]
pub(super) struct Draft {
    /// A video that has arrived, and waits for the form to be right.
    pub(super) upload: String,
    pub(super) text: String,
    pub(super) privacy: String,
    pub(super) override_reason: String,
    pub(super) unsigned_reason: String,
}

/// The fields of the form.
pub(super) struct ReplyForm {
    pub(super) text: Vec<Field>,
    pub(super) ways: Vec<Way>,
    pub(super) override_reason: Vec<Field>,
    /// Asked in sign, and no clip is chosen: why there is nothing signed, unless the agent signs.
    pub(super) unsigned_reason: Vec<Field>,
    /// What the reader's own draft has signed.
    pub(super) own: Option<Own>,
    /// Somebody else's draft has a signed part, which does not go out with this reply.
    pub(super) of_other: bool,
    /// See [`Draft::upload`].
    pub(super) upload: String,
    /// Limits of what an agent signs.
    pub(super) limits: VideoLimits,
}

/// The signed part of a reply, as the desk sees it.
pub(super) struct Own {
    pub(super) video: Option<String>,
    /// What is said about it: the tone, and the key of the words.
    pub(super) said: (&'static str, &'static str),
}

impl Own {
    pub(super) fn of(video: &CaseVideo) -> Self {
        let said = match video.state {
            VideoState::Waiting => ("info", "desk-own-waiting"),
            VideoState::Kept => ("ok", "desk-own-kept"),
            VideoState::Refused | VideoState::Failed => ("bad", "desk-own-lost"),
            VideoState::Deleted => ("info", "desk-own-deleted"),
        };
        Self { video: video.key().map(media_url), said }
    }
}

/// Private or public.
pub(super) struct Way {
    pub(super) value: &'static str,
    pub(super) title: String,
    pub(super) lead: String,
    pub(super) chosen: bool,
}

/// The form with what the rule proposes chosen, or with what was typed.
pub(super) fn reply_form(
    t: Words,
    detail: &QuestionDetail,
    chosen: Option<&Chosen>,
    typed: Option<Draft>,
    limits: VideoLimits,
    reader: StaffId,
) -> ReplyForm {
    let proposed = detail.row.privacy.as_str();
    let saved = detail.replies.iter().rev().find(|one| one.reply.state.as_str() == "draft");
    let signed = saved.filter(|saved| saved.video.is_some());
    let (own, of_other) = match signed {
        Some(saved) if saved.reply.author_id == reader => (saved.video.as_ref().map(Own::of), false),
        Some(_) => (None, true),
        None => (None, false),
    };
    let draft = typed.unwrap_or_else(|| Draft {
        upload: String::new(),
        text: match (chosen, saved) {
            (Some(chosen), _) => chosen.summary.clone(),
            (None, Some(saved)) => saved.reply.body.clone(),
            (None, None) => String::new(),
        },
        privacy: saved.map_or(proposed, |saved| saved.reply.privacy.as_str()).to_owned(),
        override_reason: saved.map(|saved| saved.reply.override_reason.clone()).unwrap_or_default(),
        unsigned_reason: saved.map(|saved| saved.reply.unsigned_reason.clone()).unwrap_or_default(),
    });
    let way = |privacy: Privacy, key| {
        let value = privacy.code();
        let lead = if value == proposed { "desk-proposed" } else { "desk-not-proposed" };
        let mut lead = t.get(lead);
        if privacy == Privacy::Public {
            lead = format!("{} {lead}", t.get("desk-public-how"));
        }
        Way { value, title: t.get(key), lead, chosen: value == draft.privacy }
    };
    ReplyForm {
        own,
        of_other,
        upload: draft.upload,
        limits,
        ways: vec![way(Privacy::Private, "desk-see-private"), way(Privacy::Public, "desk-see-public")],
        text: vec![Field::area("text", t.get("desk-text"), draft.text).hint(t.get("desk-text-hint"))],
        unsigned_reason: match detail.asked_in_sign && chosen.is_none() {
            true => vec![
                Field::line("unsigned_reason", t.get("desk-unsigned"), draft.unsigned_reason)
                    .hint(t.get("desk-unsigned-hint")),
            ],
            false => Vec::new(),
        },
        override_reason: vec![
            Field::line("override_reason", t.get("desk-override"), draft.override_reason)
                .hint(t.get("desk-override-hint")),
        ],
    }
}
