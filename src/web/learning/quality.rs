//! How good the suggestions were: over time, by service and style, whether promises were kept, and the worst surprises.

use super::curve::{Curve, curve};
use super::tabs;
use crate::clock::Millis;
use crate::people::Permission;
use crate::questions::{self, QualityPart, QualityRow, Surprise};
use crate::web::AppError;
use crate::web::i18n::Words;
use crate::web::layout::{StaffSection, StaffShell, page};
use crate::web::present::{MaskedPiece, date, digits, masked_pieces, percent};
use crate::web::staff::Visit;
use crate::web::staff::table::Filter;
use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use serde::Deserialize;
use std::time::Duration;

#[derive(Template)]
#[template(path = "learning/quality.html")]
struct QualityPage {
    t: Words,
    shell: StaffShell,
    tabs: Vec<Filter>,
    filters: Vec<Filter>,
    empty: bool,
    totals: Line,
    tables: Vec<Table>,
    curve: Curve,
    surprises: Vec<Wrong>,
}

struct Table {
    id: &'static str,
    title: String,
    head: String,
    lines: Vec<Line>,
}

struct Line {
    name: String,
    decided: String,
    first: String,
    any: String,
    /// The share of first suggestions that were right, in thousandths, for the bar.
    value: i64,
}

struct Wrong {
    href: String,
    code: String,
    text: Vec<MaskedPiece>,
    suggested: String,
    confidence: String,
}

/// How many days back.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Shown {
    #[serde(default)]
    days: Option<u64>,
}

const SPANS: [u64; 3] = [30, 90, 365];

/// `GET /desk/quality`.
pub(super) async fn show(visit: Visit, Query(shown): Query<Shown>) -> Result<Response, AppError> {
    visit.require(Permission::ViewDesk)?;
    let t = visit.t();
    let days = shown.days.filter(|days| SPANS.contains(days)).unwrap_or(SPANS[1]);
    let since = visit.app.clock.now() - Duration::from_secs(days * 24 * 60 * 60);
    let mut read = visit.app.db.read().await?;
    let quality = questions::quality(&mut read, since).await?;
    drop(read);
    let filter = |span: u64| Filter {
        href: format!("/desk/quality?days={span}"),
        text: t.with("quality-days", "n", digits(t.lang(), span)),
        current: span == days,
    };
    let table = |id, title, head, lines| Table { id, title: t.get(title), head: t.get(head), lines };
    let lines = |rows: &[QualityRow], name: &dyn Fn(&str) -> String| -> Vec<Line> {
        rows.iter().map(|row| line(t, name(&row.name), row.part)).collect()
    };
    page(&QualityPage {
        t,
        shell: visit.shell(StaffSection::Desk),
        tabs: tabs(t, "/desk/quality"),
        filters: SPANS.map(filter).to_vec(),
        empty: quality.all.decided == 0,
        totals: line(t, String::new(), quality.all),
        tables: vec![
            table("weeks", "quality-weeks", "quality-week", lines(&quality.weeks, &|name| week(t, name))),
            table(
                "services",
                "quality-services",
                "quality-service",
                lines(&quality.services, &|name| service(t, name)),
            ),
            table(
                "styles",
                "quality-styles",
                "quality-style",
                lines(&quality.styles, &|name| style(t, name)),
            ),
        ],
        curve: curve(t.lang(), &quality.bins),
        surprises: quality.surprises.iter().map(|surprise| wrong(t, surprise)).collect(),
    })
}

fn line(t: Words, name: String, part: QualityPart) -> Line {
    let share = |count: usize| if part.decided == 0 { 0.0 } else { count as f64 / part.decided as f64 };
    Line {
        name,
        decided: digits(t.lang(), part.decided),
        first: percent(t.lang(), share(part.first)),
        any: percent(t.lang(), share(part.any)),
        value: (share(part.first) * 1000.0).round() as i64,
    }
}

fn week(t: Words, name: &str) -> String {
    let start = Millis(name.parse().unwrap_or_default());
    date(t, start).both()
}

fn service(t: Words, name: &str) -> String {
    if name.is_empty() { t.get("quality-no-service") } else { name.to_owned() }
}

fn style(t: Words, name: &str) -> String {
    match name {
        "standard" => t.get("quality-style-standard"),
        "dialect" => t.get("quality-style-dialect"),
        "keywords" => t.get("quality-style-keywords"),
        "chatty" => t.get("quality-style-chatty"),
        _ => t.get("quality-style-other"),
    }
}

fn wrong(t: Words, surprise: &Surprise) -> Wrong {
    Wrong {
        href: format!("/desk/questions/{}", surprise.id),
        code: surprise.code.clone(),
        text: masked_pieces(&surprise.redacted),
        suggested: surprise.suggested.clone(),
        confidence: percent(t.lang(), surprise.confidence),
    }
}
