//! How far clips stand out from the library by the terms of a question, in each view.
//!
//! A question's terms are the asker's own with those of other wordings. Both are weighed on one way through the index:
//! what a term is worth in a clip is looked up once.

use super::candidates::{VIEWS, View};
use super::schema::{Fields, Level};
use super::score::{Restriction, all};
use super::terms::Terms;
use super::wide::{self, WideQuery};
use std::collections::BTreeSet;
use tantivy::{DocAddress, Searcher};

/// A number for each view.
pub(super) type ByView = [f32; VIEWS.len()];

/// Where and how far candidates are looked for.
pub(super) struct Ground<'a> {
    pub(super) searcher: &'a Searcher,
    pub(super) fields: &'a Fields,
    pub(super) restriction: &'a Restriction,
    /// Clips that are weighed whatever their words.
    pub(super) also: Vec<DocAddress>,
    /// How many clips of each view are considered.
    pub(super) depth: usize,
    /// How many clips there are.
    pub(super) library: u64,
}

/// How many times more clips are found than wanted, for those that the filter takes away.
const OVERSAMPLING: usize = 3;

/// A clip that stands out.
pub(super) struct Standout {
    pub(super) address: DocAddress,
    /// BM25 in each view.
    pub(super) scores: ByView,
    /// How many standard deviations the score lies above the mean of the whole library.
    pub(super) standard: ByView,
    /// The same by the asker's own terms alone; none where the clip does not stand out by them.
    pub(super) own: Option<ByView>,
}

/// The clips that stand out, each known by its place among those that were looked at.
pub(super) struct Standing {
    looked_at: Vec<DocAddress>,
    chosen: BTreeSet<usize>,
    wanted: Vec<ViewScores>,
    /// By the asker's own terms, with those that stand out; none where these are all.
    own: Option<(Vec<ViewScores>, BTreeSet<usize>)>,
}

impl Standing {
    /// What was found, in the order of the index.
    pub(super) fn clips(&self) -> impl Iterator<Item = Standout> {
        self.chosen.iter().map(|&place| {
            let standard = standards(&self.wanted, place);
            Standout {
                address: self.looked_at[place],
                scores: std::array::from_fn(|view| self.wanted[view].scores[place]),
                standard,
                own: match &self.own {
                    None => Some(standard),
                    Some((views, chosen)) => chosen.contains(&place).then(|| standards(views, place)),
                },
            }
        })
    }
}

fn standards(views: &[ViewScores], place: usize) -> ByView {
    std::array::from_fn(|view| views[view].standard(place))
}

/// The scores of one view; clips that match nothing have 0.
struct ViewScores {
    scores: Vec<f32>,
    mean: f32,
    deviation: f32,
}

impl ViewScores {
    fn new(scores: Vec<f32>, scope: &Scope) -> ViewScores {
        let count = scope.clips.max(1) as f64;
        let (mut sum, mut squares) = (0.0, 0.0);
        for (_, score) in scores.iter().enumerate().filter(|(place, _)| (scope.shown)(*place)) {
            let score = f64::from(*score);
            sum += score;
            squares += score * score;
        }
        let mean = sum / count;
        let variance = (squares / count - mean * mean).max(0.0);
        ViewScores { mean: mean as f32, deviation: variance.sqrt() as f32, scores }
    }

    fn standard(&self, place: usize) -> f32 {
        if self.deviation > f32::EPSILON { (self.scores[place] - self.mean) / self.deviation } else { 0.0 }
    }

    /// The places of the best scores above 0; of equals the first.
    fn best(&self, depth: usize, scope: &Scope) -> Vec<usize> {
        let scores = self.scores.iter().enumerate();
        let found = scores.filter(|(place, score)| **score > 0.0 && (scope.eligible)(*place));
        let mut found: Vec<(f32, usize)> = found.map(|(place, score)| (*score, place)).collect();
        let order = |a: &(f32, usize), b: &(f32, usize)| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
        if found.len() > depth {
            found.select_nth_unstable_by(depth, order);
            found.truncate(depth);
        }
        found.into_iter().map(|(_, place)| place).collect()
    }
}

/// Which scores count.
struct Scope<'a> {
    /// The places that may be chosen for their score.
    eligible: &'a dyn Fn(usize) -> bool,
    /// The places whose scores show how the library's are spread.
    shown: &'a dyn Fn(usize) -> bool,
    /// How many clips these stand for.
    clips: u64,
}

impl Ground<'_> {
    /// The clips that stand out in any view by the wanted terms, among which are the asker's own where those are others.
    pub(super) fn standing(&self, wanted: &Terms, own: Option<&Terms>) -> tantivy::Result<Standing> {
        if self.library > wide::EXACT && self.restriction.is_by_kind_only() {
            return self.in_large_library(wanted, own);
        }
        self.in_small_library(wanted, own)
    }

    /// Scores every clip.
    fn in_small_library(&self, wanted: &Terms, own: Option<&Terms>) -> tantivy::Result<Standing> {
        let mut looked_at = all(self.searcher, self.fields, Level::Clip, self.restriction)?;
        looked_at.sort_unstable();
        let places = Places::of(self.searcher, &looked_at);
        let mut scores = Vec::with_capacity(VIEWS.len());
        for view in VIEWS {
            let mut of_view = vec![[0.0; 2]; looked_at.len()];
            self.query(view, wanted, own)?.each(|term, address, worth| {
                if let Some(place) = places.at(address) {
                    term.add(&mut of_view[place], worth);
                }
            })?;
            scores.push(of_view);
        }
        let everywhere = |_| true;
        let scope = Scope { eligible: &everywhere, shown: &everywhere, clips: self.library };
        let [wanted, by_own] = self.views(&scores, &scope);
        let chosen = self.stand_out(&looked_at, &wanted, &scope);
        let own = own.map(|_| {
            let chosen = self.stand_out(&looked_at, &by_own, &scope);
            (by_own, chosen)
        });
        Ok(Standing { looked_at, chosen, wanted, own })
    }

    /// Scores the best clips of each view, and a sample for the spread.
    fn in_large_library(&self, wanted: &Terms, own: Option<&Terms>) -> tantivy::Result<Standing> {
        let mut queries = Vec::with_capacity(VIEWS.len());
        let mut found: BTreeSet<DocAddress> = self.also.iter().copied().collect();
        for view in VIEWS {
            let query = self.query(view, wanted, own)?;
            let best = query.best(self.depth * OVERSAMPLING)?;
            let best = wide::of_kinds(self.searcher, best, &self.restriction.kinds, self.depth)?;
            found.extend(best.into_iter().map(|(_, address)| address));
            queries.push(query);
        }
        let sample: BTreeSet<DocAddress> = wide::sample(self.searcher, self.fields)?.into_iter().collect();
        let looked_at: Vec<DocAddress> = found.union(&sample).copied().collect();
        let mut scores = Vec::with_capacity(VIEWS.len());
        for query in &queries {
            let mut of_view = vec![[0.0; 2]; looked_at.len()];
            query.each_at(&looked_at, |term, place, worth| term.add(&mut of_view[place], worth))?;
            scores.push(of_view);
        }
        let (is_found, is_sample): (Vec<bool>, Vec<bool>) =
            looked_at.iter().map(|address| (found.contains(address), sample.contains(address))).unzip();
        let scope = Scope {
            eligible: &|place| is_found[place],
            shown: &|place| is_sample[place],
            clips: sample.len() as u64,
        };
        let [wanted, by_own] = self.views(&scores, &scope);
        let chosen = (0..looked_at.len()).filter(|place| is_found[*place]).collect();
        let own = own.map(|_| {
            let chosen = self.stand_out(&looked_at, &by_own, &scope);
            (by_own, chosen)
        });
        Ok(Standing { looked_at, chosen, wanted, own })
    }

    fn query(&self, view: View, wanted: &Terms, own: Option<&Terms>) -> tantivy::Result<WideQuery<'_>> {
        let (field, terms) = view.terms(self.fields, wanted);
        let query = WideQuery::new(self.searcher, self.fields, Level::Clip, &[(field, terms, 1.0)])?;
        Ok(match own {
            Some(own) => query.with_own(view.terms(self.fields, own).1),
            None => query,
        })
    }

    /// The views by the wanted and by the asker's own terms.
    fn views(&self, scores: &[Vec<[f32; 2]>], scope: &Scope) -> [Vec<ViewScores>; 2] {
        [0, 1].map(|which| {
            let of = |view: &Vec<[f32; 2]>| view.iter().map(|both| both[which]).collect();
            scores.iter().map(|view| ViewScores::new(of(view), scope)).collect()
        })
    }

    /// The best places of each view, and those that are weighed in any case.
    fn stand_out(&self, looked_at: &[DocAddress], views: &[ViewScores], scope: &Scope) -> BTreeSet<usize> {
        let best = views.iter().flat_map(|view| view.best(self.depth, scope));
        best.chain(self.also.iter().filter_map(|address| looked_at.binary_search(address).ok())).collect()
    }
}

/// The places of documents in a list, by segment and document.
struct Places(Vec<Vec<u32>>);

impl Places {
    const NONE: u32 = u32::MAX;

    fn of(searcher: &Searcher, list: &[DocAddress]) -> Places {
        let mut places: Vec<Vec<u32>> =
            searcher.segment_readers().iter().map(|part| vec![Self::NONE; part.max_doc() as usize]).collect();
        for (place, address) in (0..).zip(list) {
            places[address.segment_ord as usize][address.doc_id as usize] = place;
        }
        Places(places)
    }

    fn at(&self, address: DocAddress) -> Option<usize> {
        let place = self.0[address.segment_ord as usize][address.doc_id as usize];
        (place != Self::NONE).then_some(place as usize)
    }
}
