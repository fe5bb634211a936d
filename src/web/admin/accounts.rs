//! Accounts of the staff.

use super::tabs;
use crate::db::Conn;
use crate::ids::{DepartmentId, StaffId};
use crate::people::{self, Department, NewStaff, Permission, Role, Staff};
use crate::refusal::Refusal;
use crate::web::AppError;
use crate::web::forms::FormErrors;
use crate::web::i18n::Words;
use crate::web::layout::{StaffSection, Tone, page, role_key};
use crate::web::preferences::see_other;
use crate::web::present::date;
use crate::web::staff::form::{Extra, Field, FormPage, Link, Said, choices, ticked};
use crate::web::staff::table::{Cell, Chip, Deed, Row, TablePage};
use crate::web::staff::{Visit, ruled};
use axum::extract::{Form, Path};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::Deserialize;

const HOME: &str = "/admin/accounts";

/// What the account form sends.
#[derive(Debug, Default, Deserialize)]
pub(super) struct AccountForm {
    #[serde(default)]
    display_name: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    department: String,
    woman: Option<String>,
    active: Option<String>,
    #[serde(default)]
    row_version: i64,
}

/// `GET /admin/accounts`.
pub(super) async fn list(visit: Visit) -> Result<Response, AppError> {
    visit.require(Permission::Administer)?;
    let t = visit.t();
    let mut read = visit.app.db.read().await?;
    let staff = people::list(&mut read).await?;
    let departments = people::departments(&mut read).await?;
    let rows = staff.iter().map(|one| row(t, one, &departments)).collect();
    let heads = ["accounts-name", "accounts-role", "accounts-department", "staff-state", "accounts-since"];
    let heads = heads.map(|key| t.get(key)).to_vec();
    let mut table = TablePage::new(visit.shell(StaffSection::Admin), t.get("accounts-title"), heads, rows);
    table.tabs = tabs(t, HOME);
    table.add = Some(Link::to(format!("{HOME}/new"), t.get("accounts-add")));
    page(&table)
}

fn row(t: Words, staff: &Staff, departments: &[Department]) -> Row {
    let department = departments.iter().find(|one| Some(one.id) == staff.department_id);
    let department = department.map_or_else(|| t.get("accounts-no-department"), |one| name_of(t, one));
    Row {
        name: staff.display_name.clone(),
        cells: vec![
            Cell::Pair(staff.display_name.clone(), staff.email.clone()),
            Cell::Text(t.get(role_key(staff.role))),
            Cell::Text(department),
            Cell::Chip(Chip::active(t, staff.active)),
            Cell::Text(date(t, staff.created_at).first),
        ],
        deeds: vec![Deed::Open { href: format!("{HOME}/{}", staff.id), text: t.get("admin-edit") }],
    }
}

/// A department's name in the language of the page.
pub(super) fn name_of(t: Words, department: &Department) -> String {
    t.lang().pick(&department.name_ar, &department.name_en).to_owned()
}

/// `GET /admin/accounts/new`.
pub(super) async fn new(visit: Visit) -> Result<Response, AppError> {
    visit.require(Permission::Administer)?;
    let form = AccountForm { active: Some("yes".to_owned()), ..AccountForm::default() };
    new_page(&visit, &form, FormErrors::none()).await
}

async fn new_page(visit: &Visit, form: &AccountForm, errors: FormErrors) -> Result<Response, AppError> {
    let t = visit.t();
    let mut read = visit.app.db.read().await?;
    let departments = people::departments(&mut read).await?;
    let mut fields =
        vec![Field::typed("email", "email", t.get("accounts-email"), form.email.as_str(), "off")];
    fields.extend(common_fields(t, form, &departments));
    let mut account = FormPage::new(visit.shell(StaffSection::Admin), t.get("accounts-new"), HOME, fields);
    account.back = Some(Link::to(HOME, t.get("accounts-back")));
    account.submit = t.get("accounts-add");
    account.errors = errors;
    page(&account)
}

fn common_fields(t: Words, form: &AccountForm, departments: &[Department]) -> Vec<Field> {
    let roles = Role::ALL.map(|role| (role.as_str().to_owned(), t.get(role_key(role))));
    let none = (String::new(), t.get("accounts-no-department"));
    let chosen = departments
        .iter()
        .filter(|one| one.active || one.id.to_string() == form.department)
        .map(|one| (one.id.to_string(), name_of(t, one)));
    let departments: Vec<(String, String)> = std::iter::once(none).chain(chosen).collect();
    vec![
        Field::line("display_name", t.get("accounts-name"), form.display_name.as_str()),
        Field::select("role", t.get("accounts-role"), choices(roles, &form.role)),
        Field::select("department", t.get("accounts-department"), choices(departments, &form.department))
            .hint(t.get("accounts-department-hint")),
        Field::check("woman", t.get("accounts-woman"), ticked(form.woman.as_deref())),
    ]
}

/// `POST /admin/accounts`: makes the account with a password that is shown once.
pub(super) async fn add(visit: Visit, Form(form): Form<AccountForm>) -> Result<Response, AppError> {
    visit.require(Permission::Administer)?;
    let Some(role) = Role::parse(&form.role) else {
        let mut errors = FormErrors::none();
        errors.add("role", visit.t().get("accounts-bad-role"));
        return invalid(new_page(&visit, &form, errors).await?);
    };
    let password = invitation();
    let password_hash = visit.app.passwords.hash(password.clone()).await?;
    let new = NewStaff {
        email: form.email.clone(),
        display_name: form.display_name.clone(),
        role,
        department_id: form.department.parse::<DepartmentId>().ok(),
        woman: ticked(form.woman.as_deref()),
        password_hash,
    };
    let mut tx = visit.app.db.begin().await?;
    match ruled(people::add(&mut tx, visit.actor(), new).await)? {
        Ok(id) => {
            tx.commit().await?;
            password_page(&visit, id, &password, "accounts-added").await
        }
        Err(refusal) => {
            drop(tx);
            let errors = FormErrors::of_refusal(&refusal, visit.reader.lang);
            invalid(new_page(&visit, &form, errors).await?)
        }
    }
}

/// A first password of 120 random bits in groups that can be read out and typed.
fn invitation() -> String {
    let groups: Vec<String> = (0..4).map(|_| crate::ids::short_code()).collect();
    groups.join("-").to_lowercase()
}

/// Shown once, never stored by browsers or caches.
async fn password_page(
    visit: &Visit,
    id: StaffId,
    password: &str,
    title: &'static str,
) -> Result<Response, AppError> {
    let t = visit.t();
    let mut read = visit.app.db.read().await?;
    let staff = find(&mut read, id).await?;
    let heads = [t.get("accounts-email"), t.get("accounts-first-password")].to_vec();
    let cells = vec![Cell::Code(staff.email.clone()), Cell::Code(password.to_owned())];
    let deeds = vec![Deed::Open { href: HOME.to_owned(), text: t.get("accounts-back") }];
    let rows = vec![Row { name: staff.display_name, cells, deeds }];
    let mut table = TablePage::new(visit.shell(StaffSection::Admin), t.get(title), heads, rows);
    table.said = Some(Said::new(Tone::Warn, t.get("accounts-first-password-lead")));
    let mut response = page(&table)?;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

async fn find(conn: &mut impl Conn, id: StaffId) -> Result<Staff, AppError> {
    people::find(conn, id).await?.ok_or_else(AppError::not_found)
}

/// `GET /admin/accounts/{id}`.
pub(super) async fn edit(visit: Visit, Path(id): Path<String>) -> Result<Response, AppError> {
    visit.require(Permission::Administer)?;
    let mut read = visit.app.db.read().await?;
    let staff = find(&mut read, parse(&id)?).await?;
    drop(read);
    let word = |flag: bool| flag.then(|| "yes".to_owned());
    let form = AccountForm {
        display_name: staff.display_name.clone(),
        email: staff.email.clone(),
        role: staff.role.as_str().to_owned(),
        department: staff.department_id.map(|id| id.to_string()).unwrap_or_default(),
        woman: word(staff.woman),
        active: word(staff.active),
        row_version: staff.row_version,
    };
    edit_page(&visit, &staff, &form, FormErrors::none()).await
}

pub(super) fn parse<T: std::str::FromStr>(id: &str) -> Result<T, AppError> {
    id.parse().map_err(|_| AppError::not_found())
}

async fn edit_page(
    visit: &Visit,
    staff: &Staff,
    form: &AccountForm,
    errors: FormErrors,
) -> Result<Response, AppError> {
    let t = visit.t();
    let mut read = visit.app.db.read().await?;
    let departments = people::departments(&mut read).await?;
    let mut fields = common_fields(t, form, &departments);
    fields.push(Field::check("active", t.get("accounts-active"), ticked(form.active.as_deref())));
    fields.push(Field::kept("row_version", form.row_version.to_string()));
    let action = format!("{HOME}/{}", staff.id);
    let title = format!("{}: {}", t.get("accounts-edit"), staff.display_name);
    let mut account = FormPage::new(visit.shell(StaffSection::Admin), title, action.clone(), fields);
    account.lead = t.get("accounts-edit-lead");
    account.back = Some(Link::to(HOME, t.get("accounts-back")));
    account.errors = errors;
    account.extras = vec![Extra {
        title: t.get("accounts-new-password"),
        lead: t.get("accounts-new-password-lead"),
        action: format!("{action}/password"),
        fields: Vec::new(),
        icon: "key",
        submit: t.get("accounts-new-password-do"),
    }];
    page(&account)
}

/// `POST /admin/accounts/{id}`.
pub(super) async fn update(
    visit: Visit,
    Path(id): Path<String>,
    Form(form): Form<AccountForm>,
) -> Result<Response, AppError> {
    visit.require(Permission::Administer)?;
    let mut tx = visit.app.db.begin().await?;
    let before = find(&mut tx, parse(&id)?).await?;
    let Some(role) = Role::parse(&form.role) else {
        return Err(Refusal::invalid("role", "account.bad_role", "اختر الدور.", "Choose a role.").into());
    };
    let changed = Staff {
        display_name: form.display_name.clone(),
        role,
        department_id: form.department.parse::<DepartmentId>().ok(),
        woman: ticked(form.woman.as_deref()),
        active: ticked(form.active.as_deref()),
        row_version: form.row_version,
        ..before.clone()
    };
    match ruled(people::update(&mut tx, visit.actor(), &changed).await)? {
        Ok(()) => {
            tx.commit().await?;
            Ok(see_other(HOME, "notice-saved"))
        }
        Err(refusal) => {
            drop(tx);
            let errors = FormErrors::of_refusal(&refusal, visit.reader.lang);
            invalid(edit_page(&visit, &before, &form, errors).await?)
        }
    }
}

/// `POST /admin/accounts/{id}/password`.
pub(super) async fn issue_password(visit: Visit, Path(id): Path<String>) -> Result<Response, AppError> {
    visit.require(Permission::Administer)?;
    let password = invitation();
    let hash = visit.app.passwords.hash(password.clone()).await?;
    let mut tx = visit.app.db.begin().await?;
    let staff = find(&mut tx, parse(&id)?).await?;
    people::change_password(&mut tx, visit.actor(), staff.id, hash).await?;
    tx.commit().await?;
    password_page(&visit, staff.id, &password, "accounts-new-password").await
}

/// A page that explains what was wrong with its form.
pub(super) fn invalid(mut page: Response) -> Result<Response, AppError> {
    *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_first_password_is_strong_and_never_the_same() {
        let first = invitation();
        assert!(people::check_strength(&first).is_ok());
        assert_ne!(first, invitation());
    }
}
