//! Words of the public pages in sign: which signed title stands beside a page text, a topic or a service. People who read
//! little Arabic need the pages themselves signed, not only the answers (`reference/deaf-users.md` requirements 9 to 12).

use super::by::By;
use super::cards::{Card, cards};
use super::clip::clip;
use super::kind::ClipKind;
use super::service::service_by_code;
use super::topic::topic_by_code;
use crate::audit::Entry;
use crate::db::{Conn, Tx, query};
use crate::ids::ClipId;
use crate::refusal::{Refusal, refuse};
use serde_json::json;
use std::fmt;

/// The page texts that can stand in sign, by the names of their sentences, in the order in which a visitor meets them.
pub const SIGNED_TEXTS: [&str; 32] = [
    "home-topics",
    "home-newest",
    "home-aware",
    "home-ask",
    "search-title",
    "search-or-topic",
    "search-none",
    "clip-understood",
    "gone-title",
    "saved-title",
    "ask-title",
    "sent-title",
    "status-title",
    "asker-waiting",
    "asker-late",
    "asker-your-turn",
    "asker-same",
    "asker-closed",
    "asker-answered",
    "asker-understood",
    "asker-video-lost",
    "video-too-long",
    "video-shows-nothing",
    "video-cut-off",
    "video-wrong-file",
    "help-title",
    "help-find",
    "help-watch",
    "help-ask",
    "help-follow",
    "help-report",
    "privacy-title",
];

/// What is said in sign.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Named {
    /// One of [`SIGNED_TEXTS`].
    Text(&'static str),
    /// One of the topics, by its code.
    Topic(&'static str),
    /// A service, by its code.
    Service(String),
}

impl Named {
    /// Reads what [`Display`](fmt::Display) writes; `None` for texts and topics that no page has.
    pub fn parse(subject: &str) -> Option<Self> {
        let (sort, name) = subject.split_once(':')?;
        match sort {
            "text" => SIGNED_TEXTS.into_iter().find(|text| *text == name).map(Self::Text),
            "topic" => topic_by_code(name).map(|topic| Self::Topic(topic.code)),
            "service" if !name.is_empty() => Some(Self::Service(name.to_owned())),
            _ => None,
        }
    }
}

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(name) => write!(f, "text:{name}"),
            Self::Topic(code) => write!(f, "topic:{code}"),
            Self::Service(code) => write!(f, "service:{code}"),
        }
    }
}

/// What has a signed title of its own, with the title; whether the public sees it yet is the clip's affair.
pub async fn signed_names(conn: &mut impl Conn) -> sqlx::Result<Vec<(Named, ClipId)>> {
    let rows: Vec<(String, ClipId)> =
        query("SELECT subject, clip_id FROM signed_name ORDER BY subject").all(conn).await?;
    // A subject that no page has any more names nothing.
    Ok(rows.into_iter().filter_map(|(subject, clip)| Some((Named::parse(&subject)?, clip))).collect())
}

/// What is named in sign, with the cards of the titles that the public sees.
pub async fn signed_names_shown(conn: &mut impl Conn) -> sqlx::Result<Vec<(Named, Card)>> {
    let names = signed_names(conn).await?;
    let mut titles: Vec<ClipId> = names.iter().map(|(_, clip)| *clip).collect();
    titles.sort();
    titles.dedup();
    let titles = cards(conn, &titles).await?;
    let card_of = |id: ClipId| titles.iter().find(|card| card.id == id).cloned();
    Ok(names.into_iter().filter_map(|(named, clip)| Some((named, card_of(clip)?))).collect())
}

/// Lets `title` say `named` in sign; `None` takes the sign away. The clip is a signed title, public or not yet. Says
/// whether anything changed.
pub async fn name_in_sign(
    tx: &mut Tx,
    by: By<'_>,
    named: &Named,
    title: Option<ClipId>,
) -> anyhow::Result<bool> {
    if let Named::Service(code) = named
        && service_by_code(tx, code).await?.is_none()
    {
        return Err(refuse(Refusal::not_found()));
    }
    let before: Option<(ClipId,)> = query("SELECT clip_id FROM signed_name WHERE subject = $1")
        .bind(named.to_string())
        .optional(tx)
        .await?;
    let before = before.map(|row| row.0);
    if before == title {
        return Ok(false);
    }
    match title {
        Some(title) => {
            check_title(tx, title).await?;
            let now = tx.now();
            query(
                "INSERT INTO signed_name (subject, clip_id, set_at) VALUES ($1, $2, $3)
                 ON CONFLICT (subject) DO UPDATE SET clip_id = excluded.clip_id, set_at = excluded.set_at",
            )
            .bind(named.to_string())
            .bind(title)
            .bind(now)
            .execute(tx)
            .await?;
        }
        None => {
            query("DELETE FROM signed_name WHERE subject = $1").bind(named.to_string()).execute(tx).await?;
        }
    }
    for clip in before.into_iter().chain(title) {
        tx.changed("clip", clip);
    }
    if let Some(clip) = title.or(before) {
        let detail = json!({ "subject": named.to_string(), "signed": title.is_some() });
        tx.record(Entry::new(by.actor(), "signed_name.set", "clip", clip).with(detail));
    }
    Ok(true)
}

async fn check_title(conn: &mut impl Conn, id: ClipId) -> anyhow::Result<()> {
    match clip(conn, id).await? {
        Some(clip) if clip.kind == ClipKind::SignedTitle => Ok(()),
        _ => {
            let ar = "اختر مقطعًا نوعه «عنوان بالإشارة».";
            let en = "Choose a clip of the kind “signed title”.";
            Err(refuse(Refusal::invalid("clip", "signed_name.not_a_title", ar, en)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_read_as_it_was_written_and_nothing_else_is_named() {
        for subject in ["text:ask-title", "topic:identity", "service:id.renew"] {
            assert_eq!(Named::parse(subject).map(|named| named.to_string()).as_deref(), Some(subject));
        }
        for subject in ["text:no-such-text", "topic:id.renew", "service:", "clip:x", "ask-title", ""] {
            assert_eq!(Named::parse(subject), None, "{subject}");
        }
    }
}
