//! What many visitors see at once, read from the rows once for each change: topics, newest answers, one warning.
//!
//! The key is the newest position of the change feed, so a published or withdrawn clip shows at the next request; the
//! figures about questions may be a few seconds old.

use super::position::Position;
use super::shown::sign_clip;
use crate::app::App;
use crate::catalog::{self, Card, CardFilter, ClipKind, Glossary, Named, Rendition, Service, TOPICS, Topic};
use crate::db::Read;
use crate::ids::{ServiceId, VersionId};
use crate::questions::{self, Transparency};
use crate::web::layout::SignClip;
use anyhow::anyhow;
use moka::future::Cache;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

/// Answers on the home page: two rows of three.
const NEWEST: i64 = 6;
/// Awareness clips on the home page: one row.
const AWARE: i64 = 3;
/// Signed titles that are looked through for the names of services and topics.
const MOST_TITLES: i64 = 200;
/// How old the figures about questions may be.
const KEPT: Duration = Duration::from_secs(5);

/// The present shelf.
pub(crate) struct Shelf {
    position: Arc<Position>,
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
    /// All services with the number of their published clips and their names in sign.
    pub(super) services: Vec<Counted>,
    /// The texts of the pages in sign, by the names of their sentences.
    pub(super) signs: Arc<BTreeMap<&'static str, SignClip>>,
    /// The terms that transcripts link to.
    pub(super) glossary: Glossary,
    /// How people fare with their questions.
    pub(super) transparency: Transparency,
    /// Whether any published clip is sample content.
    pub(super) sample: bool,
}

/// A service as it stands on the shelf.
pub(super) struct Counted {
    pub(super) service: Service,
    pub(super) answers: u64,
    /// Its name in sign.
    pub(super) sign: Option<SignClip>,
}

/// A topic as it stands on the shelf.
pub(super) struct Shown {
    pub(super) topic: Topic,
    pub(super) answers: u64,
    /// Its name in sign.
    pub(super) sign: Option<SignClip>,
    /// What plays on its tile while it has no name in sign: its newest answer.
    pub(super) newest: Option<Card>,
}

impl Shelf {
    pub(super) fn new(position: Arc<Position>) -> Self {
        Self { position, kept: Cache::builder().max_capacity(4).time_to_live(KEPT).build() }
    }

    /// The shelf as it stands now; requests at the same moment share one reading.
    pub(super) async fn front(&self, app: &App) -> anyhow::Result<Arc<Front>> {
        let position = self.position.now(app).await?;
        let front = self.kept.try_get_with(position, load(app)).await;
        front.map_err(|why: Arc<anyhow::Error>| anyhow!("{why:#}"))
    }
}

async fn load(app: &App) -> anyhow::Result<Arc<Front>> {
    let mut read = app.db.read().await?;
    let names = Names::load(&mut read).await?;
    let counts: HashMap<ServiceId, i64> = catalog::published_counts(&mut read).await?.into_iter().collect();
    let counted = |service: Service| Counted {
        answers: counts.get(&service.id).copied().and_then(|n| u64::try_from(n).ok()).unwrap_or(0),
        sign: names.of_service(&service).and_then(|title| names.whole(title)),
        service,
    };
    let services = catalog::services(&mut read).await?;
    let services: Vec<Counted> = services.into_iter().filter(|service| service.active).map(counted).collect();
    let mut topics = Vec::new();
    for topic in TOPICS {
        let inside = services.iter().filter(|one| one.service.topic == topic.code);
        let answers = inside.map(|one| one.answers).sum();
        let title = names.of_topic(topic);
        let sign = title.and_then(|title| sign_clip(title).or_else(|| names.whole(title)));
        let newest = match (&sign, answers) {
            (Some(_), _) | (None, 0) => None,
            (None, _) => newest_answer(&mut read, topic).await?,
        };
        topics.push(Shown { topic, answers, sign, newest });
    }
    let newest = catalog::newest_cards(&mut read, &of_kind(ClipKind::Answer), None, NEWEST).await?;
    let safety =
        catalog::newest_cards(&mut read, &of_kind(ClipKind::Safety), None, 1).await?.into_iter().next();
    let mut aware = catalog::newest_cards(&mut read, &of_kind(ClipKind::Awareness), None, AWARE).await?;
    let awareness = if safety.is_some() || aware.is_empty() { safety.clone() } else { Some(aware.remove(0)) };
    let sample = newest.iter().chain(&awareness).chain(&aware).any(|card| card.sample);
    let glossary = Glossary::load(&mut read).await?;
    let transparency = questions::transparency(&mut read, app.clock.now()).await?;
    let signs = Arc::new(names.texts());
    Ok(Arc::new(Front {
        topics,
        newest,
        awareness,
        aware,
        safety,
        services,
        signs,
        glossary,
        transparency,
        sample,
    }))
}

fn of_kind(kind: ClipKind) -> CardFilter {
    CardFilter { kind: Some(kind), ..CardFilter::default() }
}

async fn newest_answer(read: &mut Read, topic: Topic) -> sqlx::Result<Option<Card>> {
    let filter = CardFilter { topic: Some(topic.code.to_owned()), ..of_kind(ClipKind::Answer) };
    Ok(catalog::newest_cards(read, &filter, None, 1).await?.into_iter().next())
}

/// The signed titles: those that staff chose, and, of those that were chosen for nothing, the newest of each service and
/// topic.
struct Names {
    chosen: Vec<(Named, Card)>,
    newest: Vec<Card>,
    videos: Vec<(VersionId, Rendition)>,
}

impl Names {
    async fn load(read: &mut Read) -> sqlx::Result<Self> {
        let chosen = catalog::signed_names_shown(read).await?;
        let mut newest =
            catalog::newest_cards(read, &of_kind(ClipKind::SignedTitle), None, MOST_TITLES).await?;
        newest.retain(|title| !chosen.iter().any(|(_, card)| card.id == title.id));
        let mut versions: Vec<_> =
            chosen.iter().map(|(_, card)| card).chain(&newest).map(|card| card.version_id).collect();
        versions.sort();
        versions.dedup();
        let videos = catalog::saver_videos(read, &versions).await?;
        Ok(Self { chosen, newest, videos })
    }

    /// All of it, smallest size first: what a page explains in sign may be longer than a title.
    fn whole(&self, title: &Card) -> Option<SignClip> {
        let video = self.videos.iter().find(|(version, _)| *version == title.version_id);
        let video = video.map(|(_, video)| video.url());
        Some(SignClip { video: video?, poster: title.poster.clone()?, language: title.sign_language.clone() })
    }

    fn chosen(&self, named: &Named) -> Option<&Card> {
        self.chosen.iter().find(|(own, _)| own == named).map(|(_, card)| card)
    }

    fn of_service(&self, service: &Service) -> Option<&Card> {
        let newest = || self.newest.iter().find(|card| card.service_code == service.code);
        self.chosen(&Named::Service(service.code.clone())).or_else(newest)
    }

    fn of_topic(&self, topic: Topic) -> Option<&Card> {
        let newest = || self.newest.iter().find(|card| card.topic == topic.code);
        self.chosen(&Named::Topic(topic.code)).or_else(newest)
    }

    fn texts(&self) -> BTreeMap<&'static str, SignClip> {
        let text = |(named, card): &(Named, Card)| match named {
            Named::Text(name) => Some((*name, self.whole(card)?)),
            Named::Topic(_) | Named::Service(_) => None,
        };
        self.chosen.iter().filter_map(text).collect()
    }
}
