//! The team's lexicon in the database: whole versions, so that every change can be previewed, seen and taken back.

use super::lexicon::{Lexicon, LexiconError};
use super::tuition::Tuition;
use crate::audit::{Actor, Entry};
use crate::clock::Millis;
use crate::db::{Conn, Db, query};
use crate::ids::StaffId;
use crate::people::{Permission, Staff};
use crate::refusal::{Refusal, RefusalKind, refuse};
use serde_json::json;

/// A list has at most this many bytes; the shipped one has 20,000.
pub const LONGEST: usize = 300_000;
/// Why it was changed, in characters.
const LONGEST_NOTE: usize = 200;

/// Shipped lists count from 1; the team's from here, so that a decision's record tells them apart.
const FIRST_OF_TEAM: u32 = 1_000;

/// The version in use; 0 for the shipped list.
pub fn in_use(tuition: &Tuition) -> i64 {
    i64::from(tuition.current().lexicon.version().saturating_sub(FIRST_OF_TEAM))
}

/// One version of the list.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct LexiconVersion {
    pub n: i64,
    pub body: String,
    /// Why it was changed.
    pub note: String,
    pub created_by: StaffId,
    /// The name of who changed it.
    pub author: String,
    pub created_at: Millis,
}

/// A change of the list.
#[derive(Debug, Clone)]
pub struct Change<'a> {
    /// The version that the editor started from; 0 for the shipped list.
    pub base: i64,
    pub body: &'a str,
    pub note: &'a str,
}

const COLUMNS: &str = "SELECT v.n, v.body, v.note, v.created_by, s.display_name AS author, v.created_at
     FROM lexicon_version v JOIN staff s ON s.id = v.created_by";

/// The newest versions, newest first.
pub async fn versions(conn: &mut impl Conn, limit: i64) -> sqlx::Result<Vec<LexiconVersion>> {
    crate::db::query_text(format!("{COLUMNS} ORDER BY v.n DESC LIMIT $1")).bind(limit).all(conn).await
}

/// One version.
pub async fn version(conn: &mut impl Conn, n: i64) -> sqlx::Result<Option<LexiconVersion>> {
    crate::db::query_text(format!("{COLUMNS} WHERE v.n = $1")).bind(n).optional(conn).await
}

/// Reads a list as an editor wrote it; the refusal names the line.
pub fn read(n: i64, body: &str) -> Result<Lexicon, Refusal> {
    if body.len() > LONGEST {
        let ar = "القائمة طويلة جدًا.";
        return Err(Refusal::invalid("body", "lexicon.too_long", ar, "the list is too long"));
    }
    let number = u32::try_from(n).unwrap_or(u32::MAX).saturating_add(FIRST_OF_TEAM);
    Lexicon::read(&format!("# version\t{number}\n{body}")).map_err(|why| match why {
        // The version line is ours and comes first.
        LexiconError::BadLine(line) => {
            let line = line.saturating_sub(1);
            let ar = format!("السطر {line} غير مكتمل: اكتب الصيغ، ثم علامة =، ثم كلمات الأجوبة.");
            let en = format!(
                "line {line} is not complete: write the forms, an equals sign, and the words of the answers"
            );
            Refusal::invalid("body", "lexicon.bad_line", ar, en)
        }
        LexiconError::NoVersion => {
            Refusal::invalid("body", "lexicon.unreadable", "القائمة غير مقروءة.", why.to_string())
        }
    })
}

/// Saves a new version. Refuses when somebody else was faster.
pub async fn save(db: &Db, staff: &Staff, change: Change<'_>) -> anyhow::Result<i64> {
    if !staff.role.may(Permission::SuperviseDesk) {
        return Err(refuse(Refusal::forbidden()));
    }
    let note = change.note.trim();
    if !(1..=LONGEST_NOTE).contains(&note.chars().count()) {
        let ar = "اكتب سبب التغيير في سطر واحد.";
        return Err(refuse(Refusal::invalid(
            "note",
            "lexicon.note",
            ar,
            "say in one line why the list changes",
        )));
    }
    let n = change.base + 1;
    read(n, change.body).map_err(refuse)?;
    let mut tx = db.begin().await?;
    let newest: i64 = query("SELECT COALESCE(MAX(n), 0) FROM lexicon_version").value(&mut tx).await?;
    if newest != change.base {
        let ar = "حفظ زميل نسخة أحدث. حدّث الصفحة ثم أعد تغييرك.";
        let en = "a colleague has saved a newer version; reload the page and make your change again";
        return Err(refuse(Refusal::new(RefusalKind::Conflict, "lexicon.stale", ar, en)));
    }
    let now = tx.now();
    query("INSERT INTO lexicon_version (n, body, note, created_by, created_at) VALUES ($1, $2, $3, $4, $5)")
        .bind(n)
        .bind(change.body.replace("\r\n", "\n"))
        .bind(note.to_owned())
        .bind(staff.id)
        .bind(now)
        .execute(&mut tx)
        .await?;
    tx.changed("lexicon", staff.id);
    tx.record(
        Entry::new(Actor::Staff(staff.id), "lexicon.changed", "staff", staff.id)
            .with(json!({ "version": n })),
    );
    tx.commit().await?;
    Ok(n)
}

/// Puts the newest readable version in use. A version that cannot be read (written by another release, or damaged) is
/// said in the log and the one before it serves; without any, the shipped list does.
pub async fn refresh(db: &Db, tuition: &Tuition) -> anyhow::Result<()> {
    let mut read_tx = db.read().await?;
    let newest: i64 = query("SELECT COALESCE(MAX(n), 0) FROM lexicon_version").value(&mut read_tx).await?;
    let in_use = in_use(tuition);
    if newest == 0 || newest == in_use {
        return Ok(());
    }
    for version in versions(&mut read_tx, 20).await? {
        if version.n == in_use {
            return Ok(());
        }
        match read(version.n, &version.body) {
            Ok(lexicon) => {
                tuition.use_lexicon(lexicon);
                tracing::info!(version = version.n, "a lexicon is in use");
                return Ok(());
            }
            Err(why) => tracing::warn!(version = version.n, reason = %why.en, "a lexicon cannot be used"),
        }
    }
    Ok(())
}
