//! What the upload checks said, the worst first, and the warnings that are accepted with a reason.

use super::editor::{Loaded, parse, settle};
use crate::catalog::{self, AcceptedCheck, Check};
use crate::people::Permission;
use crate::web::AppError;
use crate::web::i18n::Words;
use crate::web::staff::Visit;
use crate::web::staff::table::Chip;
use axum::extract::{Form, Path};
use axum::response::Response;
use serde::Deserialize;

/// One check, as the editor shows it.
pub(super) struct CheckRow {
    pub(super) code: String,
    pub(super) class: &'static str,
    pub(super) icon: &'static str,
    pub(super) title: String,
    pub(super) picture: Option<String>,
    pub(super) chip: Chip,
    /// Who accepted it, and why.
    pub(super) accepted: Option<(String, String)>,
    /// A warning that this person may accept.
    pub(super) may_accept: bool,
}

/// What the upload checks said, the worst first; what was accepted comes after the other warnings.
pub(super) fn check_rows(visit: &Visit, t: Words, loaded: &Loaded) -> Vec<CheckRow> {
    let accepted = |check: &Check| loaded.accepted.iter().find(|one| one.code == check.code);
    let mut checks: Vec<&Check> = loaded.version.media.checks.iter().collect();
    checks.sort_by_key(|check| match check.level.as_str() {
        "block" => 0,
        "warn" => 1 + i32::from(accepted(check).is_some()),
        _ => 3,
    });
    checks.into_iter().map(|check| check_row(visit, t, loaded, check, accepted(check))).collect()
}

fn check_row(
    visit: &Visit,
    t: Words,
    loaded: &Loaded,
    check: &Check,
    accepted: Option<&AcceptedCheck>,
) -> CheckRow {
    let warns = check.level == "warn";
    let accepted = accepted.filter(|_| warns);
    let (class, chip) = match (check.level.as_str(), accepted) {
        ("block", _) => ("is-bad", Chip::new("bad", "close", t.get("edit-check-block"))),
        ("warn", Some(_)) => ("", Chip::new("ok", "check", t.get("edit-check-accepted"))),
        ("warn", None) => ("is-warn", Chip::new("warn", "warning", t.get("edit-check-warn"))),
        _ => ("", Chip::new("info", "info", t.get("edit-check-info"))),
    };
    CheckRow {
        code: check.code.clone(),
        class,
        icon: icon_of(&check.code),
        title: t.lang().pick(&check.message_ar, &check.message_en).to_owned(),
        picture: check.picture.clone(),
        chip,
        accepted: accepted.map(|one| (loaded.name_of(t, Some(one.accepted_by)), one.reason.clone())),
        may_accept: warns
            && visit.may(Permission::Produce)
            && catalog::takes_acceptance(loaded.version.state),
    }
}

/// The picture beside a check, by what it is about.
fn icon_of(code: &str) -> &'static str {
    let about = |words: &[&str]| words.iter().any(|word| code.contains(word));
    if about(&["fps", "frame_rate", "gap", "rate", "frozen", "interlaced", "flash", "still", "soft", "same"])
    {
        "film"
    } else if about(&["exposure", "bright", "dark", "black", "contrast", "hdr"]) {
        "sun"
    } else if about(&["framing", "face", "hands", "border"]) {
        "person"
    } else if about(&["length", "duration", "long"]) {
        "clock"
    } else {
        "info"
    }
}

/// What the form sends; without a reason the acceptance is taken back.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct CheckForm {
    reason: String,
    undo: Option<String>,
}

/// `POST /studio/clips/{id}/checks/{code}`.
pub(super) async fn judge(
    visit: Visit,
    Path((id, code)): Path<(String, String)>,
    Form(form): Form<CheckForm>,
) -> Result<Response, AppError> {
    visit.require(Permission::Produce)?;
    let id = parse(&id)?;
    let staff = &visit.caller.staff;
    let mut tx = visit.app.db.begin().await?;
    let (outcome, notice) = match form.undo {
        Some(_) => (catalog::unaccept_check(&mut tx, staff, id, &code).await, "notice-check-unaccepted"),
        None => {
            (catalog::accept_check(&mut tx, staff, id, &code, &form.reason).await, "notice-check-accepted")
        }
    };
    settle(&visit, id, tx, outcome, "#checks", notice).await
}
