//! Captions: rows in a form, checked while they are typed and again when they are saved; files in and out.

use super::editor::{Loaded, Overlay, load, parse, render};
use super::rows::{self, Deed, Row};
use crate::catalog::captions::{self, Cue};
use crate::catalog::{self, By, CaptionFinding, NewCaptions, Version};
use crate::ids::ClipId;
use crate::people::Permission;
use crate::refusal::Refusal;
use crate::web::AppError;
use crate::web::file_form::read_small;
use crate::web::i18n::Words;
use crate::web::layout::Tone;
use crate::web::preferences::see_other;
use crate::web::present::digits;
use crate::web::staff::form::Said;
use crate::web::staff::table::Chip;
use crate::web::staff::{Visit, ruled};
use axum::Json;
use axum::extract::{Multipart, Path};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum_extra::extract::Form;
use serde::Deserialize;
use serde_json::{Value, json};

/// Width of the picture of the rows over time.
const TIMELINE: i64 = 300;

/// The caption editor of the page.
pub(super) struct CaptionsView {
    pub(super) may_edit: bool,
    pub(super) unsaved: bool,
    pub(super) revision: i64,
    pub(super) summary: Vec<Chip>,
    pub(super) rows: Vec<RowView>,
    pub(super) fresh: RowView,
    pub(super) bars: Vec<Bar>,
}

/// One row with what is wrong with it.
pub(super) struct RowView {
    pub(super) at: usize,
    pub(super) label_start: String,
    pub(super) label_end: String,
    pub(super) label_text: String,
    pub(super) start: String,
    pub(super) end: String,
    pub(super) seconds: String,
    pub(super) text: String,
    pub(super) bad: bool,
    pub(super) findings: Vec<Chip>,
    pub(super) may_wrap: bool,
    pub(super) extend_to: Option<i64>,
    pub(super) extend_words: String,
}

/// A row in the picture of the rows over time.
pub(super) struct Bar {
    pub(super) x: i64,
    pub(super) width: i64,
    pub(super) bad: bool,
}

/// What the caption form sends: one value of each for every row.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct CaptionForm {
    start: Vec<String>,
    end: Vec<String>,
    text: Vec<String>,
    revision: i64,
    deed: String,
}

impl CaptionForm {
    fn rows(&self) -> Vec<Row> {
        let texts = self.text.iter();
        let typed = self.start.iter().zip(&self.end).zip(texts).take(captions::MAX_CUES);
        let row = |((start, end), text): ((&String, &String), &String)| Row {
            start: start.clone(),
            end: end.clone(),
            text: text.replace("\r\n", "\n"),
        };
        typed.map(row).filter(|row| !row.is_blank()).collect()
    }
}

/// What is wrong, row by row, and with the whole.
struct Checked {
    rows: Vec<Vec<Finding>>,
    whole: Vec<Finding>,
}

#[derive(Clone)]
struct Finding {
    level: &'static str,
    text: String,
    rule: String,
}

fn check_rows(t: Words, version: &Version, rows: &[Row]) -> anyhow::Result<Checked> {
    let mut found: Vec<Vec<Finding>> = rows.iter().map(|_| Vec::new()).collect();
    let mut cues: Vec<Cue> = Vec::new();
    let mut row_of_cue = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        match row.cue() {
            Some(cue) => {
                cues.push(cue);
                row_of_cue.push(at);
            }
            None => found[at].push(Finding {
                level: "error",
                text: t.get("edit-bad-time"),
                rule: "time".to_owned(),
            }),
        }
    }
    let mut whole = Vec::new();
    for finding in catalog::findings_of(version, &cues)? {
        let place = finding.cue.and_then(|cue| row_of_cue.get(usize::try_from(cue).ok()?));
        match place {
            Some(&at) => found[at].push(told(t, &finding)),
            None => whole.push(told(t, &finding)),
        }
    }
    Ok(Checked { rows: found, whole })
}

fn told(t: Words, finding: &CaptionFinding) -> Finding {
    let level = if finding.level == "error" { "error" } else { "warn" };
    let text = t.lang().pick(&finding.message_ar, &finding.message_en).to_owned();
    Finding { level, text, rule: finding.rule.clone() }
}

fn chip(finding: &Finding) -> Chip {
    match finding.level {
        "error" => Chip::new("bad", "close", finding.text.clone()),
        "ok" => Chip::new("ok", "check", finding.text.clone()),
        _ => Chip::new("warn", "warning", finding.text.clone()),
    }
}

/// The chips of one row: what is wrong, or that its speed is fine.
fn row_findings(t: Words, row: &Row, found: &[Finding]) -> Vec<Finding> {
    let mut all = found.to_vec();
    let speed = rows::reading_speed(row).filter(|_| found.iter().all(|one| one.rule != "reading_speed"));
    if let Some(speed) = speed.filter(|speed| *speed > 0) {
        let text = t.with("edit-row-speed", "n", digits(t.lang(), speed));
        all.push(Finding { level: "ok", text, rule: "reading_speed".to_owned() });
    }
    all
}

fn summary(t: Words, checked: &Checked) -> Vec<Finding> {
    let all = || checked.rows.iter().flatten().chain(&checked.whole);
    let count = |level: &str| all().filter(|finding| finding.level == level).count();
    let (errors, warnings) = (count("error"), count("warn"));
    let mut list = Vec::new();
    let mut add = |level, text| list.push(Finding { level, text, rule: String::new() });
    if errors > 0 {
        add("error", t.count("edit-errors", errors));
    }
    if warnings > 0 {
        add("warn", t.count("edit-warnings", warnings));
    }
    if errors + warnings == 0 && !checked.rows.is_empty() {
        add("ok", t.get("edit-clean"));
    }
    list.extend(checked.whole.iter().cloned());
    list
}

/// The editor with the stored rows, or with rows that are not saved yet.
pub(super) fn captions_view(
    visit: &Visit,
    loaded: &Loaded,
    typed: Option<Vec<Row>>,
) -> anyhow::Result<CaptionsView> {
    let t = visit.t();
    let stored = || loaded.track.iter().flat_map(|track| &track.cues).map(Row::of_cue).collect();
    let unsaved = typed.is_some();
    let rows: Vec<Row> = typed.unwrap_or_else(stored);
    let checked = check_rows(t, &loaded.version, &rows)?;
    let views = (0..rows.len()).map(|at| row_view(t, &rows, at, &checked.rows[at])).collect();
    let fresh = Row { start: String::new(), end: String::new(), text: String::new() };
    Ok(CaptionsView {
        may_edit: visit.may(Permission::Produce),
        unsaved,
        revision: loaded.track.as_ref().map_or(0, |track| track.revision),
        summary: summary(t, &checked).iter().map(chip).collect(),
        fresh: row_view(t, &[fresh], 0, &[]),
        bars: bars(loaded, &rows, &checked),
        rows: views,
    })
}

fn row_view(t: Words, rows: &[Row], at: usize, found: &[Finding]) -> RowView {
    let row = &rows[at];
    let label = |key| t.get(key).replace('#', &digits(t.lang(), at + 1));
    let too_fast = found.iter().any(|one| matches!(one.rule.as_str(), "reading_speed" | "duration"));
    let extend_to = rows::extend_to(rows, at).filter(|_| too_fast);
    let too_long = found.iter().any(|one| one.rule == "line_length");
    RowView {
        at,
        label_start: label("edit-row-start"),
        label_end: label("edit-row-end"),
        label_text: label("edit-row-text"),
        start: row.start.clone(),
        end: row.end.clone(),
        seconds: rows::read(&row.start).map_or_else(String::new, |ms| format!("{:.3}", ms as f64 / 1_000.0)),
        text: row.text.clone(),
        bad: found.iter().any(|one| one.level == "error"),
        findings: row_findings(t, row, found).iter().map(chip).collect(),
        may_wrap: too_long && rows::wrapped(&row.text) != row.text,
        extend_words: extend_words(t, extend_to),
        extend_to,
    }
}

fn extend_words(t: Words, until: Option<i64>) -> String {
    until.map(|until| t.with("edit-row-extend", "time", rows::write(until))).unwrap_or_default()
}

fn bars(loaded: &Loaded, rows: &[Row], checked: &Checked) -> Vec<Bar> {
    let Some(length) = loaded.version.media.duration_ms.filter(|ms| *ms > 0) else { return Vec::new() };
    let place = |ms: u32| (i64::from(ms) * TIMELINE / length).clamp(0, TIMELINE);
    let bar = |(at, row): (usize, &Row)| {
        let cue = row.cue()?;
        let (x, end) = (place(cue.start_ms), place(cue.end_ms));
        let bad = checked.rows[at].iter().any(|one| one.level == "error");
        Some(Bar { x, width: (end - x - 2).max(2), bad })
    };
    rows.iter().enumerate().filter_map(bar).collect()
}

/// `POST /studio/clips/{id}/captions/{lang}`: saves, or rearranges the rows without saving.
pub(super) async fn edit(
    visit: Visit,
    Path((id, lang)): Path<(String, String)>,
    Form(form): Form<CaptionForm>,
) -> Result<Response, AppError> {
    visit.require(Permission::Produce)?;
    let id = parse(&id)?;
    let rows = form.rows();
    match Deed::parse(&form.deed) {
        Deed::Save => save(&visit, id, &lang, rows, form.revision).await,
        deed => {
            let said = Some(Said::new(Tone::Info, visit.t().get("edit-captions-unsaved")));
            let rows = Some(rows::after(rows, deed));
            render(&visit, id, Overlay { rows, said, ..Overlay::default() }).await
        }
    }
}

async fn save(
    visit: &Visit,
    id: ClipId,
    lang: &str,
    rows: Vec<Row>,
    seen: i64,
) -> Result<Response, AppError> {
    let cues: Option<Vec<Cue>> = rows.iter().map(Row::cue).collect();
    let Some(cues) = cues else {
        let said = Some(Said::new(Tone::Bad, visit.t().get("edit-bad-time")));
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return render(visit, id, Overlay { rows: Some(rows), said, status, ..Overlay::default() }).await;
    };
    match ruled(store(visit, id, lang, "editor", cues, Some(seen)).await)? {
        Ok(()) => Ok(see_other(&format!("/studio/clips/{id}#captions"), "notice-edit-captions-saved")),
        Err(refusal) => {
            let overlay = Overlay { rows: Some(rows), ..Overlay::refused(visit, &refusal) };
            render(visit, id, overlay).await
        }
    }
}

async fn store(
    visit: &Visit,
    id: ClipId,
    lang: &str,
    origin: &'static str,
    cues: Vec<Cue>,
    seen: Option<i64>,
) -> anyhow::Result<()> {
    let lang = catalog::caption_language(lang)?;
    let mut tx = visit.app.db.begin().await?;
    if catalog::clip(&mut tx, id).await?.is_none() {
        return Err(crate::refusal::refuse(Refusal::not_found()));
    }
    if let Some(seen) = seen {
        let latest = catalog::latest_version(&mut tx, id).await?;
        let present = catalog::track(&mut tx, latest.id, lang).await?.map_or(0, |track| track.revision);
        if present != seen {
            return Err(crate::refusal::refuse(Refusal::stale()));
        }
    }
    let new = NewCaptions { lang, origin, cues };
    catalog::save_captions(&mut tx, By::Staff(&visit.caller.staff), id, None, new).await?;
    tx.commit().await?;
    Ok(())
}

/// `POST /studio/clips/{id}/captions/{lang}/check`: what is wrong with rows that are being typed, for the page's script.
pub(super) async fn check(
    visit: Visit,
    Path((id, _lang)): Path<(String, String)>,
    Form(form): Form<CaptionForm>,
) -> Result<Json<Value>, AppError> {
    visit.require(Permission::Produce)?;
    let t = visit.t();
    let id = parse(&id)?;
    let mut read = visit.app.db.read().await?;
    catalog::clip(&mut read, id).await?.ok_or_else(AppError::not_found)?;
    let version = catalog::latest_version(&mut read, id).await?;
    drop(read);
    // Blank rows stay: the script counts the rows as they stand on the page.
    let rows: Vec<Row> = (0..form.text.len().min(captions::MAX_CUES))
        .filter_map(|at| {
            let (start, end) = (form.start.get(at)?.clone(), form.end.get(at)?.clone());
            Some(Row { start, end, text: form.text[at].replace("\r\n", "\n") })
        })
        .collect();
    let checked = check_rows(t, &version, &rows)?;
    let row = |at: usize| {
        let view = row_view(t, &rows, at, &checked.rows[at]);
        let mut found: Vec<Value> = row_findings(t, &rows[at], &checked.rows[at])
            .iter()
            .map(|one| json!({ "level": one.level, "text": one.text }))
            .collect();
        if let Some(until) = view.extend_to {
            found.push(json!({ "repair": "extend", "until_ms": until, "repair_text": view.extend_words }));
        }
        if view.may_wrap {
            found.push(json!({ "repair": "wrap" }));
        }
        found
    };
    let told = |one: &Finding| json!({ "level": one.level, "text": one.text });
    let summary: Vec<Value> = summary(t, &checked).iter().map(told).collect();
    Ok(Json(json!({ "rows": (0..rows.len()).map(row).collect::<Vec<_>>(), "summary": summary })))
}

/// `POST /studio/clips/{id}/captions/{lang}/file`: takes a caption file over.
pub(super) async fn import(
    visit: Visit,
    Path((id, lang)): Path<(String, String)>,
    form: Multipart,
) -> Result<Response, AppError> {
    visit.require(Permission::Produce)?;
    let id = parse(&id)?;
    let Some(bytes) = read_small(form, captions::MAX_BYTES).await? else {
        let mut overlay = Overlay { status: StatusCode::UNPROCESSABLE_ENTITY, ..Overlay::default() };
        overlay.errors.add("caption_file", visit.t().get("upload-no-file"));
        return render(&visit, id, overlay).await;
    };
    let outcome = match catalog::read_captions(&bytes, None) {
        Ok(cues) => store(&visit, id, &lang, "vtt", cues, None).await,
        Err(why) => Err(why),
    };
    match ruled(outcome)? {
        Ok(()) => Ok(see_other(&format!("/studio/clips/{id}#captions"), "notice-edit-imported")),
        Err(refusal) => {
            let mut overlay = Overlay { status: StatusCode::UNPROCESSABLE_ENTITY, ..Overlay::default() };
            overlay.errors.add("caption_file", visit.words_of(&refusal));
            render(&visit, id, overlay).await
        }
    }
}

/// `GET /studio/clips/{id}/captions/{lang}`: the stored captions as WebVTT.
pub(super) async fn download(
    visit: Visit,
    Path((id, lang)): Path<(String, String)>,
) -> Result<Response, AppError> {
    visit.require(Permission::ViewStudio)?;
    let lang = catalog::caption_language(lang.trim_end_matches(".vtt"))?;
    let loaded = load(&visit, parse(&id)?).await?;
    let mut read = visit.app.db.read().await?;
    let track = catalog::track(&mut read, loaded.version.id, lang).await?.ok_or_else(AppError::not_found)?;
    let headers =
        [(header::CONTENT_TYPE, "text/vtt; charset=utf-8"), (header::CACHE_CONTROL, "private, no-cache")];
    Ok((headers, captions::to_vtt(&track.cues)).into_response())
}
