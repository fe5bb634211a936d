//! Series in the studio: which clips are the steps of one errand, and in which order.

use crate::catalog::{
    self, By, MOST_STEPS, Series, SeriesDraft, SeriesProblem, Service, StudioFilter, VersionState,
};
use crate::db::{Conn, Tx};
use crate::ids::{ClipId, SeriesId, ServiceId};
use crate::people::Permission;
use crate::refusal::Refusal;
use crate::web::AppError;
use crate::web::forms::FormErrors;
use crate::web::i18n::Words;
use crate::web::layout::{StaffSection, page};
use crate::web::preferences::see_other;
use crate::web::present::digits;
use crate::web::staff::form::{Extra, Field, FormPage, Link, choices};
use crate::web::staff::table::{Cell, Deed, Row, TablePage};
use crate::web::staff::{Visit, ruled};
use axum::extract::{Form, Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;

const HOME: &str = "/studio/series";
/// Clips of a service that a step may be chosen from.
const OFFERED: i64 = 500;
/// The names of the selects, one for each step.
const STEPS: [&str; MOST_STEPS] =
    ["step_1", "step_2", "step_3", "step_4", "step_5", "step_6", "step_7", "step_8"];

/// What the form sends: names and values in the order of the page.
type Sent = Vec<(String, String)>;

/// The form as it is shown, also after a refusal.
#[derive(Default)]
struct SeriesForm {
    service: String,
    title_ar: String,
    title_en: String,
    steps: Vec<String>,
    row_version: i64,
}

impl SeriesForm {
    fn of(sent: Sent) -> Self {
        let mut form = Self::default();
        for (name, value) in sent {
            match name.as_str() {
                "service" => form.service = value,
                "title_ar" => form.title_ar = value,
                "title_en" => form.title_en = value,
                "row_version" => form.row_version = value.parse().unwrap_or_default(),
                step if STEPS.contains(&step) && !value.is_empty() => form.steps.push(value),
                _ => {}
            }
        }
        form
    }

    fn draft(&self, service_id: ServiceId) -> Result<SeriesDraft, SeriesProblem> {
        let steps: Result<Vec<ClipId>, _> = self.steps.iter().map(|step| step.parse()).collect();
        Ok(SeriesDraft {
            service_id,
            title_ar: self.title_ar.clone(),
            title_en: self.title_en.clone(),
            steps: steps.map_err(|_| SeriesProblem::UnknownClip)?,
        })
    }
}

/// `GET /studio/series`.
pub(super) async fn list(visit: Visit) -> Result<Response, AppError> {
    visit.require(Permission::ViewStudio)?;
    let t = visit.t();
    let mut read = visit.app.db.read().await?;
    let services = catalog::services(&mut read).await?;
    let mut rows = Vec::new();
    for series in catalog::all_series(&mut read).await? {
        let steps = catalog::steps_of(&mut read, series.id).await?;
        rows.push(row(&visit, &series, &services, steps.len()));
    }
    let heads = ["series-title", "upload-service", "series-steps"].map(|key| t.get(key)).to_vec();
    let mut table = TablePage::new(visit.shell(StaffSection::Studio), t.get("series-all"), heads, rows);
    table.lead = t.get("series-lead");
    table.empty = (t.get("series-none"), t.get("series-lead"));
    if visit.may(Permission::Produce) {
        table.add = Some(Link::to(format!("{HOME}/new"), t.get("series-add")));
    }
    page(&table)
}

fn row(visit: &Visit, series: &Series, services: &[Service], steps: usize) -> Row {
    let t = visit.t();
    let service = services.iter().find(|service| service.id == series.service_id);
    let open = Deed::Open { href: format!("{HOME}/{}", series.id), text: t.get("admin-edit") };
    Row {
        name: t.lang().pick(&series.title_ar, &series.title_en).to_owned(),
        cells: vec![
            Cell::Pair(series.title_ar.clone(), series.title_en.clone()),
            Cell::Text(service.map(|service| service_name(t, service)).unwrap_or_default()),
            Cell::Text(digits(t.lang(), steps)),
        ],
        deeds: if visit.may(Permission::Produce) { vec![open] } else { Vec::new() },
    }
}

fn service_name(t: Words, service: &Service) -> String {
    t.lang().pick(&service.name_ar, &service.name_en).to_owned()
}

/// The service of a new series.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct About {
    service: String,
}

/// `GET /studio/series/new`: first the service, then its clips.
pub(super) async fn new(visit: Visit, Query(about): Query<About>) -> Result<Response, AppError> {
    visit.require(Permission::Produce)?;
    let mut read = visit.app.db.read().await?;
    let Some(service) = catalog::service_by_code(&mut read, &about.service).await? else {
        let services = catalog::services(&mut read).await?;
        return choose_service(&visit, &services);
    };
    drop(read);
    let form = SeriesForm { service: service.code.clone(), ..SeriesForm::default() };
    form_page(&visit, None, &service, &form, FormErrors::none()).await
}

fn choose_service(visit: &Visit, services: &[Service]) -> Result<Response, AppError> {
    let t = visit.t();
    let active = services.iter().filter(|service| service.active);
    let offered = active.map(|service| (service.code.clone(), service_name(t, service)));
    let fields = vec![Field::select("service", t.get("upload-service"), choices(offered, ""))];
    let shell = visit.shell(StaffSection::Studio);
    let mut form = FormPage::new(shell, t.get("series-new"), format!("{HOME}/new"), fields);
    form.lead = t.get("series-lead");
    form.submit = t.get("series-go-on");
    form.back = Some(Link::to(HOME, t.get("series-all")));
    page(&form)
}

/// `POST /studio/series/new`: on to the clips of the service.
pub(super) async fn start(visit: Visit, Form(about): Form<About>) -> Result<Response, AppError> {
    visit.require(Permission::Produce)?;
    let query =
        url::form_urlencoded::Serializer::new(String::new()).append_pair("service", &about.service).finish();
    Ok(Redirect::to(&format!("{HOME}/new?{query}")).into_response())
}

/// `GET /studio/series/{id}`.
pub(super) async fn edit(visit: Visit, Path(id): Path<String>) -> Result<Response, AppError> {
    visit.require(Permission::Produce)?;
    let mut read = visit.app.db.read().await?;
    let (series, service) = find(&mut read, series_id(&id)?).await?;
    let steps = catalog::steps_of(&mut read, series.id).await?;
    drop(read);
    let form = SeriesForm {
        service: service.code.clone(),
        title_ar: series.title_ar.clone(),
        title_en: series.title_en.clone(),
        steps: steps.iter().map(ToString::to_string).collect(),
        row_version: series.row_version,
    };
    form_page(&visit, Some(&series), &service, &form, FormErrors::none()).await
}

fn series_id(text: &str) -> Result<SeriesId, AppError> {
    text.parse().map_err(|_| AppError::not_found())
}

async fn find(conn: &mut impl Conn, id: SeriesId) -> Result<(Series, Service), AppError> {
    let series = catalog::series(conn, id).await?.ok_or_else(AppError::not_found)?;
    let service = catalog::service(conn, series.service_id).await?.ok_or_else(AppError::not_found)?;
    Ok((series, service))
}

async fn form_page(
    visit: &Visit,
    series: Option<&Series>,
    service: &Service,
    form: &SeriesForm,
    errors: FormErrors,
) -> Result<Response, AppError> {
    let t = visit.t();
    let mut read = visit.app.db.read().await?;
    let offered = offered(&mut read, t, service, &form.steps).await?;
    drop(read);
    let title = Field::line("title_ar", t.get("series-title-ar"), form.title_ar.as_str());
    let mut fields = vec![
        title.hint(t.get("series-title-hint")),
        Field::line("title_en", t.get("series-title-en"), form.title_en.as_str()),
    ];
    for (place, name) in STEPS.into_iter().enumerate() {
        let chosen = form.steps.get(place).map(String::as_str).unwrap_or_default();
        let label = t.with("series-step", "n", digits(t.lang(), place + 1));
        fields.push(Field::select(name, label, choices(offered.iter().cloned(), chosen)));
    }
    fields.push(Field::kept("service", service.code.as_str()));
    fields.push(Field::kept("row_version", form.row_version.to_string()));
    let action = series.map_or_else(|| HOME.to_owned(), |series| format!("{HOME}/{}", series.id));
    let heading = format!("{}: {}", t.get("series-title"), service_name(t, service));
    let mut shown = FormPage::new(visit.shell(StaffSection::Studio), heading, action.as_str(), fields);
    shown.lead = t.get("series-lead");
    shown.back = Some(Link::to(HOME, t.get("series-all")));
    shown.errors = errors;
    if series.is_some() {
        shown.extras.push(Extra {
            title: t.get("series-dissolve"),
            lead: t.get("series-dissolve-lead"),
            action: format!("{action}/dissolution"),
            fields: Vec::new(),
            icon: "split",
            submit: t.get("series-dissolve"),
        });
    }
    page(&shown)
}

/// Nothing, the clips of the service, and those chosen already that were filed elsewhere since.
async fn offered(
    conn: &mut impl Conn,
    t: Words,
    service: &Service,
    chosen: &[String],
) -> anyhow::Result<Vec<(String, String)>> {
    let filter = StudioFilter { service: Some(service.id), ..StudioFilter::default() };
    let clips = catalog::studio_list(conn, &filter, None, OFFERED).await?;
    let mut offered = vec![(String::new(), t.get("staff-none"))];
    offered.extend(clips.into_iter().map(|clip| {
        let is_out = clip.is_public || clip.state == VersionState::Published;
        let title = if is_out {
            clip.title_ar
        } else {
            format!("{} ({})", clip.title_ar, t.get("series-not-public"))
        };
        (clip.id.to_string(), title)
    }));
    for id in chosen {
        if offered.iter().any(|(known, _)| known == id) {
            continue;
        }
        if let Ok(step) = id.parse()
            && let Some(clip) = catalog::clip(conn, step).await?
        {
            offered.push((id.clone(), clip.title_ar));
        }
    }
    Ok(offered)
}

/// `POST /studio/series`.
pub(super) async fn add(visit: Visit, Form(sent): Form<Sent>) -> Result<Response, AppError> {
    visit.require(Permission::Produce)?;
    let form = SeriesForm::of(sent);
    let mut tx = visit.app.db.begin().await?;
    let service = catalog::service_by_code(&mut tx, &form.service).await?;
    let service = service.ok_or(Refusal::from(SeriesProblem::UnknownService))?;
    let outcome = match form.draft(service.id) {
        Ok(draft) => {
            ruled(catalog::add_series(&mut tx, By::Staff(&visit.caller.staff), draft).await)?.map(|_| ())
        }
        Err(problem) => Err(problem.into()),
    };
    settle(&visit, tx, outcome, None, &service, &form).await
}

/// `POST /studio/series/{id}`.
pub(super) async fn update(
    visit: Visit,
    Path(id): Path<String>,
    Form(sent): Form<Sent>,
) -> Result<Response, AppError> {
    visit.require(Permission::Produce)?;
    let form = SeriesForm::of(sent);
    let mut tx = visit.app.db.begin().await?;
    let (series, service) = find(&mut tx, series_id(&id)?).await?;
    let by = By::Staff(&visit.caller.staff);
    let outcome = match form.draft(service.id) {
        Ok(draft) => ruled(catalog::change_series(&mut tx, by, series.id, form.row_version, draft).await)?,
        Err(problem) => Err(problem.into()),
    };
    settle(&visit, tx, outcome, Some(&series), &service, &form).await
}

/// Keeps what was saved and goes back to the list, or shows the form again with what is wrong.
async fn settle(
    visit: &Visit,
    tx: Tx,
    outcome: Result<(), Refusal>,
    series: Option<&Series>,
    service: &Service,
    form: &SeriesForm,
) -> Result<Response, AppError> {
    match outcome {
        Ok(()) => {
            tx.commit().await?;
            Ok(see_other(HOME, "notice-saved"))
        }
        Err(refusal) => {
            drop(tx);
            let errors = FormErrors::of_refusal(&refusal, visit.reader.lang);
            let mut response = form_page(visit, series, service, form, errors).await?;
            *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(response)
        }
    }
}

/// `POST /studio/series/{id}/dissolution`.
pub(super) async fn dissolve(visit: Visit, Path(id): Path<String>) -> Result<Response, AppError> {
    visit.require(Permission::Produce)?;
    let mut tx = visit.app.db.begin().await?;
    catalog::dissolve_series(&mut tx, By::Staff(&visit.caller.staff), series_id(&id)?).await?;
    tx.commit().await?;
    Ok(see_other(HOME, "notice-saved"))
}
