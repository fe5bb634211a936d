//! Signers: who appears in the clips, and their consent to be seen.

use super::accounts::{invalid, parse};
use super::tabs;
use crate::catalog::{self, Consent, NewSigner, SIGNER_ROLES, Signer};
use crate::clock::Millis;
use crate::people::Permission;
use crate::web::AppError;
use crate::web::forms::FormErrors;
use crate::web::i18n::Words;
use crate::web::layout::{StaffSection, page};
use crate::web::preferences::see_other;
use crate::web::present::date;
use crate::web::staff::form::{Extra, Field, FormPage, Link, choices, ticked};
use crate::web::staff::table::{Cell, Chip, Deed, Row, TablePage};
use crate::web::staff::{Visit, ruled};
use axum::extract::{Form, Path};
use axum::response::Response;
use serde::Deserialize;
use time::macros::format_description;

const HOME: &str = "/admin/signers";
/// Riyadh is three hours ahead of UTC all year.
const RIYADH: time::UtcOffset = time::macros::offset!(+3);

/// What the signer form sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SignerForm {
    display_name: String,
    role: String,
    sign_language: String,
    consent_from: String,
    consent_until: String,
    active: Option<String>,
    row_version: i64,
}

/// The day of a moment in Riyadh, for a date field.
fn day_field(at: Option<Millis>) -> String {
    let Some(at) = at else { return String::new() };
    let moment = time::OffsetDateTime::from_unix_timestamp(at.0.div_euclid(1_000));
    let local = moment.unwrap_or(time::OffsetDateTime::UNIX_EPOCH).to_offset(RIYADH);
    local.format(format_description!("[year]-[month]-[day]")).unwrap_or_default()
}

/// The first moment of the day of a date field in Riyadh; an empty field is no day, `Err` one that cannot be read.
fn read_day(text: &str) -> Result<Option<Millis>, ()> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let day = time::Date::parse(text.trim(), format_description!("[year]-[month]-[day]")).map_err(|_| ())?;
    Ok(Some(Millis(day.midnight().assume_offset(RIYADH).unix_timestamp() * 1_000)))
}

fn role_key(role: &str) -> &'static str {
    if role == "deaf_presenter" { "signers-deaf-presenter" } else { "signers-interpreter" }
}

fn language_key(tag: &str) -> &'static str {
    match tag {
        "jos" => "language-jos",
        "ase" => "language-ase",
        _ => "language-sdl",
    }
}

/// `GET /admin/signers`.
pub(super) async fn list(visit: Visit) -> Result<Response, AppError> {
    visit.require(Permission::Administer)?;
    let t = visit.t();
    let now = visit.app.clock.now();
    let mut read = visit.app.db.read().await?;
    let rows = catalog::signers(&mut read).await?.iter().map(|one| row(t, one, now)).collect();
    let heads = ["signers-name", "signers-role", "signers-language", "signers-consent", "staff-state"];
    let heads = heads.map(|key| t.get(key)).to_vec();
    let mut table = TablePage::new(visit.shell(StaffSection::Admin), t.get("signers-title"), heads, rows);
    table.lead = t.get("signers-lead");
    table.tabs = tabs(t, HOME);
    table.add = Some(Link::to(format!("{HOME}/new"), t.get("signers-add")));
    table.empty = (t.get("signers-empty"), t.get("signers-empty-lead"));
    page(&table)
}

fn row(t: Words, signer: &Signer, now: Millis) -> Row {
    Row {
        name: signer.display_name.clone(),
        cells: vec![
            Cell::Text(signer.display_name.clone()),
            Cell::Text(t.get(role_key(&signer.role))),
            Cell::Text(t.get(language_key(&signer.sign_language))),
            Cell::Chip(consent_chip(t, signer, now)),
            Cell::Chip(Chip::active(t, signer.active)),
        ],
        deeds: vec![Deed::Open { href: format!("{HOME}/{}", signer.id), text: t.get("admin-edit") }],
    }
}

fn consent_chip(t: Words, signer: &Signer, now: Millis) -> Chip {
    match (signer.consent(now), signer.consent_until) {
        (Consent::Valid, None) => Chip::new("ok", "check", t.get("signers-valid")),
        (Consent::Valid, Some(until)) => {
            Chip::new("ok", "check", t.with("signers-valid-until", "date", date(t, until).both()))
        }
        (Consent::Missing, _) => Chip::new("warn", "warning", t.get("signers-missing")),
        (Consent::Expired, _) => Chip::new("bad", "clock", t.get("signers-expired")),
        (Consent::Withdrawn, _) => Chip::new("bad", "close", t.get("signers-withdrawn")),
    }
}

/// `GET /admin/signers/new`.
pub(super) async fn new(visit: Visit) -> Result<Response, AppError> {
    visit.require(Permission::Administer)?;
    let today = day_field(Some(visit.app.clock.now()));
    form_page(&visit, None, &SignerForm { consent_from: today, ..SignerForm::default() }, FormErrors::none())
}

fn form_page(
    visit: &Visit,
    signer: Option<&Signer>,
    form: &SignerForm,
    errors: FormErrors,
) -> Result<Response, AppError> {
    let t = visit.t();
    let mut fields = fields(t, form);
    let (title, action) = match signer {
        Some(signer) => {
            fields.push(Field::check("active", t.get("signers-active"), ticked(form.active.as_deref())));
            fields.push(Field::kept("row_version", form.row_version.to_string()));
            let title = format!("{}: {}", t.get("signers-edit"), signer.display_name);
            (title, format!("{HOME}/{}", signer.id))
        }
        None => (t.get("signers-new"), HOME.to_owned()),
    };
    let mut form = FormPage::new(visit.shell(StaffSection::Admin), title, action.clone(), fields);
    form.back = Some(Link::to(HOME, t.get("signers-back")));
    form.errors = errors;
    if signer.is_some_and(|signer| signer.consent_withdrawn_at.is_none()) {
        form.extras = vec![Extra {
            title: t.get("signers-withdraw"),
            lead: t.get("signers-withdraw-lead"),
            action: format!("{action}/withdrawal"),
            fields: vec![Field::check("confirm", t.get("signers-withdraw-confirm"), false)],
            icon: "close",
            submit: t.get("signers-withdraw"),
        }];
    }
    page(&form)
}

fn fields(t: Words, form: &SignerForm) -> Vec<Field> {
    let roles = SIGNER_ROLES.map(|role| (role.to_owned(), t.get(role_key(role))));
    let languages = ["sdl", "jos", "ase"].map(|tag| (tag.to_owned(), t.get(language_key(tag))));
    let day = |name, key, value: &str| Field::typed("date", name, t.get(key), value, "off");
    vec![
        Field::line("display_name", t.get("signers-name"), form.display_name.as_str()),
        Field::select("role", t.get("signers-role"), choices(roles, &form.role)),
        Field::select("sign_language", t.get("signers-language"), choices(languages, &form.sign_language)),
        day("consent_from", "signers-consent-from", &form.consent_from),
        day("consent_until", "signers-consent-until", &form.consent_until)
            .hint(t.get("signers-consent-until-hint")),
    ]
}

/// The two days of the form, or what is wrong with them.
fn period(visit: &Visit, form: &SignerForm) -> Result<[Option<Millis>; 2], FormErrors> {
    let mut errors = FormErrors::none();
    let from = read_day(&form.consent_from);
    let until = read_day(&form.consent_until);
    for (name, day) in [("consent_from", &from), ("consent_until", &until)] {
        if day.is_err() {
            errors.add(name, visit.t().get("upload-bad-field"));
        }
    }
    match (from, until) {
        (Ok(from), Ok(until)) => Ok([from, until]),
        _ => Err(errors),
    }
}

/// `POST /admin/signers`.
pub(super) async fn add(visit: Visit, Form(form): Form<SignerForm>) -> Result<Response, AppError> {
    visit.require(Permission::Administer)?;
    let [consent_from, consent_until] = match period(&visit, &form) {
        Ok(days) => days,
        Err(errors) => return invalid(form_page(&visit, None, &form, errors)?),
    };
    let new = NewSigner {
        display_name: form.display_name.clone(),
        role: form.role.clone(),
        sign_language: form.sign_language.clone(),
        consent_from,
        consent_until,
    };
    let mut tx = visit.app.db.begin().await?;
    match ruled(catalog::add_signer(&mut tx, visit.actor(), new).await)? {
        Ok(_) => {
            tx.commit().await?;
            Ok(see_other(HOME, "notice-saved"))
        }
        Err(refusal) => {
            invalid(form_page(&visit, None, &form, FormErrors::of_refusal(&refusal, visit.reader.lang))?)
        }
    }
}

fn form_of(signer: &Signer) -> SignerForm {
    SignerForm {
        display_name: signer.display_name.clone(),
        role: signer.role.clone(),
        sign_language: signer.sign_language.clone(),
        consent_from: day_field(signer.consent_from),
        consent_until: day_field(signer.consent_until),
        active: signer.active.then(|| "yes".to_owned()),
        row_version: signer.row_version,
    }
}

/// `GET /admin/signers/{id}`.
pub(super) async fn edit(visit: Visit, Path(id): Path<String>) -> Result<Response, AppError> {
    visit.require(Permission::Administer)?;
    let mut read = visit.app.db.read().await?;
    let one = catalog::signer(&mut read, parse(&id)?).await?.ok_or_else(AppError::not_found)?;
    form_page(&visit, Some(&one), &form_of(&one), FormErrors::none())
}

/// `POST /admin/signers/{id}`.
pub(super) async fn update(
    visit: Visit,
    Path(id): Path<String>,
    Form(form): Form<SignerForm>,
) -> Result<Response, AppError> {
    visit.require(Permission::Administer)?;
    let mut tx = visit.app.db.begin().await?;
    let before = catalog::signer(&mut tx, parse(&id)?).await?.ok_or_else(AppError::not_found)?;
    let [consent_from, consent_until] = match period(&visit, &form) {
        Ok(days) => days,
        Err(errors) => return invalid(form_page(&visit, Some(&before), &form, errors)?),
    };
    let changed = Signer {
        display_name: form.display_name.clone(),
        role: form.role.clone(),
        sign_language: form.sign_language.clone(),
        consent_from,
        consent_until,
        active: ticked(form.active.as_deref()),
        row_version: form.row_version,
        ..before.clone()
    };
    match ruled(catalog::update_signer(&mut tx, visit.actor(), &changed).await)? {
        Ok(_) => {
            tx.commit().await?;
            Ok(see_other(HOME, "notice-saved"))
        }
        Err(refusal) => {
            let errors = FormErrors::of_refusal(&refusal, visit.reader.lang);
            invalid(form_page(&visit, Some(&before), &form, errors)?)
        }
    }
}

/// What the withdrawal form sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct WithdrawalForm {
    confirm: Option<String>,
}

/// `POST /admin/signers/{id}/withdrawal`: consent is taken back, and every clip of the person with it.
pub(super) async fn withdraw(
    visit: Visit,
    Path(id): Path<String>,
    Form(form): Form<WithdrawalForm>,
) -> Result<Response, AppError> {
    visit.require(Permission::Administer)?;
    let mut tx = visit.app.db.begin().await?;
    let before = catalog::signer(&mut tx, parse(&id)?).await?.ok_or_else(AppError::not_found)?;
    if !ticked(form.confirm.as_deref()) {
        let mut errors = FormErrors::none();
        errors.add("confirm", visit.t().get("signers-confirm-needed"));
        return invalid(form_page(&visit, Some(&before), &form_of(&before), errors)?);
    }
    let withdrawn = Signer { consent_withdrawn_at: Some(visit.app.clock.now()), ..before.clone() };
    match ruled(catalog::update_signer(&mut tx, visit.actor(), &withdrawn).await)? {
        Ok(_) => {
            tx.commit().await?;
            Ok(see_other(HOME, "notice-signers-withdraw-done"))
        }
        Err(refusal) => {
            let errors = FormErrors::of_refusal(&refusal, visit.reader.lang);
            invalid(form_page(&visit, Some(&before), &form_of(&before), errors)?)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_in_riyadh() {
        let day = read_day("2026-11-22").unwrap().unwrap();
        assert_eq!(day.rfc3339(), "2026-11-21T21:00:00Z");
        assert_eq!(day_field(Some(day)), "2026-11-22");
        assert_eq!(read_day(""), Ok(None));
        assert_eq!(read_day("22/11"), Err(()));
    }
}
