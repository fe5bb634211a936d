//! BM25 over one field, with statistics of one kind of documents, for every document that matches.

use super::find::Filter;
use super::schema::{Fields, Level};
use std::collections::BTreeMap;
use std::ops::Bound;
use tantivy::collector::{Collector, Count, DocSetCollector, SegmentCollector};
use tantivy::query::{
    Bm25StatisticsProvider, BooleanQuery, BoostQuery, ConstScoreQuery, Occur, Query, RangeQuery, TermQuery,
    TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocAddress, Score, Searcher, SegmentOrdinal, SegmentReader, Term};

/// Which documents are looked at; empty lists mean any.
#[derive(Debug, Clone, Default)]
pub(super) struct Restriction {
    pub(super) kinds: Vec<String>,
    pub(super) service: Option<String>,
    pub(super) sign_language: Option<String>,
    pub(super) clip_ids: Vec<String>,
    /// When clips were first published, in milliseconds since 1970: from, and before.
    pub(super) published: (Option<i64>, Option<i64>),
}

impl Restriction {
    /// What a filter asks for.
    pub(super) fn of(filter: &Filter) -> Restriction {
        Restriction {
            kinds: filter.kinds.clone(),
            service: filter.service.clone(),
            sign_language: filter.sign_language.clone(),
            clip_ids: Vec::new(),
            published: (filter.published_from, filter.published_until),
        }
    }

    /// Tells whether nothing but the kind is restricted.
    pub(super) fn is_by_kind_only(&self) -> bool {
        self.service.is_none()
            && self.sign_language.is_none()
            && self.clip_ids.is_empty()
            && self.published == (None, None)
    }
}

/// Scores all documents of a level by the terms of one field. Documents without any of the terms are left out.
pub(super) fn score(
    searcher: &Searcher,
    fields: &Fields,
    level: Level,
    terms: &[(Field, &BTreeMap<String, f32>, f32)],
    restriction: &Restriction,
) -> tantivy::Result<Vec<(Score, DocAddress)>> {
    let any: Vec<(Occur, Box<dyn Query>)> =
        terms.iter().flat_map(|(field, terms, boost)| weighted(*field, terms, *boost)).collect();
    if any.is_empty() {
        return Ok(Vec::new());
    }
    let mut parts: Vec<(Occur, Box<dyn Query>)> = vec![(Occur::Must, Box::new(BooleanQuery::new(any)))];
    parts.extend(filters(fields, level, restriction).into_iter().map(|filter| (Occur::Must, filter)));
    let statistics = OfLevel { searcher, documents: count(searcher, fields, level)? };
    searcher.search_with_statistics_provider(&BooleanQuery::new(parts), &AllScores, &statistics)
}

/// All documents of a level that a restriction lets through.
pub(super) fn all(
    searcher: &Searcher,
    fields: &Fields,
    level: Level,
    restriction: &Restriction,
) -> tantivy::Result<Vec<DocAddress>> {
    let parts = filters(fields, level, restriction).into_iter().map(|filter| (Occur::Must, filter)).collect();
    Ok(searcher.search(&BooleanQuery::new(parts), &DocSetCollector)?.into_iter().collect())
}

/// How many documents of a level there are (deleted ones count until the next merge).
pub(super) fn count(searcher: &Searcher, fields: &Fields, level: Level) -> tantivy::Result<u64> {
    searcher.doc_freq(&Term::from_field_text(fields.level, level.code()))
}

/// How many documents of a level there are now.
pub(super) fn count_alive(searcher: &Searcher, fields: &Fields, level: Level) -> tantivy::Result<u64> {
    let term = Term::from_field_text(fields.level, level.code());
    searcher.search(&TermQuery::new(term, IndexRecordOption::Basic), &Count).map(|count| count as u64)
}

pub(super) fn weighted(
    field: Field,
    terms: &BTreeMap<String, f32>,
    boost: f32,
) -> Vec<(Occur, Box<dyn Query>)> {
    let query = |(text, weight): (&String, &f32)| {
        let term = TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::WithFreqs);
        let boosted: Box<dyn Query> = Box::new(BoostQuery::new(Box::new(term), *weight * boost));
        (Occur::Should, boosted)
    };
    terms.iter().map(query).collect()
}

/// Filters restrict and never add to a score.
fn filters(fields: &Fields, level: Level, restriction: &Restriction) -> Vec<Box<dyn Query>> {
    let silent = |query: Box<dyn Query>| -> Box<dyn Query> { Box::new(ConstScoreQuery::new(query, 0.0)) };
    let is = |field: Field, value: &str| {
        silent(Box::new(TermQuery::new(Term::from_field_text(field, value), IndexRecordOption::Basic)))
    };
    let one_of = |field: Field, values: &[String]| {
        let terms: Vec<Term> = values.iter().map(|value| Term::from_field_text(field, value)).collect();
        silent(Box::new(TermSetQuery::new(terms)))
    };
    let mut filters = vec![is(fields.level, level.code())];
    filters.extend(restriction.service.iter().map(|service| is(fields.service, service)));
    filters.extend(restriction.sign_language.iter().map(|language| is(fields.sign_language, language)));
    if !restriction.kinds.is_empty() {
        filters.push(one_of(fields.kind, &restriction.kinds));
    }
    if !restriction.clip_ids.is_empty() {
        filters.push(one_of(fields.clip_id, &restriction.clip_ids));
    }
    if restriction.published != (None, None) {
        let moment = |ms: i64| Term::from_field_i64(fields.published_ms, ms);
        let from = restriction.published.0.map_or(Bound::Unbounded, |ms| Bound::Included(moment(ms)));
        let until = restriction.published.1.map_or(Bound::Unbounded, |ms| Bound::Excluded(moment(ms)));
        filters.push(silent(Box::new(RangeQuery::new(from, until))));
    }
    filters
}

/// Clips and cues share an index but not their statistics: rarity and length are those of one level.
pub(super) struct OfLevel<'a> {
    pub(super) searcher: &'a Searcher,
    pub(super) documents: u64,
}

impl Bm25StatisticsProvider for OfLevel<'_> {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        self.searcher.total_num_tokens(field)
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Ok(self.documents.max(1))
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        // The level's count may lag behind by deletions; BM25 needs it to be at least the frequency.
        self.searcher.doc_freq(term).map(|frequency| frequency.min(self.documents))
    }
}

/// Collects every score: the whole distribution is needed to compare views.
struct AllScores;

impl Collector for AllScores {
    type Fruit = Vec<(Score, DocAddress)>;
    type Child = SegmentScores;

    fn for_segment(
        &self,
        segment: SegmentOrdinal,
        _reader: &SegmentReader,
    ) -> tantivy::Result<SegmentScores> {
        Ok(SegmentScores { segment, scores: Vec::new() })
    }

    fn requires_scoring(&self) -> bool {
        true
    }

    fn merge_fruits(
        &self,
        fruits: Vec<Vec<(Score, DocAddress)>>,
    ) -> tantivy::Result<Vec<(Score, DocAddress)>> {
        Ok(fruits.concat())
    }
}

struct SegmentScores {
    segment: SegmentOrdinal,
    scores: Vec<(Score, DocAddress)>,
}

impl SegmentCollector for SegmentScores {
    type Fruit = Vec<(Score, DocAddress)>;

    fn collect(&mut self, doc: u32, score: Score) {
        self.scores.push((score, DocAddress::new(self.segment, doc)));
    }

    fn harvest(self) -> Self::Fruit {
        self.scores
    }
}
