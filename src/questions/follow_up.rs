//! Further words of the asker about the same case: screened like the first ones, then added to them.

use super::QuestionProblem;
use super::asker::{by_secret, open_new_cycle};
use super::intake::{KEPT_FOR, purpose};
use super::row::Question;
use super::state::QuestionEvent;
use super::text::{MAX_GRAPHEMES, clean};
use crate::app::App;
use crate::audit::{Actor, Entry};
use crate::db::{Tx, query};
use crate::refusal::refuse;
use crate::text::route::Privacy;
use crate::text::{Redacted, cut_secrets, redact, route};
use serde_json::json;
use unicode_segmentation::UnicodeSegmentation as _;

/// Adds words to an open case, or opens an answered one again with them. Codes and passwords are cut before anything is
/// written; a case becomes private when the new words ask for it, and never public again.
pub async fn follow_up(app: &App, secret: &str, words: &str) -> anyhow::Result<()> {
    let words = clean(words).map_err(refuse)?;
    if words.is_empty() {
        return Err(refuse(QuestionProblem::Empty));
    }
    let mut tx = app.db.begin().await?;
    let mut question = by_secret(&mut tx, secret).await?;
    let can_reopen = question.state.next(QuestionEvent::Reopen).is_some();
    if !can_reopen && !question.state.is_open() {
        return Err(refuse(QuestionProblem::NoReplyYet));
    }
    let masked = redact(&words);
    let (clear, redacted) = joined(&mut tx, app, &question, &words, &masked).await?;
    if can_reopen {
        open_new_cycle(&mut tx, &mut question, "asked_again").await?;
    }
    store_words(&mut tx, app, &question, &clear, &redacted).await?;
    store_marks(&mut tx, &question, &words, &masked).await?;
    let kinds: Vec<&str> = masked.spans.iter().map(|span| span.kind.code()).collect();
    let entry = Entry::new(Actor::Citizen, "question.followed_up", "question", question.id);
    tx.record(entry.with(json!({ "masked": kinds })));
    tx.commit().await?;
    Ok(())
}

/// The words so far and the new ones, clear and masked; together no longer than one question may be.
async fn joined(
    tx: &mut Tx,
    app: &App,
    question: &Question,
    words: &str,
    masked: &Redacted,
) -> anyhow::Result<(String, String)> {
    let (sealed,): (Option<Vec<u8>>,) =
        query("SELECT clear_sealed FROM question WHERE id = $1").bind(question.id).one(tx).await?;
    let before = sealed.map(|sealed| app.sealer.open(&purpose("text", question.id), &sealed)).transpose()?;
    let before = before.map(String::from_utf8).transpose()?.unwrap_or_default();
    let together = |first: &str, second: &str| {
        if first.is_empty() { second.to_owned() } else { format!("{first}\n{second}") }
    };
    let clear = together(&before, &cut_secrets(words));
    let redacted = together(&question.redacted, &masked.text);
    if clear.graphemes(true).count().max(redacted.graphemes(true).count()) > 2 * MAX_GRAPHEMES {
        return Err(refuse(QuestionProblem::TooLong { limit: MAX_GRAPHEMES }));
    }
    Ok((clear, redacted))
}

async fn store_words(
    tx: &mut Tx,
    app: &App,
    question: &Question,
    clear: &str,
    redacted: &str,
) -> anyhow::Result<()> {
    let until = tx.now() + KEPT_FOR;
    query(
        "UPDATE question SET clear_sealed = $1, clear_until = $2, redacted = $3, row_version = row_version + 1
         WHERE id = $4",
    )
    .bind(Some(app.sealer.seal(&purpose("text", question.id), clear.as_bytes())?))
    .bind(until)
    .bind(redacted.to_owned())
    .bind(question.id)
    .execute(tx)
    .await?;
    Ok(())
}

/// What the new words mean for the case: masks, privacy, the warning about codes.
async fn store_marks(tx: &mut Tx, question: &Question, words: &str, masked: &Redacted) -> anyhow::Result<()> {
    if route(words, &masked.spans).privacy == Privacy::Private {
        query("UPDATE question SET privacy = $1 WHERE id = $2")
            .bind(Privacy::Private.code())
            .bind(question.id)
            .execute(tx)
            .await?;
    }
    if masked.spans.iter().any(|span| span.kind.is_secret()) {
        query("UPDATE question SET had_secret = $1 WHERE id = $2")
            .bind(true)
            .bind(question.id)
            .execute(tx)
            .await?;
    }
    let known: i64 =
        query("SELECT COUNT(*) FROM redaction WHERE question_id = $1").bind(question.id).value(tx).await?;
    for (seq, span) in (known..).zip(&masked.spans) {
        query("INSERT INTO redaction (question_id, seq, kind) VALUES ($1, $2, $3)")
            .bind(question.id)
            .bind(seq)
            .bind(span.kind.code())
            .execute(tx)
            .await?;
    }
    Ok(())
}
