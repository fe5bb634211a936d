//! Turns rows of the catalogue into what the public pages print.

use super::shelf::{Counted, Shown};
use super::views::{
    ClipCard, MatchedLine, NextAction, ServiceLink, Steps, TilePlays, TopicTile, line_pieces,
};
use crate::catalog::{self, Card, Found, NextLink, NextStep, PublicClip, PublicSeries, Service};
use crate::db::Conn;
use crate::ids::ClipId;
use crate::search::CueHit;
use crate::web::AppError;
use crate::web::i18n::{Lang, Words};
use crate::web::layout::SignClip;
use crate::web::player::seconds;
use crate::web::present;

/// The Arabic or the English text; Arabic where there is no English.
pub(super) fn in_language<'a>(lang: Lang, ar: &'a str, en: &'a str) -> &'a str {
    match lang {
        Lang::En if !en.is_empty() => en,
        Lang::En | Lang::Ar => ar,
    }
}

/// The published clip at an address; for anything else there is no such page.
pub(super) async fn published(conn: &mut impl Conn, slug: &str) -> Result<PublicClip, AppError> {
    match catalog::public_clip(conn, slug).await? {
        Found::Shown(shown) => Ok(*shown),
        Found::Replaced { .. } | Found::Gone | Found::Nothing => Err(AppError::not_found()),
    }
}

/// The published clip at an address, or else the one that took its place: what other sites and printed cards point to
/// stays alive.
pub(super) async fn current(conn: &mut impl Conn, slug: &str) -> Result<PublicClip, AppError> {
    match catalog::public_clip(conn, slug).await? {
        Found::Replaced { slug, .. } => published(conn, &slug).await,
        Found::Shown(shown) => Ok(*shown),
        Found::Gone | Found::Nothing => Err(AppError::not_found()),
    }
}

/// A card; with a matched caption it opens at that moment.
pub(super) fn clip_card(t: Words, card: &Card, matched: Option<&CueHit>) -> ClipCard {
    let lang = t.lang();
    let moment = matched.map(|hit| i64::from(hit.cue.start_ms));
    let at = moment.map(|ms| format!("?t={}", seconds(ms))).unwrap_or_default();
    ClipCard {
        href: format!("/clips/{}{at}", card.slug),
        title: in_language(lang, &card.title_ar, &card.title_en).to_owned(),
        poster: card.poster.clone().unwrap_or_default(),
        length: card.duration_ms.map(|ms| present::duration(lang, ms)).unwrap_or_default(),
        service: in_language(lang, &card.service_ar, &card.service_en).to_owned(),
        published: Some(present::date(t, card.published_at)),
        moments: (card.published_at.0, card.first_published_at.0),
        matched: matched.map(|hit| matched_line(lang, hit)),
        sign: sign_clip(card),
    }
}

fn matched_line(lang: Lang, hit: &CueHit) -> MatchedLine {
    let place = |letters: u32| usize::try_from(letters).unwrap_or(usize::MAX);
    let marks: Vec<_> = hit.highlights.iter().map(|mark| (place(mark[0]), place(mark[1]))).collect();
    MatchedLine {
        pieces: line_pieces(&hit.cue.text, &marks),
        starts_at: present::duration(lang, i64::from(hit.cue.start_ms)),
    }
}

/// A topic's tile.
pub(super) fn topic_tile(lang: Lang, shown: &Shown) -> TopicTile {
    TopicTile {
        href: format!("/services/{}", shown.topic.code),
        name: in_language(lang, shown.topic.name_ar, shown.topic.name_en).to_owned(),
        icon: shown.topic.icon,
        answers: shown.answers,
        plays: plays(lang, shown),
    }
}

/// The name in sign; an answer in its place is called an answer, for who reads little must not take it for the name.
fn plays(lang: Lang, shown: &Shown) -> Option<TilePlays> {
    if let Some(sign) = &shown.sign {
        return Some(TilePlays::Name(sign.clone()));
    }
    let newest = shown.newest.as_ref()?;
    let title = in_language(lang, &newest.title_ar, &newest.title_en).to_owned();
    Some(TilePlays::NewestAnswer(sign_clip(newest)?, title))
}

/// The few seconds of a clip that play on a tile.
pub(super) fn sign_clip(card: &Card) -> Option<SignClip> {
    Some(SignClip {
        video: card.preview.clone()?,
        poster: card.poster.clone()?,
        language: card.sign_language.clone(),
    })
}

/// A service inside its topic.
pub(super) fn service_link(lang: Lang, counted: &Counted) -> ServiceLink {
    let service = &counted.service;
    ServiceLink {
        href: format!("/services/{}", service.code),
        name: in_language(lang, &service.name_ar, &service.name_en).to_owned(),
        answers: counted.answers,
        sign: counted.sign.clone(),
    }
}

/// What comes after the answers of a service, with words and pictures.
pub(super) async fn next_actions(
    conn: &mut impl Conn,
    t: Words,
    service: &Service,
) -> sqlx::Result<Vec<NextAction>> {
    let links = catalog::next_links(conn, service).await?;
    let action = |link: NextLink| {
        let (icon, key) = next_words(link.step);
        NextAction { href: link.href().to_owned(), icon, label: t.get(key) }
    };
    Ok(links.into_iter().map(action).collect())
}

fn next_words(step: NextStep) -> (&'static str, &'static str) {
    match step {
        NextStep::Absher => ("phone", "next-absher"),
        NextStep::Appointment => ("calendar", "next-appointment"),
        NextStep::OfficeFinder => ("building", "next-office"),
        NextStep::Taqdeer => ("home-care", "next-taqdeer"),
        NextStep::Tahseen => ("chat", "next-tahseen"),
        NextStep::Ashsher => ("hand", "next-ashsher"),
    }
}

/// A series; `here` is the clip whose page it stands on.
pub(super) fn steps(t: Words, found: &PublicSeries, here: Option<ClipId>) -> Steps {
    let title = in_language(t.lang(), &found.series.title_ar, &found.series.title_en);
    Steps {
        title: title.to_owned(),
        steps: found.steps.iter().map(|card| clip_card(t, card, None)).collect(),
        here: here.and_then(|here| found.steps.iter().position(|card| card.id == here)),
    }
}
