//! Keeping the shelf in step with the published answers: it reads the change feed, as the search index does, and
//! computes the vectors that are not kept yet.

use super::kept::{self, TextHash};
use super::packed::Packed;
use super::{MeaningState, Meanings, Reader, texts};
use crate::db::{Db, feed, query};
use crate::ids::ClipId;
use crate::memory;
use crate::search::{CLIP_CHANGES, ClipDocument, published};
use crate::sentence::Side;
use anyhow::Context;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// How often the feed is read when no commit of this process rings.
const POLL: Duration = Duration::from_millis(1000);
/// How long to wait after a failure, and between looks for a model that was missing at the start.
const PAUSE: Duration = Duration::from_secs(30);
/// How many entries of the feed are taken at once.
const BATCH: i64 = 500;
/// How many vectors are computed before they are kept: a stop loses no more.
const KEEP_EVERY: usize = 32;

/// Follows the change feed of one database onto one shelf.
pub struct MeaningFollower {
    db: Db,
    meanings: Arc<Meanings>,
    /// The position in the feed; none before the first filling.
    position: Option<i64>,
}

impl MeaningFollower {
    /// Puts a follower together; call [`MeaningFollower::run`] to start it.
    pub fn new(db: Db, meanings: Arc<Meanings>) -> MeaningFollower {
        MeaningFollower { db, meanings, position: None }
    }

    /// Follows until cancelled. Failures are logged and tried again; a model that is put in its place later is found.
    pub async fn run(mut self, stop: CancellationToken) {
        let bells = self.db.bells().clone();
        while !stop.is_cancelled() {
            let bell = bells.changes.notified();
            tokio::pin!(bell);
            bell.as_mut().enable();
            let wait = match self.step().await {
                Ok(wait) => wait,
                Err(why) => {
                    tracing::warn!(reason = format!("{why:#}"), "the meanings could not follow the database");
                    PAUSE
                }
            };
            tokio::select! {
                () = stop.cancelled() => {}
                () = bell, if wait == POLL => {}
                () = tokio::time::sleep(wait) => {}
            }
        }
    }

    async fn step(&mut self) -> anyhow::Result<Duration> {
        match self.meanings.state() {
            MeaningState::Off => Ok(PAUSE),
            MeaningState::Ready { .. } => self.catch_up().await.map(|()| POLL),
            MeaningState::Waiting | MeaningState::Unavailable { .. } => {
                let meanings = self.meanings.clone();
                if !meanings.should_try() {
                    return Ok(PAUSE);
                }
                let begun = tokio::task::spawn_blocking(move || {
                    meanings.load();
                    meanings.reader().is_some()
                });
                Ok(if begun.await? { POLL } else { PAUSE })
            }
        }
    }

    /// Brings the shelf to the feed's newest entry; all answers at the first call and whenever the feed was cut.
    pub async fn catch_up(&mut self) -> anyhow::Result<()> {
        let Some(reader) = self.meanings.reader() else { return Ok(()) };
        let mut read = self.db.read().await?;
        let newest = feed::newest(&mut read).await?;
        let oldest: i64 = query("SELECT COALESCE(MIN(seq), 0) FROM changes").value(&mut read).await?;
        let Some(position) = self.position.filter(|at| *at <= newest && *at + 1 >= oldest) else {
            drop(read);
            return self.fill(&reader).await;
        };
        let entries = feed::after(&mut read, position, BATCH).await.context("cannot read the change feed")?;
        let Some(last) = entries.last().map(|entry| entry.seq) else { return Ok(()) };
        let changed: HashSet<Uuid> =
            entries.iter().filter(|entry| entry.kind == CLIP_CHANGES).map(|entry| entry.subject_id).collect();
        drop(read);
        for clip in changed {
            self.refresh(&reader, clip, &mut HashMap::new()).await?;
        }
        self.position = Some(last);
        Ok(())
    }

    async fn fill(&mut self, reader: &Reader) -> anyhow::Result<()> {
        let mut read = self.db.read().await?;
        let newest = feed::newest(&mut read).await?;
        let clips = published::ids(&mut read).await.context("cannot list the published clips")?;
        let mut known = kept::all(&mut read, kept_of(reader)).await?;
        drop(read);
        let kept: Vec<TextHash> = known.keys().cloned().collect();
        self.meanings.forget_all_but(&clips.iter().map(|clip| ClipId::from(*clip).to_string()).collect());
        let mut used = HashSet::new();
        for clip in &clips {
            used.extend(self.refresh(reader, *clip, &mut known).await?);
        }
        kept::drop_unused(&self.db, reader.model.name(), kept.iter(), &used).await?;
        drop((known, kept, used));
        tokio::task::spawn_blocking(memory::give_back).await?;
        tracing::info!(answers = clips.len(), position = newest, "the meanings of all answers are known");
        self.meanings.filled.store(true, Ordering::Release);
        self.position = Some(newest);
        Ok(())
    }

    /// Reads one clip and shelves its vectors; returns the hashes of its texts.
    async fn refresh(
        &self,
        reader: &Reader,
        clip: Uuid,
        known: &mut HashMap<TextHash, Packed>,
    ) -> anyhow::Result<Vec<TextHash>> {
        let mut read = self.db.read().await?;
        let answer = published::load(&mut read, clip).await.context("cannot read a changed clip")?;
        let Some(answer) = answer else {
            self.meanings.shelf_mut().remove(&ClipId::from(clip).to_string());
            return Ok(Vec::new());
        };
        let hashes: Vec<TextHash> = texts(&answer).iter().map(|(_, text)| kept::hash(text)).collect();
        for hash in &hashes {
            if !known.contains_key(hash)
                && let Some(vector) = kept::one(&mut read, kept_of(reader), hash).await?
            {
                known.insert(hash.clone(), vector);
            }
        }
        drop(read);
        self.compute(reader, &answer, known).await?;
        let vectors = reader.vectors(&answer, |text| {
            known.get(&kept::hash(text)).map(Packed::unpacked).context("a vector was not computed")
        })?;
        self.meanings.shelf_mut().place(&answer.clip_id, vectors);
        Ok(hashes)
    }

    /// Computes what is not known, one text at a time beside the questions of people, and keeps it.
    async fn compute(
        &self,
        reader: &Reader,
        answer: &ClipDocument,
        known: &mut HashMap<TextHash, Packed>,
    ) -> anyhow::Result<()> {
        let mut missing: Vec<(TextHash, String)> = texts(answer)
            .into_iter()
            .map(|(_, text)| (kept::hash(&text), text))
            .filter(|(hash, _)| !known.contains_key(hash))
            .collect();
        missing.dedup();
        for some in missing.chunks(KEEP_EVERY) {
            let (model, some) = (reader.model.clone(), some.to_vec());
            let embed = move || -> anyhow::Result<Vec<(TextHash, Packed)>> {
                some.into_iter()
                    .map(|(hash, text)| Ok((hash, Packed::of(&model.embed(&text, Side::Passage)?))))
                    .collect()
            };
            let new = tokio::task::spawn_blocking(embed).await??;
            kept::keep(&self.db, reader.model.name(), &new).await?;
            known.extend(new);
        }
        Ok(())
    }
}

fn kept_of(reader: &Reader) -> kept::Of<'_> {
    kept::Of { model: reader.model.name(), dimensions: reader.model.dimensions() }
}
