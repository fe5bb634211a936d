//! The team's lexicon: what askers write and what the answers write. A change is previewed on recent questions before
//! it is saved, and every version can be brought back.

use super::tabs;
use crate::matching::Lexicon;
use crate::matching::lexicon_book::{self, Change, LexiconVersion};
use crate::people::Permission;
use crate::questions::{self, FirstChange};
use crate::refusal::Refusal;
use crate::web::AppError;
use crate::web::error::status_of;
use crate::web::forms::FormErrors;
use crate::web::i18n::Words;
use crate::web::layout::{StaffSection, StaffShell, Tone, page};
use crate::web::preferences::see_other;
use crate::web::present::{ago, digits};
use crate::web::staff::form::Said;
use crate::web::staff::table::Filter;
use crate::web::staff::{Visit, ruled};
use askama::Template;
use axum::extract::{Form, Path};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

/// Versions listed below the editor.
const VERSIONS: i64 = 10;

#[derive(Template)]
#[template(path = "learning/lexicon.html")]
struct LexiconPage {
    t: Words,
    shell: StaffShell,
    tabs: Vec<Filter>,
    said: Option<Said>,
    errors: FormErrors,
    may_edit: bool,
    base: i64,
    in_use: String,
    body: String,
    note: String,
    preview: Option<Preview>,
    versions: Vec<Version>,
}

struct Preview {
    lead: String,
    changes: Vec<FirstChange>,
}

struct Version {
    n: i64,
    name: String,
    note: String,
    by: String,
    current: bool,
}

/// The editor's form.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Edited {
    #[serde(default)]
    base: i64,
    #[serde(default)]
    body: String,
    #[serde(default)]
    note: String,
    /// `preview` or `save`.
    #[serde(default)]
    deed: String,
}

/// `GET /desk/lexicon`.
pub(super) async fn show(visit: Visit) -> Result<Response, AppError> {
    visit.require(Permission::ViewDesk)?;
    render(&visit, None, FormErrors::none(), None).await
}

/// `POST /desk/lexicon`: previews or saves.
pub(super) async fn change(visit: Visit, Form(edited): Form<Edited>) -> Result<Response, AppError> {
    visit.require(Permission::SuperviseDesk)?;
    if edited.deed == "preview" {
        return match lexicon_book::read(edited.base + 1, &edited.body) {
            Ok(next) => {
                let preview = preview(&visit, next).await?;
                render(&visit, Some(edited), FormErrors::none(), Some(preview)).await
            }
            Err(refusal) => refused(&visit, edited, &refusal).await,
        };
    }
    let change = Change { base: edited.base, body: &edited.body, note: &edited.note };
    match ruled(lexicon_book::save(&visit.app.db, &visit.caller.staff, change).await)? {
        Ok(_) => {
            lexicon_book::refresh(&visit.app.db, visit.app.matcher.tuition()).await?;
            Ok(see_other("/desk/lexicon", "notice-lexicon-saved"))
        }
        Err(refusal) => refused(&visit, edited, &refusal).await,
    }
}

/// `POST /desk/lexicon/{n}/restoration`: an earlier list becomes the newest version; 0 is the shipped one.
pub(super) async fn restore(visit: Visit, Path(n): Path<i64>) -> Result<Response, AppError> {
    visit.require(Permission::SuperviseDesk)?;
    let mut read = visit.app.db.read().await?;
    let newest = lexicon_book::versions(&mut read, 1).await?.first().map_or(0, |version| version.n);
    let body = match n {
        0 => Lexicon::shipped_body(),
        n => lexicon_book::version(&mut read, n).await?.ok_or_else(AppError::not_found)?.body,
    };
    drop(read);
    let note = visit.t().with("lexicon-restored-note", "n", n.to_string());
    let edited = Edited { base: newest, body, note, deed: "save".to_owned() };
    change(visit, Form(edited)).await
}

async fn preview(visit: &Visit, next: Lexicon) -> Result<Preview, AppError> {
    let t = visit.t();
    let (count, changes) = questions::preview_lexicon(&visit.app, next).await?;
    let (asked, changed) = (digits(t.lang(), count), digits(t.lang(), changes.len()));
    Ok(Preview {
        lead: t.with_two("lexicon-preview-lead", ("asked", &asked), ("changed", &changed)),
        changes,
    })
}

async fn refused(visit: &Visit, edited: Edited, refusal: &Refusal) -> Result<Response, AppError> {
    let errors = FormErrors::of_refusal(refusal, visit.reader.lang);
    let mut response = render(visit, Some(edited), errors, None).await?;
    *response.status_mut() = status_of(refusal.kind);
    Ok(response)
}

async fn render(
    visit: &Visit,
    edited: Option<Edited>,
    errors: FormErrors,
    preview: Option<Preview>,
) -> Result<Response, AppError> {
    let t = visit.t();
    let now = visit.app.clock.now();
    let mut read = visit.app.db.read().await?;
    let versions = lexicon_book::versions(&mut read, VERSIONS).await?;
    drop(read);
    let newest = versions.first().map_or(0, |version| version.n);
    let in_use = lexicon_book::in_use(visit.app.matcher.tuition());
    // A newer version that cannot be read is said, and what serves instead.
    let broken = newest > 0
        && versions.first().is_some_and(|version| lexicon_book::read(newest, &version.body).is_err());
    let said = broken.then(|| Said::new(Tone::Warn, t.get("lexicon-broken")));
    let stored = || versions.first().map_or_else(Lexicon::shipped_body, |version| version.body.clone());
    let (base, body, note) = match edited {
        Some(edited) => (edited.base, edited.body, edited.note),
        None => (newest, stored(), String::new()),
    };
    let listed = versions.iter().map(|version| listed(t, version, newest, ago(t, version.created_at, now)));
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let mut response = page(&LexiconPage {
        t,
        shell: visit.shell(StaffSection::Desk),
        tabs: tabs(t, "/desk/lexicon"),
        said,
        errors,
        may_edit: visit.may(Permission::SuperviseDesk),
        base,
        in_use: match newest {
            0 => t.get("lexicon-in-use-shipped"),
            _ => t.with("lexicon-in-use", "n", digits(t.lang(), in_use)),
        },
        body,
        note,
        preview,
        versions: listed.collect(),
    })?;
    *response.status_mut() = status;
    Ok(response)
}

fn listed(t: Words, version: &LexiconVersion, newest: i64, when: String) -> Version {
    Version {
        n: version.n,
        name: t.with("lexicon-version", "n", digits(t.lang(), version.n)),
        note: version.note.clone(),
        by: format!("{} · {when}", version.author),
        current: version.n == newest,
    }
}
