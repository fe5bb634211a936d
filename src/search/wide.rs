//! Scores in a large library: the best clips by their rarest terms, and the spread of all from a sample.
//!
//! Scoring every clip that shares a gram with the question is exact, and at a hundred thousand clips too slow: nearly
//! every clip shares one. The rarest terms of a question name few clips and carry most of the score; those few clips are
//! then scored by all terms, each term being looked up where it is wanted instead of being read from end to end.

use super::schema::{Fields, Level, OfKinds};
use super::score::{OfLevel, count, weighted};
use std::collections::BTreeMap;
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, EnableScoring, Query, TermQuery, Weight};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocAddress, DocSet, Score, Searcher, SegmentReader, TERMINATED, Term};

/// Up to this many clips every one is scored.
pub(super) const EXACT: u64 = 5_000;
/// How many clips stand for the whole library. The mean of as many is within a tenth of a standard deviation.
const SAMPLE: u64 = 300;
/// The rarest terms that name candidates have together about this many places.
const LEADING_PLACES: u64 = 30_000;
/// At least so many terms name candidates, however frequent they are.
const LEAST_LEADING: usize = 4;
/// How many times more candidates are scored by all terms than are wanted.
const RESCORED: usize = 2;

/// A term with what it counts in a question.
pub(super) struct WideTerm {
    field: Field,
    text: String,
    weight: f32,
    /// What it counts by the asker's own wording alone.
    own: f32,
    places: u64,
}

impl WideTerm {
    fn query(&self) -> TermQuery {
        TermQuery::new(Term::from_field_text(self.field, &self.text), IndexRecordOption::WithFreqs)
    }

    /// Adds what the term is worth in a document to its two sums: by all wordings, and by the asker's own.
    pub(super) fn add(&self, sums: &mut [f32; 2], worth: Score) {
        *sums = [sums[0] + worth * self.weight, sums[1] + worth * self.own];
    }
}

/// The terms of some fields of one level, ready to be asked several times.
pub(super) struct WideQuery<'a> {
    searcher: &'a Searcher,
    documents: u64,
    /// The rarest first.
    terms: Vec<WideTerm>,
}

impl<'a> WideQuery<'a> {
    pub(super) fn new(
        searcher: &'a Searcher,
        fields: &Fields,
        level: Level,
        terms: &[(Field, &BTreeMap<String, f32>, f32)],
    ) -> tantivy::Result<WideQuery<'a>> {
        let mut known = Vec::new();
        for (field, terms, boost) in terms {
            for (text, weight) in *terms {
                let places = searcher.doc_freq(&Term::from_field_text(*field, text))?;
                let term =
                    WideTerm { field: *field, text: text.clone(), weight: weight * boost, own: 0.0, places };
                known.extend(Some(term).filter(|_| places > 0));
            }
        }
        // Equally rare terms keep their order, so that equal questions are answered equally.
        known.sort_by_key(|term| term.places);
        Ok(WideQuery { searcher, documents: count(searcher, fields, level)?, terms: known })
    }

    /// The same, knowing what the asker's own wording alone would count.
    pub(super) fn with_own(mut self, own: &BTreeMap<String, f32>) -> WideQuery<'a> {
        for term in &mut self.terms {
            term.own = own.get(&term.text).copied().unwrap_or(0.0);
        }
        self
    }

    /// The best documents, best first. The fields belong to documents of one level alone, so that no filter is needed.
    pub(super) fn best(&self, limit: usize) -> tantivy::Result<Vec<(Score, DocAddress)>> {
        let mut places = 0;
        let leading = self.terms.iter().enumerate().take_while(|(at, term)| {
            places += term.places;
            *at < LEAST_LEADING || places <= LEADING_PLACES
        });
        let leading = leading.flat_map(|(_, term)| {
            weighted(term.field, &BTreeMap::from([(term.text.clone(), term.weight)]), 1.0)
        });
        let top = TopDocs::with_limit(limit * RESCORED).order_by_score();
        let statistics = self.statistics();
        let query = BooleanQuery::new(leading.collect());
        let found = self.searcher.search_with_statistics_provider(&query, &top, &statistics)?;
        let mut addresses: Vec<DocAddress> = found.into_iter().map(|(_, address)| address).collect();
        addresses.sort_unstable();
        let scores = self.scores_at(&addresses)?;
        let mut scored: Vec<(Score, DocAddress)> = scores.into_iter().zip(addresses).collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        scored.truncate(limit);
        Ok(scored)
    }

    /// The scores of given documents, in their order; 0 where no term is. The addresses must be sorted.
    pub(super) fn scores_at(&self, addresses: &[DocAddress]) -> tantivy::Result<Vec<Score>> {
        let mut scores = vec![0.0; addresses.len()];
        self.each_at(addresses, |term, at, score| scores[at] += score * term.weight)?;
        Ok(scores)
    }

    /// Tells of each place of each term, with what the term is worth there at a weight of 1; of deleted documents too.
    pub(super) fn each(&self, mut meets: impl FnMut(&WideTerm, DocAddress, Score)) -> tantivy::Result<()> {
        let statistics = self.statistics();
        let scoring = EnableScoring::enabled_from_statistics_provider(&statistics, self.searcher);
        for term in &self.terms {
            let weight = term.query().weight(scoring)?;
            for (ordinal, reader) in (0..).zip(self.searcher.segment_readers()) {
                weight
                    .for_each(reader, &mut |doc, score| meets(term, DocAddress::new(ordinal, doc), score))?;
            }
        }
        Ok(())
    }

    /// Tells of each term that stands in one of the given documents, with the document's place in the list and what the
    /// term is worth there at a weight of 1. The addresses must be sorted.
    pub(super) fn each_at(
        &self,
        addresses: &[DocAddress],
        mut meets: impl FnMut(&WideTerm, usize, Score),
    ) -> tantivy::Result<()> {
        let statistics = self.statistics();
        let scoring = EnableScoring::enabled_from_statistics_provider(&statistics, self.searcher);
        for term in &self.terms {
            let weight = term.query().weight(scoring)?;
            for (ordinal, reader) in self.searcher.segment_readers().iter().enumerate() {
                let ordinal = ordinal as u32;
                let from = addresses.partition_point(|address| address.segment_ord < ordinal);
                let to = addresses.partition_point(|address| address.segment_ord <= ordinal);
                let wanted = addresses[from..to].iter().map(|address| address.doc_id);
                met_in(&*weight, reader, wanted, |at, score| meets(term, from + at, score))?;
            }
        }
        Ok(())
    }

    fn statistics(&self) -> OfLevel<'a> {
        OfLevel { searcher: self.searcher, documents: self.documents }
    }
}

/// Goes from one wanted document to the next; a term that stands in neither is not read between them.
fn met_in(
    weight: &dyn Weight,
    reader: &SegmentReader,
    wanted: impl ExactSizeIterator<Item = u32>,
    mut meets: impl FnMut(usize, Score),
) -> tantivy::Result<()> {
    if wanted.len() == 0 {
        return Ok(());
    }
    let mut scorer = weight.scorer(reader, 1.0)?;
    for (at, doc) in wanted.enumerate() {
        if scorer.doc() < doc {
            scorer.seek(doc);
        }
        match scorer.doc() {
            TERMINATED => break,
            met if met == doc => meets(at, scorer.score()),
            _ => {}
        }
    }
    Ok(())
}

/// Clips evenly spread over the library, the same ones for every question, sorted.
pub(super) fn sample(searcher: &Searcher, fields: &Fields) -> tantivy::Result<Vec<DocAddress>> {
    let step = (count(searcher, fields, Level::Clip)? / SAMPLE).max(1);
    let term = Term::from_field_text(fields.level, Level::Clip.code());
    let (mut sample, mut seen) = (Vec::new(), 0u64);
    for (ordinal, reader) in searcher.segment_readers().iter().enumerate() {
        let Some(mut clips) =
            reader.inverted_index(fields.level)?.read_postings(&term, IndexRecordOption::Basic)?
        else {
            continue;
        };
        while clips.doc() != TERMINATED {
            if seen.is_multiple_of(step) && !reader.is_deleted(clips.doc()) {
                sample.push(DocAddress::new(ordinal as u32, clips.doc()));
            }
            seen += 1;
            clips.advance();
        }
    }
    Ok(sample)
}

/// The first of some documents that are of a wanted kind; all kinds when none is named.
pub(super) fn of_kinds(
    searcher: &Searcher,
    found: Vec<(Score, DocAddress)>,
    kinds: &[String],
    limit: usize,
) -> tantivy::Result<Vec<(Score, DocAddress)>> {
    if kinds.is_empty() {
        return Ok(found.into_iter().take(limit).collect());
    }
    let of_kinds = OfKinds::open(searcher, kinds)?;
    Ok(found.into_iter().filter(|(_, address)| of_kinds.has(*address)).take(limit).collect())
}
