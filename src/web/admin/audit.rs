//! The record: who did what, and when. Read only.

use crate::audit::{self, Record};
use crate::db::Conn;
use crate::ids::StaffId;
use crate::people::{self, Permission, Staff};
use crate::web::AppError;
use crate::web::forms::FormErrors;
use crate::web::i18n::Words;
use crate::web::layout::{StaffSection, Tone, page};
use crate::web::present::{day_and_time, digits};
use crate::web::staff::Visit;
use crate::web::staff::form::{Extra, Link, Said};
use crate::web::staff::table::{Cell, Find, Row, TablePage};
use axum::extract::Query;
use axum::response::Response;
use serde::Deserialize;

const PAGE: i64 = 25;

/// Which part of the record is shown.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Shown {
    #[serde(default)]
    subject: String,
    before: Option<i64>,
}

/// `GET /audit`: the newest first, or everything about one thing.
pub(super) async fn list(visit: Visit, Query(shown): Query<Shown>) -> Result<Response, AppError> {
    visit.require(Permission::ViewAudit)?;
    audit_page(&visit, &shown, None).await
}

/// `POST /audit/verification`: reads the whole chain.
pub(super) async fn verify(visit: Visit) -> Result<Response, AppError> {
    visit.require(Permission::ViewAudit)?;
    let t = visit.t();
    let mut read = visit.app.db.read().await?;
    let broken = audit::verify(&mut read).await?;
    drop(read);
    let said = match broken {
        None => Said::new(Tone::Ok, t.get("audit-whole")),
        Some(broken) => Said::new(Tone::Bad, t.with("audit-broken", "seq", digits(t.lang(), broken.seq))),
    };
    audit_page(&visit, &Shown::default(), Some(said)).await
}

async fn audit_page(visit: &Visit, shown: &Shown, said: Option<Said>) -> Result<Response, AppError> {
    let t = visit.t();
    let asked = shown.subject.trim();
    let subject = uuid_of(asked);
    let mut errors = FormErrors::none();
    if !asked.is_empty() && subject.is_none() {
        errors.add("subject", t.get("audit-bad-subject"));
    }
    let mut read = visit.app.db.read().await?;
    let records = match subject {
        Some(subject) => about(&mut read, subject).await?,
        None if !asked.is_empty() => Vec::new(),
        None => audit::newest(&mut read, shown.before.unwrap_or(i64::MAX), PAGE).await?,
    };
    let staff = people::list(&mut read).await?;
    let rows = records.iter().map(|record| row(visit, t, record, &staff)).collect();
    let heads = ["audit-when", "audit-who", "audit-what", "audit-subject", "audit-detail"];
    let heads = heads.map(|key| t.get(key)).to_vec();
    let mut table = TablePage::new(visit.shell(StaffSection::Audit), t.get("audit-title"), heads, rows);
    table.lead = t.get("audit-lead");
    table.said = said;
    table.errors = errors;
    table.find = Some(Find {
        action: "/audit",
        name: "subject",
        label: t.get("audit-subject-find"),
        hint: t.get("audit-subject-hint"),
        value: asked.to_owned(),
        submit: t.get("audit-find"),
        reset: (!asked.is_empty()).then(|| Link::to("/audit", t.get("audit-all"))),
    });
    table.empty = (t.get("audit-empty"), t.get("audit-lead"));
    let oldest = records.last().map(|record| record.seq).filter(|seq| subject.is_none() && *seq > 1);
    table.more = oldest.map(|seq| Link::to(format!("/audit?before={seq}"), t.get("audit-more")));
    table.below = Some(Extra {
        title: String::new(),
        lead: String::new(),
        action: "/audit/verification".to_owned(),
        fields: Vec::new(),
        icon: "shield",
        submit: t.get("audit-verify"),
    });
    page(&table)
}

/// Everything about one thing, the newest first like the rest of the page.
async fn about(conn: &mut impl Conn, subject: uuid::Uuid) -> sqlx::Result<Vec<Record>> {
    let mut records = audit::about(conn, subject).await?;
    records.reverse();
    Ok(records)
}

/// `clip_0192…` and other ids with their prefix, or bare.
fn uuid_of(text: &str) -> Option<uuid::Uuid> {
    let bare = text.rsplit_once('_').map_or(text, |(_, bare)| bare);
    uuid::Uuid::try_parse(bare).ok()
}

fn row(visit: &Visit, t: Words, record: &Record, staff: &[Staff]) -> Row {
    let when = day_and_time(t, record.at, visit.app.clock.now());
    let subject = format!("{}_{}", record.subject_kind, record.subject_id.simple());
    Row {
        name: record.seq.to_string(),
        cells: vec![
            Cell::Pair(when, digits(t.lang(), record.seq)),
            Cell::Text(actor(t, record, staff)),
            Cell::Code(record.verb.clone()),
            Cell::Code(subject),
            Cell::Code(facts(&record.detail)),
        ],
        deeds: Vec::new(),
    }
}

fn actor(t: Words, record: &Record, staff: &[Staff]) -> String {
    match record.actor_kind.as_str() {
        "staff" => {
            let id = record.actor_id.map(StaffId::from);
            let person = staff.iter().find(|one| Some(one.id) == id);
            person.map_or_else(|| t.get("staff-former"), |one| one.display_name.clone())
        }
        "citizen" => t.get("audit-citizen"),
        "channel" => t.get("audit-channel"),
        _ => t.get("audit-system"),
    }
}

/// `{"from":"draft","to":"ready"}` as `from: draft, to: ready`.
fn facts(detail: &str) -> String {
    let Ok(serde_json::Value::Object(facts)) = serde_json::from_str(detail) else {
        return detail.to_owned();
    };
    let fact = |(name, value): (&String, &serde_json::Value)| match value {
        serde_json::Value::String(text) => format!("{name}: {text}"),
        other => format!("{name}: {other}"),
    };
    facts.iter().map(fact).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_found_with_and_without_their_prefix() {
        let bare = "01936f1c6f7e7b3a8c2d5e4f60718293";
        assert_eq!(uuid_of(&format!("clip_{bare}")), uuid_of(bare));
        assert!(uuid_of(bare).is_some());
        assert_eq!(uuid_of("clip_x"), None);
    }

    #[test]
    fn facts_are_read_without_braces() {
        assert_eq!(facts(r#"{"from":"draft","n":3}"#), "from: draft, n: 3");
    }
}
