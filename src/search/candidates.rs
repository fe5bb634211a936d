//! Scores of clips in each view, for the matcher to weigh: how far above the rest of the library a clip stands.

use super::find::{Filter, best_cues, idf, terms};
use super::index::{Live, SearchIndex};
use super::schema::{Fields, Level};
use super::score::{Restriction, all, count};
use super::standing::Ground;
use super::terms::Terms;
use super::{ClipDocument, CueText};
use std::collections::{BTreeMap, HashMap, HashSet};
use tantivy::Term;
use tantivy::schema::Field;

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
    /// The same by the asker's own words alone; `None` for a clip that does not stand out by them.
    pub own: Option<[f32; VIEWS.len()]>,
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

fn collect(live: &Live, query: &CandidateQuery) -> tantivy::Result<Candidates> {
    let (searcher, fields) = (live.searcher(), &live.fields);
    let own = terms(&searcher, fields, query.text);
    let mut wanted = own.clone();
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
    let ground =
        Ground { searcher: &searcher, fields, restriction: &restriction, also, depth: query.depth, library };
    let own = Some(&own).filter(|_| !query.expansions.is_empty());
    let standing = ground.standing(&wanted, own)?;
    let mut list = Vec::new();
    for one in standing.clips() {
        list.push(Candidate {
            clip: fields.read_clip(&searcher.doc(one.address)?),
            scores: one.scores,
            standard: one.standard,
            own: one.own,
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
    /// The field of this view, and the terms that are looked for in it.
    pub(super) fn terms<'a>(self, fields: &Fields, terms: &'a Terms) -> (Field, &'a BTreeMap<String, f32>) {
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
