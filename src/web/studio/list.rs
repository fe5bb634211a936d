//! The studio's first page: what is being processed, what waits for whom, and the list of clips.

use super::words::{is_working, kind_name, media_words, state_chip};
use crate::catalog::{self, MediaState, Shelf, ShelfPlace, ShelfRow, VersionState, media_url};
use crate::clock::Millis;
use crate::jobs::{self, Queue};
use crate::people::Permission;
use crate::questions;
use crate::text::fold_text;
use crate::web::AppError;
use crate::web::i18n::Words;
use crate::web::layout::{StaffSection, StaffShell, page};
use crate::web::present::{ago, date, duration, span};
use crate::web::staff::Visit;
use crate::web::staff::table::{Chip, Filter};
use askama::Template;
use axum::Json;
use axum::extract::Query;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};

const PAGE: usize = 30;
/// More clips than a house makes in years; a search looks at all of them.
const EVERYTHING: i64 = 20_000;
/// Rows of "what waits for me".
const TASKS: usize = 12;

/// Which clips are shown.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Shown {
    #[serde(default)]
    show: String,
    #[serde(default)]
    q: String,
    at: Option<i64>,
    #[serde(default)]
    after: String,
}

#[derive(Template)]
#[template(path = "studio/list.html")]
struct StudioPage {
    t: Words,
    shell: StaffShell,
    may_produce: bool,
    working: Vec<Working>,
    filters: Vec<Filter>,
    q: String,
    narrowed: bool,
    rows: Vec<ClipRow>,
    empty: (String, String),
    more: Option<String>,
    waiting: Vec<Task>,
    briefs: Vec<BriefRow>,
}

/// A clip that is being processed.
pub(super) struct Working {
    version: String,
    href: String,
    title: String,
    poster: Option<String>,
    progress: i64,
    said: String,
    may_cancel: bool,
}

struct ClipRow {
    href: String,
    title: String,
    about: String,
    poster: Option<String>,
    state: Chip,
    lanes: Vec<String>,
    changed: String,
    deed: String,
}

struct Task {
    href: String,
    title: String,
    tone: &'static str,
    icon: &'static str,
    what: String,
    since: String,
}

struct BriefRow {
    note: String,
    about: String,
    href: String,
}

/// `GET /studio`.
pub(super) async fn show(visit: Visit, Query(shown): Query<Shown>) -> Result<Response, AppError> {
    visit.require(Permission::ViewStudio)?;
    let t = visit.t();
    let now = visit.app.clock.now();
    let part = Shelf::parse(&shown.show);
    let after = match (shown.at, shown.after.parse().ok()) {
        (Some(at), Some(id)) => Some(ShelfPlace { updated_at: Millis(at), id }),
        _ => None,
    };
    let may_produce = visit.may(Permission::Produce);
    let mut read = visit.app.db.read().await?;
    let counts = catalog::shelf_counts(&mut read).await?;
    let all = catalog::shelf(&mut read, visit.id(), Shelf::All, None, EVERYTHING).await?;
    let mut found: Vec<ShelfRow> =
        all.iter().filter(|row| row.state().is_some_and(|s| part.holds(s))).cloned().collect();
    if let Some(after) = after {
        found.retain(|row| (row.updated_at, row.id) < (after.updated_at, after.id));
    }
    let q = shown.q.trim();
    if !q.is_empty() {
        found.retain(|row| is_about(row, q));
    }
    let has_more = found.len() > PAGE;
    found.truncate(PAGE);
    let more = found.last().filter(|_| has_more).map(|last| more_href(part, q, last));
    let briefs = if may_produce { questions::open_briefs(&mut read).await? } else { Vec::new() };
    drop(read);
    let narrowed = part != Shelf::All || !q.is_empty();
    let empty = match (q.is_empty(), narrowed) {
        (false, _) => (t.get("studio-empty-search"), t.get("studio-empty-filter-lead")),
        (true, true) => (t.get("studio-empty-filter"), t.get("studio-empty-filter-lead")),
        (true, false) => (t.get("studio-empty"), t.get("studio-empty-lead")),
    };
    let brief = |brief: &questions::Brief| BriefRow {
        note: brief.note.clone(),
        about: t.with("studio-brief-asked", "ago", ago(t, brief.created_at, now)),
        href: format!("/studio/upload?brief={}", brief.id),
    };
    let unclaimed = briefs.iter().filter(|brief| brief.clip_id.is_none());
    page(&StudioPage {
        t,
        shell: visit.shell(StaffSection::Studio),
        may_produce,
        working: all.iter().filter_map(|row| working(&visit, t, row)).collect(),
        filters: filters(t, part, counts),
        q: q.to_owned(),
        narrowed,
        rows: found.iter().map(|row| clip_row(t, row)).collect(),
        empty,
        more,
        waiting: all.iter().filter_map(|row| task(&visit, t, row, now)).take(TASKS).collect(),
        briefs: unclaimed.map(brief).collect(),
    })
}

/// Every word of the search begins a word of the title or service, whatever its spelling.
fn is_about(row: &ShelfRow, q: &str) -> bool {
    let told = fold_text(&format!("{} {} {} {}", row.title_ar, row.title_en, row.service_ar, row.service_en));
    fold_text(q).split_whitespace().all(|word| told.split_whitespace().any(|known| known.contains(word)))
}

fn more_href(part: Shelf, q: &str, last: &ShelfRow) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("show", part.as_str()).append_pair("at", &last.updated_at.0.to_string());
    query.append_pair("after", &last.id.to_string());
    if !q.is_empty() {
        query.append_pair("q", q);
    }
    format!("/studio?{}", query.finish())
}

fn filters(t: Words, current: Shelf, counts: [i64; 6]) -> Vec<Filter> {
    let filter = |(shelf, count): (Shelf, i64)| {
        let key = match shelf {
            Shelf::All => "studio-filter-all",
            Shelf::Drafts => "studio-filter-drafts",
            Shelf::InReview => "studio-filter-review",
            Shelf::Published => "studio-filter-published",
            Shelf::Attention => "studio-filter-attention",
            Shelf::Withdrawn => "studio-filter-withdrawn",
        };
        let href = match shelf {
            Shelf::All => "/studio".to_owned(),
            other => format!("/studio?show={}", other.as_str()),
        };
        Filter { href, text: t.count(key, count), current: shelf == current }
    };
    Shelf::ALL.into_iter().zip(counts).map(filter).collect()
}

fn title(t: Words, row: &ShelfRow) -> String {
    t.lang().pick(&row.title_ar, &row.title_en).to_owned()
}

fn href(row: &ShelfRow) -> String {
    format!("/studio/clips/{}", row.id)
}

fn working(visit: &Visit, t: Words, row: &ShelfRow) -> Option<Working> {
    let (state, media) = (row.state()?, row.media_state()?);
    is_working(state, media).then(|| Working {
        version: row.version_id.to_string(),
        href: href(row),
        title: title(t, row),
        poster: row.poster.map(media_url),
        progress: row.media_progress,
        said: media_words(t, media, row.media_progress, row.media_eta_ms),
        may_cancel: visit.may(Permission::Produce),
    })
}

fn clip_row(t: Words, row: &ShelfRow) -> ClipRow {
    let state = row.state().unwrap_or(VersionState::Draft);
    let service = t.lang().pick(&row.service_ar, &row.service_en);
    let kind = row.kind().map(|kind| kind_name(t, kind)).unwrap_or_default();
    let mut about = vec![kind.to_owned(), service.to_owned()];
    about.extend(row.duration_ms.map(|ms| duration(t.lang(), ms)));
    let deed = match state {
        VersionState::Draft | VersionState::Ready | VersionState::ChangesRequested => "studio-finish",
        VersionState::InReview | VersionState::NeedsReview => "studio-review",
        VersionState::Processing
        | VersionState::Failed
        | VersionState::Approved
        | VersionState::Scheduled
        | VersionState::Published
        | VersionState::Superseded
        | VersionState::Withdrawn => "studio-open",
    };
    ClipRow {
        href: href(row),
        title: title(t, row),
        about: about.join(t.lang().pick("، ", ", ")),
        poster: row.poster.map(media_url),
        state: state_chip(t, state),
        lanes: lanes(t, row),
        changed: date(t, row.updated_at).first,
        deed: t.get(deed),
    }
}

fn lanes(t: Words, row: &ShelfRow) -> Vec<String> {
    let word = |decision: &Option<String>, keys: [&str; 3]| match decision.as_deref() {
        Some("returned") => t.get(keys[2]),
        Some(_) => t.get(keys[0]),
        None => t.get(keys[1]),
    };
    match (&row.linguistic, &row.factual) {
        (None, None) if row.state() != Some(VersionState::InReview) => vec![t.get("studio-lanes-none")],
        (Some(one), Some(two)) if one != "returned" && two != "returned" => vec![t.get("studio-lanes-both")],
        (linguistic, factual) => vec![
            word(
                linguistic,
                ["studio-lane-signing-done", "studio-lane-signing-waits", "studio-lane-signing-returned"],
            ),
            word(
                factual,
                ["studio-lane-facts-done", "studio-lane-facts-waits", "studio-lane-facts-returned"],
            ),
        ],
    }
}

/// What this clip wants from this person, if anything.
fn task(visit: &Visit, t: Words, row: &ShelfRow, now: Millis) -> Option<Task> {
    let produces = visit.may(Permission::Produce);
    let own_department = visit.caller.staff.department_id == Some(row.department_id);
    let state = row.state()?;
    let (tone, icon, key) = match state {
        VersionState::InReview if row.is_mine => return None,
        VersionState::InReview if visit.may(Permission::ReviewSigning) && row.linguistic.is_none() => {
            ("info", "hand", "studio-waits-signing")
        }
        VersionState::InReview
            if visit.may(Permission::ReviewFacts) && own_department && row.factual.is_none() =>
        {
            ("info", "shield", "studio-waits-facts")
        }
        VersionState::ChangesRequested if produces && row.is_mine => ("warn", "warning", "studio-waits-fix"),
        VersionState::Failed if produces && row.is_mine => ("bad", "close", "studio-waits-failed"),
        VersionState::Ready if produces && row.is_mine && !row.captioned => {
            ("info", "captions", "studio-waits-captions")
        }
        VersionState::Approved if visit.may(Permission::Publish) => ("ok", "send", "studio-waits-publish"),
        _ => return None,
    };
    Some(Task {
        href: href(row),
        title: title(t, row),
        tone,
        icon,
        what: t.get(key),
        since: t.with("studio-since", "span", span(t, now.since(row.state_since))),
    })
}

/// `GET /studio/progress`: the clips that are being processed, for the page's script.
pub(super) async fn progress(visit: Visit) -> Result<Json<Value>, AppError> {
    visit.require(Permission::ViewStudio)?;
    let t = visit.t();
    let mut read = visit.app.db.read().await?;
    let rows = catalog::shelf(&mut read, visit.id(), Shelf::Drafts, None, EVERYTHING).await?;
    let mut clips: Vec<Value> = Vec::new();
    for row in &rows {
        let Some(clip) = working(&visit, t, row) else { continue };
        let starts_in = match row.media_state() {
            Some(MediaState::Waiting) => {
                jobs::starts_in(&mut read, Queue::Media, row.version_id.uuid(), visit.app.config.workers)
                    .await?
            }
            Some(_) | None => None,
        };
        let said = match starts_in.filter(|ms| *ms >= 60_000) {
            Some(ms) => t.with("media-waiting-eta", "span", span(t, ms)),
            None => clip.said,
        };
        let watchable = !catalog::renditions(&mut read, row.version_id).await?.is_empty();
        let progress = clip.progress;
        clips.push(
            json!({ "version": clip.version, "progress": progress, "said": said, "watchable": watchable }),
        );
    }
    Ok(Json(json!({ "clips": clips })))
}
