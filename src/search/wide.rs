//! Scores in a large library: the best clips by skipping what cannot be among them, and the spread of all from a sample.
//!
//! Scoring every clip that shares a gram with the question is exact, and at a hundred thousand clips too slow: nearly
//! every clip shares one.

use super::schema::{Fields, Level};
use super::score::{OfLevel, count, weighted};
use std::collections::BTreeMap;
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, EnableScoring, Query, Weight};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocAddress, DocSet, Score, Searcher, SegmentReader, TERMINATED, Term};

/// Up to this many clips every one is scored.
pub(super) const EXACT: u64 = 5_000;
/// How many clips stand for the whole library. The mean of as many is within a tenth of a standard deviation.
const SAMPLE: u64 = 400;

/// The terms of some fields of clips, ready to be asked several times.
pub(super) struct WideQuery {
    query: BooleanQuery,
    documents: u64,
}

impl WideQuery {
    pub(super) fn new(
        searcher: &Searcher,
        fields: &Fields,
        terms: &[(Field, &BTreeMap<String, f32>, f32)],
    ) -> tantivy::Result<WideQuery> {
        let any = terms.iter().flat_map(|(field, terms, boost)| weighted(*field, terms, *boost));
        let query = BooleanQuery::new(any.collect());
        Ok(WideQuery { query, documents: count(searcher, fields, Level::Clip)? })
    }

    /// The best documents, best first. The fields belong to clips alone, so that no filter stands in the way of
    /// skipping.
    pub(super) fn best(
        &self,
        searcher: &Searcher,
        limit: usize,
    ) -> tantivy::Result<Vec<(Score, DocAddress)>> {
        let statistics = OfLevel { searcher, documents: self.documents };
        let top = TopDocs::with_limit(limit).order_by_score();
        searcher.search_with_statistics_provider(&self.query, &top, &statistics)
    }

    /// The scores of given documents, in their order; 0 where no term is. The addresses must be sorted.
    pub(super) fn scores_at(
        &self,
        searcher: &Searcher,
        addresses: &[DocAddress],
    ) -> tantivy::Result<Vec<Score>> {
        let statistics = OfLevel { searcher, documents: self.documents };
        let scoring = EnableScoring::enabled_from_statistics_provider(&statistics, searcher);
        let weight = self.query.weight(scoring)?;
        let mut scores = Vec::with_capacity(addresses.len());
        for (ordinal, reader) in searcher.segment_readers().iter().enumerate() {
            let ordinal = ordinal as u32;
            let from = addresses.partition_point(|address| address.segment_ord < ordinal);
            let to = addresses.partition_point(|address| address.segment_ord <= ordinal);
            scores_in(&*weight, reader, &addresses[from..to], &mut scores)?;
        }
        Ok(scores)
    }
}

fn scores_in(
    weight: &dyn Weight,
    reader: &SegmentReader,
    addresses: &[DocAddress],
    scores: &mut Vec<Score>,
) -> tantivy::Result<()> {
    if addresses.is_empty() {
        return Ok(());
    }
    let mut scorer = weight.scorer(reader, 1.0)?;
    for address in addresses {
        if scorer.doc() < address.doc_id {
            scorer.seek(address.doc_id);
        }
        scores.push(if scorer.doc() == address.doc_id { scorer.score() } else { 0.0 });
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
    fields: &Fields,
    found: Vec<(Score, DocAddress)>,
    kinds: &[String],
    limit: usize,
) -> tantivy::Result<Vec<(Score, DocAddress)>> {
    if kinds.is_empty() {
        return Ok(found.into_iter().take(limit).collect());
    }
    let mut kept = Vec::with_capacity(limit);
    for (score, address) in found {
        if kept.len() == limit {
            break;
        }
        if kinds.contains(&fields.read_clip(&searcher.doc(address)?).kind) {
            kept.push((score, address));
        }
    }
    Ok(kept)
}
