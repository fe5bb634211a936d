//! Questions that ask the same, grouped as they arrive. Askers are never merged: each keeps their own thread, privacy
//! and reply; the group only saves the team from thinking twice.

use super::row::{self, Question};
use super::suggest::{Candidate, suggest_first};
use super::text::without_masks;
use crate::clock::Millis;
use crate::db::{Conn, Tx, query};
use crate::ids::{ClipId, QuestionId};
use crate::matching::Lexicon;
use crate::text::{fold, grams, joined_words, light_stem, words::is_function_word};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// A question is compared with at most this many open ones, the newest first.
const COMPARED: i64 = 400;
/// Older questions have their answer or their brief.
const WINDOW: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// From this likeness on two questions ask the same. High on purpose: a wrong group misleads, a missed one costs a
/// minute. Chosen so that a near neighbour (lost or damaged card) stays apart.
const SAME: f32 = 0.62;

/// Another question of the same group.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct Alike {
    pub id: QuestionId,
    pub code: String,
    pub state: super::state::QuestionState,
    pub redacted: String,
    pub received_at: Millis,
    /// How alike it was to the question that it joined, in thousandths.
    pub likeness: i64,
    /// JSON list of the words that both have.
    pub shared: String,
}

/// What is compared: the meaning words and the letters of a question.
#[derive(Debug, Clone, Default)]
pub(super) struct Print {
    words: BTreeMap<String, String>,
    grams: BTreeSet<String>,
}

impl Print {
    /// Reads a redacted text. Words with the same expansion in the lexicon count as one word.
    pub(super) fn of(redacted: &str, lexicon: &Lexicon) -> Print {
        let text = without_masks(redacted);
        let expansions = lexicon.expand(&text);
        let folded = fold(&text);
        let mut words = BTreeMap::new();
        for (at, word) in folded.words().enumerate() {
            if is_function_word(word.text) {
                continue;
            }
            let meaning = expansions
                .iter()
                .find(|one| one.first_word <= at && at < one.first_word + one.words)
                .map_or_else(|| light_stem(word.text).to_owned(), |one| one.text.clone());
            words.entry(meaning).or_insert_with(|| word.text.to_owned());
        }
        let joined = joined_words(&text);
        Print { words, grams: grams(&joined).map(str::to_owned).collect() }
    }

    /// From 0 to 1: mostly shared meanings, a little shared spelling, so that typing errors still meet.
    fn likeness(&self, other: &Print) -> f32 {
        if self.words.is_empty() || other.words.is_empty() {
            return 0.0;
        }
        let shared = self.words.keys().filter(|word| other.words.contains_key(*word)).count() as f32;
        let all = (self.words.len() + other.words.len()) as f32 - shared;
        let letters = self.grams.intersection(&other.grams).count() as f32;
        let all_letters = (self.grams.len() + other.grams.len()) as f32 - letters;
        let by_letters = if all_letters > 0.0 { letters / all_letters } else { 0.0 };
        (0.75 * shared / all + 0.25 * by_letters).max(by_letters)
    }

    /// The words that both have, as this one spells them.
    fn shared<'a>(&'a self, other: &Print) -> Vec<&'a str> {
        self.words
            .iter()
            .filter(|(word, _)| other.words.contains_key(*word))
            .map(|(_, word)| word.as_str())
            .collect()
    }
}

/// Puts a question into the group of the most similar open question, once; it never moves again.
pub(super) async fn group(tx: &mut Tx, question: &Question, lexicon: &Lexicon) -> anyhow::Result<()> {
    let print = Print::of(&question.redacted, lexicon);
    if print.words.is_empty() || leader_of(tx, question.id).await?.is_some() {
        return Ok(());
    }
    let since = tx.now() - WINDOW;
    let others: Vec<(QuestionId, String)> = query(
        "SELECT id, redacted FROM question
         WHERE id <> $1 AND received_at > $2 AND received_at <= $3 AND redacted <> ''
               AND state NOT IN ('spam', 'duplicate', 'resolved')
         ORDER BY received_at DESC, id LIMIT $4",
    )
    .bind(question.id)
    .bind(since)
    .bind(question.received_at)
    .bind(COMPARED)
    .all(tx)
    .await?;
    let best = others
        .iter()
        .map(|(id, redacted)| (*id, Print::of(redacted, lexicon)))
        .map(|(id, other)| (print.likeness(&other), id, other))
        .filter(|(likeness, ..)| *likeness >= SAME)
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(&a.1)));
    let Some((likeness, nearest, other)) = best else { return Ok(()) };
    let leader = leader_of(tx, nearest).await?.unwrap_or(nearest);
    let now = tx.now();
    insert(tx, leader, leader, 1.0, &[], now).await?;
    insert(tx, question.id, leader, likeness, &print.shared(&other), now).await
}

async fn insert(
    tx: &mut Tx,
    id: QuestionId,
    leader: QuestionId,
    likeness: f32,
    shared: &[&str],
    now: Millis,
) -> anyhow::Result<()> {
    query(
        "INSERT INTO question_likeness (question_id, leader_id, likeness, shared, joined_at)
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (question_id) DO NOTHING",
    )
    .bind(id)
    .bind(leader)
    .bind((likeness * 1000.0).round() as i64)
    .bind(json!(shared).to_string())
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

async fn leader_of(conn: &mut impl Conn, id: QuestionId) -> sqlx::Result<Option<QuestionId>> {
    let found: Option<(QuestionId,)> =
        query("SELECT leader_id FROM question_likeness WHERE question_id = $1")
            .bind(id)
            .optional(conn)
            .await?;
    Ok(found.map(|row| row.0))
}

/// The other questions of the group, oldest first. Whether a colleague may open them is decided where they are opened;
/// those that only women staff may see are left out.
pub async fn alike(conn: &mut impl Conn, id: QuestionId) -> sqlx::Result<Vec<Alike>> {
    let Some(leader) = leader_of(conn, id).await? else { return Ok(Vec::new()) };
    query(
        "SELECT q.id, q.code, q.state, q.redacted, q.received_at, l.likeness, l.shared
         FROM question_likeness l JOIN question q ON q.id = l.question_id
         WHERE l.leader_id = $1 AND q.id <> $2 AND q.wants_woman = $3 ORDER BY q.received_at, q.id LIMIT 50",
    )
    .bind(leader)
    .bind(id)
    .bind(false)
    .all(conn)
    .await
}

/// A clip answered one question of a group: the others that wait get it as their first suggestion. A person confirms
/// each one.
pub(super) async fn offer_to_others(tx: &mut Tx, question: &Question, clip: ClipId) -> anyhow::Result<()> {
    use super::state::QuestionState as S;
    let open =
        |other: &Alike| matches!(other.state, S::Matched | S::Gap | S::Claimed | S::Drafted | S::Reopened);
    for other in alike(tx, question.id).await?.iter().filter(|other| open(other)) {
        let judged: i64 = query(
            "SELECT COUNT(*) FROM suggestion WHERE question_id = $1 AND clip_id = $2 AND verdict IN ('accepted', 'rejected')",
        )
        .bind(other.id)
        .bind(clip)
        .value(tx)
        .await?;
        if judged == 0 {
            offer(tx, other.id, clip, &question.code).await?;
        }
    }
    Ok(())
}

async fn offer(tx: &mut Tx, id: QuestionId, clip: ClipId, code: &str) -> anyhow::Result<()> {
    use super::state::{QuestionEvent, QuestionState};
    let reason = json!({
        "alike": code,
        "ar": format!("أجاب هذا المقطع عن سؤال مشابه ({code})."),
        "en": format!("This clip answered a similar question ({code})."),
    });
    let candidate = Candidate { clip_id: clip, score: 0.9, reasons: json!([reason]), cue: None };
    suggest_first(tx, id, &candidate, "alike").await?;
    let mut question = row::get(tx, id).await?;
    if question.state == QuestionState::Gap {
        let found = row::has_answer(tx, id).await?;
        row::step_with(
            tx,
            &mut question,
            crate::audit::Actor::System,
            QuestionEvent::Rank(found),
            json!({ "alike": true }),
        )
        .await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn likeness(a: &str, b: &str) -> f32 {
        let lexicon = Lexicon::shipped().unwrap();
        Print::of(a, &lexicon).likeness(&Print::of(b, &lexicon))
    }

    #[test]
    fn the_same_question_in_other_words_is_alike() {
        for (a, b) in [
            ("كيف أجدد الهوية الوطنية؟", "تجديد الهويه الوطنيه"),
            ("ضاعت هويتي وش اسوي", "هويه ضايع انا اسوي ايش"),
            ("كم رسوم بدل فاقد للهوية", "بكم بدل فاقد الهوية"),
            ("متى يفتح مكتب الاحوال يوم السبت", "مكتب الأحوال السبت متى يفتح؟"),
        ] {
            assert!(likeness(a, b) >= SAME, "{a} / {b}: {}", likeness(a, b));
        }
    }

    #[test]
    fn neighbours_are_not_alike() {
        for (a, b) in [
            ("كيف أجدد الهوية الوطنية؟", "كيف أجدد سجل الأسرة؟"),
            ("ضاعت هويتي", "انكسرت هويتي"),
            ("تسجيل مولود", "تسجيل زواج"),
            ("كيف أحجز موعدًا؟", "كيف ألغي موعدًا؟"),
            ("السلام عليكم", "السلام عليكم ورحمة الله"),
        ] {
            assert!(likeness(a, b) < SAME, "{a} / {b}: {}", likeness(a, b));
        }
    }
}
