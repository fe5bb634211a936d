//! What comes after the answers of a service, in its form.

use super::accounts::{invalid, parse};
use super::services::{self, HOME};
use crate::catalog::{self, MOST_LINKS, NextLink, NextLinkProblem, NextStep, Service};
use crate::people::Permission;
use crate::refusal::Refusal;
use crate::web::AppError;
use crate::web::forms::FormErrors;
use crate::web::i18n::Words;
use crate::web::preferences::see_other;
use crate::web::present::digits;
use crate::web::staff::form::{Extra, Field, choices};
use crate::web::staff::{Visit, ruled};
use axum::extract::{Form, Path};
use axum::response::Response;
use serde::Deserialize;

const NAMES: [(&str, &str); MOST_LINKS] = [("next_1", "url_1"), ("next_2", "url_2"), ("next_3", "url_3")];

/// What the form sends: three kinds, each with an address that may be empty.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct LinksForm {
    next_1: String,
    url_1: String,
    next_2: String,
    url_2: String,
    next_3: String,
    url_3: String,
}

impl LinksForm {
    /// What staff chose before.
    pub(super) fn of(links: &[NextLink]) -> Self {
        let kind = |n: usize| links.get(n).map(|link| link.step.as_str().to_owned()).unwrap_or_default();
        let url = |n: usize| links.get(n).and_then(|link| link.url.clone()).unwrap_or_default();
        Self {
            next_1: kind(0),
            url_1: url(0),
            next_2: kind(1),
            url_2: url(1),
            next_3: kind(2),
            url_3: url(2),
        }
    }

    fn rows(&self) -> [(&str, &str); MOST_LINKS] {
        [(&self.next_1, &self.url_1), (&self.next_2, &self.url_2), (&self.next_3, &self.url_3)]
    }

    /// The chosen ways on; a refusal names the field.
    fn links(&self) -> Result<Vec<NextLink>, Refusal> {
        let mut links = Vec::new();
        for ((kind, url), (kind_name, url_name)) in self.rows().into_iter().zip(NAMES) {
            if kind.is_empty() && url.trim().is_empty() {
                continue;
            }
            let link = NextLink::read(kind, url).map_err(|problem| {
                let field = if problem == NextLinkProblem::BadAddress { url_name } else { kind_name };
                Refusal { field: Some(field), ..problem.into() }
            })?;
            links.push(link);
        }
        Ok(links)
    }
}

/// The form below the service's own.
pub(super) fn extra(t: Words, service: &Service, form: &LinksForm) -> Extra {
    let none = (String::new(), t.get("staff-none"));
    let named = NextStep::ALL.map(|step| (step.as_str().to_owned(), t.get(key_of(step))));
    let offered: Vec<(String, String)> = std::iter::once(none).chain(named).collect();
    let mut fields = Vec::new();
    for (n, ((kind, url), (kind_name, url_name))) in (1..).zip(form.rows().into_iter().zip(NAMES)) {
        let label = t.with("services-next-n", "n", digits(t.lang(), n));
        fields.push(Field::select(kind_name, label, choices(offered.iter().cloned(), kind)));
        let address = Field::typed("url", url_name, t.get("services-next-url"), url, "off");
        fields.push(address.hint(t.get("services-next-url-hint")));
    }
    Extra {
        title: t.get("services-next"),
        lead: t.get("services-next-lead"),
        action: format!("{HOME}/{}/links", service.id),
        fields,
        icon: "check",
        submit: t.get("staff-save"),
    }
}

fn key_of(step: NextStep) -> &'static str {
    match step {
        NextStep::Absher => "next-absher",
        NextStep::Appointment => "next-appointment",
        NextStep::OfficeFinder => "next-office",
        NextStep::Taqdeer => "next-taqdeer",
        NextStep::Tahseen => "next-tahseen",
        NextStep::Ashsher => "next-ashsher",
    }
}

/// `POST /admin/services/{id}/links`.
pub(super) async fn save(
    visit: Visit,
    Path(id): Path<String>,
    Form(form): Form<LinksForm>,
) -> Result<Response, AppError> {
    visit.require(Permission::Administer)?;
    let mut tx = visit.app.db.begin().await?;
    let service = catalog::service(&mut tx, parse(&id)?).await?.ok_or_else(AppError::not_found)?;
    let outcome = match form.links() {
        Ok(links) => ruled(catalog::set_next_links(&mut tx, visit.actor(), service.id, &links).await)?,
        Err(refusal) => Err(refusal),
    };
    match outcome {
        Ok(()) => {
            tx.commit().await?;
            Ok(see_other(HOME, "notice-saved"))
        }
        Err(refusal) => {
            drop(tx);
            let errors = FormErrors::of_refusal(&refusal, visit.reader.lang);
            invalid(services::page_of(&visit, &service, &form, errors).await?)
        }
    }
}
