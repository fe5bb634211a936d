//! Clips that may answer: what the matcher proposes, and what the agent finds by words.

use crate::catalog::{self, media_url};
use crate::db::Conn;
use crate::ids::ClipId;
use crate::questions::{QuestionDetail, SuggestionCard};
use crate::search::Query;
use crate::web::AppError;
use crate::web::i18n::Words;
use crate::web::present::{duration, percent};
use crate::web::staff::Visit;
use serde_json::Value;

/// As many as there are keys for them.
const SHOWN: usize = 5;
/// Hits of a search at the desk.
const HITS: usize = 5;
/// The largest short side of a preview.
const PREVIEW_SHORT_SIDE: i64 = 540;

/// A proposed answer.
pub(super) struct Suggestion {
    pub(super) place: usize,
    pub(super) clip: String,
    pub(super) best: bool,
    pub(super) rejected: bool,
    /// The matcher was not sure; a person looks.
    pub(super) weak: bool,
    pub(super) gone: bool,
    pub(super) title: String,
    pub(super) poster: Option<String>,
    pub(super) video: Option<String>,
    pub(super) captions: Option<String>,
    pub(super) from: Option<String>,
    pub(super) cue_text: Option<String>,
    pub(super) score: i64,
    pub(super) percent: String,
    pub(super) words: Vec<String>,
    pub(super) why: Vec<String>,
}

/// A clip found by words.
pub(super) struct Hit {
    pub(super) clip: String,
    pub(super) title: String,
    pub(super) poster: Option<String>,
}

/// The best suggestions; what was rejected stands last.
pub(super) async fn suggestions(
    conn: &mut impl Conn,
    t: Words,
    detail: &QuestionDetail,
) -> Result<Vec<Suggestion>, AppError> {
    let mut cards: Vec<&SuggestionCard> = detail.suggestions.iter().collect();
    cards.sort_by_key(|card| card.verdict == "rejected");
    let mut list = Vec::new();
    for card in cards.into_iter().take(SHOWN) {
        list.push(suggestion(conn, t, card, list.len()).await?);
    }
    Ok(list)
}

async fn suggestion(
    conn: &mut impl Conn,
    t: Words,
    card: &SuggestionCard,
    at: usize,
) -> Result<Suggestion, AppError> {
    let rejected = card.verdict == "rejected";
    let weak = card.verdict == "weak";
    let video = preview(conn, card.clip.id).await?;
    let (words, why) = reasons(t, &card.reasons);
    let start = card.cue.as_ref().map(|cue| cue.start_ms);
    Ok(Suggestion {
        place: at + 1,
        clip: card.clip.id.to_string(),
        best: at == 0 && !rejected && !weak,
        weak,
        rejected,
        gone: !card.clip.is_public,
        title: t.lang().pick(&card.clip.title_ar, &card.clip.title_en).to_owned(),
        poster: card.clip.poster.clone(),
        // A media fragment starts the native player at the moment, without script.
        video: video.map(|url| match start {
            Some(ms) => format!("{url}#t={:.3}", ms as f64 / 1_000.0),
            None => url,
        }),
        captions: Some(format!("/studio/clips/{}/captions/ar.vtt", card.clip.id)),
        from: start.map(|ms| duration(t.lang(), ms)),
        cue_text: card.cue.as_ref().map(|cue| cue.text.clone()),
        score: (card.score.clamp(0.0, 1.0) * 1_000.0).round() as i64,
        percent: percent(t.lang(), card.score),
        words,
        why,
    })
}

/// The size of the public version that loads quickly and still shows the hands.
async fn preview(conn: &mut impl Conn, clip: ClipId) -> Result<Option<String>, AppError> {
    let Some(clip) = catalog::clip(conn, clip).await? else { return Ok(None) };
    let Some(version) = clip.published_version_id else { return Ok(None) };
    let sizes = catalog::renditions(conn, version).await?;
    let small = sizes.iter().rfind(|size| size.width.min(size.height) <= PREVIEW_SHORT_SIDE);
    Ok(small.or(sizes.first()).map(|size| media_url(size.storage_key)))
}

/// The matcher's reasons: matching words, and sentences.
fn reasons(t: Words, reasons: &Value) -> (Vec<String>, Vec<String>) {
    let (mut words, mut why) = (Vec::new(), Vec::new());
    for reason in reasons.as_array().into_iter().flatten() {
        match reason {
            Value::String(sentence) => why.push(sentence.clone()),
            other => {
                words.extend(strings(&other["words"]));
                if other["brief"] == Value::Bool(true) {
                    why.push(t.get("desk-made-for-it"));
                }
                let sentence = t
                    .lang()
                    .pick(other["ar"].as_str().unwrap_or_default(), other["en"].as_str().unwrap_or_default());
                if !sentence.is_empty() {
                    why.push(sentence.to_owned());
                }
            }
        }
    }
    (words, why)
}

fn strings(list: &Value) -> Vec<String> {
    let all = list.as_array().into_iter().flatten();
    all.filter_map(|word| word.as_str().map(str::to_owned)).collect()
}

/// Published clips by words of their titles and captions.
pub(super) async fn hits(visit: &Visit, t: Words, text: &str) -> Result<Vec<Hit>, AppError> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let index = visit.app.search.clone();
    let expansions = visit.app.matcher.wordings(text);
    let query = Query { text: text.to_owned(), expansions, limit: HITS, ..Query::default() };
    let found = tokio::task::spawn_blocking(move || index.search(&query)).await??;
    let ids: Vec<ClipId> = found.hits.iter().filter_map(|hit| hit.clip_id.parse().ok()).collect();
    let mut read = visit.app.db.read().await?;
    let cards = catalog::cards(&mut read, &ids).await?;
    Ok(cards.iter().map(|card| hit(t, card)).collect())
}

fn hit(t: Words, card: &catalog::Card) -> Hit {
    Hit {
        clip: card.id.to_string(),
        title: t.lang().pick(&card.title_ar, &card.title_en).to_owned(),
        poster: card.poster.clone(),
    }
}
