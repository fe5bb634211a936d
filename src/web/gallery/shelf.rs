//! What many visitors see at once, read from the rows once for each change: topics, newest answers, one warning.
//!
//! The key is the newest position of the change feed, so a published or withdrawn clip shows at the next request; the
//! figures about questions may be a few seconds old.

use crate::app::App;
use crate::catalog::{self, Card, CardFilter, ClipKind, Glossary, Service, TOPICS, Topic};
use crate::db::{Read, feed};
use crate::ids::ServiceId;
use crate::questions::{self, Transparency};
use anyhow::anyhow;
use moka::future::Cache;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// Answers on the home page: two rows of three.
const NEWEST: i64 = 6;
/// Awareness clips on the home page: one row.
const AWARE: i64 = 3;
/// How old the figures about questions may be.
const KEPT: Duration = Duration::from_secs(5);

/// The present shelf.
pub(crate) struct Shelf {
    kept: Cache<i64, Arc<Front>>,
}

/// What stands on it.
pub(crate) struct Front {
    /// The topics with the number of their published answers and their newest one.
    pub(super) topics: Vec<Shown>,
    /// The newest answers.
    pub(super) newest: Vec<Card>,
    /// A safety or awareness clip to show large.
    pub(super) awareness: Option<Card>,
    /// The newest awareness clips beside it.
    pub(super) aware: Vec<Card>,
    /// The signed warning not to give a code to anybody.
    pub(super) safety: Option<Card>,
    /// All services with the number of their published clips.
    pub(super) services: Vec<(Service, u64)>,
    /// The terms that transcripts link to.
    pub(super) glossary: Glossary,
    /// How people fare with their questions.
    pub(super) transparency: Transparency,
    /// Whether any published clip is sample content.
    pub(super) sample: bool,
}

/// A topic as it stands on the shelf.
pub(super) struct Shown {
    pub(super) topic: Topic,
    pub(super) answers: u64,
    /// Its name in sign, or else its newest clip.
    pub(super) clip: Option<Card>,
}

impl Shelf {
    pub(crate) fn new() -> Self {
        Self { kept: Cache::builder().max_capacity(4).time_to_live(KEPT).build() }
    }

    /// The shelf as it stands now; requests at the same moment share one reading.
    pub(super) async fn front(&self, app: &App) -> anyhow::Result<Arc<Front>> {
        let mut read = app.db.read().await?;
        let position = feed::newest(&mut read).await?;
        drop(read);
        let front = self.kept.try_get_with(position, load(app)).await;
        front.map_err(|why: Arc<anyhow::Error>| anyhow!("{why:#}"))
    }
}

async fn load(app: &App) -> anyhow::Result<Arc<Front>> {
    let mut read = app.db.read().await?;
    let counts: HashMap<ServiceId, i64> = catalog::published_counts(&mut read).await?.into_iter().collect();
    let services: Vec<(Service, u64)> = catalog::services(&mut read)
        .await?
        .into_iter()
        .filter(|service| service.active)
        .map(|service| {
            let clips = counts.get(&service.id).copied().unwrap_or(0);
            (service, u64::try_from(clips).unwrap_or(0))
        })
        .collect();
    let mut topics = Vec::new();
    for topic in TOPICS {
        let answers =
            services.iter().filter(|(service, _)| service.topic == topic.code).map(|(_, n)| n).sum();
        topics.push(Shown { topic, answers, clip: title_clip(&mut read, topic).await? });
    }
    let newest = catalog::newest_cards(&mut read, &of_kind(ClipKind::Answer), None, NEWEST).await?;
    let safety =
        catalog::newest_cards(&mut read, &of_kind(ClipKind::Safety), None, 1).await?.into_iter().next();
    let mut aware = catalog::newest_cards(&mut read, &of_kind(ClipKind::Awareness), None, AWARE).await?;
    let awareness = if safety.is_some() || aware.is_empty() { safety.clone() } else { Some(aware.remove(0)) };
    let sample = newest.iter().chain(&awareness).chain(&aware).any(|card| card.sample);
    let glossary = Glossary::load(&mut read).await?;
    let transparency = questions::transparency(&mut read, app.clock.now()).await?;
    Ok(Arc::new(Front { topics, newest, awareness, aware, safety, services, glossary, transparency, sample }))
}

fn of_kind(kind: ClipKind) -> CardFilter {
    CardFilter { kind: Some(kind), ..CardFilter::default() }
}

async fn title_clip(read: &mut Read, topic: Topic) -> sqlx::Result<Option<Card>> {
    for kind in [ClipKind::SignedTitle, ClipKind::Answer] {
        let filter = CardFilter { topic: Some(topic.code.to_owned()), ..of_kind(kind) };
        let first = catalog::newest_cards(read, &filter, None, 1).await?.into_iter().next();
        if first.is_some() {
            return Ok(first);
        }
    }
    Ok(None)
}
