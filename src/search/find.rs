//! Searching: clips in order, each with its best cue and the words that matched.

use super::cursor::Cursor;
use super::highlight::{Highlight, Wanted};
use super::index::{Live, SearchIndex};
use super::nearness::Nearness;
use super::schema::{ClipKeys, Fields, Level};
use super::score::{Restriction, score};
use super::terms::{Terms, head};
use super::wide::{self, WideQuery};
use super::{ClipDocument, CueText};
use std::collections::{BTreeMap, HashMap, HashSet};
use tantivy::schema::Field;
use tantivy::{DocAddress, Score, Searcher, Term};

/// How the views weigh against each other in one score: character grams carry it, stems and whole words sharpen it.
/// Chosen on XQuAD-ar and ARCD; matching.md section 3 has the measurements.
const WEIGHTS: ViewWeights = ViewWeights { words: 0.6, stems: 1.6, grams: 1.0 };
/// A clip is a hit when it scores at least this share of the best one: an OR of grams touches nearly every clip.
const CUT: f32 = 0.35;
/// Without a matching word or stem, the least share of the weight of the query's grams that a hit must cover: enough for
/// a misspelt word, too much for nonsense.
const LEAST_COVERAGE: f32 = 0.15;

/// What another wording counts against 1 for the reader's own words.
const EXPANSION_WEIGHT: f32 = 0.4;

struct ViewWeights {
    words: f32,
    stems: f32,
    grams: f32,
}

/// What may restrict a search; `None` and empty mean any.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    pub service: Option<String>,
    pub kinds: Vec<String>,
    pub sign_language: Option<String>,
    /// First published at this moment or later, in milliseconds since 1970.
    pub published_from: Option<i64>,
    /// First published before this moment.
    pub published_until: Option<i64>,
}

/// A search.
#[derive(Debug, Clone, Default)]
pub struct Query {
    pub text: String,
    /// Other wordings from the lexicon: they widen the search and rank below the reader's own words.
    pub expansions: Vec<String>,
    pub filter: Filter,
    /// How many hits a page holds, at least 1.
    pub limit: usize,
    pub after: Option<Cursor>,
}

/// A page of hits, best first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Page {
    pub hits: Vec<Hit>,
    /// How many clips match altogether.
    pub total: usize,
    pub next: Option<Cursor>,
}

/// A clip that matches, with its best cue.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    pub clip_id: String,
    pub score: f32,
    pub title: String,
    pub title_highlights: Vec<Highlight>,
    pub cue: Option<CueHit>,
}

/// The cue to jump to.
#[derive(Debug, Clone, PartialEq)]
pub struct CueHit {
    pub cue: CueText,
    pub highlights: Vec<Highlight>,
}

impl SearchIndex {
    /// Searches. The text may be anything: only its first [`super::MAX_CHARS`] characters are read, as plain words.
    pub fn search(&self, query: &Query) -> anyhow::Result<Page> {
        self.search_near(query, &Nearness::default())
    }

    /// Searches by words and by nearness of meaning together.
    pub fn search_near(&self, query: &Query, near: &Nearness) -> anyhow::Result<Page> {
        self.guarded(|live| search(live, query, near))
    }
}

fn search(live: &Live, query: &Query, near: &Nearness) -> tantivy::Result<Page> {
    let (searcher, fields) = (live.searcher(), &live.fields);
    let mut terms = terms(&searcher, fields, &query.text);
    if terms.is_empty() {
        return Ok(Page::default());
    }
    for wording in &query.expansions {
        terms.add(wording, EXPANSION_WEIGHT);
    }
    let restriction = Restriction::of(&query.filter);
    let matching = matching(&searcher, fields, &terms, &restriction, near)?;
    let mut clips = named(&searcher, near, matching)?;
    clips.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.key.cmp(&b.key)));
    let total = clips.len();
    if let Some(after) = &query.after {
        clips.retain(|clip| after.is_before(clip.score, clip.key));
    }
    let more = clips.len() > query.limit.max(1);
    clips.truncate(query.limit.max(1));
    let clips = load(&searcher, fields, clips)?;
    let last = clips.last().map(|(score, clip)| Cursor { score: *score, clip_id: clip.clip_id.clone() });
    let hits = with_cues(
        &searcher,
        fields,
        &terms,
        Wanted::of(head(&query.text)).or_one_of(&query.expansions),
        clips,
    )?;
    Ok(Page { hits, total, next: last.filter(|_| more) })
}

pub(super) fn terms(searcher: &Searcher, fields: &Fields, text: &str) -> Terms {
    let mut terms = Terms::of(text);
    let known = |word: &str| {
        searcher.doc_freq(&Term::from_field_text(fields.all.words, word)).is_ok_and(|frequency| frequency > 0)
    };
    terms.split_joined_words(known);
    terms
}

/// The clips that match a word, a stem or enough grams, and score near the best or are near in meaning. With meanings
/// the scores are standard deviations above the library's mean.
fn matching(
    searcher: &Searcher,
    fields: &Fields,
    terms: &Terms,
    restriction: &Restriction,
    near: &Nearness,
) -> tantivy::Result<Vec<(Score, DocAddress)>> {
    let library = super::score::count(searcher, fields, Level::Clip)?;
    if library > wide::EXACT && restriction.is_by_kind_only() {
        return matching_widely(searcher, fields, terms, restriction, near);
    }
    let whole = whole_words(fields, terms);
    let by_word: HashMap<DocAddress, Score> = score(searcher, fields, Level::Clip, &whole, restriction)?
        .into_iter()
        .map(|(score, at)| (at, score))
        .collect();
    let grams = [(fields.all.grams, &terms.grams, WEIGHTS.grams)];
    let least_grams = LEAST_COVERAGE * ceiling(searcher, fields, terms)?;
    // Every word or stem that matches also matches grams, so the grams name all clips there are.
    let mut matching: Vec<(Score, DocAddress)> = score(searcher, fields, Level::Clip, &grams, restriction)?
        .into_iter()
        .filter(|(score, at)| by_word.contains_key(at) || *score >= least_grams)
        .map(|(score, at)| (score + by_word.get(&at).copied().unwrap_or(0.0), at))
        .collect();
    let best = matching.iter().map(|(score, _)| *score).fold(0.0, f32::max);
    let mut kept: Vec<(Score, DocAddress)> =
        matching.iter().copied().filter(|(score, _)| *score >= best * CUT).collect();
    if near.is_empty() || kept.is_empty() {
        return Ok(kept);
    }
    let spread = Spread::of(matching.iter().map(|(score, _)| *score), library);
    let by_address: HashMap<DocAddress, Score> = matching.drain(..).map(|(score, at)| (at, score)).collect();
    let also = near_beside(searcher, fields, restriction, near, &kept)?;
    kept.extend(also.into_iter().map(|at| (by_address.get(&at).copied().unwrap_or(0.0), at)));
    kept.iter_mut().for_each(|(score, _)| *score = spread.standard(*score));
    Ok(kept)
}

/// How many clips of a large library a search goes through.
const WIDE_HITS: usize = 300;

/// The same in a large library: its best clips, with a sample for the spread.
fn matching_widely(
    searcher: &Searcher,
    fields: &Fields,
    terms: &Terms,
    restriction: &Restriction,
    near: &Nearness,
) -> tantivy::Result<Vec<(Score, DocAddress)>> {
    let whole = whole_words(fields, terms);
    let grams = (fields.all.grams, &terms.grams, WEIGHTS.grams);
    let by_word = WideQuery::new(searcher, fields, Level::Clip, &whole)?;
    let by_all = WideQuery::new(searcher, fields, Level::Clip, &[whole[0], whole[1], grams])?;
    let found = by_all.best(WIDE_HITS)?;
    let mut kept = wide::of_kinds(searcher, found, &restriction.kinds, WIDE_HITS)?;
    kept.sort_by_key(|(_, at)| *at);
    let addresses: Vec<DocAddress> = kept.iter().map(|(_, at)| *at).collect();
    let words = by_word.scores_at(&addresses)?;
    let least_grams = LEAST_COVERAGE * ceiling(searcher, fields, terms)?;
    let mut words = words.into_iter();
    kept.retain(|(score, _)| words.next().is_some_and(|words| words > 0.0) || *score >= least_grams);
    let best = kept.iter().map(|(score, _)| *score).fold(0.0, f32::max);
    kept.retain(|(score, _)| *score >= best * CUT);
    if near.is_empty() || kept.is_empty() {
        return Ok(kept);
    }
    let mut also = near_beside(searcher, fields, restriction, near, &kept)?;
    also.sort_unstable();
    kept.extend(by_all.scores_at(&also)?.into_iter().zip(also));
    let sample = by_all.scores_at(&wide::sample(searcher, fields)?)?;
    let spread = Spread::of(sample.iter().copied(), sample.len() as u64);
    kept.iter_mut().for_each(|(score, _)| *score = spread.standard(*score));
    Ok(kept)
}

/// The fields of whole words and of stems, with the terms looked for and their weights.
fn whole_words<'a>(fields: &Fields, terms: &'a Terms) -> [(Field, &'a BTreeMap<String, f32>, f32); 2] {
    [(fields.all.words, &terms.words, WEIGHTS.words), (fields.all.stems, &terms.stems, WEIGHTS.stems)]
}

/// The clips that are near in meaning and not among those that the words found.
fn near_beside(
    searcher: &Searcher,
    fields: &Fields,
    restriction: &Restriction,
    near: &Nearness,
    kept: &[(Score, DocAddress)],
) -> tantivy::Result<Vec<DocAddress>> {
    let known: HashSet<DocAddress> = kept.iter().map(|(_, at)| *at).collect();
    let named = Restriction { clip_ids: near.clips(), ..restriction.clone() };
    let mut also = super::score::all(searcher, fields, Level::Clip, &named)?;
    also.retain(|at| !known.contains(at));
    Ok(also)
}

/// How the scores of a library are spread; clips that match nothing have 0.
struct Spread {
    mean: f32,
    deviation: f32,
}

impl Spread {
    fn of(scores: impl Iterator<Item = f32> + Clone, library: u64) -> Spread {
        let count = library.max(1) as f64;
        let mean = scores.clone().map(f64::from).sum::<f64>() / count;
        let squares = scores.map(|score| f64::from(score).powi(2)).sum::<f64>() / count;
        let deviation = (squares - mean * mean).max(0.0).sqrt();
        Spread { mean: mean as f32, deviation: deviation.max(f64::from(f32::EPSILON)) as f32 }
    }

    fn standard(&self, score: f32) -> f32 {
        (score - self.mean) / self.deviation
    }
}

/// What all grams of the query would be worth in a clip of average length that holds each once.
fn ceiling(searcher: &Searcher, fields: &Fields, terms: &Terms) -> tantivy::Result<f32> {
    let documents = super::score::count(searcher, fields, Level::Clip)?.max(1);
    let mut sum = 0.0;
    for (gram, count) in &terms.grams {
        sum += WEIGHTS.grams * count * rarity(searcher, fields.all.grams, gram, documents)?;
    }
    Ok(sum)
}

fn rarity(searcher: &Searcher, field: Field, term: &str, documents: u64) -> tantivy::Result<f32> {
    Ok(idf(searcher.doc_freq(&Term::from_field_text(field, term))?.min(documents), documents))
}

/// The idf of BM25 of a term that `frequency` of `documents` have.
pub(super) fn idf(frequency: u64, documents: u64) -> f32 {
    let (frequency, documents) = (frequency as f32, documents as f32);
    (1.0 + (documents - frequency + 0.5) / (frequency + 0.5)).ln()
}

/// A clip that matches, before its texts are read.
struct Named {
    score: Score,
    key: u64,
    address: DocAddress,
}

/// The clips that match with their keys, and with what nearness of meaning adds.
fn named(
    searcher: &Searcher,
    near: &Nearness,
    scored: Vec<(Score, DocAddress)>,
) -> tantivy::Result<Vec<Named>> {
    let keys = ClipKeys::open(searcher)?;
    let near = near.by_key();
    let name = |(score, address): (Score, DocAddress)| {
        let key = keys.at(address);
        Named { score: score + near.get(&key).copied().unwrap_or(0.0), key, address }
    };
    Ok(scored.into_iter().map(name).collect())
}

fn load(
    searcher: &Searcher,
    fields: &Fields,
    page: Vec<Named>,
) -> tantivy::Result<Vec<(Score, ClipDocument)>> {
    let read = |clip: Named| Ok((clip.score, fields.read_clip(&searcher.doc(clip.address)?)));
    page.into_iter().map(read).collect()
}

fn with_cues(
    searcher: &Searcher,
    fields: &Fields,
    terms: &Terms,
    wanted: Wanted,
    clips: Vec<(Score, ClipDocument)>,
) -> tantivy::Result<Vec<Hit>> {
    let ids: Vec<String> = clips.iter().map(|(_, clip)| clip.clip_id.clone()).collect();
    let mut cues = best_cues(searcher, fields, terms, ids)?;
    let hit = |(score, clip): (Score, ClipDocument)| {
        let cue =
            cues.remove(&clip.clip_id).map(|cue| CueHit { highlights: wanted.highlights(&cue.text), cue });
        Hit {
            title_highlights: wanted.highlights(&clip.title),
            // A cue without a matching word would send the reader to the wrong moment.
            cue: cue.filter(|cue| !cue.highlights.is_empty()),
            clip_id: clip.clip_id,
            score,
            title: clip.title,
        }
    };
    Ok(clips.into_iter().map(hit).collect())
}

/// The best cue of each of the given clips; of equals the earliest.
pub(super) fn best_cues(
    searcher: &Searcher,
    fields: &Fields,
    terms: &Terms,
    clip_ids: Vec<String>,
) -> tantivy::Result<HashMap<String, CueText>> {
    if clip_ids.is_empty() {
        return Ok(HashMap::new());
    }
    let views = [
        (fields.cue.words, &terms.words, WEIGHTS.words),
        (fields.cue.stems, &terms.stems, WEIGHTS.stems),
        (fields.cue.grams, &terms.grams, WEIGHTS.grams),
    ];
    let restriction = Restriction { clip_ids, ..Restriction::default() };
    let cues = super::score::count(searcher, fields, Level::Cue)?;
    let scored = if cues > wide::EXACT {
        let mut addresses = super::score::all(searcher, fields, Level::Cue, &restriction)?;
        addresses.sort_unstable();
        let asked = WideQuery::new(searcher, fields, Level::Cue, &views)?;
        let scores = asked.scores_at(&addresses)?;
        scores.into_iter().zip(addresses).filter(|(score, _)| *score > 0.0).collect()
    } else {
        score(searcher, fields, Level::Cue, &views, &restriction)?
    };
    let mut best: HashMap<String, (Score, CueText)> = HashMap::new();
    for (score, address) in scored {
        let (clip_id, cue) = fields.read_cue(&searcher.doc(address)?);
        let better = |(held, other): &(Score, CueText)| {
            score > *held || (score == *held && cue.start_ms < other.start_ms)
        };
        if best.get(&clip_id).is_none_or(better) {
            best.insert(clip_id, (score, cue));
        }
    }
    Ok(best.into_iter().map(|(clip_id, (_, cue))| (clip_id, cue)).collect())
}
