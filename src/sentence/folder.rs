//! The files of a model folder, checked before they are used.

use anyhow::{Context, ensure};
use encoder::Pooling;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub(super) const CONFIG: &str = "config.json";
pub(super) const TOKENIZER: &str = "tokenizer.json";
pub(super) const WEIGHTS: &str = "model.safetensors";
pub(super) const POOLING: &str = "1_Pooling/config.json";
pub(super) const PROMPTS: &str = "config_sentence_transformers.json";
/// Written last by our own conversion; a folder from elsewhere has none.
pub(super) const CONTENTS: &str = "ishara-contents.json";

/// The hash of each file, so that a truncated or mixed folder is recognised.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Contents {
    /// Where the weights came from, for people.
    pub(super) source: String,
    /// BLAKE3 in hex, by file name.
    pub(super) files: BTreeMap<String, String>,
}

/// The shape of the encoder: the fields of config.json that matter here.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Shape {
    #[serde(default)]
    pub(super) model_type: String,
    pub(super) hidden_size: usize,
    pub(super) num_hidden_layers: usize,
    pub(super) num_attention_heads: usize,
    pub(super) intermediate_size: usize,
    pub(super) vocab_size: usize,
    pub(super) max_position_embeddings: usize,
    pub(super) layer_norm_eps: f64,
    #[serde(default)]
    pub(super) pad_token_id: usize,
    #[serde(default)]
    pub(super) hidden_act: String,
}

#[derive(Debug, Default, Deserialize)]
struct PoolingConfig {
    #[serde(default)]
    pooling_mode_cls_token: bool,
}

#[derive(Debug, Default, Deserialize)]
struct PromptConfig {
    #[serde(default)]
    prompts: BTreeMap<String, String>,
}

/// A checked folder.
pub(super) struct Folder {
    path: PathBuf,
    pub(super) shape: Shape,
    /// The vector of the first token instead of the mean of all.
    first_token: bool,
    pub(super) query_prompt: String,
    pub(super) passage_prompt: String,
    /// Names weights and tokenizer.
    pub(super) name: String,
}

impl Folder {
    pub(super) fn read(path: &Path) -> anyhow::Result<Folder> {
        let name = checked_name(path)?;
        let shape: Shape = json(&path.join(CONFIG))?;
        ensure!(
            shape.num_attention_heads > 0 && shape.hidden_size.is_multiple_of(shape.num_attention_heads),
            "odd heads"
        );
        ensure!(
            shape.hidden_act.is_empty() || shape.hidden_act == "gelu",
            "its activation \"{}\" is not known here",
            shape.hidden_act
        );
        let pooling: PoolingConfig = optional(&path.join(POOLING))?;
        let mut prompts = optional::<PromptConfig>(&path.join(PROMPTS))?.prompts;
        let mut prompt = |names: [&str; 2], usual: &str| {
            names.iter().find_map(|name| prompts.remove(*name)).unwrap_or_else(|| usual.to_owned())
        };
        Ok(Folder {
            shape,
            first_token: pooling.pooling_mode_cls_token,
            query_prompt: prompt(["query", "question"], "query: "),
            passage_prompt: prompt(["passage", "document"], "passage: "),
            name,
            path: path.to_owned(),
        })
    }

    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// What the encoder must know of itself.
    pub(super) fn encoder_shape(&self) -> encoder::Shape {
        let shape = &self.shape;
        encoder::Shape {
            width: shape.hidden_size,
            wide: shape.intermediate_size,
            layers: shape.num_hidden_layers,
            heads: shape.num_attention_heads,
            words: shape.vocab_size,
            positions: self.first_position()..shape.max_position_embeddings,
            epsilon: shape.layer_norm_eps as f32,
            pooling: if self.first_token { Pooling::FirstToken } else { Pooling::Mean },
        }
    }

    /// The index of the first position: models of the RoBERTa family count from behind the padding.
    fn first_position(&self) -> usize {
        let behind_padding =
            matches!(self.shape.model_type.as_str(), "xlm-roberta" | "roberta" | "camembert");
        if behind_padding { self.shape.pad_token_id + 1 } else { 0 }
    }

    /// How many tokens a text may have, with the two that begin and end it.
    pub(super) fn longest(&self) -> usize {
        self.shape.max_position_embeddings - self.first_position()
    }
}

/// Hashes weights and tokenizer, and holds them against the list of our own conversion where there is one.
fn checked_name(path: &Path) -> anyhow::Result<String> {
    let (weights, tokenizer) = (hash(&path.join(WEIGHTS))?, hash(&path.join(TOKENIZER))?);
    if path.join(CONTENTS).is_file() {
        let contents: Contents = json(&path.join(CONTENTS))?;
        for (name, found) in [(WEIGHTS, &weights), (TOKENIZER, &tokenizer)] {
            ensure!(
                contents.files.get(name) == Some(found),
                "{name} is damaged; run scripts/fetch-model again"
            );
        }
        for (name, expected) in &contents.files {
            ensure!(hash(&path.join(name))? == *expected, "{name} is damaged; run scripts/fetch-model again");
        }
    }
    let both = blake3::hash(format!("{weights}{tokenizer}").as_bytes());
    Ok(both.to_hex()[..16].to_owned())
}

pub(super) fn hash(file: &Path) -> anyhow::Result<String> {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let mut hasher = blake3::Hasher::new();
    let opened = std::fs::File::open(file).with_context(|| format!("{name} cannot be opened"))?;
    hasher.update_reader(opened).with_context(|| format!("{name} cannot be read"))?;
    Ok(hasher.finalize().to_hex().to_string())
}

fn json<T: for<'de> Deserialize<'de>>(file: &Path) -> anyhow::Result<T> {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let text = std::fs::read(file).with_context(|| format!("{name} cannot be read"))?;
    serde_json::from_slice(&text).with_context(|| format!("{name} cannot be understood"))
}

fn optional<T: for<'de> Deserialize<'de> + Default>(file: &Path) -> anyhow::Result<T> {
    if file.is_file() { json(file) } else { Ok(T::default()) }
}
