//! Scores of clips in each view, for the matcher to weigh: how far above the rest of the library a clip stands.

use super::find::{Filter, best_cues, idf, terms};
use super::index::{Live, SearchIndex};
use super::schema::{Fields, Level};
use super::score::{Restriction, all, count, score};
use super::terms::Terms;
use super::wide::{self, WideQuery};
use super::{ClipDocument, CueText};
use std::collections::{BTreeSet, HashMap, HashSet};
use tantivy::{DocAddress, Searcher, Term};

/// The views that the matcher compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum View {
    /// Character grams over title, question, aliases and captions.
    Grams,
    /// Light stems over the same.
    Stems,
    /// Whole words over the same, without question words.
    Words,
    /// Character grams over title, question and aliases.
    HeadGrams,
    /// Light stems over title, question and aliases.
    HeadStems,
}

/// All views, in the order of the score arrays.
pub const VIEWS: [View; 5] = [View::Grams, View::Stems, View::Words, View::HeadGrams, View::HeadStems];

/// A question for candidates.
#[derive(Debug, Clone)]
pub struct CandidateQuery<'a> {
    /// The question as it was asked (redacted).
    pub text: &'a str,
    /// Other wordings with their weight, from the lexicon.
    pub expansions: &'a [(String, f32)],
    pub filter: &'a Filter,
    /// Clips that are weighed whatever their words, if the filter lets them: those of near meaning.
    pub also: &'a [String],
    /// How many clips of each view are considered.
    pub depth: usize,
}

/// One clip with its scores, in the order of [`VIEWS`].
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// What the index stores of the clip: no captions, no summary.
    pub clip: ClipDocument,
    /// BM25 in each view.
    pub scores: [f32; VIEWS.len()],
    /// How many standard deviations the score lies above the mean of the whole library.
    pub standard: [f32; VIEWS.len()],
    /// The cue that fits best.
    pub cue: Option<CueText>,
}

/// The clips worth weighing, in no particular order, and how the scores of the whole library are spread.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Candidates {
    pub list: Vec<Candidate>,
    /// How many clips were scored at all.
    pub library: u64,
}

impl SearchIndex {
    /// Collects the clips that stand out in any view.
    pub fn candidates(&self, query: &CandidateQuery) -> anyhow::Result<Candidates> {
        self.guarded(|live| collect(live, query))
    }
}

/// The scores of one view over the whole library; clips that match nothing have 0.
struct ViewScores {
    by_clip: HashMap<DocAddress, f32>,
    mean: f32,
    deviation: f32,
}

impl ViewScores {
    fn over(scored: Vec<(f32, DocAddress)>, library: u64) -> ViewScores {
        let count = library.max(1) as f64;
        let sum: f64 = scored.iter().map(|(score, _)| f64::from(*score)).sum();
        let squares: f64 = scored.iter().map(|(score, _)| f64::from(*score).powi(2)).sum();
        let mean = sum / count;
        let variance = (squares / count - mean * mean).max(0.0);
        ViewScores {
            by_clip: scored.into_iter().map(|(score, address)| (address, score)).collect(),
            mean: mean as f32,
            deviation: variance.sqrt() as f32,
        }
    }

    fn raw(&self, address: DocAddress) -> f32 {
        self.by_clip.get(&address).copied().unwrap_or(0.0)
    }

    fn standard(&self, address: DocAddress) -> f32 {
        if self.deviation > f32::EPSILON { (self.raw(address) - self.mean) / self.deviation } else { 0.0 }
    }

    fn best(&self, depth: usize) -> Vec<DocAddress> {
        let mut ranked: Vec<(&DocAddress, &f32)> = self.by_clip.iter().collect();
        ranked.sort_by(|a, b| b.1.total_cmp(a.1).then_with(|| a.0.cmp(b.0)));
        ranked.into_iter().take(depth).map(|(address, _)| *address).collect()
    }
}

/// What all views are asked.
struct Question<'a> {
    searcher: &'a Searcher,
    fields: &'a Fields,
    wanted: &'a Terms,
    restriction: &'a Restriction,
}

impl Question<'_> {
    /// Scores every clip.
    fn in_small_library(
        &self,
        also: Vec<DocAddress>,
        depth: usize,
        library: u64,
    ) -> tantivy::Result<(Vec<ViewScores>, BTreeSet<DocAddress>)> {
        let mut views = Vec::with_capacity(VIEWS.len());
        for view in VIEWS {
            let (field, terms) = view.terms(self.fields, self.wanted);
            let terms = [(field, terms, 1.0)];
            let scored = score(self.searcher, self.fields, Level::Clip, &terms, self.restriction)?;
            views.push(ViewScores::over(scored, library));
        }
        let best = views.iter().flat_map(|view| view.best(depth));
        let addresses = best.chain(also).collect();
        Ok((views, addresses))
    }

    /// Scores the best clips of each view, and a sample for the spread.
    fn in_large_library(
        &self,
        also: Vec<DocAddress>,
        depth: usize,
    ) -> tantivy::Result<(Vec<ViewScores>, BTreeSet<DocAddress>)> {
        let mut asked = Vec::with_capacity(VIEWS.len());
        for view in VIEWS {
            let (field, terms) = view.terms(self.fields, self.wanted);
            asked.push(WideQuery::new(self.searcher, self.fields, &[(field, terms, 1.0)])?);
        }
        let mut best: BTreeSet<DocAddress> = BTreeSet::new();
        for view in &asked {
            let found = view.best(self.searcher, depth * OVERSAMPLING)?;
            let found = wide::of_kinds(self.searcher, self.fields, found, &self.restriction.kinds, depth)?;
            best.extend(found.into_iter().map(|(_, address)| address));
        }
        best.extend(also);
        let best_list: Vec<DocAddress> = best.iter().copied().collect();
        let sample = wide::sample(self.searcher, self.fields)?;
        let mut views = Vec::with_capacity(VIEWS.len());
        for view in &asked {
            let spread = view.scores_at(self.searcher, &sample)?;
            let spread = spread.into_iter().zip(sample.iter().copied()).collect();
            let mut scores = ViewScores::over(spread, sample.len() as u64);
            let raw = view.scores_at(self.searcher, &best_list)?;
            scores.by_clip = best_list.iter().copied().zip(raw).collect();
            views.push(scores);
        }
        Ok((views, best))
    }
}

/// How many times more clips are found than wanted, for those that the filter takes away.
const OVERSAMPLING: usize = 3;

fn collect(live: &Live, query: &CandidateQuery) -> tantivy::Result<Candidates> {
    let (searcher, fields) = (live.searcher(), &live.fields);
    let mut wanted = terms(&searcher, fields, query.text);
    for (text, weight) in query.expansions {
        wanted.add(text, *weight);
    }
    let library = count(&searcher, fields, Level::Clip)?;
    if wanted.is_empty() || library == 0 {
        return Ok(Candidates { list: Vec::new(), library });
    }
    let restriction = Restriction::of(query.filter);
    let also = match query.also {
        [] => Vec::new(),
        also => {
            let named = Restriction { clip_ids: also.to_vec(), ..restriction.clone() };
            all(&searcher, fields, Level::Clip, &named)?
        }
    };
    let question = Question { searcher: &searcher, fields, wanted: &wanted, restriction: &restriction };
    let (views, addresses) = if library > wide::EXACT && restriction.is_by_kind_only() {
        question.in_large_library(also, query.depth)?
    } else {
        question.in_small_library(also, query.depth, library)?
    };
    let mut list = Vec::with_capacity(addresses.len());
    for address in addresses {
        list.push(Candidate {
            clip: fields.read_clip(&searcher.doc(address)?),
            scores: std::array::from_fn(|view| views[view].raw(address)),
            standard: std::array::from_fn(|view| views[view].standard(address)),
            cue: None,
        });
    }
    let ids = list.iter().map(|candidate| candidate.clip.clip_id.clone()).collect();
    let mut cues = best_cues(&searcher, fields, &wanted, ids)?;
    for candidate in &mut list {
        candidate.cue = cues.remove(&candidate.clip.clip_id);
    }
    Ok(Candidates { list, library })
}

impl View {
    fn terms<'a>(
        self,
        fields: &Fields,
        terms: &'a Terms,
    ) -> (tantivy::schema::Field, &'a std::collections::BTreeMap<String, f32>) {
        match self {
            View::Grams => (fields.all.grams, &terms.grams),
            View::Stems => (fields.all.stems, &terms.stems),
            View::Words => (fields.all.words, &terms.words),
            View::HeadGrams => (fields.head.grams, &terms.grams),
            View::HeadStems => (fields.head.stems, &terms.stems),
        }
    }
}

impl SearchIndex {
    /// How rare each stem is in the library: 1 for one that no clip has, towards 0 for one that every clip has.
    pub fn rarities(&self, stems: &HashSet<String>) -> anyhow::Result<HashMap<String, f32>> {
        self.guarded(|live| {
            let (searcher, field) = (live.searcher(), live.fields.all.stems);
            let library = count(&searcher, &live.fields, Level::Clip)?.max(1);
            let most = idf(0, library);
            let of = |stem: &String| -> tantivy::Result<(String, f32)> {
                let frequency = searcher.doc_freq(&Term::from_field_text(field, stem))?;
                Ok((stem.clone(), idf(frequency.min(library), library) / most))
            };
            stems.iter().map(of).collect()
        })
    }
}
