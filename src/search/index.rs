//! The index itself: opened or begun, written in batches, searched from any thread.

use super::schema::{self, Fields};
use super::tokenize::tokenizers;
use super::{ClipDocument, generation};
use anyhow::Context;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use tantivy::merge_policy::NoMergePolicy;
use tantivy::{Index, IndexReader, IndexWriter, ReloadPolicy, Searcher, Term};

/// Memory for documents that are not yet written, in bytes; tantivy's least is 15 MB.
const WRITER_BYTES: usize = 16_000_000;
/// The same while a whole library is written: fewer parts have to be put together afterwards.
const REBUILD_BYTES: usize = 64_000_000;

/// One change of the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// This clip is public with this content.
    Upsert(Box<ClipDocument>),
    /// This clip is no longer public.
    Delete(String),
}

/// Whether the index can be trusted to be complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    Ready,
    /// It was begun anew, or something failed: it must be filled from the database.
    NeedsRebuild,
}

/// The search index. Cheap to share; searching and writing may go on at the same time.
pub struct SearchIndex {
    /// Where the generations are; none for an index in memory.
    home: Option<PathBuf>,
    live: RwLock<Arc<Live>>,
    writer: Mutex<Option<IndexWriter>>,
    in_doubt: AtomicBool,
}

/// The generation that answers.
pub(super) struct Live {
    pub(super) fields: Fields,
    index: Index,
    reader: IndexReader,
    last_seq: AtomicI64,
}

impl Live {
    fn over(index: Index) -> anyhow::Result<Live> {
        let reader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into()
            .context("cannot read the index")?;
        let payload = index.load_metas().context("cannot read the index")?.payload;
        let last_seq = payload.and_then(|seq| seq.parse().ok()).unwrap_or(0);
        Ok(Live { fields: schema::build().1, index, reader, last_seq: AtomicI64::new(last_seq) })
    }

    fn in_memory() -> anyhow::Result<Live> {
        let builder = Index::builder().schema(schema::build().0).tokenizers(tokenizers());
        Live::over(builder.create_in_ram().context("cannot create an index in memory")?)
    }

    pub(super) fn searcher(&self) -> Searcher {
        self.reader.searcher()
    }
}

impl SearchIndex {
    /// Opens the index in a folder or begins an empty one. A damaged or outdated index is moved aside; ask
    /// [`SearchIndex::health`] whether it must be filled.
    pub fn open(home: &Path) -> anyhow::Result<SearchIndex> {
        let opened = generation::open_current(home).and_then(|(_, index)| Live::over(index));
        let (live, in_doubt) = match opened {
            Ok(live) => (live, false),
            Err(why) => {
                tracing::warn!(reason = format!("{why:#}"), "the search index is begun anew");
                (Self::begin(home)?, true)
            }
        };
        Ok(SearchIndex {
            home: Some(home.to_owned()),
            live: RwLock::new(Arc::new(live)),
            writer: Mutex::new(None),
            in_doubt: AtomicBool::new(in_doubt),
        })
    }

    fn begin(home: &Path) -> anyhow::Result<Live> {
        std::fs::create_dir_all(home).context("cannot create the index folder")?;
        generation::move_aside(home)?;
        let (number, index) = generation::create_next(home)?;
        generation::make_current(home, number)?;
        Live::over(index)
    }

    /// Begins an empty index in memory, for tests and offline verbs.
    pub fn in_memory() -> anyhow::Result<SearchIndex> {
        Ok(SearchIndex {
            home: None,
            live: RwLock::new(Arc::new(Live::in_memory()?)),
            writer: Mutex::new(None),
            in_doubt: AtomicBool::new(false),
        })
    }

    /// Tells whether the index must be filled from the database.
    pub fn health(&self) -> Health {
        if self.in_doubt.load(Ordering::Acquire) { Health::NeedsRebuild } else { Health::Ready }
    }

    /// Notes that something contradicted the index, so that the follower rebuilds it.
    pub fn doubt(&self) {
        self.in_doubt.store(true, Ordering::Release);
    }

    /// The position of the change feed that the index has reached.
    pub fn last_seq(&self) -> i64 {
        self.live().last_seq.load(Ordering::Acquire)
    }

    /// How many clips the index holds.
    pub fn clip_count(&self) -> u64 {
        let live = self.live();
        super::score::count_alive(&live.searcher(), &live.fields, schema::Level::Clip).unwrap_or(0)
    }

    /// Tells whether a clip can be found at this moment.
    pub fn holds(&self, clip_id: &str) -> anyhow::Result<bool> {
        let live = self.live();
        let term = tantivy::Term::from_field_text(live.fields.clip_id, clip_id);
        let query = tantivy::query::TermQuery::new(term, tantivy::schema::IndexRecordOption::Basic);
        let count = live.searcher().search(&query, &tantivy::collector::Count)?;
        Ok(count > 0)
    }

    /// Applies changes and makes them visible, with the feed's position in the commit. Nothing is written when there
    /// is no change; the position then only moves in memory, and a restart reads the feed again from the last commit.
    pub fn apply(&self, changes: &[Change], feed_seq: i64) -> anyhow::Result<()> {
        let live = self.live();
        if !changes.is_empty() {
            let mut writer = self.lock_writer();
            let written = write(opened(&mut writer, &live.index)?, &live.fields, changes, feed_seq);
            if let Err(why) = written {
                // A writer that failed once must not be used again.
                *writer = None;
                return Err(why);
            }
            live.reader.reload().context("cannot reload the index")?;
        }
        live.last_seq.store(feed_seq, Ordering::Release);
        Ok(())
    }

    /// Replaces the whole content. The old content answers until the new one is complete. The new one is in a few parts
    /// until [`SearchIndex::compact`].
    pub fn rebuild(
        &self,
        clips: impl Iterator<Item = anyhow::Result<ClipDocument>>,
        feed_seq: i64,
    ) -> anyhow::Result<()> {
        let mut old_writer = self.lock_writer();
        let (number, live) = match &self.home {
            Some(home) => {
                let (number, index) = generation::create_next(home)?;
                (Some(number), Live::over(index)?)
            }
            None => (None, Live::in_memory()?),
        };
        // A small library stays in the order in which it came, so that it is the same index every time.
        let is_small = clips.size_hint().1.is_some_and(|clips| clips < 1_000);
        let threads = if is_small { 1 } else { 2 };
        let mut writer = new_writer(&live.index, threads, REBUILD_BYTES)?;
        // All parts are put together once, afterwards.
        writer.set_merge_policy(Box::new(NoMergePolicy));
        fill(&mut writer, &live.fields, clips, feed_seq)?;
        live.reader.reload().context("cannot read the new index")?;
        live.last_seq.store(feed_seq, Ordering::Release);
        *old_writer = None;
        *self.live.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(live);
        if let (Some(home), Some(number)) = (&self.home, number) {
            generation::make_current(home, number)?;
        }
        self.in_doubt.store(false, Ordering::Release);
        Ok(())
    }

    /// Puts the parts that a rebuild left together, while all of them answer: every term of a question is looked up in
    /// every part. Changes wait for it.
    pub fn compact(&self) -> anyhow::Result<()> {
        let mut writer = self.lock_writer();
        let live = self.live();
        let parts = live.index.searchable_segment_ids().context("cannot read the index")?;
        if parts.len() > 1 {
            let merge = opened(&mut writer, &live.index)?.merge(&parts);
            merge.wait().context("cannot put the index together")?;
            live.reader.reload().context("cannot read the index that was put together")?;
        }
        Ok(())
    }

    pub(super) fn live(&self) -> Arc<Live> {
        self.live.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn lock_writer(&self) -> MutexGuard<'_, Option<IndexWriter>> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs a search; a failure or a panic inside a damaged index puts it in doubt instead of taking the server down.
    pub(super) fn guarded<T>(&self, search: impl FnOnce(&Live) -> tantivy::Result<T>) -> anyhow::Result<T> {
        let live = self.live();
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| search(&live)));
        match result {
            Ok(Ok(found)) => Ok(found),
            Ok(Err(why)) => {
                self.doubt();
                Err(anyhow::Error::new(why).context("cannot search the index"))
            }
            Err(_) => {
                self.doubt();
                Err(anyhow::anyhow!("the search index is damaged"))
            }
        }
    }
}

fn new_writer(index: &Index, threads: usize, bytes: usize) -> anyhow::Result<IndexWriter> {
    index.writer_with_num_threads(threads, bytes).context("cannot write the index")
}

/// The writer that is held, opened where there is none.
fn opened<'a>(held: &'a mut Option<IndexWriter>, index: &Index) -> anyhow::Result<&'a mut IndexWriter> {
    Ok(match held {
        Some(open) => open,
        none => none.insert(new_writer(index, 1, WRITER_BYTES)?),
    })
}

fn write(writer: &mut IndexWriter, fields: &Fields, changes: &[Change], feed_seq: i64) -> anyhow::Result<()> {
    for change in changes {
        match change {
            Change::Upsert(clip) => {
                writer.delete_term(Term::from_field_text(fields.clip_id, &clip.clip_id));
                add(writer, fields, clip)?;
            }
            Change::Delete(clip_id) => {
                writer.delete_term(Term::from_field_text(fields.clip_id, clip_id));
            }
        }
    }
    commit(writer, feed_seq)
}

fn fill(
    writer: &mut IndexWriter,
    fields: &Fields,
    clips: impl Iterator<Item = anyhow::Result<ClipDocument>>,
    feed_seq: i64,
) -> anyhow::Result<()> {
    for clip in clips {
        add(writer, fields, &clip?)?;
    }
    commit(writer, feed_seq)
}

fn add(writer: &mut IndexWriter, fields: &Fields, clip: &ClipDocument) -> anyhow::Result<()> {
    for document in fields.documents(clip) {
        writer.add_document(document).context("cannot add to the index")?;
    }
    Ok(())
}

fn commit(writer: &mut IndexWriter, feed_seq: i64) -> anyhow::Result<()> {
    let mut commit = writer.prepare_commit().context("cannot prepare the index")?;
    commit.set_payload(&feed_seq.to_string());
    commit.commit().context("cannot commit the index")?;
    Ok(())
}
