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

/// The clips that stand out by some terms, and the scores of each view.
struct Standing {
    views: Vec<ViewScores>,
    addresses: BTreeSet<DocAddress>,
}

impl Standing {
    fn standards(&self, address: DocAddress) -> [f32; VIEWS.len()] {
        std::array::from_fn(|view| self.views[view].standard(address))
    }
}

/// Where and how far candidates are looked for.
struct Ground<'a> {
    searcher: &'a Searcher,
    fields: &'a Fields,
    restriction: &'a Restriction,
    /// Clips that are weighed whatever their words.
    also: Vec<DocAddress>,
    depth: usize,
    library: u64,
}

/// How many times more clips are found than wanted, for those that the filter takes away.
const OVERSAMPLING: usize = 3;

impl Ground<'_> {
    /// By the wanted terms, and by the asker's own where those are others.
    fn standings(
        &self,
        wanted: &Terms,
        own: Option<&Terms>,
    ) -> tantivy::Result<(Standing, Option<Standing>)> {
        if self.library > wide::EXACT && self.restriction.is_by_kind_only() {
            return self.in_large_library(wanted, own);
        }
        Ok((self.in_small_library(wanted)?, own.map(|own| self.in_small_library(own)).transpose()?))
    }

    /// Scores every clip.
    fn in_small_library(&self, wanted: &Terms) -> tantivy::Result<Standing> {
        let mut views = Vec::with_capacity(VIEWS.len());
        for view in VIEWS {
            let (field, terms) = view.terms(self.fields, wanted);
            let terms = [(field, terms, 1.0)];
            let scored = score(self.searcher, self.fields, Level::Clip, &terms, self.restriction)?;
            views.push(ViewScores::over(scored, self.library));
        }
        Ok(self.standing(views))
    }

    /// Scores the best clips of each view, and a sample for the spread. What a term is worth in a clip is looked up once
    /// for both sets of terms: the asker's own are among the wanted.
    fn in_large_library(
        &self,
        wanted: &Terms,
        own: Option<&Terms>,
    ) -> tantivy::Result<(Standing, Option<Standing>)> {
        let mut asked = Vec::with_capacity(VIEWS.len());
        let mut found: BTreeSet<DocAddress> = self.also.iter().copied().collect();
        for view in VIEWS {
            let (field, terms) = view.terms(self.fields, wanted);
            let query = WideQuery::new(self.searcher, self.fields, Level::Clip, &[(field, terms, 1.0)])?;
            let best = query.best(self.depth * OVERSAMPLING)?;
            let best = wide::of_kinds(self.searcher, best, &self.restriction.kinds, self.depth)?;
            found.extend(best.into_iter().map(|(_, address)| address));
            asked.push((query, own.map(|own| view.terms(self.fields, own).1)));
        }
        let sample: BTreeSet<DocAddress> = wide::sample(self.searcher, self.fields)?.into_iter().collect();
        let looked_at: Vec<DocAddress> = found.union(&sample).copied().collect();
        let (mut views, mut own_views) = (Vec::new(), Vec::new());
        for (query, own) in &asked {
            let mut scores = vec![[0.0; 2]; looked_at.len()];
            query.each_at(&looked_at, |term, at, worth| {
                let own = own.and_then(|own| own.get(&term.text)).copied().unwrap_or(0.0);
                scores[at] = [scores[at][0] + worth * term.weight, scores[at][1] + worth * own];
            })?;
            let over = |which: usize| {
                let scored = looked_at.iter().zip(&scores).map(|(address, scores)| (scores[which], *address));
                let of_sample = scored.clone().filter(|(_, address)| sample.contains(address)).collect();
                let mut view = ViewScores::over(of_sample, sample.len() as u64);
                view.by_clip = scored
                    .filter(|(score, address)| *score > 0.0 && found.contains(address))
                    .map(|(score, address)| (address, score))
                    .collect();
                view
            };
            views.push(over(0));
            own_views.extend(own.is_some().then(|| over(1)));
        }
        let own = own.is_some().then(|| self.standing(own_views));
        Ok((Standing { views, addresses: found }, own))
    }

    fn standing(&self, views: Vec<ViewScores>) -> Standing {
        let best = views.iter().flat_map(|view| view.best(self.depth));
        let addresses = best.chain(self.also.iter().copied()).collect();
        Standing { views, addresses }
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
    let (standing, by_own) = ground.standings(&wanted, own)?;
    let mut list = Vec::with_capacity(standing.addresses.len());
    for &address in &standing.addresses {
        let standard = standing.standards(address);
        list.push(Candidate {
            clip: fields.read_clip(&searcher.doc(address)?),
            scores: std::array::from_fn(|view| standing.views[view].raw(address)),
            standard,
            own: match &by_own {
                None => Some(standard),
                Some(own) => own.addresses.contains(&address).then(|| own.standards(address)),
            },
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
