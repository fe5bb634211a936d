//! What the asker gets at once: a code, a secret link, and the safety notice when it is needed.

use super::row::Question;
use crate::clock::Millis;
use crate::db::{Conn, query};
use crate::ids::QuestionId;
use crate::seal::Sealer;

/// The answer to a question that has arrived; the same again when the same question arrives again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Which question.
    pub id: QuestionId,
    /// What the asker can type; shows the status only.
    pub code: String,
    /// Opens the asker's own page. 256 bits; the database holds only its hash.
    pub secret: String,
    /// When it arrived.
    pub received_at: Millis,
    /// When an answer is due.
    pub due_at: Millis,
    /// Set when the question held a code or password, or tells of a suspected fraud.
    pub safety: Option<Safety>,
    /// Whether this call made it; false for a repetition.
    pub is_new: bool,
}

impl Receipt {
    /// Where the asker sees the case, below the site's address.
    pub fn path(&self) -> String {
        format!("/questions/{}", self.secret)
    }
}

/// "Never share your code": shown at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Safety {
    /// The published safety clip, if there is one.
    pub clip_slug: Option<String>,
}

/// The secret of the asker's link: a keyed MAC of the id, so that it can be given again without being kept.
pub fn secret_of(sealer: &Sealer, id: QuestionId) -> String {
    sealer.sign("question.link", &id.to_string())
}

/// The newest published safety clip, first of the service about codes and passwords.
pub async fn safety_clip(conn: &mut impl Conn) -> sqlx::Result<Option<String>> {
    let found: Option<(String,)> = query(
        "SELECT c.slug FROM clip c JOIN service s ON s.id = c.service_id
         WHERE c.published_version_id IS NOT NULL AND (c.kind = 'safety' OR s.code = 'absher.safety')
         ORDER BY CASE WHEN c.kind = 'safety' THEN 0 ELSE 1 END,
                  CASE WHEN s.code = 'absher.safety' THEN 0 ELSE 1 END, c.first_published_at DESC, c.id LIMIT 1",
    )
    .optional(conn)
    .await?;
    Ok(found.map(|row| row.0))
}

pub(super) async fn receipt(
    conn: &mut impl Conn,
    sealer: &Sealer,
    question: &Question,
    is_new: bool,
) -> sqlx::Result<Receipt> {
    let safety = if question.urgent || question.had_secret {
        Some(Safety { clip_slug: safety_clip(conn).await? })
    } else {
        None
    };
    Ok(Receipt {
        id: question.id,
        code: question.code.clone(),
        secret: secret_of(sealer, question.id),
        received_at: question.received_at,
        due_at: question.due_at,
        safety,
        is_new,
    })
}
