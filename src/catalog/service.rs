//! The service catalogue: what clips are about, and which department answers for it.

use super::kind::ClipKind;
use super::topic::topic_by_code;
use crate::audit::{Actor, Entry};
use crate::clock::Millis;
use crate::db::{Conn, Tx, query, query_text};
use crate::ids::{DepartmentId, ServiceId};
use crate::refusal::{Refusal, refuse};
use serde_json::json;

/// A service.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Service {
    /// Which one.
    pub id: ServiceId,
    /// Short Latin name such as `id.renew`; in URLs and imports.
    pub code: String,
    /// The service it belongs under.
    pub parent_id: Option<ServiceId>,
    /// One of [`super::TOPICS`].
    pub topic: String,
    /// Shown in Arabic pages.
    pub name_ar: String,
    /// Shown in English pages.
    pub name_en: String,
    /// One of [`SERVICE_KINDS`].
    pub kind: String,
    /// Name of the drawing.
    pub icon: String,
    /// Place in lists.
    pub sort: i64,
    /// Answers for what is said about it.
    pub department_id: DepartmentId,
    /// Whether new clips may be filed under it.
    pub active: bool,
    /// When it was added.
    pub created_at: Millis,
    /// For lost updates.
    pub row_version: i64,
}

/// `information`: facts; `transaction`: how-to guidance; `channel`: a way to reach people.
pub const SERVICE_KINDS: [&str; 3] = ["information", "transaction", "channel"];

/// What a new service needs.
#[derive(Debug, Clone)]
pub struct NewService {
    /// Latin letters, digits and dots.
    pub code: String,
    /// One of [`super::TOPICS`].
    pub topic: String,
    /// Arabic name.
    pub name_ar: String,
    /// English name.
    pub name_en: String,
    /// One of [`SERVICE_KINDS`].
    pub kind: String,
    /// Name of the drawing.
    pub icon: String,
    /// Place in lists.
    pub sort: i64,
    /// Answers for what is said about it.
    pub department_id: DepartmentId,
}

/// Why a service cannot be saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ServiceProblem {
    /// Letters, digits, dots and dashes, 2 to 40 of them.
    #[error("the code needs 2 to 40 lower-case Latin letters, digits, dots or dashes")]
    BadCode,
    /// Both names are needed.
    #[error("give the name in Arabic and in English, at most 120 characters each")]
    BadName,
    /// Not one of the topics.
    #[error("choose one of the topics")]
    BadTopic,
    /// Not one of the kinds.
    #[error("choose information, transaction or channel")]
    BadKind,
    /// Another service has the code.
    #[error("a service with this code exists already")]
    CodeTaken,
    /// Somebody changed it in between.
    #[error("the service was changed in the meantime; load it again")]
    Stale,
}

impl From<ServiceProblem> for Refusal {
    fn from(problem: ServiceProblem) -> Self {
        let en = problem.to_string();
        match problem {
            ServiceProblem::BadCode => {
                let ar = "الرمز من حرفين إلى ٤٠ حرفًا لاتينيًا صغيرًا أو رقمًا أو نقطة أو شرطة.";
                Self::invalid("code", "service.bad_code", ar, en)
            }
            ServiceProblem::BadName => {
                Self::invalid("name_ar", "service.bad_name", "اكتب الاسم بالعربية وبالإنجليزية.", en)
            }
            ServiceProblem::BadTopic => {
                Self::invalid("topic", "service.bad_topic", "اختر موضوعًا من القائمة.", en)
            }
            ServiceProblem::BadKind => Self::invalid("kind", "service.bad_kind", "اختر نوع الخدمة.", en),
            ServiceProblem::CodeTaken => {
                Self::invalid("code", "service.code_taken", "توجد خدمة بهذا الرمز من قبل.", en)
            }
            ServiceProblem::Stale => Self::stale(),
        }
    }
}

fn check(code: &str, names: [&str; 2], topic: &str, kind: &str) -> Result<(), ServiceProblem> {
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'.' || b == b'-' || b == b'_';
    if !(2..=40).contains(&code.len()) || !code.bytes().all(fits) {
        return Err(ServiceProblem::BadCode);
    }
    if names.iter().any(|name| name.trim().is_empty() || name.chars().count() > 120) {
        return Err(ServiceProblem::BadName);
    }
    if topic_by_code(topic).is_none() {
        return Err(ServiceProblem::BadTopic);
    }
    if !SERVICE_KINDS.contains(&kind) {
        return Err(ServiceProblem::BadKind);
    }
    Ok(())
}

const COLUMNS: &str = "id, code, parent_id, topic, name_ar, name_en, kind, icon, sort, department_id, active, \
                       created_at, row_version";

/// Adds a service.
pub async fn add_service(tx: &mut Tx, actor: Actor, new: NewService) -> anyhow::Result<ServiceId> {
    check(&new.code, [&new.name_ar, &new.name_en], &new.topic, &new.kind).map_err(refuse)?;
    let now = tx.now();
    let id = ServiceId::new(now);
    let added = query(
        "INSERT INTO service (id, code, topic, name_ar, name_en, kind, icon, sort, department_id, active, created_at,
                              row_version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1) ON CONFLICT (code) DO NOTHING",
    )
    .bind(id)
    .bind(new.code)
    .bind(new.topic)
    .bind(new.name_ar.trim().to_owned())
    .bind(new.name_en.trim().to_owned())
    .bind(new.kind)
    .bind(new.icon)
    .bind(new.sort)
    .bind(new.department_id)
    .bind(true)
    .bind(now)
    .execute(tx)
    .await?;
    if added == 0 {
        return Err(refuse(ServiceProblem::CodeTaken));
    }
    tx.record(Entry::new(actor, "service.added", "service", id));
    tx.changed("service", id);
    Ok(id)
}

/// Changes everything but the code.
pub async fn update_service(tx: &mut Tx, actor: Actor, changed: &Service) -> anyhow::Result<()> {
    check(&changed.code, [&changed.name_ar, &changed.name_en], &changed.topic, &changed.kind)
        .map_err(refuse)?;
    let rows = query(
        "UPDATE service SET topic = $1, name_ar = $2, name_en = $3, kind = $4, icon = $5, sort = $6,
                            department_id = $7, active = $8, row_version = row_version + 1
         WHERE id = $9 AND row_version = $10",
    )
    .bind(changed.topic.clone())
    .bind(changed.name_ar.trim().to_owned())
    .bind(changed.name_en.trim().to_owned())
    .bind(changed.kind.clone())
    .bind(changed.icon.clone())
    .bind(changed.sort)
    .bind(changed.department_id)
    .bind(changed.active)
    .bind(changed.id)
    .bind(changed.row_version)
    .execute(tx)
    .await?;
    if rows == 0 {
        return Err(refuse(ServiceProblem::Stale));
    }
    let facts = json!({ "department": changed.department_id.to_string(), "active": changed.active });
    tx.record(Entry::new(actor, "service.changed", "service", changed.id).with(facts));
    tx.changed("service", changed.id);
    Ok(())
}

/// One service.
pub async fn service(conn: &mut impl Conn, id: ServiceId) -> sqlx::Result<Option<Service>> {
    query_text(format!("SELECT {COLUMNS} FROM service WHERE id = $1")).bind(id).optional(conn).await
}

/// The service with this code.
pub async fn service_by_code(conn: &mut impl Conn, code: &str) -> sqlx::Result<Option<Service>> {
    query_text(format!("SELECT {COLUMNS} FROM service WHERE code = $1"))
        .bind(code.to_owned())
        .optional(conn)
        .await
}

/// All services in their order, the active ones first.
pub async fn services(conn: &mut impl Conn) -> sqlx::Result<Vec<Service>> {
    query_text(format!("SELECT {COLUMNS} FROM service ORDER BY active DESC, sort, code")).all(conn).await
}

/// How many published clips each service has.
pub async fn published_counts(conn: &mut impl Conn) -> sqlx::Result<Vec<(ServiceId, i64)>> {
    query_text(format!(
        "SELECT service_id, COUNT(*) FROM clip
         WHERE published_version_id IS NOT NULL AND kind NOT IN {}
         GROUP BY service_id ORDER BY service_id",
        ClipKind::PARTS_SQL
    ))
    .all(conn)
    .await
}
