//! Handlers of a clip's page, its captions as a file, and "did you understand?".

use super::clip::{Approval, ClipFacts, ClipPage, News};
use super::gone::gone;
use super::outside::outside;
use super::shown::{clip_card, in_language, next_actions, published, steps};
use super::visitor::Visitor;
use crate::app::App;
use crate::catalog::{
    self, CardFilter, Clip, Found, Glossary, PublicClip, Rendition, Run, Track, VersionState,
};
use crate::clock::Millis;
use crate::db::Read;
use crate::web::AppError;
use crate::web::client::Client;
use crate::web::i18n::Words;
use crate::web::layout::{Section, Shell, page};
use crate::web::player::{CuePiece, Player, PlayerCue, PlayerPicture, PlayerRendition, SignedTerm, Sound};
use crate::web::preferences::see_other;
use crate::web::present;
use crate::web::rate::Rates;
use axum::extract::{Extension, Form, Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use std::sync::Arc;

/// Other answers of the same service.
const RELATED: i64 = 4;

/// At which moment the clip opens.
#[derive(serde::Deserialize)]
pub(super) struct Moment {
    /// Seconds; anything that is no number opens at the beginning.
    t: Option<String>,
    /// The reader followed the link of an answer that this one replaced.
    replaces: Option<String>,
}

impl Moment {
    fn start_ms(&self, length_ms: i64) -> Option<i64> {
        let seconds: f64 = self.t.as_deref()?.parse().ok()?;
        let ms = (seconds * 1000.0).round();
        (ms.is_finite() && ms > 0.0 && ms < length_ms as f64).then_some(ms as i64)
    }
}

/// A clip's page; what took its place, when it is gone.
pub(super) async fn clip(
    visitor: Visitor,
    Path(slug): Path<String>,
    Query(moment): Query<Moment>,
) -> Result<Response, AppError> {
    let app = &visitor.app;
    let mut read = app.db.read().await?;
    let shown = match catalog::public_clip(&mut read, &slug).await? {
        Found::Shown(shown) => *shown,
        Found::Replaced { slug, .. } => {
            return Ok(Redirect::permanent(&format!("/clips/{slug}?replaces=1")).into_response());
        }
        Found::Gone => {
            drop(read);
            return gone(&visitor, &slug).await;
        }
        Found::Nothing => return Err(AppError::not_found()),
    };
    let (t, lang) = (visitor.t(), visitor.reader.lang);
    let start_ms = moment.start_ms(shown.version.media.duration_ms.unwrap_or(0));
    let related = related(&mut read, &shown).await?;
    let series = catalog::series_of_clip(&mut read, shown.clip.id).await?;
    let service_name = in_language(lang, &shown.service.name_ar, &shown.service.name_en).to_owned();
    let mut player = player(t, &shown, start_ms);
    link_terms(t, &visitor.front.glossary, &shown.clip.slug, &mut player.cues);
    page(&ClipPage {
        shell: Shell { sample: shown.clip.sample, ..visitor.shell(Section::Answers) },
        title: in_language(lang, &shown.clip.title_ar, &shown.clip.title_en).to_owned(),
        slug: shown.clip.slug.clone(),
        outside: outside(app, t, &shown, &player),
        player,
        service: Some((format!("/services/{}", shown.service.code), service_name)),
        sentences: catalog::sentences(&shown.clip.summary_ar),
        series: series.map(|found| steps(t, &found, Some(shown.clip.id))),
        actions: next_actions(&mut read, t, &shown.service).await?,
        news: news(t, &shown, moment.replaces.is_some()),
        facts: facts(&mut read, t, &shown).await?,
        related: related.iter().map(|card| clip_card(t, card, None)).collect(),
        card_poster: picture_url(&shown, "poster_small"),
        download: shown
            .renditions
            .last()
            .filter(|_| shown.clip.may_download)
            .map(|largest| (url(largest), present::file_size(t, unsigned(largest.bytes)))),
        t,
    })
}

/// Cuts the lines of a transcript at the terms that have a sign of their own.
fn link_terms(t: Words, glossary: &Glossary, own: &str, cues: &mut [PlayerCue]) {
    for cue in cues {
        let runs = glossary.mark(&cue.text, own);
        if runs.iter().any(|run| matches!(run, Run::Term(..))) {
            cue.pieces = runs.into_iter().map(|run| cue_piece(t, run)).collect();
        }
    }
}

fn cue_piece(t: Words, run: Run<'_>) -> CuePiece {
    match run {
        Run::Words(words) => CuePiece::Words(words),
        Run::Term(words, term) => CuePiece::Term(SignedTerm {
            words,
            name: in_language(t.lang(), &term.title_ar, &term.title_en).to_owned(),
            href: format!("/clips/{}", term.slug),
            video: term.video.clone(),
            sign_language: term.sign_language.clone(),
        }),
    }
}

/// What a reader must know before believing an answer that was changed or is being checked.
fn news(t: Words, shown: &PublicClip, replaces: bool) -> Vec<News> {
    let mut news = Vec::new();
    if replaces {
        news.push(News { title: t.get("news-replaces"), text: t.get("news-replaces-text") });
    }
    if shown.version.state == VersionState::NeedsReview {
        news.push(News { title: t.get("news-review"), text: t.get("news-review-text") });
    }
    let first = shown.clip.first_published_at;
    if let (Some(first), Some(now)) = (first, shown.version.published_at)
        && now > first
    {
        let day = present::date(t, now);
        news.push(News { title: t.get("news-changed"), text: t.with("news-changed-on", "date", day.both()) });
    }
    news
}

async fn related(read: &mut Read, shown: &PublicClip) -> sqlx::Result<Vec<catalog::Card>> {
    let filter = CardFilter { service: Some(shown.service.id), ..CardFilter::default() };
    let mut cards = catalog::newest_cards(read, &filter, None, RELATED + 1).await?;
    cards.retain(|card| card.id != shown.clip.id);
    cards.truncate(usize::try_from(RELATED).unwrap_or_default());
    Ok(cards)
}

async fn facts(read: &mut Read, t: Words, shown: &PublicClip) -> sqlx::Result<ClipFacts> {
    let lang = t.lang();
    let decisions = catalog::current_approvals(read, shown.version.id).await?;
    let waived = decisions.iter().any(|approval| approval.decision == "waived");
    let date = |moment: Option<Millis>| moment.map(|moment| present::date(t, moment));
    Ok(ClipFacts {
        fees: shown.clip.fees_ar.clone(),
        deadline: shown.clip.deadline_ar.clone(),
        as_of: date(shown.version.published_at)
            .map(|day| t.with("fact-as-of", "date", day.both()))
            .unwrap_or_default(),
        signer: shown.signer.as_ref().map(|signer| signer.display_name.clone()).unwrap_or_default(),
        owner: in_language(lang, &shown.department.name_ar, &shown.department.name_en).to_owned(),
        published: date(shown.version.published_at),
        review_by: date(shown.clip.review_by),
        sign_language: sign_language(t, &shown.clip.sign_language),
        approval: if waived { Approval::Waived } else { Approval::Reviewed },
    })
}

/// The languages that the house signs in by name; others by their tag.
fn sign_language(t: Words, tag: &str) -> String {
    match tag {
        "sdl" => t.get("sign-language-sdl"),
        "ase" => t.get("sign-language-ase"),
        "jos" => t.get("sign-language-jos"),
        other => other.to_owned(),
    }
}

fn url(rendition: &Rendition) -> String {
    catalog::media_url(rendition.storage_key)
}

fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

fn picture_url(shown: &PublicClip, role: &str) -> String {
    catalog::picture_of(&shown.pictures, role).map(catalog::Picture::url).unwrap_or_default()
}

fn arabic(shown: &PublicClip) -> Option<&Track> {
    shown.tracks.iter().find(|track| track.lang == "ar")
}

/// The player of a published clip.
pub(super) fn player(t: Words, shown: &PublicClip, start_ms: Option<i64>) -> Player {
    let media = &shown.version.media;
    let picture = |role: &str, n: i64| shown.pictures.iter().find(|seen| seen.role == role && seen.n == n);
    // A graphic comes whole, for it is read; a video's poster is the larger card, at most 15 KB on a slow line.
    let poster = picture("graphic", 0).or_else(|| picture("poster_card", 2)).or_else(|| picture("poster", 0));
    let cues = arabic(shown).map(|track| track.cues.as_slice()).unwrap_or_default();
    let pixels = |number: i64| u32::try_from(number).unwrap_or(0);
    Player {
        id: "player".to_owned(),
        t,
        title: in_language(t.lang(), &shown.clip.title_ar, &shown.clip.title_en).to_owned(),
        sign_language: shown.clip.sign_language.clone(),
        poster: poster.map(catalog::Picture::url).unwrap_or_default(),
        length_ms: media.duration_ms.unwrap_or(0),
        fps: media.fps_milli.unwrap_or(30_000) as f64 / 1000.0,
        renditions: shown
            .renditions
            .iter()
            .map(|rendition| PlayerRendition {
                url: url(rendition),
                width: pixels(rendition.width),
                height: pixels(rendition.height),
                bytes: unsigned(rendition.bytes),
            })
            .collect(),
        stream: shown.stream.clone().unwrap_or_default(),
        captions_url: arabic(shown)
            .map(|_| format!("/clips/{}/captions/ar.vtt", shown.clip.slug))
            .unwrap_or_default(),
        cues: cues
            .iter()
            .map(|cue| PlayerCue {
                from_ms: i64::from(cue.start_ms),
                to_ms: i64::from(cue.end_ms),
                text: cue.text.clone(),
                pieces: Vec::new(),
            })
            .collect(),
        storyboard: picture_url(shown, "storyboard_map"),
        graphic: picture("graphic", 0).map(|picture| PlayerPicture {
            url: picture.url(),
            width: picture.width,
            height: picture.height,
            alt: said_in_words(&shown.clip).to_owned(),
        }),
        sound: if media.has_audio { Sound::Audible } else { Sound::Silent },
        start_ms,
    }
}

/// What a graphic shows, or else what it says in short, or else its title.
fn said_in_words(clip: &Clip) -> &str {
    let texts = [&clip.alt_ar, &clip.summary_ar, &clip.title_ar];
    texts.into_iter().find(|text| !text.trim().is_empty()).map_or("", String::as_str)
}

/// The captions of a published clip as WebVTT, for players and for people who keep them.
pub(super) async fn captions(
    State(app): State<App>,
    Path((slug, file)): Path<(String, String)>,
) -> Result<Response, AppError> {
    let lang = file.strip_suffix(".vtt").ok_or_else(AppError::not_found)?;
    let mut read = app.db.read().await?;
    let shown = published(&mut read, &slug).await?;
    let track = shown.tracks.iter().find(|track| track.lang == lang).ok_or_else(AppError::not_found)?;
    let headers = [
        (header::CONTENT_TYPE, "text/vtt; charset=utf-8".to_owned()),
        (header::ETAG, format!("\"{}\"", track.hash)),
        (header::CACHE_CONTROL, "public, max-age=60".to_owned()),
    ];
    Ok((headers, catalog::captions::to_vtt(&track.cues)).into_response())
}

/// "Did you understand?"
#[derive(serde::Deserialize)]
pub(super) struct Understood {
    understood: String,
}

/// Counts the answer; nobody is remembered.
pub(super) async fn feedback(
    State(app): State<App>,
    Extension(rates): Extension<Arc<Rates>>,
    Client(address): Client,
    Path(slug): Path<String>,
    Form(said): Form<Understood>,
) -> Result<Response, AppError> {
    rates.visits.take(address).map_err(AppError::from)?;
    let understood = said.understood == "yes";
    catalog::rate_clip(&app, &slug, understood).await?;
    // Who did not understand needs a way on, not thanks alone.
    let notice = if understood { "notice-thanks" } else { "notice-unclear" };
    Ok(see_other(&format!("/clips/{slug}"), notice))
}
