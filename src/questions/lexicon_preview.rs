//! What a changed lexicon would do: recent questions whose first suggestion would be another one.

use super::ranking::answering;
use super::text::without_masks;
use crate::app::App;
use crate::db::query;
use crate::ids::QuestionId;
use crate::matching::{Asked, Lexicon, Matcher};
use anyhow::Context as _;

/// How many recent questions are asked again; each is asked twice.
const COMPARED: i64 = 60;

/// A recent question that would get another first suggestion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstChange {
    pub code: String,
    /// The redacted question.
    pub redacted: String,
    /// The first title now; `None` when the matcher abstains.
    pub before: Option<String>,
    pub after: Option<String>,
}

/// Asks the most recent questions with the present lexicon and with `next`; says how many were asked and which change.
pub async fn preview_lexicon(app: &App, next: Lexicon) -> anyhow::Result<(usize, Vec<FirstChange>)> {
    let mut read = app.db.read().await?;
    let recent: Vec<(QuestionId, String, String)> = query(
        "SELECT id, code, redacted FROM question WHERE redacted <> '' AND state NOT IN ('spam')
         ORDER BY received_at DESC, id LIMIT $1",
    )
    .bind(COMPARED)
    .all(&mut read)
    .await?;
    drop(read);
    let (present, changed) = (app.matcher.clone(), app.matcher.with_lexicon(next));
    let work = move || compare(&present, &changed, recent);
    tokio::task::spawn_blocking(work).await.context("the comparison was cut off")?
}

fn compare(
    present: &Matcher,
    changed: &Matcher,
    recent: Vec<(QuestionId, String, String)>,
) -> anyhow::Result<(usize, Vec<FirstChange>)> {
    let count = recent.len();
    let mut changes = Vec::new();
    for (_, code, redacted) in recent {
        let (before, after) = (first(present, &redacted)?, first(changed, &redacted)?);
        if before != after {
            changes.push(FirstChange { code, redacted, before, after });
        }
    }
    Ok((count, changes))
}

fn first(matcher: &Matcher, redacted: &str) -> anyhow::Result<Option<String>> {
    let text = without_masks(redacted);
    let found = matcher.match_question(&Asked { text: &text, filter: answering(), limit: 1 })?;
    let best = found.suggestions.into_iter().next().filter(|_| !found.abstain);
    Ok(best.map(|best| best.title))
}
