//! Handlers of the pages to browse: home, topics and services, search.

use super::home::{Awareness, HomePage, Promise};
use super::search::{FilterLink, SearchPage};
use super::service::ServicePage;
use super::shelf::{Counted, Front};
use super::shown::{clip_card, in_language, next_actions, service_link, sign_clip, steps, topic_tile};
use super::views::{ClipCard, Pages};
use super::visitor::Visitor;
use crate::app::App;
use crate::catalog::{self, After, CardFilter, Service};
use crate::search::{Filter, Page, Query as SearchQuery};
use crate::web::AppError;
use crate::web::i18n::Words;
use crate::web::layout::{Section, page};
use crate::web::present;
use axum::extract::{Path, Query};
use axum::response::Response;

/// Cards on one page of a list.
const PAGE: usize = 12;

/// The home page.
pub(super) async fn home(visitor: Visitor) -> Result<Response, AppError> {
    let (front, t, lang) = (&visitor.front, visitor.t(), visitor.reader.lang);
    let figures = front.transparency;
    page(&HomePage {
        shell: visitor.shell(Section::Home),
        lead: front.newest.first().and_then(|card| {
            let title = in_language(lang, &card.title_ar, &card.title_en).to_owned();
            Some((sign_clip(card)?, format!("/clips/{}", card.slug), title))
        }),
        promise: Promise {
            median_answer: figures.median_answer_ms.map(|ms| present::span(t, ms)),
            waiting: u64::try_from(figures.waiting).unwrap_or(0),
        },
        topics: front.topics.iter().map(|shown| topic_tile(lang, shown)).collect(),
        newest: front.newest.iter().map(|card| clip_card(t, card, None)).collect(),
        aware: front.aware.iter().map(|card| clip_card(t, card, None)).collect(),
        awareness: front.awareness.as_ref().map(|card| Awareness {
            href: format!("/clips/{}", card.slug),
            title: in_language(lang, &card.title_ar, &card.title_en).to_owned(),
            text: card.summary_ar.clone(),
            poster: card.poster.clone().unwrap_or_default(),
        }),
        t,
    })
}

/// Where a list goes on.
#[derive(serde::Deserialize)]
pub(super) struct Place {
    after: Option<String>,
}

/// A topic's or a service's page.
pub(super) async fn service(
    visitor: Visitor,
    Path(code): Path<String>,
    Query(place): Query<Place>,
) -> Result<Response, AppError> {
    let (app, front) = (&visitor.app, &visitor.front);
    let (t, lang) = (visitor.t(), visitor.reader.lang);
    if let Some(shown) = front.topics.iter().find(|shown| shown.topic.code == code) {
        let filter = CardFilter { topic: Some(code.clone()), ..CardFilter::default() };
        let (clips, pages) = list(app, t, &code, &filter, place).await?;
        let inside = front.services.iter().filter(|one| one.service.topic == code);
        return page(&ServicePage {
            shell: visitor.shell(Section::Answers),
            title: in_language(lang, shown.topic.name_ar, shown.topic.name_en).to_owned(),
            icon: shown.topic.icon,
            sign: shown.sign.clone(),
            topic: None,
            services: inside.map(|one| service_link(lang, one)).collect(),
            keep: None,
            actions: Vec::new(),
            series: Vec::new(),
            clips,
            pages,
            t,
        });
    }
    let found = front.services.iter().find(|one| one.service.code == code);
    let Counted { service, sign, .. } = found.ok_or_else(AppError::not_found)?;
    let mut read = app.db.read().await?;
    let series = match place.after {
        None => catalog::series_of_service(&mut read, service.id).await?,
        Some(_) => Vec::new(),
    };
    let actions = next_actions(&mut read, t, service).await?;
    drop(read);
    let filter = CardFilter { service: Some(service.id), without_steps: true, ..CardFilter::default() };
    let (clips, pages) = list(app, t, &code, &filter, place).await?;
    page(&ServicePage {
        shell: visitor.shell(Section::Answers),
        title: in_language(lang, &service.name_ar, &service.name_en).to_owned(),
        icon: topic_of(service).map_or("grid", |topic| topic.icon),
        sign: sign.clone(),
        topic: topic_of(service).map(|topic| {
            (format!("/services/{}", topic.code), in_language(lang, topic.name_ar, topic.name_en).to_owned())
        }),
        services: Vec::new(),
        keep: Some(format!("/services/{code}")),
        actions,
        series: series.iter().map(|one| steps(t, one, None)).collect(),
        clips,
        pages,
        t,
    })
}

fn topic_of(service: &Service) -> Option<catalog::Topic> {
    catalog::topic_by_code(&service.topic)
}

async fn list(
    app: &App,
    t: Words,
    code: &str,
    filter: &CardFilter,
    place: Place,
) -> Result<(Vec<ClipCard>, Pages), AppError> {
    let after = place.after.as_deref().map(str::parse::<After>).transpose()?;
    let mut read = app.db.read().await?;
    let limit = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let mut cards = catalog::newest_cards(&mut read, filter, after, limit).await?;
    let more = cards.len() > PAGE;
    cards.truncate(PAGE);
    let last = cards.last().filter(|_| more).map(|card| After { at: card.published_at, id: card.id });
    let pages = Pages {
        previous: after.map(|_| format!("/services/{code}")).unwrap_or_default(),
        next: last.map(|last| format!("/services/{code}?after={last}")).unwrap_or_default(),
    };
    Ok((cards.iter().map(|card| clip_card(t, card, None)).collect(), pages))
}

/// What the search form sends.
#[derive(serde::Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    service: String,
    #[serde(default)]
    after: String,
}

/// The search page. The query is never logged or stored: it may hold personal data.
pub(super) async fn search(visitor: Visitor, Query(asked): Query<Asked>) -> Result<Response, AppError> {
    let (front, t, lang) = (&visitor.front, visitor.t(), visitor.reader.lang);
    let (found, hits, services) = find(&visitor.app, t, &asked).await?;
    let topics = front.topics.iter().map(|shown| topic_tile(lang, shown)).collect();
    page(&SearchPage {
        shell: visitor.shell(Section::Answers),
        filters: if hits.is_empty() { Vec::new() } else { filters(t, &asked, front, &services) },
        total: u64::try_from(found.total).unwrap_or(0),
        pages: Pages {
            previous: if asked.after.is_empty() {
                String::new()
            } else {
                address(&asked, &asked.service, "")
            },
            next: found
                .next
                .map(|next| address(&asked, &asked.service, &next.to_string()))
                .unwrap_or_default(),
        },
        hits,
        topics,
        query: asked.q,
        t,
    })
}

async fn find(app: &App, t: Words, asked: &Asked) -> Result<(Page, Vec<ClipCard>, Vec<String>), AppError> {
    let query = SearchQuery {
        text: asked.q.clone(),
        expansions: app.matcher.wordings(&asked.q),
        filter: Filter {
            service: Some(asked.service.clone()).filter(|service| !service.is_empty()),
            ..Filter::default()
        },
        limit: PAGE,
        // A place that we did not make begins the list anew.
        after: asked.after.parse().ok(),
    };
    let matcher = app.matcher.clone();
    let found = tokio::task::spawn_blocking(move || matcher.search(&query)).await??;
    let ids: Vec<_> = found.hits.iter().filter_map(|hit| hit.clip_id.parse().ok()).collect();
    let mut read = app.db.read().await?;
    let cards = catalog::cards(&mut read, &ids).await?;
    let cue_of = |id: &str| found.hits.iter().find(|hit| hit.clip_id == id).and_then(|hit| hit.cue.as_ref());
    let hits = cards.iter().map(|card| clip_card(t, card, cue_of(&card.id.to_string()))).collect();
    let services = cards.iter().map(|card| card.service_code.clone()).collect();
    Ok((found, hits, services))
}

/// "All", and the services of the hits shown.
fn filters(t: Words, asked: &Asked, front: &Front, services: &[String]) -> Vec<FilterLink> {
    let mut links = vec![FilterLink {
        href: address(asked, "", ""),
        label: t.get("search-all"),
        current: asked.service.is_empty(),
    }];
    for Counted { service, .. } in &front.services {
        let current = service.code == asked.service;
        if current || services.contains(&service.code) {
            let label = in_language(t.lang(), &service.name_ar, &service.name_en).to_owned();
            links.push(FilterLink { href: address(asked, &service.code, ""), label, current });
        }
    }
    links
}

fn address(asked: &Asked, service: &str, after: &str) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("q", &asked.q);
    for (name, value) in [("service", service), ("after", after)] {
        if !value.is_empty() {
            query.append_pair(name, value);
        }
    }
    format!("/search?{}", query.finish())
}
