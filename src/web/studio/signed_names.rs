//! Words in sign: which signed title says a page text, a topic or a service.

use crate::catalog::{self, By, ClipKind, Named, SIGNED_TEXTS, Service, StudioFilter, TOPICS};
use crate::db::Conn;
use crate::ids::ClipId;
use crate::people::Permission;
use crate::web::AppError;
use crate::web::forms::FormErrors;
use crate::web::i18n::Words;
use crate::web::layout::{StaffSection, page};
use crate::web::preferences::see_other;
use crate::web::present::digits;
use crate::web::staff::form::{Field, FormPage, Link, choices};
use crate::web::staff::table::{Cell, Chip, Deed, Filter, Row, TablePage};
use crate::web::staff::{Visit, ruled};
use axum::extract::{Form, Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

const HOME: &str = "/studio/signs";
/// Signed titles that can be chosen from.
const OFFERED: i64 = 500;

/// Which part of the list.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Part {
    of: String,
}

/// The parts, by the word in the address, with their names.
const PARTS: [(&str, &str); 3] =
    [("texts", "signs-texts"), ("topics", "signs-topics"), ("services", "signs-services")];

/// `GET /studio/signs`.
pub(super) async fn list(visit: Visit, Query(part): Query<Part>) -> Result<Response, AppError> {
    visit.require(Permission::ViewStudio)?;
    let t = visit.t();
    let of = PARTS.into_iter().find(|(word, _)| *word == part.of).unwrap_or(PARTS[0]).0;
    let mut read = visit.app.db.read().await?;
    let services = catalog::services(&mut read).await?;
    let named: Vec<(Named, String)> = match of {
        "topics" => TOPICS.map(|topic| (Named::Topic(topic.code), topic_name(t, topic))).to_vec(),
        "services" => {
            let active = services.iter().filter(|service| service.active).cloned();
            active
                .map(|one| (Named::Service(one.code), t.lang().pick(&one.name_ar, &one.name_en).to_owned()))
                .collect()
        }
        _ => SIGNED_TEXTS.map(|text| (Named::Text(text), t.get(text))).to_vec(),
    };
    let names = catalog::signed_names(&mut read).await?;
    let titles = titles(&mut read, &names).await?;
    let standings: Vec<Standing<'_>> =
        named.iter().map(|(named, _)| Standing::of(named, &names, &titles, &services)).collect();
    let signed = standings.iter().filter(|standing| standing.is_seen()).count();
    let rows =
        named.iter().zip(&standings).map(|((named, text), standing)| row(&visit, named, text, standing));
    let rows = rows.collect();
    let heads = ["signs-words", "signs-title"].map(|key| t.get(key)).to_vec();
    let mut table = TablePage::new(visit.shell(StaffSection::Studio), t.get("signs-all"), heads, rows);
    let number = |n: usize| digits(t.lang(), n);
    let count = t.with_two("signs-count", ("n", &number(signed)), ("total", &number(named.len())));
    table.lead = format!("{} {count}", t.get("signs-lead"));
    table.filters_label = t.get("signs-words");
    table.filters = PARTS
        .map(|(word, name)| Filter {
            href: format!("{HOME}?of={word}"),
            text: t.get(name),
            current: word == of,
        })
        .to_vec();
    page(&table)
}

fn topic_name(t: Words, topic: catalog::Topic) -> String {
    t.lang().pick(topic.name_ar, topic.name_en).to_owned()
}

/// A signed title to choose from.
struct Title {
    id: ClipId,
    name: String,
    is_public: bool,
    service: String,
}

/// What visitors see beside some words.
enum Standing<'a> {
    /// The clip that staff chose.
    Chosen(&'a Title),
    /// The newest signed title of the service or topic, chosen by nobody.
    Newest,
    Nothing,
}

impl<'a> Standing<'a> {
    fn of(named: &Named, names: &[(Named, ClipId)], titles: &'a [Title], services: &[Service]) -> Self {
        let chosen = names.iter().find(|(own, _)| own == named);
        if let Some(title) = chosen.and_then(|(_, id)| titles.iter().find(|title| title.id == *id)) {
            return Self::Chosen(title);
        }
        let is_about = |title: &Title| match named {
            Named::Text(_) => false,
            Named::Service(code) => title.service == *code,
            Named::Topic(code) => {
                services.iter().any(|service| service.code == title.service && service.topic == *code)
            }
        };
        let is_free = |title: &Title| !names.iter().any(|(_, id)| *id == title.id);
        let newest = titles.iter().any(|title| title.is_public && is_free(title) && is_about(title));
        if newest { Self::Newest } else { Self::Nothing }
    }

    fn is_seen(&self) -> bool {
        match self {
            Self::Chosen(title) => title.is_public,
            Self::Newest => true,
            Self::Nothing => false,
        }
    }
}

fn row(visit: &Visit, named: &Named, text: &str, standing: &Standing<'_>) -> Row {
    let t = visit.t();
    let state = match standing {
        Standing::Chosen(title) if title.is_public => Chip::new("ok", "check", title.name.clone()),
        Standing::Chosen(title) => Chip::new("warn", "clock", not_public(t, title)),
        Standing::Newest => Chip::new("ok", "check", t.get("signs-newest")),
        Standing::Nothing => Chip::new("", "hand", t.get("signs-none")),
    };
    let open = Deed::Open { href: format!("{HOME}/{named}"), text: t.get("admin-edit") };
    Row {
        name: text.to_owned(),
        cells: vec![Cell::Text(text.to_owned()), Cell::Chip(state)],
        deeds: if visit.may(Permission::Produce) { vec![open] } else { Vec::new() },
    }
}

fn not_public(t: Words, title: &Title) -> String {
    format!("{} ({})", title.name, t.get("series-not-public"))
}

/// The signed titles that changed last, and those that were chosen, however old.
async fn titles(conn: &mut impl Conn, names: &[(Named, ClipId)]) -> sqlx::Result<Vec<Title>> {
    let filter = StudioFilter { kind: Some(ClipKind::SignedTitle), ..StudioFilter::default() };
    let rows = catalog::studio_list(conn, &filter, None, OFFERED).await?;
    let mut titles: Vec<Title> = rows
        .into_iter()
        .map(|row| Title {
            id: row.id,
            name: row.title_ar,
            is_public: row.is_public,
            service: row.service_code,
        })
        .collect();
    for (_, id) in names {
        if titles.iter().any(|title| title.id == *id) {
            continue;
        }
        if let Some(clip) = catalog::clip(conn, *id).await? {
            let is_public = clip.published_version_id.is_some();
            titles.push(Title { id: *id, name: clip.title_ar, is_public, service: String::new() });
        }
    }
    Ok(titles)
}

fn subject(text: &str) -> Result<Named, AppError> {
    Named::parse(text).ok_or_else(AppError::not_found)
}

/// `GET /studio/signs/{subject}`.
pub(super) async fn edit(visit: Visit, Path(text): Path<String>) -> Result<Response, AppError> {
    visit.require(Permission::Produce)?;
    form_page(&visit, &subject(&text)?, None, FormErrors::none()).await
}

/// The form with the clip that says these words now, or with the choice that was refused.
async fn form_page(
    visit: &Visit,
    named: &Named,
    refused: Option<&str>,
    errors: FormErrors,
) -> Result<Response, AppError> {
    let t = visit.t();
    let mut read = visit.app.db.read().await?;
    let words = match named {
        Named::Text(name) => t.get(name),
        Named::Topic(code) => {
            catalog::topic_by_code(code).map(|topic| topic_name(t, topic)).unwrap_or_default()
        }
        Named::Service(code) => {
            let service = catalog::service_by_code(&mut read, code).await?.ok_or_else(AppError::not_found)?;
            t.lang().pick(&service.name_ar, &service.name_en).to_owned()
        }
    };
    let nothing = if matches!(named, Named::Text(_)) { "signs-none" } else { "signs-unchosen" };
    let mut offered = vec![(String::new(), t.get(nothing))];
    let names = catalog::signed_names(&mut read).await?;
    offered.extend(titles(&mut read, &names).await?.into_iter().map(|title| {
        let name = if title.is_public { title.name.clone() } else { not_public(t, &title) };
        (title.id.to_string(), name)
    }));
    drop(read);
    let now = names.iter().find(|(own, _)| own == named).map(|(_, clip)| clip.to_string());
    let chosen = refused.map_or_else(|| now.unwrap_or_default(), str::to_owned);
    let title = Field::select("clip", t.get("signs-title"), choices(offered, &chosen));
    let fields = vec![title.hint(t.get("signs-title-hint"))];
    let heading = format!("{}: {words}", t.get("signs-one"));
    let action = format!("{HOME}/{named}");
    let mut form = FormPage::new(visit.shell(StaffSection::Studio), heading, action, fields);
    form.lead = t.get("signs-lead");
    form.back = Some(Link::to(back_to(named), t.get("signs-all")));
    form.errors = errors;
    page(&form)
}

fn back_to(named: &Named) -> &'static str {
    match named {
        Named::Text(_) => "/studio/signs?of=texts",
        Named::Topic(_) => "/studio/signs?of=topics",
        Named::Service(_) => "/studio/signs?of=services",
    }
}

/// What the form sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Chosen {
    clip: String,
}

/// `POST /studio/signs/{subject}`.
pub(super) async fn save(
    visit: Visit,
    Path(text): Path<String>,
    Form(chosen): Form<Chosen>,
) -> Result<Response, AppError> {
    visit.require(Permission::Produce)?;
    let named = subject(&text)?;
    let title = match chosen.clip.as_str() {
        "" => None,
        id => Some(id.parse::<ClipId>().map_err(|_| AppError::not_found())?),
    };
    let mut tx = visit.app.db.begin().await?;
    let by = By::Staff(&visit.caller.staff);
    match ruled(catalog::name_in_sign(&mut tx, by, &named, title).await)? {
        Ok(_) => {
            tx.commit().await?;
            Ok(see_other(back_to(&named), "notice-saved"))
        }
        Err(refusal) => {
            drop(tx);
            let errors = FormErrors::of_refusal(&refusal, visit.reader.lang);
            let mut response = form_page(&visit, &named, Some(&chosen.clip), errors).await?;
            *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(response)
        }
    }
}
