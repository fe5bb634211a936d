//! What the index stores: a document for each clip and one for each of its cues, with three views of their text.

use super::tokenize::{GRAMS, STEMS, WORDS};
use super::{ClipDocument, CueText};
use tantivy::columnar::{Column, StrColumn};
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, NumericOptions, STORED, STRING, Schema, SchemaBuilder,
    TextFieldIndexing, TextOptions, Value,
};
use tantivy::{DocAddress, Searcher, SegmentReader, TantivyDocument};

/// The two kinds of documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    Clip,
    Cue,
}

impl Level {
    pub(super) fn code(self) -> &'static str {
        match self {
            Level::Clip => "clip",
            Level::Cue => "cue",
        }
    }
}

/// The fields of the schema.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields {
    pub(super) level: Field,
    pub(super) clip_id: Field,
    clip_key: Field,
    pub(super) kind: Field,
    pub(super) service: Field,
    pub(super) sign_language: Field,
    pub(super) published_ms: Field,
    /// Title, question and aliases.
    pub(super) head: Views,
    /// The head, the summary and all captions.
    pub(super) all: Views,
    /// The text of one cue.
    pub(super) cue: Views,
    title: Field,
    question: Field,
    aliases: Field,
    cue_text: Field,
    start_ms: Field,
    end_ms: Field,
}

/// The fields of the three views of one text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Views {
    pub(super) words: Field,
    pub(super) stems: Field,
    pub(super) grams: Field,
}

/// Builds the schema. Frequencies are kept, positions are not: nothing asks for phrases.
pub(super) fn build() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let key = STRING | STORED;
    let number = NumericOptions::default().set_stored();
    let fields = Fields {
        level: builder.add_text_field("level", STRING),
        clip_id: builder.add_text_field("clip_id", key.clone()),
        clip_key: builder.add_u64_field("clip_key", FAST),
        kind: builder.add_text_field("kind", key.clone() | FAST),
        service: builder.add_text_field("service", key.clone()),
        sign_language: builder.add_text_field("sign_language", STRING),
        published_ms: builder.add_i64_field("published_ms", FAST | INDEXED),
        head: views(&mut builder, "head"),
        all: views(&mut builder, "all"),
        cue: views(&mut builder, "cue"),
        title: builder.add_text_field("title", STORED),
        question: builder.add_text_field("question", STORED),
        aliases: builder.add_text_field("aliases", STORED),
        cue_text: builder.add_text_field("cue_text", STORED),
        start_ms: builder.add_u64_field("start_ms", number.clone()),
        end_ms: builder.add_u64_field("end_ms", number),
    };
    (builder.build(), fields)
}

fn views(builder: &mut SchemaBuilder, name: &str) -> Views {
    let mut view = |suffix: &str, tokenizer: &str| {
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(tokenizer)
            .set_index_option(IndexRecordOption::WithFreqs);
        builder.add_text_field(
            &format!("{name}_{suffix}"),
            TextOptions::default().set_indexing_options(indexing),
        )
    };
    Views { words: view("words", WORDS), stems: view("stems", STEMS), grams: view("grams", GRAMS) }
}

impl Views {
    fn add(&self, document: &mut TantivyDocument, text: &str) {
        for field in [self.words, self.stems, self.grams] {
            document.add_text(field, text);
        }
    }
}

impl Fields {
    /// Turns a clip into its documents: the clip itself, then its cues.
    pub(super) fn documents(&self, clip: &ClipDocument) -> Vec<TantivyDocument> {
        let mut documents = vec![self.clip_document(clip)];
        documents.extend(clip.cues.iter().map(|cue| self.cue_document(clip, cue)));
        documents
    }

    fn base(&self, clip: &ClipDocument, level: Level) -> TantivyDocument {
        let mut document = TantivyDocument::new();
        document.add_text(self.level, level.code());
        document.add_text(self.clip_id, &clip.clip_id);
        document.add_u64(self.clip_key, key_of(&clip.clip_id));
        document.add_text(self.kind, &clip.kind);
        document.add_text(self.service, &clip.service);
        document.add_text(self.sign_language, &clip.sign_language);
        document.add_i64(self.published_ms, clip.published_ms);
        document
    }

    fn clip_document(&self, clip: &ClipDocument) -> TantivyDocument {
        let mut document = self.base(clip, Level::Clip);
        document.add_text(self.title, &clip.title);
        document.add_text(self.question, &clip.question);
        let head = [&clip.title, &clip.question, &clip.title_en].into_iter().chain(&clip.aliases);
        for text in head.filter(|text| !text.is_empty()) {
            self.head.add(&mut document, text);
            self.all.add(&mut document, text);
        }
        for alias in &clip.aliases {
            document.add_text(self.aliases, alias);
        }
        if !clip.summary.is_empty() {
            self.all.add(&mut document, &clip.summary);
        }
        let captions = clip.cues.iter().map(|cue| cue.text.as_str()).collect::<Vec<_>>().join("\n");
        self.all.add(&mut document, &captions);
        document
    }

    fn cue_document(&self, clip: &ClipDocument, cue: &CueText) -> TantivyDocument {
        let mut document = self.base(clip, Level::Cue);
        document.add_text(self.cue_text, &cue.text);
        document.add_u64(self.start_ms, u64::from(cue.start_ms));
        document.add_u64(self.end_ms, u64::from(cue.end_ms));
        self.cue.add(&mut document, &cue.text);
        document
    }

    /// Reads what is stored of a clip document; its cues and summary are not stored there.
    pub(super) fn read_clip(&self, document: &TantivyDocument) -> ClipDocument {
        ClipDocument {
            clip_id: text(document, self.clip_id),
            kind: text(document, self.kind),
            service: text(document, self.service),
            title: text(document, self.title),
            question: text(document, self.question),
            aliases: document
                .get_all(self.aliases)
                .filter_map(|value| value.as_str())
                .map(str::to_owned)
                .collect(),
            ..ClipDocument::default()
        }
    }

    /// Reads a cue document: the clip's id and the cue.
    pub(super) fn read_cue(&self, document: &TantivyDocument) -> (String, CueText) {
        let number = |field: Field| {
            document
                .get_first(field)
                .and_then(|value| value.as_u64())
                .and_then(|ms| u32::try_from(ms).ok())
                .unwrap_or(0)
        };
        let cue = CueText {
            start_ms: number(self.start_ms),
            end_ms: number(self.end_ms),
            text: text(document, self.cue_text),
        };
        (text(document, self.clip_id), cue)
    }
}

/// A number that stands for a clip's id where ids of many clips are compared: FNV-1a, the same in every run.
pub(super) fn key_of(clip_id: &str) -> u64 {
    clip_id
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The keys of the clips that documents belong to, read without their stored texts.
pub(super) struct ClipKeys(Vec<Column<u64>>);

impl ClipKeys {
    pub(super) fn open(searcher: &Searcher) -> tantivy::Result<ClipKeys> {
        let columns = searcher.segment_readers().iter().map(|reader| reader.fast_fields().u64("clip_key"));
        Ok(ClipKeys(columns.collect::<tantivy::Result<_>>()?))
    }

    pub(super) fn at(&self, address: DocAddress) -> u64 {
        let column = self.0.get(address.segment_ord as usize);
        column.and_then(|column| column.first(address.doc_id)).unwrap_or(0)
    }
}

/// Tells of documents whether they are of some kinds, without reading their stored texts.
pub(super) struct OfKinds(Vec<Option<(StrColumn, Vec<u64>)>>);

impl OfKinds {
    pub(super) fn open(searcher: &Searcher, kinds: &[String]) -> tantivy::Result<OfKinds> {
        let of_part = |reader: &SegmentReader| -> tantivy::Result<_> {
            let Some(column) = reader.fast_fields().str("kind")? else { return Ok(None) };
            let mut wanted = Vec::new();
            for kind in kinds {
                wanted.extend(column.dictionary().term_ord(kind)?);
            }
            Ok(Some((column, wanted)))
        };
        Ok(OfKinds(searcher.segment_readers().iter().map(of_part).collect::<tantivy::Result<_>>()?))
    }

    pub(super) fn has(&self, address: DocAddress) -> bool {
        let part = self.0.get(address.segment_ord as usize).and_then(Option::as_ref);
        part.is_some_and(|(column, wanted)| {
            column.term_ords(address.doc_id).any(|kind| wanted.contains(&kind))
        })
    }
}

fn text(document: &TantivyDocument, field: Field) -> String {
    document.get_first(field).and_then(|value| value.as_str()).unwrap_or_default().to_owned()
}
