//! Departments: who answers for what is said, and how much time an approval has.

use super::accounts::{invalid, name_of, parse};
use super::tabs;
use crate::people::{self, Department, NewDepartment, Permission};
use crate::web::AppError;
use crate::web::forms::FormErrors;
use crate::web::i18n::Words;
use crate::web::layout::{StaffSection, page};
use crate::web::preferences::see_other;
use crate::web::present::span;
use crate::web::staff::form::{Field, FormPage, Link, ticked};
use crate::web::staff::table::{Cell, Chip, Deed, Row, TablePage};
use crate::web::staff::{Visit, ruled};
use axum::extract::{Form, Path};
use axum::response::Response;
use serde::Deserialize;

const HOME: &str = "/admin/departments";
const MINUTE_MS: i64 = 60_000;
/// What a new department is offered: one working day.
const USUAL_MINUTES: &str = "480";

/// What the department form sends.
#[derive(Debug, Default, Deserialize)]
pub(super) struct DepartmentForm {
    #[serde(default)]
    code: String,
    #[serde(default)]
    name_ar: String,
    #[serde(default)]
    name_en: String,
    #[serde(default)]
    approval_minutes: String,
    active: Option<String>,
    #[serde(default)]
    row_version: i64,
}

impl DepartmentForm {
    /// Numbers are also written with Arabic digits.
    fn minutes(&self) -> Option<i64> {
        let latin = |c: char| crate::text::ascii_digit(c).unwrap_or(c);
        self.approval_minutes.trim().chars().map(latin).collect::<String>().parse().ok()
    }
}

/// `GET /admin/departments`.
pub(super) async fn list(visit: Visit) -> Result<Response, AppError> {
    visit.require(Permission::Administer)?;
    let t = visit.t();
    let mut read = visit.app.db.read().await?;
    let rows = people::departments(&mut read).await?.iter().map(|one| row(t, one)).collect();
    let heads = ["departments-name-ar", "departments-code", "departments-approval", "staff-state"];
    let heads = heads.map(|key| t.get(key)).to_vec();
    let mut table = TablePage::new(visit.shell(StaffSection::Admin), t.get("departments-title"), heads, rows);
    table.tabs = tabs(t, HOME);
    table.add = Some(Link::to(format!("{HOME}/new"), t.get("departments-add")));
    table.empty = (t.get("departments-empty"), t.get("departments-empty-lead"));
    page(&table)
}

fn row(t: Words, department: &Department) -> Row {
    Row {
        name: name_of(t, department),
        cells: vec![
            Cell::Pair(department.name_ar.clone(), department.name_en.clone()),
            Cell::Code(department.code.clone()),
            Cell::Text(span(t, department.approval_minutes * MINUTE_MS)),
            Cell::Chip(Chip::active(t, department.active)),
        ],
        deeds: vec![Deed::Open { href: format!("{HOME}/{}", department.id), text: t.get("admin-edit") }],
    }
}

fn fields(t: Words, form: &DepartmentForm) -> Vec<Field> {
    vec![
        Field::line("name_ar", t.get("departments-name-ar"), form.name_ar.as_str()),
        Field::line("name_en", t.get("departments-name-en"), form.name_en.as_str()),
        Field::line("approval_minutes", t.get("departments-minutes"), form.approval_minutes.as_str())
            .hint(t.get("departments-minutes-hint")),
    ]
}

/// `GET /admin/departments/new`.
pub(super) async fn new(visit: Visit) -> Result<Response, AppError> {
    visit.require(Permission::Administer)?;
    let form = DepartmentForm { approval_minutes: USUAL_MINUTES.to_owned(), ..DepartmentForm::default() };
    new_page(&visit, &form, FormErrors::none())
}

fn new_page(visit: &Visit, form: &DepartmentForm, errors: FormErrors) -> Result<Response, AppError> {
    let t = visit.t();
    let mut all = fields(t, form);
    let code = Field::line("code", t.get("departments-code"), form.code.as_str());
    all.insert(0, code.hint(t.get("departments-code-hint")));
    let mut form = FormPage::new(visit.shell(StaffSection::Admin), t.get("departments-new"), HOME, all);
    form.back = Some(Link::to(HOME, t.get("departments-back")));
    form.submit = t.get("departments-add");
    form.errors = errors;
    page(&form)
}

fn not_a_number(visit: &Visit) -> FormErrors {
    let mut errors = FormErrors::none();
    errors.add("approval_minutes", visit.t().get("departments-bad-number"));
    errors
}

/// `POST /admin/departments`.
pub(super) async fn add(visit: Visit, Form(form): Form<DepartmentForm>) -> Result<Response, AppError> {
    visit.require(Permission::Administer)?;
    let Some(approval_minutes) = form.minutes() else {
        return invalid(new_page(&visit, &form, not_a_number(&visit))?);
    };
    let new = NewDepartment {
        code: form.code.trim().to_owned(),
        name_ar: form.name_ar.clone(),
        name_en: form.name_en.clone(),
        approval_minutes,
    };
    let mut tx = visit.app.db.begin().await?;
    match ruled(people::add_department(&mut tx, visit.actor(), new).await)? {
        Ok(_) => {
            tx.commit().await?;
            Ok(see_other(HOME, "notice-saved"))
        }
        Err(refusal) => {
            invalid(new_page(&visit, &form, FormErrors::of_refusal(&refusal, visit.reader.lang))?)
        }
    }
}

/// `GET /admin/departments/{id}`.
pub(super) async fn edit(visit: Visit, Path(id): Path<String>) -> Result<Response, AppError> {
    visit.require(Permission::Administer)?;
    let mut read = visit.app.db.read().await?;
    let one = people::department(&mut read, parse(&id)?).await?.ok_or_else(AppError::not_found)?;
    let form = DepartmentForm {
        code: one.code.clone(),
        name_ar: one.name_ar.clone(),
        name_en: one.name_en.clone(),
        approval_minutes: one.approval_minutes.to_string(),
        active: one.active.then(|| "yes".to_owned()),
        row_version: one.row_version,
    };
    edit_page(&visit, &one, &form, FormErrors::none())
}

fn edit_page(
    visit: &Visit,
    department: &Department,
    form: &DepartmentForm,
    errors: FormErrors,
) -> Result<Response, AppError> {
    let t = visit.t();
    let mut all = fields(t, form);
    all.push(Field::check("active", t.get("departments-active"), ticked(form.active.as_deref())));
    all.push(Field::kept("row_version", form.row_version.to_string()));
    let title = format!("{}: {}", t.get("departments-edit"), name_of(t, department));
    let action = format!("{HOME}/{}", department.id);
    let mut form = FormPage::new(visit.shell(StaffSection::Admin), title, action, all);
    form.back = Some(Link::to(HOME, t.get("departments-back")));
    form.errors = errors;
    page(&form)
}

/// `POST /admin/departments/{id}`.
pub(super) async fn update(
    visit: Visit,
    Path(id): Path<String>,
    Form(form): Form<DepartmentForm>,
) -> Result<Response, AppError> {
    visit.require(Permission::Administer)?;
    let mut tx = visit.app.db.begin().await?;
    let before = people::department(&mut tx, parse(&id)?).await?.ok_or_else(AppError::not_found)?;
    let Some(approval_minutes) = form.minutes() else {
        return invalid(edit_page(&visit, &before, &form, not_a_number(&visit))?);
    };
    let changed = Department {
        name_ar: form.name_ar.clone(),
        name_en: form.name_en.clone(),
        approval_minutes,
        active: ticked(form.active.as_deref()),
        row_version: form.row_version,
        ..before.clone()
    };
    match ruled(people::update_department(&mut tx, visit.actor(), &changed).await)? {
        Ok(()) => {
            tx.commit().await?;
            Ok(see_other(HOME, "notice-saved"))
        }
        Err(refusal) => {
            invalid(edit_page(&visit, &before, &form, FormErrors::of_refusal(&refusal, visit.reader.lang))?)
        }
    }
}
