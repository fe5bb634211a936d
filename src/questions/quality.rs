//! How good the suggestions are, from what people decided: over time, by service, by style, and where they were wrong.

use crate::clock::Millis;
use crate::db::{Conn, query};
use crate::ids::QuestionId;
use crate::text::words::{Asking, asking};
use crate::text::{fold, is_arabic_letter};
use std::collections::BTreeMap;

/// At most this many decided questions are read, the newest ones.
const MOST: i64 = 5_000;
/// How many surprises are listed.
const WORST: usize = 20;
/// The bars of the reliability curve.
const BINS: usize = 10;
const WEEK_MS: i64 = 7 * 24 * 60 * 60 * 1000;

/// How a question is written; the matcher finds some styles harder than others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Style {
    Standard,
    Dialect,
    Keywords,
    Chatty,
    Other,
}

impl Style {
    /// The stable name.
    pub fn code(self) -> &'static str {
        match self {
            Style::Standard => "standard",
            Style::Dialect => "dialect",
            Style::Keywords => "keywords",
            Style::Chatty => "chatty",
            Style::Other => "other",
        }
    }

    /// Guesses the style from length and question words.
    pub fn of(text: &str) -> Style {
        const DIALECT: &[&str] = &[
            "وش",
            "ايش",
            "اش",
            "شنو",
            "شلون",
            "وشلون",
            "وين",
            "فين",
            "ليش",
            "ليه",
            "ابي",
            "ابغي",
            "ابغا",
            "بغيت",
            "ودي",
            "نبي",
            "مين",
            "يمدي",
            "اسوي",
            "الحين",
            "دحين",
            "مو",
            "مب",
            "اللي",
            "حقي",
            "عشان",
            "ينفع",
            "امتي",
        ];
        let folded = fold(text);
        let words: Vec<&str> = folded.words().map(|word| word.text).collect();
        let arabic = words.iter().any(|word| word.starts_with(is_arabic_letter));
        let asks = words.iter().any(|word| asking(word).is_some_and(|kind| kind != Asking::HowMuch));
        match words.len() {
            _ if !arabic => Style::Other,
            25.. => Style::Chatty,
            _ if words.iter().any(|word| DIALECT.contains(word)) => Style::Dialect,
            ..=4 if !asks => Style::Keywords,
            _ => Style::Standard,
        }
    }
}

/// The counts of one part of the questions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Part {
    /// Questions that a person decided on.
    pub decided: usize,
    /// The first suggestion was the answer.
    pub first: usize,
    /// One of the suggestions was the answer.
    pub any: usize,
}

/// One line of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// A service's code, a style's name, or the first day of a week in milliseconds.
    pub name: String,
    pub part: Part,
}

/// One bar of the reliability curve.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Bin {
    pub count: usize,
    /// Mean promised probability.
    pub promised: f64,
    /// Share whose first suggestion was right.
    pub kept: f64,
}

/// A question where the matcher was sure and wrong.
#[derive(Debug, Clone, PartialEq)]
pub struct Surprise {
    pub id: QuestionId,
    pub code: String,
    pub redacted: String,
    /// Promised probability of the first suggestion.
    pub confidence: f64,
    /// What was suggested first.
    pub suggested: String,
}

/// Everything that the evaluation page shows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Quality {
    pub all: Part,
    pub weeks: Vec<Row>,
    pub services: Vec<Row>,
    pub styles: Vec<Row>,
    pub bins: Vec<Bin>,
    pub surprises: Vec<Surprise>,
}

#[derive(sqlx::FromRow)]
struct Decided {
    id: QuestionId,
    code: String,
    redacted: String,
    confidence: Option<i64>,
    service: Option<String>,
    received_at: Millis,
    wants_woman: bool,
}

/// Reads the decisions since a moment. A question counts once a suggestion was taken or rejected.
pub async fn quality(conn: &mut impl Conn, since: Millis) -> sqlx::Result<Quality> {
    let questions: Vec<Decided> = query(
        "SELECT q.id, q.code, q.redacted, q.confidence, s.code AS service, q.received_at, q.wants_woman
         FROM question q LEFT JOIN service s ON s.id = q.service_id
         WHERE q.received_at > $1
               AND EXISTS (SELECT 1 FROM suggestion g WHERE g.question_id = q.id AND g.verdict IN ('accepted', 'rejected'))
         ORDER BY q.received_at DESC, q.id LIMIT $2",
    )
    .bind(since)
    .bind(MOST)
    .all(conn)
    .await?;
    let verdicts: Vec<(QuestionId, i64, String, String)> = query(
        "SELECT g.question_id, g.place, g.verdict, c.title_ar FROM suggestion g JOIN clip c ON c.id = g.clip_id
         JOIN question q ON q.id = g.question_id WHERE q.received_at > $1 AND g.matcher NOT IN ('brief', 'alike')
         ORDER BY g.question_id, g.place",
    )
    .bind(since)
    .all(conn)
    .await?;
    let mut by_question: BTreeMap<QuestionId, Vec<(String, String)>> = BTreeMap::new();
    for (id, _, verdict, title) in verdicts {
        by_question.entry(id).or_default().push((verdict, title));
    }
    Ok(sum_up(&questions, &by_question))
}

fn sum_up(questions: &[Decided], verdicts: &BTreeMap<QuestionId, Vec<(String, String)>>) -> Quality {
    let mut quality = Quality::default();
    let (mut weeks, mut services, mut styles) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    let mut promises = Vec::new();
    for question in questions {
        let Some(list) = verdicts.get(&question.id) else { continue };
        let first = list.first().is_some_and(|(verdict, _)| verdict == "accepted");
        let any = list.iter().any(|(verdict, _)| verdict == "accepted");
        let week = question.received_at.0.div_euclid(WEEK_MS) * WEEK_MS;
        let service = question.service.clone().unwrap_or_default();
        let style = Style::of(&question.redacted);
        for part in [
            &mut quality.all,
            weeks.entry(week).or_default(),
            services.entry(service).or_default(),
            styles.entry(style).or_default(),
        ] {
            part.decided += 1;
            part.first += usize::from(first);
            part.any += usize::from(any);
        }
        let confidence = question.confidence.unwrap_or(0) as f64 / 1000.0;
        promises.push((confidence, first));
        if !first && !question.wants_woman {
            quality.surprises.push(Surprise {
                id: question.id,
                code: question.code.clone(),
                redacted: question.redacted.clone(),
                confidence,
                suggested: list.first().map(|(_, title)| title.clone()).unwrap_or_default(),
            });
        }
    }
    quality.surprises.sort_by(|a, b| b.confidence.total_cmp(&a.confidence).then_with(|| a.id.cmp(&b.id)));
    quality.surprises.truncate(WORST);
    quality.weeks = weeks.into_iter().map(|(week, part)| Row { name: week.to_string(), part }).collect();
    quality.services = services.into_iter().map(|(name, part)| Row { name, part }).collect();
    quality.styles = styles
        .into_iter()
        .map(|(style, part): (Style, Part)| Row { name: style.code().into(), part })
        .collect();
    quality.bins = bins(&promises);
    quality
}

/// What was promised against what was kept, in ten bars of equal width.
fn bins(promises: &[(f64, bool)]) -> Vec<Bin> {
    let mut bins = vec![Bin::default(); BINS];
    for (confidence, right) in promises {
        let at = ((confidence * BINS as f64) as usize).min(BINS - 1);
        let bin = &mut bins[at];
        bin.count += 1;
        bin.promised += confidence;
        bin.kept += f64::from(u8::from(*right));
    }
    for bin in bins.iter_mut().filter(|bin| bin.count > 0) {
        bin.promised /= bin.count as f64;
        bin.kept /= bin.count as f64;
    }
    bins
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_are_told_apart() {
        let long = "السلام عليكم كيف حالكم ".repeat(8);
        for (text, style) in [
            ("كيف أجدد الهوية الوطنية؟", Style::Standard),
            ("وش اسوي لو ضاعت هويتي", Style::Dialect),
            ("رسوم بدل فاقد", Style::Keywords),
            (long.as_str(), Style::Chatty),
            ("how to renew", Style::Other),
        ] {
            assert_eq!(Style::of(text), style, "{text}");
        }
    }

    #[test]
    fn the_curve_compares_what_was_promised_with_what_was_kept() {
        let bins = bins(&[(0.95, true), (0.91, false), (0.15, false), (1.0, true)]);
        assert_eq!((bins[9].count, bins[1].count, bins[5].count), (3, 1, 0));
        assert!((bins[9].kept - 2.0 / 3.0).abs() < 1e-9 && (bins[9].promised - 0.9533).abs() < 1e-3);
    }
}
