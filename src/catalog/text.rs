//! What a version says beside its video, and the limits of each field.

use super::kind::ClipKind;
use super::signer::sign_language;
use crate::db::{Conn, Tx, query, query_text};
use crate::ids::{ServiceId, SignerId, VersionId};
use crate::refusal::{Refusal, refuse};
use crate::text::arabic_numbers;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// The words of a version, and where it is filed. All of it is reviewed.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ClipText {
    /// The service it is about.
    pub service_id: ServiceId,
    /// Who signs.
    pub signer_id: Option<SignerId>,
    /// Language tag, for example `sdl`.
    pub sign_language: String,
    /// Arabic title: the question in short words.
    pub title_ar: String,
    /// English title; may be empty.
    pub title_en: String,
    /// The question that it answers.
    pub question_ar: String,
    /// One to three short sentences.
    pub summary_ar: String,
    /// What a graphic shows and says.
    pub alt_ar: String,
    /// Regulations and pages that it rests on.
    pub sources: String,
    /// What it costs; may be empty.
    pub fees_ar: String,
    /// Until when, or how long it takes; may be empty.
    pub deadline_ar: String,
}

/// A change of some fields; `None` leaves a field as it is.
#[derive(Debug, Clone, Default)]
pub struct TextChange {
    /// The service it is about.
    pub service_id: Option<ServiceId>,
    /// Who signs; `Some(None)` removes the signer.
    pub signer_id: Option<Option<SignerId>>,
    /// Language tag.
    pub sign_language: Option<String>,
    /// Arabic title.
    pub title_ar: Option<String>,
    /// English title.
    pub title_en: Option<String>,
    /// The question that it answers.
    pub question_ar: Option<String>,
    /// One to three short sentences.
    pub summary_ar: Option<String>,
    /// What a graphic shows and says.
    pub alt_ar: Option<String>,
    /// Regulations and pages that it rests on.
    pub sources: Option<String>,
    /// What it costs.
    pub fees_ar: Option<String>,
    /// Until when, or how long it takes.
    pub deadline_ar: Option<String>,
}

/// Why a text cannot be saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextProblem {
    /// A clip needs an Arabic title.
    #[error("give an Arabic title")]
    NoTitle,
    /// A field is too long.
    #[error("{field} may have at most {limit} characters")]
    TooLong {
        /// Which field.
        field: &'static str,
        /// Characters allowed.
        limit: usize,
    },
    /// Not a sign language we know.
    #[error("this sign language is not known; use sdl, jos or ase")]
    BadLanguage,
    /// There is no such service, or it takes no new clips.
    #[error("there is no such service")]
    UnknownService,
    /// There is no such signer, or not any more.
    #[error("there is no such signer")]
    UnknownSigner,
}

impl From<TextProblem> for Refusal {
    fn from(problem: TextProblem) -> Self {
        let en = problem.to_string();
        match problem {
            TextProblem::NoTitle => Self::invalid("title_ar", "clip.no_title", "اكتب عنوانًا بالعربية.", en),
            TextProblem::TooLong { field, limit } => Self::invalid(
                field,
                "clip.too_long",
                arabic_numbers(&format!("النص طويل. المسموح {limit} حرفًا على الأكثر.")),
                en,
            ),
            TextProblem::BadLanguage => {
                Self::invalid("sign_language", "clip.bad_language", "لغة الإشارة هذه غير معروفة.", en)
            }
            TextProblem::UnknownService => Self::invalid(
                "service",
                "clip.unknown_service",
                "هذه الخدمة غير موجودة. اختر خدمة من القائمة.",
                en,
            ),
            TextProblem::UnknownSigner => Self::invalid(
                "signer",
                "clip.unknown_signer",
                "مقدّم الإشارة هذا غير موجود. اختر من القائمة.",
                en,
            ),
        }
    }
}

/// Characters allowed in titles; the fields below are limited for the same reason: every string needs a limit.
pub const TITLE_LIMIT: usize = 160;
const QUESTION_LIMIT: usize = 500;
const SUMMARY_LIMIT: usize = 600;
const ALT_LIMIT: usize = 1_000;
const SOURCES_LIMIT: usize = 2_000;
const FACT_LIMIT: usize = 200;

/// Trims, and turns control characters other than line breaks into spaces.
pub(super) fn clean(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if c.is_control() && c != '\n' { ' ' } else { c }).collect();
    spaced.trim().to_owned()
}

impl ClipText {
    /// Applies a change.
    pub(super) fn with(mut self, change: TextChange) -> Self {
        fn set<T>(field: &mut T, value: Option<T>) {
            if let Some(value) = value {
                *field = value;
            }
        }
        set(&mut self.service_id, change.service_id);
        set(&mut self.signer_id, change.signer_id);
        set(&mut self.sign_language, change.sign_language);
        set(&mut self.title_ar, change.title_ar);
        set(&mut self.title_en, change.title_en);
        set(&mut self.question_ar, change.question_ar);
        set(&mut self.summary_ar, change.summary_ar);
        set(&mut self.alt_ar, change.alt_ar);
        set(&mut self.sources, change.sources);
        set(&mut self.fees_ar, change.fees_ar);
        set(&mut self.deadline_ar, change.deadline_ar);
        self
    }

    /// Cleans every field and checks it.
    pub(super) fn checked(mut self) -> Result<Self, TextProblem> {
        let limits = [
            ("title_ar", TITLE_LIMIT, &mut self.title_ar),
            ("title_en", TITLE_LIMIT, &mut self.title_en),
            ("question_ar", QUESTION_LIMIT, &mut self.question_ar),
            ("summary_ar", SUMMARY_LIMIT, &mut self.summary_ar),
            ("alt_ar", ALT_LIMIT, &mut self.alt_ar),
            ("sources", SOURCES_LIMIT, &mut self.sources),
            ("fees_ar", FACT_LIMIT, &mut self.fees_ar),
            ("deadline_ar", FACT_LIMIT, &mut self.deadline_ar),
        ];
        for (field, limit, text) in limits {
            *text = clean(text);
            if text.chars().count() > limit {
                return Err(TextProblem::TooLong { field, limit });
            }
        }
        if self.title_ar.is_empty() {
            return Err(TextProblem::NoTitle);
        }
        self.sign_language = sign_language(&self.sign_language).ok_or(TextProblem::BadLanguage)?.to_owned();
        Ok(self)
    }

    /// Lower-case hex SHA-256 of every field: what reviewers approve.
    pub fn hash(&self, kind: ClipKind) -> String {
        let mut fields = vec![
            json!(kind.as_str()),
            json!(self.service_id.to_string()),
            json!(self.signer_id.map(|id| id.to_string())),
            json!(self.sign_language),
            json!(self.title_ar),
            json!(self.title_en),
            json!(self.question_ar),
            json!(self.summary_ar),
            json!(self.alt_ar),
            json!(self.sources),
        ];
        // Added later: a text without them keeps the hash under which it was approved.
        if !self.fees_ar.is_empty() || !self.deadline_ar.is_empty() {
            fields.extend([json!(self.fees_ar), json!(self.deadline_ar)]);
        }
        hex(&Sha256::digest(Value::Array(fields).to_string()))
    }
}

/// Lower-case hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

const COLUMNS: &str = "service_id, signer_id, sign_language, title_ar, title_en, question_ar, summary_ar, alt_ar, sources, \
     fees_ar, deadline_ar";

/// The text of a version.
pub async fn version_text(conn: &mut impl Conn, version: VersionId) -> sqlx::Result<ClipText> {
    query_text(format!("SELECT {COLUMNS} FROM version_text WHERE version_id = $1"))
        .bind(version)
        .one(conn)
        .await
}

/// Writes the text of a version, new or changed.
pub(super) async fn save_text(tx: &mut Tx, version: VersionId, text: &ClipText) -> sqlx::Result<()> {
    query(
        "INSERT INTO version_text (version_id, service_id, signer_id, sign_language, title_ar, title_en, question_ar,
                                   summary_ar, alt_ar, sources, fees_ar, deadline_ar)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
         ON CONFLICT (version_id) DO UPDATE SET service_id = excluded.service_id, signer_id = excluded.signer_id,
           sign_language = excluded.sign_language, title_ar = excluded.title_ar, title_en = excluded.title_en,
           question_ar = excluded.question_ar, summary_ar = excluded.summary_ar, alt_ar = excluded.alt_ar,
           sources = excluded.sources, fees_ar = excluded.fees_ar, deadline_ar = excluded.deadline_ar",
    )
    .bind(version)
    .bind(text.service_id)
    .bind(text.signer_id)
    .bind(text.sign_language.clone())
    .bind(text.title_ar.clone())
    .bind(text.title_en.clone())
    .bind(text.question_ar.clone())
    .bind(text.summary_ar.clone())
    .bind(text.alt_ar.clone())
    .bind(text.sources.clone())
    .bind(text.fees_ar.clone())
    .bind(text.deadline_ar.clone())
    .execute(tx)
    .await?;
    Ok(())
}

/// Refuses a service or signer that does not exist or is switched off.
pub(super) async fn check_filing(tx: &mut Tx, text: &ClipText) -> anyhow::Result<()> {
    let service = super::service::service(tx, text.service_id).await?;
    if service.is_none_or(|service| !service.active) {
        return Err(refuse(TextProblem::UnknownService));
    }
    let Some(signer_id) = text.signer_id else { return Ok(()) };
    let signer = super::signer::signer(tx, signer_id).await?;
    if signer.is_none_or(|signer| !signer.active) {
        return Err(refuse(TextProblem::UnknownSigner));
    }
    Ok(())
}
