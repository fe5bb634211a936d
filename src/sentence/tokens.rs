//! From text to token ids: cleaned, with the prefix of its side, cut into windows that the encoder can take.

use super::Side;
use super::folder::{Folder, TOKENIZER};
use anyhow::{Context, anyhow, ensure};
use tokenizers::Tokenizer;
use unicode_normalization::UnicodeNormalization;

/// How many windows of a long text are read. An answer of some thousand words is known by its beginning.
const MOST_WINDOWS: usize = 4;
/// How many characters are looked at, far more than the windows hold.
const MOST_CHARS: usize = 16_000;
/// A question is cut here, in tokens: each costs a millisecond while somebody waits. The longest of 664 real-style
/// questions has 40.
const MOST_QUERY_TOKENS: usize = 40;

pub(super) struct Tokens {
    tokenizer: Tokenizer,
    /// What people may type and the tokenizer would take for its own signs, such as `</s>`.
    signs: Vec<String>,
    /// The ids before and after every text.
    before: Vec<u32>,
    after: Vec<u32>,
    query_prompt: String,
    passage_prompt: String,
    longest: usize,
}

impl Tokens {
    pub(super) fn load(folder: &Folder) -> anyhow::Result<Tokens> {
        let mut tokenizer = Tokenizer::from_file(folder.file(TOKENIZER))
            .map_err(|why| anyhow!("{TOKENIZER} cannot be understood: {why}"))?;
        tokenizer.with_padding(None);
        tokenizer.with_truncation(None).map_err(|why| anyhow!("{why}"))?;
        let frame = tokenizer.encode("", true).map_err(|why| anyhow!("{why}"))?.get_ids().to_vec();
        let (before, after) = frame.split_at(frame.len().div_ceil(2));
        ensure!(folder.longest() > frame.len() + 16, "it takes no text");
        let signs = tokenizer.get_added_tokens_decoder().into_values().map(|sign| sign.content).collect();
        Ok(Tokens {
            signs,
            before: before.to_vec(),
            after: after.to_vec(),
            query_prompt: folder.query_prompt.clone(),
            passage_prompt: folder.passage_prompt.clone(),
            longest: folder.longest() - frame.len(),
            tokenizer,
        })
    }

    /// How many pieces the tokenizer knows.
    pub(super) fn count(&self) -> usize {
        self.tokenizer.get_vocab_size(true)
    }

    /// The windows of a text, at least one.
    pub(super) fn windows(&self, text: &str, side: Side) -> anyhow::Result<Vec<Vec<u32>>> {
        let (prompt, most) = match side {
            Side::Query => (&self.query_prompt, MOST_QUERY_TOKENS.min(self.longest)),
            Side::Passage => (&self.passage_prompt, self.longest * MOST_WINDOWS),
        };
        let text = format!("{prompt}{}", self.cleaned(text));
        let encoded = self.tokenizer.encode_fast(text, false).map_err(|why| anyhow!("{why}"));
        let encoded = encoded.context("the sentence model cannot read the text")?;
        let ids = &encoded.get_ids()[..encoded.len().min(most)];
        let framed = |ids: &[u32]| [&self.before, ids, &self.after].concat();
        Ok(ids.chunks(self.longest).map(framed).collect())
    }

    /// Composes letters and marks, as the model's own tables expect, and takes out what would be read as a sign. Runs of
    /// one character are cut to three: "!!!!!!!!" says no more than "!!!" and costs a token each.
    fn cleaned(&self, text: &str) -> String {
        let mut cleaned = String::with_capacity(text.len().min(4 * MOST_CHARS));
        let (mut last, mut run) = (None, 0);
        for c in text.nfc().take(MOST_CHARS) {
            run = if last == Some(c) { run + 1 } else { 1 };
            last = Some(c);
            if run <= 3 {
                cleaned.push(c);
            }
        }
        // Taking one out may put another together ("</</s>s>"), so it is repeated until none is left.
        while let Some(sign) = self.signs.iter().find(|sign| cleaned.contains(sign.as_str())) {
            cleaned = cleaned.replace(sign.as_str(), " ");
        }
        cleaned
    }
}
