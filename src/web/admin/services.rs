//! The service catalogue: what clips are about, and which department answers for it.

use super::accounts::{invalid, name_of, parse};
use super::next_links::{self, LinksForm};
use super::tabs;
use crate::catalog::{self, NewService, SERVICE_KINDS, Service, TOPICS};
use crate::people::{self, Department, Permission};
use crate::text::ascii_digit;
use crate::web::AppError;
use crate::web::forms::FormErrors;
use crate::web::i18n::Words;
use crate::web::layout::{StaffSection, page};
use crate::web::preferences::see_other;
use crate::web::present::digits;
use crate::web::staff::form::{Field, FormPage, Link, choices, ticked};
use crate::web::staff::table::{Cell, Chip, Deed, Row, TablePage};
use crate::web::staff::{Visit, ruled};
use axum::extract::{Form, Path};
use axum::response::Response;
use serde::Deserialize;

pub(super) const HOME: &str = "/admin/services";

/// What the service form sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ServiceForm {
    code: String,
    name_ar: String,
    name_en: String,
    topic: String,
    kind: String,
    department: String,
    icon: String,
    sort: String,
    active: Option<String>,
    row_version: i64,
}

impl ServiceForm {
    /// A service as its form shows it.
    fn of(one: &Service) -> Self {
        Self {
            code: one.code.clone(),
            name_ar: one.name_ar.clone(),
            name_en: one.name_en.clone(),
            topic: one.topic.clone(),
            kind: one.kind.clone(),
            department: one.department_id.to_string(),
            icon: one.icon.clone(),
            sort: one.sort.to_string(),
            active: one.active.then(|| "yes".to_owned()),
            row_version: one.row_version,
        }
    }

    /// Numbers are also written with Arabic digits; nothing counts as 0.
    fn sort(&self) -> Option<i64> {
        let latin: String = self.sort.trim().chars().map(|c| ascii_digit(c).unwrap_or(c)).collect();
        if latin.is_empty() { Some(0) } else { latin.parse().ok() }
    }
}

fn kind_key(kind: &str) -> &'static str {
    match kind {
        "information" => "services-kind-information",
        "transaction" => "services-kind-transaction",
        _ => "services-kind-channel",
    }
}

/// `GET /admin/services`.
pub(super) async fn list(visit: Visit) -> Result<Response, AppError> {
    visit.require(Permission::Administer)?;
    let t = visit.t();
    let mut read = visit.app.db.read().await?;
    let departments = people::departments(&mut read).await?;
    let published = catalog::published_counts(&mut read).await?;
    let services = catalog::services(&mut read).await?;
    let clips = |service: &Service| published.iter().find(|(id, _)| *id == service.id).map_or(0, |row| row.1);
    let rows = services.iter().map(|one| row(t, one, &departments, clips(one))).collect();
    let heads = [
        "services-name-ar",
        "services-code",
        "services-kind",
        "services-department",
        "services-clips",
        "staff-state",
    ];
    let heads = heads.map(|key| t.get(key)).to_vec();
    let mut table = TablePage::new(visit.shell(StaffSection::Admin), t.get("services-title"), heads, rows);
    table.tabs = tabs(t, HOME);
    table.add = Some(Link::to(format!("{HOME}/new"), t.get("services-add")));
    page(&table)
}

fn row(t: Words, service: &Service, departments: &[Department], clips: i64) -> Row {
    let department = departments.iter().find(|one| one.id == service.department_id);
    Row {
        name: t.lang().pick(&service.name_ar, &service.name_en).to_owned(),
        cells: vec![
            Cell::Pair(service.name_ar.clone(), service.name_en.clone()),
            Cell::Code(service.code.clone()),
            Cell::Text(t.get(kind_key(&service.kind))),
            Cell::Text(department.map(|one| name_of(t, one)).unwrap_or_default()),
            Cell::Text(digits(t.lang(), clips)),
            Cell::Chip(Chip::active(t, service.active)),
        ],
        deeds: vec![Deed::Open { href: format!("{HOME}/{}", service.id), text: t.get("admin-edit") }],
    }
}

/// `GET /admin/services/new`.
pub(super) async fn new(visit: Visit) -> Result<Response, AppError> {
    visit.require(Permission::Administer)?;
    let form = ServiceForm { icon: "document".to_owned(), ..ServiceForm::default() };
    form_page(&visit, None, &form, FormErrors::none()).await
}

async fn form_page(
    visit: &Visit,
    service: Option<(&Service, &LinksForm)>,
    form: &ServiceForm,
    errors: FormErrors,
) -> Result<Response, AppError> {
    let t = visit.t();
    let mut read = visit.app.db.read().await?;
    let departments = people::departments(&mut read).await?;
    let mut fields = fields(t, form, &departments);
    let (title, action) = match service {
        Some((service, _)) => {
            fields.push(Field::check("active", t.get("services-active"), ticked(form.active.as_deref())));
            fields.push(Field::kept("row_version", form.row_version.to_string()));
            let name = t.lang().pick(&service.name_ar, &service.name_en);
            (format!("{}: {name}", t.get("services-edit")), format!("{HOME}/{}", service.id))
        }
        None => {
            let code = Field::line("code", t.get("services-code"), form.code.as_str());
            fields.insert(0, code.hint(t.get("departments-code-hint")));
            (t.get("services-new"), HOME.to_owned())
        }
    };
    let mut form = FormPage::new(visit.shell(StaffSection::Admin), title, action, fields);
    form.back = Some(Link::to(HOME, t.get("services-back")));
    form.errors = errors;
    form.extras.extend(service.map(|(service, links)| next_links::extra(t, service, links)));
    page(&form)
}

fn fields(t: Words, form: &ServiceForm, departments: &[Department]) -> Vec<Field> {
    let topics = TOPICS.map(|topic| (topic.code, t.lang().pick(topic.name_ar, topic.name_en)));
    let kinds = SERVICE_KINDS.map(|kind| (kind.to_owned(), t.get(kind_key(kind))));
    let chosen = departments.iter().filter(|one| one.active || one.id.to_string() == form.department);
    let departments: Vec<(String, String)> =
        chosen.map(|one| (one.id.to_string(), name_of(t, one))).collect();
    vec![
        Field::line("name_ar", t.get("services-name-ar"), form.name_ar.as_str()),
        Field::line("name_en", t.get("services-name-en"), form.name_en.as_str()),
        Field::select("topic", t.get("services-topic"), choices(topics, &form.topic))
            .hint(t.get("services-topic-hint")),
        Field::select("kind", t.get("services-kind"), choices(kinds, &form.kind)),
        Field::select("department", t.get("services-department"), choices(departments, &form.department)),
        Field::line("icon", t.get("services-icon"), form.icon.as_str()),
        Field::line("sort", t.get("services-sort"), form.sort.as_str()),
    ]
}

/// What cannot even be tried: a number that is none, a department that is not there.
fn check(visit: &Visit, form: &ServiceForm) -> FormErrors {
    let mut errors = FormErrors::none();
    if form.sort().is_none() {
        errors.add("sort", visit.t().get("departments-bad-number"));
    }
    if form.department.parse::<crate::ids::DepartmentId>().is_err() {
        errors.add("department", visit.t().get("services-no-department"));
    }
    errors
}

/// `POST /admin/services`.
pub(super) async fn add(visit: Visit, Form(form): Form<ServiceForm>) -> Result<Response, AppError> {
    visit.require(Permission::Administer)?;
    let (Some(sort), Ok(department_id)) = (form.sort(), form.department.parse()) else {
        return invalid(form_page(&visit, None, &form, check(&visit, &form)).await?);
    };
    let new = NewService {
        code: form.code.trim().to_owned(),
        topic: form.topic.clone(),
        name_ar: form.name_ar.clone(),
        name_en: form.name_en.clone(),
        kind: form.kind.clone(),
        icon: form.icon.trim().to_owned(),
        sort,
        department_id,
    };
    let mut tx = visit.app.db.begin().await?;
    match ruled(catalog::add_service(&mut tx, visit.actor(), new).await)? {
        Ok(_) => {
            tx.commit().await?;
            Ok(see_other(HOME, "notice-saved"))
        }
        Err(refusal) => {
            drop(tx);
            let errors = FormErrors::of_refusal(&refusal, visit.reader.lang);
            invalid(form_page(&visit, None, &form, errors).await?)
        }
    }
}

/// `GET /admin/services/{id}`.
pub(super) async fn edit(visit: Visit, Path(id): Path<String>) -> Result<Response, AppError> {
    visit.require(Permission::Administer)?;
    let mut read = visit.app.db.read().await?;
    let one = catalog::service(&mut read, parse(&id)?).await?.ok_or_else(AppError::not_found)?;
    let links = LinksForm::of(&catalog::chosen_links(&mut read, one.id).await?);
    drop(read);
    page_of(&visit, &one, &links, FormErrors::none()).await
}

/// The page of a service as it is stored, with the ways on as typed.
pub(super) async fn page_of(
    visit: &Visit,
    one: &Service,
    links: &LinksForm,
    errors: FormErrors,
) -> Result<Response, AppError> {
    form_page(visit, Some((one, links)), &ServiceForm::of(one), errors).await
}

/// `POST /admin/services/{id}`.
pub(super) async fn update(
    visit: Visit,
    Path(id): Path<String>,
    Form(form): Form<ServiceForm>,
) -> Result<Response, AppError> {
    visit.require(Permission::Administer)?;
    let mut tx = visit.app.db.begin().await?;
    let before = catalog::service(&mut tx, parse(&id)?).await?.ok_or_else(AppError::not_found)?;
    let (Some(sort), Ok(department_id)) = (form.sort(), form.department.parse()) else {
        let links = LinksForm::of(&catalog::chosen_links(&mut tx, before.id).await?);
        drop(tx);
        return invalid(form_page(&visit, Some((&before, &links)), &form, check(&visit, &form)).await?);
    };
    let changed = Service {
        topic: form.topic.clone(),
        name_ar: form.name_ar.clone(),
        name_en: form.name_en.clone(),
        kind: form.kind.clone(),
        icon: form.icon.trim().to_owned(),
        sort,
        department_id,
        active: ticked(form.active.as_deref()),
        row_version: form.row_version,
        ..before.clone()
    };
    match ruled(catalog::update_service(&mut tx, visit.actor(), &changed).await)? {
        Ok(()) => {
            tx.commit().await?;
            Ok(see_other(HOME, "notice-saved"))
        }
        Err(refusal) => {
            let links = LinksForm::of(&catalog::chosen_links(&mut tx, before.id).await?);
            drop(tx);
            let errors = FormErrors::of_refusal(&refusal, visit.reader.lang);
            invalid(form_page(&visit, Some((&before, &links)), &form, errors).await?)
        }
    }
}
