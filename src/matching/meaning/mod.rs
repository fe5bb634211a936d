//! The semantic half of the matcher: how near an answer's meaning is to that of a question.
//!
//! Optional: without a sentence model, or before its vectors are there, the matcher goes on with words.

mod centre;
mod follower;
mod kept;
mod packed;
mod shelf;

pub use follower::MeaningFollower;
pub use shelf::Likeness;

use crate::search::{ClipDocument, Nearness};
use crate::sentence::{NoModel, SentenceModel, Side};
use crate::text::fold;
use centre::Centre;
use packed::Packed;
use shelf::{Part, Scan, Shelf, Vectors};
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::SystemTime;

/// How many wordings of an answer get a vector of their own; the newest say most.
const MOST_ALIASES: usize = 40;

/// The share of the index's answers that must have their vectors before meanings are compared.
const LEAST_SHELVED_PERCENT: u64 = 95;

/// Whether meanings can be compared, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MeaningState {
    /// The model's name, and how many answers have their vectors.
    Ready { model: String, answers: usize },
    /// No model was asked for.
    Off,
    /// The model is about to be loaded.
    Waiting,
    /// Why there is no model.
    Unavailable { reason: String },
}

/// A model with what belongs to it.
#[derive(Clone)]
struct Reader {
    model: SentenceModel,
    centre: Arc<Centre>,
}

enum Held {
    Off,
    Waiting,
    Unavailable(String),
    Ready(Reader),
}

/// The model and the vectors of the answers. Share it in an `Arc`.
pub struct Meanings {
    folder: Option<PathBuf>,
    held: RwLock<Held>,
    /// When the files that were last tried were written.
    tried: Mutex<Option<SystemTime>>,
    shelf: RwLock<Shelf>,
    /// All published answers were shelved once.
    filled: AtomicBool,
}

/// The centred vector of a question.
#[derive(Debug, Clone)]
pub(super) struct AskedVector(Packed);

impl AskedVector {
    /// The middle between two readings of one question.
    pub(super) fn between(&self, other: &AskedVector) -> AskedVector {
        let sum: Vec<f32> =
            self.0.unpacked().into_iter().zip(other.0.unpacked()).map(|(a, b)| a + b).collect();
        let length = sum.iter().map(|value| value * value).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
        AskedVector(Packed::of(&sum.into_iter().map(|value| value / length).collect::<Vec<f32>>()))
    }
}

/// A question's vector with its comparison to the library.
pub(super) struct AskedMeaning {
    vector: Packed,
    scan: Scan,
}

impl AskedMeaning {
    /// The nearest answers, best first.
    pub(super) fn best(&self) -> &[String] {
        &self.scan.best
    }

    /// The nearest answers with how far they stand out.
    pub(super) fn nearness(&self) -> Nearness {
        Nearness::new(self.scan.best.iter().cloned().zip(self.scan.standards()).collect())
    }
}

impl Meanings {
    /// No model: words only.
    pub fn off() -> Meanings {
        Meanings {
            folder: None,
            held: RwLock::new(Held::Off),
            tried: Mutex::new(None),
            shelf: RwLock::default(),
            filled: AtomicBool::new(false),
        }
    }

    /// The model of a folder, to be loaded by a [`MeaningFollower`], so that it holds nothing up.
    pub fn at(folder: &Path) -> Meanings {
        Meanings { folder: Some(folder.to_owned()), held: RwLock::new(Held::Waiting), ..Meanings::off() }
    }

    /// Loads the model of a folder now. The shelf is empty; [`Meanings::shelve`] fills it.
    pub fn open(folder: &Path) -> Meanings {
        let meanings = Meanings::at(folder);
        meanings.load();
        meanings
    }

    /// Tries to load the model, again after a failure; what is wrong is logged and kept as the state.
    pub fn load(&self) {
        let Some(folder) = &self.folder else { return };
        *self.tried.lock().unwrap_or_else(PoisonError::into_inner) = stamp(folder);
        let held = match Reader::open(folder) {
            Ok(reader) => {
                tracing::info!(model = reader.model.name(), "the sentence model is loaded");
                Held::Ready(reader)
            }
            Err(why) => {
                let reason = why.to_string();
                tracing::warn!(reason, "matching by words only");
                Held::Unavailable(reason)
            }
        };
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = held;
    }

    /// Whether meanings can be compared.
    pub fn state(&self) -> MeaningState {
        match &*self.held.read().unwrap_or_else(PoisonError::into_inner) {
            Held::Off => MeaningState::Off,
            Held::Waiting => MeaningState::Waiting,
            Held::Unavailable(reason) => MeaningState::Unavailable { reason: reason.clone() },
            Held::Ready(reader) => {
                MeaningState::Ready { model: reader.model.name().to_owned(), answers: self.shelf().len() }
            }
        }
    }

    /// Whether there is a model. What people are told of its absence is in [`Meanings::state`].
    pub fn is_ready(&self) -> bool {
        self.reader().is_some()
    }

    /// Whether the meanings of all published answers were known at some moment since the start.
    pub fn knows_all(&self) -> bool {
        self.filled.load(Ordering::Acquire)
    }

    /// Computes the vectors of answers and puts them on the shelf, on all cores. For offline verbs: nothing is kept.
    pub fn shelve(&self, answers: &[ClipDocument]) -> anyhow::Result<()> {
        let Some(reader) = self.reader() else { return Ok(()) };
        let share = answers.len().div_ceil(reader.model.workers().max(1)).max(1);
        std::thread::scope(|scope| {
            let part = |answers: &[ClipDocument]| -> anyhow::Result<()> {
                for answer in answers {
                    let vectors = reader.vectors(answer, |text| reader.model.embed(text, Side::Passage))?;
                    self.shelf_mut().place(&answer.clip_id, vectors);
                }
                Ok(())
            };
            let running: Vec<_> =
                answers.chunks(share).map(|answers| scope.spawn(move || part(answers))).collect();
            running.into_iter().try_for_each(|thread| {
                thread.join().unwrap_or_else(|_| Err(anyhow::anyhow!("computing vectors was cut off")))
            })
        })
    }

    /// Puts an answer on the shelf whose vectors were computed elsewhere: of title, question, captions and all of these,
    /// then of its other wordings. For benchmarks.
    pub fn shelve_vectors(&self, clip_id: &str, own: &[Vec<f32>; 4], wordings: &[Vec<f32>]) {
        let Some(reader) = self.reader() else { return };
        let parts = [Part::Title, Part::Question, Part::Caption, Part::All];
        let own = parts.into_iter().zip(own.iter().cloned());
        let raw: Vec<(Part, Vec<f32>)> =
            own.chain(wordings.iter().map(|vector| (Part::Alias, vector.clone()))).collect();
        self.shelf_mut().place(clip_id, reader.packed(&raw));
    }

    /// Reads a question. None when there is no model or nothing to read, or when the shelf is still being filled: half of
    /// the answers must not be put behind the other half.
    pub(super) fn read(&self, text: &str, library: u64) -> Option<AskedVector> {
        let reader = self.reader()?;
        let shelved = self.shelf().len() as u64;
        if shelved == 0 || shelved * 100 < library * LEAST_SHELVED_PERCENT || !can_be_read(text) {
            return None;
        }
        match reader.model.embed(text, Side::Query) {
            Ok(vector) => Some(AskedVector(Packed::of(&reader.centre.centred(&vector, Side::Query)))),
            Err(why) => {
                tracing::warn!(reason = format!("{why:#}"), "a question was matched by words only");
                None
            }
        }
    }

    /// Compares a question with every answer.
    pub(super) fn compare(&self, asked: AskedVector, depth: usize) -> AskedMeaning {
        let scan = self.shelf().scan(&asked.0, depth);
        AskedMeaning { vector: asked.0, scan }
    }

    /// The same model with only some of the answers.
    pub(super) fn with_only(&self, ids: &HashSet<String>) -> Meanings {
        let held = match self.reader() {
            Some(reader) => Held::Ready(reader),
            None => Held::Off,
        };
        let mut shelf = self.shelf().clone();
        shelf.retain(ids);
        Meanings { held: RwLock::new(held), shelf: RwLock::new(shelf), ..Meanings::off() }
    }

    /// The same answers without the vectors of some wordings: those that are about to be asked.
    pub fn without_wordings(&self, answers: &[ClipDocument], asked: &HashSet<&str>) -> Meanings {
        let all = answers.iter().map(|answer| answer.clip_id.clone()).collect();
        let meanings = self.with_only(&all);
        for answer in
            answers.iter().filter(|answer| answer.aliases.iter().any(|one| asked.contains(one.as_str())))
        {
            let texts = texts(answer);
            meanings.shelf_mut().retain_parts(&answer.clip_id, |at| {
                texts
                    .get(at)
                    .is_some_and(|(part, text)| *part != Part::Alias || !asked.contains(text.as_str()))
            });
        }
        meanings
    }

    /// How near each of these answers is to a question. One without vectors, just published, counts as average.
    pub(super) fn likenesses(&self, asked: Option<&AskedMeaning>, ids: Vec<String>) -> Vec<Likeness> {
        let Some(asked) = asked else { return vec![Likeness::default(); ids.len()] };
        let shelf = self.shelf();
        let of = |id: &String| shelf.likeness(id, &asked.vector, &asked.scan);
        ids.iter().map(|id| of(id).unwrap_or_else(|| asked.scan.average())).collect()
    }

    /// Tells whether the model was never tried, or its folder was written since.
    fn should_try(&self) -> bool {
        if matches!(&*self.held.read().unwrap_or_else(PoisonError::into_inner), Held::Waiting) {
            return true;
        }
        let now = self.folder.as_deref().and_then(stamp);
        now.is_some() && *self.tried.lock().unwrap_or_else(PoisonError::into_inner) != now
    }

    fn forget_all_but(&self, ids: &HashSet<String>) {
        self.shelf_mut().retain(ids);
    }

    fn reader(&self) -> Option<Reader> {
        match &*self.held.read().unwrap_or_else(PoisonError::into_inner) {
            Held::Ready(reader) => Some(reader.clone()),
            Held::Off | Held::Waiting | Held::Unavailable(_) => None,
        }
    }

    fn shelf(&self) -> RwLockReadGuard<'_, Shelf> {
        self.shelf.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn shelf_mut(&self) -> RwLockWriteGuard<'_, Shelf> {
        self.shelf.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Reader {
    fn open(folder: &Path) -> Result<Reader, NoModel> {
        let model = SentenceModel::open(folder)?;
        let centre = Centre::of(&model)
            .map_err(|why| NoModel::Unusable { folder: folder.to_owned(), reason: format!("{why:#}") })?;
        Ok(Reader { model, centre: Arc::new(centre) })
    }

    /// The centred vectors of an answer; `embed` gives the vector of a text, computed or kept.
    fn vectors(
        &self,
        answer: &ClipDocument,
        mut embed: impl FnMut(&str) -> anyhow::Result<Vec<f32>>,
    ) -> anyhow::Result<Vectors> {
        let texts = texts(answer).into_iter();
        let raw = texts.map(|(part, text)| Ok((part, embed(&text)?))).collect::<anyhow::Result<Vec<_>>>()?;
        Ok(self.packed(&raw))
    }

    fn packed(&self, raw: &[(Part, Vec<f32>)]) -> Vectors {
        let packed = |vector: &[f32]| Packed::of(&self.centre.centred(vector, Side::Passage));
        let parts = raw.iter().map(|(part, vector)| (*part, packed(vector))).collect();
        Vectors { mean: packed(&shelf::mean(raw)), parts }
    }
}

/// The texts of an answer that get a vector.
fn texts(answer: &ClipDocument) -> Vec<(Part, String)> {
    let caption = answer.cues.iter().map(|cue| cue.text.as_str()).collect::<Vec<_>>().join(" ");
    let own = [(Part::Title, &answer.title), (Part::Question, &answer.question), (Part::Caption, &caption)];
    let own: Vec<(Part, &str)> = own
        .into_iter()
        .map(|(part, text)| (part, text.trim()))
        .filter(|(_, text)| !text.is_empty())
        .collect();
    let all = own.iter().map(|(_, text)| *text).collect::<Vec<_>>().join("\n");
    let newest = answer.aliases.len().saturating_sub(MOST_ALIASES);
    let aliases = answer.aliases[newest..].iter().map(|alias| (Part::Alias, alias.clone()));
    let several = own.len() > 1;
    own.into_iter()
        .map(|(part, text)| (part, text.to_owned()))
        .chain(several.then_some((Part::All, all)))
        .chain(aliases)
        .collect()
}

/// A text without letters that the model knows gives a vector that says nothing; it costs nothing then.
fn can_be_read(text: &str) -> bool {
    let folded = fold(text);
    let (mut letters, mut known) = (0usize, 0usize);
    for c in folded.text().chars().take(2_000).filter(|c| c.is_alphabetic()) {
        letters += 1;
        known += usize::from(crate::text::is_arabic_letter(c) || c < '\u{250}');
    }
    known >= 2 && known * 2 >= letters
}

/// When the folder was last written.
fn stamp(folder: &Path) -> Option<SystemTime> {
    std::fs::metadata(folder).and_then(|folder| folder.modified()).ok()
}
