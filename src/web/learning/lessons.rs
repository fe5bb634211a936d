//! Wordings that the matcher learned from confirmed answers; a wrong one is taken back for good.

use super::tabs;
use crate::ids::AliasId;
use crate::people::Permission;
use crate::questions::{self, Lesson};
use crate::web::AppError;
use crate::web::i18n::Words;
use crate::web::layout::{StaffSection, Tone, page};
use crate::web::preferences::see_other;
use crate::web::present::ago;
use crate::web::staff::form::{Link, Said};
use crate::web::staff::table::{Cell, Deed, Row, TablePage};
use crate::web::staff::{Visit, ruled};
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

const PAGE: usize = 50;

#[derive(Debug, Default, Deserialize)]
pub(super) struct Shown {
    #[serde(default)]
    before: String,
}

/// `GET /desk/lessons`.
pub(super) async fn list(visit: Visit, Query(shown): Query<Shown>) -> Result<Response, AppError> {
    visit.require(Permission::ViewDesk)?;
    lessons_page(&visit, shown.before.parse().ok(), None).await
}

async fn lessons_page(
    visit: &Visit,
    before: Option<AliasId>,
    said: Option<Said>,
) -> Result<Response, AppError> {
    let t = visit.t();
    let now = visit.app.clock.now();
    let may_undo = visit.may(Permission::SuperviseDesk);
    let mut read = visit.app.db.read().await?;
    let limit = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let mut found = questions::lessons(&mut read, before, limit).await?;
    drop(read);
    let more = (found.len() > PAGE)
        .then(|| found.truncate(PAGE))
        .and_then(|()| found.last().map(|lesson| lesson.id));
    let rows = found.iter().map(|lesson| row(t, lesson, ago(t, lesson.created_at, now), may_undo)).collect();
    let heads = ["lessons-wording", "lessons-clip", "lessons-by", "lessons-when"];
    let heads = heads.map(|key| t.get(key)).to_vec();
    let mut table = TablePage::new(visit.shell(StaffSection::Desk), t.get("lessons-title"), heads, rows);
    table.tabs = tabs(t, "/desk/lessons");
    table.lead = t.get("lessons-lead");
    table.said = said;
    table.empty = (t.get("lessons-empty"), t.get("lessons-empty-lead"));
    table.more = more.map(|id| Link::to(format!("/desk/lessons?before={id}"), t.get("lessons-more")));
    page(&table)
}

fn row(t: Words, lesson: &Lesson, when: String, may_undo: bool) -> Row {
    let undo = Deed::Post {
        action: format!("/desk/lessons/{}/withdrawal", lesson.id),
        icon: "trash",
        text: t.get("lessons-undo"),
    };
    Row {
        name: lesson.text_ar.clone(),
        cells: vec![
            Cell::Text(lesson.text_ar.clone()),
            Cell::Text(t.lang().pick(&lesson.title_ar, &lesson.title_en).to_owned()),
            Cell::Text(lesson.taught_by.clone().unwrap_or_default()),
            Cell::Text(when),
        ],
        deeds: if may_undo { vec![undo] } else { Vec::new() },
    }
}

/// `POST /desk/lessons/{id}/withdrawal`.
pub(super) async fn withdraw(visit: Visit, Path(id): Path<String>) -> Result<Response, AppError> {
    visit.require(Permission::SuperviseDesk)?;
    let id: AliasId = id.parse().map_err(|_| AppError::not_found())?;
    match ruled(questions::unlearn(&visit.app, &visit.caller.staff, id).await)? {
        Ok(()) => Ok(see_other("/desk/lessons", "notice-lesson-undone")),
        Err(refusal) => {
            let said = Said::new(Tone::Warn, visit.words_of(&refusal));
            let mut response = lessons_page(&visit, None, Some(said)).await?;
            *response.status_mut() = StatusCode::CONFLICT;
            Ok(response)
        }
    }
}
