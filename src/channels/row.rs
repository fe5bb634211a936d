//! The accounts that deliver questions.

use crate::audit::{Actor, Entry};
use crate::clock::Millis;
use crate::db::{Conn, Tx, query};
use crate::ids::{ChannelId, random_bytes};
use crate::refusal::{Refusal, RefusalKind, refuse};
use crate::seal::Sealer;
use anyhow::Context as _;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// What kind of account it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChannelKind {
    /// The public form and API; replies appear on the asker's page.
    Web,
    /// Questions come by signed webhook; replies are posted by hand until an adapter is configured.
    Webhook,
}

impl ChannelKind {
    /// The word in the `kind` column.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::Webhook => "webhook",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        [Self::Web, Self::Webhook].into_iter().find(|kind| kind.as_str() == word)
    }
}

/// An account that delivers questions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Channel {
    /// Which one.
    pub id: ChannelId,
    /// What kind.
    pub kind: ChannelKind,
    /// Shown to staff.
    pub name: String,
    /// Whether it may deliver.
    pub active: bool,
    /// When it was added.
    pub created_at: Millis,
}

/// Why a channel cannot be added.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChannelProblem {
    /// Empty or over 60 characters.
    #[error("give the channel a name of 1 to 60 characters")]
    BadName,
    /// Another channel has the name.
    #[error("a channel with this name exists already")]
    NameTaken,
}

impl From<ChannelProblem> for Refusal {
    fn from(problem: ChannelProblem) -> Self {
        let en = problem.to_string();
        match problem {
            ChannelProblem::BadName => {
                Self::invalid("name", "channel.bad_name", "اكتب اسم القناة، من حرف إلى ٦٠ حرفًا.", en)
            }
            ChannelProblem::NameTaken => {
                Self::new(RefusalKind::Conflict, "channel.name_taken", "توجد قناة بهذا الاسم من قبل.", en)
            }
        }
    }
}

#[derive(sqlx::FromRow)]
struct ChannelRow {
    id: ChannelId,
    kind: String,
    name: String,
    active: bool,
    created_at: Millis,
}

impl TryFrom<ChannelRow> for Channel {
    type Error = sqlx::Error;
    fn try_from(row: ChannelRow) -> sqlx::Result<Self> {
        let kind = ChannelKind::parse(&row.kind).ok_or_else(|| {
            sqlx::Error::Decode(format!("channel {}: no such kind: {}", row.id, row.kind).into())
        })?;
        Ok(Self { id: row.id, kind, name: row.name, active: row.active, created_at: row.created_at })
    }
}

/// The name of the one web channel.
const WEB: &str = "web";

/// The channel of the public form and API; made at the first question.
pub async fn web(tx: &mut Tx) -> sqlx::Result<ChannelId> {
    let known = "SELECT id FROM channel WHERE kind = 'web'";
    if let Some((id,)) = query(known).optional::<(ChannelId,)>(tx).await? {
        return Ok(id);
    }
    let now = tx.now();
    query(
        "INSERT INTO channel (id, kind, name, secret_sealed, active, created_at) VALUES ($1, 'web', $2, NULL, $3, $4)
         ON CONFLICT (name) DO NOTHING",
    )
    .bind(ChannelId::new(now))
    .bind(WEB)
    .bind(true)
    .bind(now)
    .execute(tx)
    .await?;
    query(known).value(tx).await
}

fn purpose(id: ChannelId) -> String {
    format!("channel.secret:{id}")
}

/// Adds a channel that delivers by signed webhook. Returns its id and its secret, `whsec_…`, which is shown once and
/// kept only sealed.
pub async fn add_webhook(
    tx: &mut Tx,
    sealer: &Sealer,
    actor: Actor,
    name: &str,
) -> anyhow::Result<(ChannelId, String)> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 60 || name.chars().any(char::is_control) || name == WEB {
        return Err(refuse(ChannelProblem::BadName));
    }
    let now = tx.now();
    let id = ChannelId::new(now);
    let key = random_bytes::<32>();
    let added = query(
        "INSERT INTO channel (id, kind, name, secret_sealed, active, created_at)
         VALUES ($1, 'webhook', $2, $3, $4, $5) ON CONFLICT (name) DO NOTHING",
    )
    .bind(id)
    .bind(name.to_owned())
    .bind(sealer.seal(&purpose(id), &key)?)
    .bind(true)
    .bind(now)
    .execute(tx)
    .await?;
    if added == 0 {
        return Err(refuse(ChannelProblem::NameTaken));
    }
    tx.record(Entry::new(actor, "channel.added", "channel", id));
    Ok((id, format!("whsec_{}", STANDARD.encode(key))))
}

/// One channel.
pub async fn find(conn: &mut impl Conn, id: ChannelId) -> sqlx::Result<Option<Channel>> {
    let row: Option<ChannelRow> =
        query("SELECT id, kind, name, active, created_at FROM channel WHERE id = $1")
            .bind(id)
            .optional(conn)
            .await?;
    row.map(Channel::try_from).transpose()
}

/// All channels by name.
pub async fn channels(conn: &mut impl Conn) -> sqlx::Result<Vec<Channel>> {
    let rows: Vec<ChannelRow> =
        query("SELECT id, kind, name, active, created_at FROM channel ORDER BY name").all(conn).await?;
    rows.into_iter().map(Channel::try_from).collect()
}

/// The webhook secret of an active channel, opened; `None` for other channels.
pub async fn secret(conn: &mut impl Conn, sealer: &Sealer, id: ChannelId) -> anyhow::Result<Option<Vec<u8>>> {
    let sealed: Option<(Vec<u8>,)> =
        query("SELECT secret_sealed FROM channel WHERE id = $1 AND kind = 'webhook' AND active = $2")
            .bind(id)
            .bind(true)
            .optional(conn)
            .await?;
    sealed.map(|row| sealer.open(&purpose(id), &row.0)).transpose().context("opening a channel's secret")
}
