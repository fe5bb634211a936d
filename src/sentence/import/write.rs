//! Writing the standard folder: 16-bit weights, the tokenizer, and the small files that other tools look for.

use super::charsmap;
use super::e5s1::E5s1;
use super::folder::{CONFIG, CONTENTS, Contents, POOLING, TOKENIZER, WEIGHTS, hash};
use anyhow::Context;
use base64::Engine;
use half::f16;
use safetensors::Dtype;
use safetensors::tensor::TensorView;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// Writes all files, each synced; the list of their hashes comes last.
pub(super) fn folder(model: &E5s1, kept: &[usize], into: &Path, source: String) -> anyhow::Result<()> {
    let tensors = tensors(model, kept)?;
    let views = tensors.iter().map(|(name, tensor)| Ok((name, tensor.view()?)));
    let views = views.collect::<anyhow::Result<Vec<_>>>()?;
    safetensors::serialize_to_file(views, None, &into.join(WEIGHTS)).context("cannot write the weights")?;
    let pooling = json!({
        "word_embedding_dimension": model.width, "pooling_mode_cls_token": false,
        "pooling_mode_mean_tokens": true, "pooling_mode_max_tokens": false,
        "pooling_mode_mean_sqrt_len_tokens": false,
    });
    std::fs::create_dir_all(into.join("1_Pooling")).context("cannot make a folder")?;
    write(&into.join(POOLING), &pooling)?;
    write(&into.join(CONFIG), &config(model, kept.len()))?;
    write(&into.join(TOKENIZER), &tokenizer(model, kept)?)?;
    write(&into.join("tokenizer_config.json"), &tokenizer_config())?;
    write(&into.join("modules.json"), &modules())?;
    write(
        &into.join("sentence_bert_config.json"),
        &json!({"max_seq_length": model.positions, "do_lower_case": false}),
    )?;
    let mut files = BTreeMap::new();
    for name in [WEIGHTS, TOKENIZER, CONFIG, POOLING] {
        // Another account than the one that fetched it may serve.
        std::fs::set_permissions(into.join(name), std::fs::Permissions::from_mode(0o644))?;
        File::open(into.join(name))?.sync_all().with_context(|| format!("cannot sync {name}"))?;
        files.insert(name.to_owned(), hash(&into.join(name))?);
    }
    write(&into.join(CONTENTS), &serde_json::to_value(Contents { source, files })?)?;
    File::open(into.join(CONTENTS))?.sync_all().context("cannot sync the list of files")
}

fn write(path: &Path, value: &Value) -> anyhow::Result<()> {
    let name = path.display();
    std::fs::write(path, serde_json::to_vec(value)?).with_context(|| format!("cannot write {name}"))
}

/// Numbers in 16 bits, with their rows and columns; of a plain list the columns are missing.
struct Tensor {
    sizes: Vec<usize>,
    bytes: Vec<u8>,
}

impl Tensor {
    fn new(numbers: &[f32], width: Option<usize>) -> Tensor {
        let sizes = match width {
            Some(width) => vec![numbers.len() / width, width],
            None => vec![numbers.len()],
        };
        let bytes = numbers.iter().flat_map(|number| f16::from_f32(*number).to_le_bytes()).collect();
        Tensor { sizes, bytes }
    }

    fn view(&self) -> anyhow::Result<TensorView<'_>> {
        TensorView::new(Dtype::F16, self.sizes.clone(), &self.bytes).context("a tensor has an odd size")
    }
}

fn tensors(model: &E5s1, kept: &[usize]) -> anyhow::Result<BTreeMap<String, Tensor>> {
    let mut tensors = BTreeMap::new();
    let mut add = |name: String, numbers: Vec<f32>, width: Option<usize>| {
        tensors.insert(name, Tensor::new(&numbers, width));
    };
    let width = model.width;
    add("embeddings.word_embeddings.weight".into(), model.rows("emb.word", width, Some(kept))?, Some(width));
    add("embeddings.position_embeddings.weight".into(), model.plain("emb.pos")?, Some(width));
    add("embeddings.token_type_embeddings.weight".into(), model.plain("emb.type")?, Some(width));
    add("embeddings.LayerNorm.weight".into(), model.plain("emb.ln.w")?, None);
    add("embeddings.LayerNorm.bias".into(), model.plain("emb.ln.b")?, None);
    for layer in 0..model.layers {
        for (short, long, columns) in PARTS {
            let (short, long) = (format!("l{layer}.{short}"), format!("encoder.layer.{layer}.{long}"));
            let (numbers, columns) = match columns {
                Columns::None => (model.plain(&format!("{short}.w"))?, None),
                Columns::Width => (model.rows(&format!("{short}.w"), width, None)?, Some(width)),
                Columns::Wide => (model.rows(&format!("{short}.w"), model.wide, None)?, Some(model.wide)),
            };
            add(format!("{long}.weight"), numbers, columns);
            add(format!("{long}.bias"), model.plain(&format!("{short}.b"))?, None);
        }
    }
    Ok(tensors)
}

/// How many columns a part's weights have; the norms have none.
#[derive(Clone, Copy)]
enum Columns {
    None,
    Width,
    Wide,
}

/// The parts of a layer: their names in the file and in the standard folder.
const PARTS: [(&str, &str, Columns); 8] = [
    ("q", "attention.self.query", Columns::Width),
    ("k", "attention.self.key", Columns::Width),
    ("v", "attention.self.value", Columns::Width),
    ("ao", "attention.output.dense", Columns::Width),
    ("aln", "attention.output.LayerNorm", Columns::None),
    ("fi", "intermediate.dense", Columns::Width),
    ("fo", "output.dense", Columns::Wide),
    ("oln", "output.LayerNorm", Columns::None),
];

fn config(model: &E5s1, words: usize) -> Value {
    json!({
        "architectures": ["BertModel"], "model_type": "bert", "tokenizer_class": "XLMRobertaTokenizer",
        "hidden_act": "gelu", "hidden_size": model.width, "num_hidden_layers": model.layers,
        "num_attention_heads": model.heads, "intermediate_size": model.wide, "vocab_size": words,
        "max_position_embeddings": model.positions, "type_vocab_size": model.types, "layer_norm_eps": 1e-12,
        "pad_token_id": 0, "hidden_dropout_prob": 0.1, "attention_probs_dropout_prob": 0.1,
        "initializer_range": 0.02, "position_embedding_type": "absolute", "use_cache": true, "torch_dtype": "float16",
    })
}

fn tokenizer(model: &E5s1, kept: &[usize]) -> anyhow::Result<Value> {
    let new: HashMap<usize, usize> = kept.iter().enumerate().map(|(new, old)| (*old, new)).collect();
    let vocabulary: Vec<Value> = kept.iter().map(|old| json!(model.pieces[*old])).collect();
    let signs = [
        (model.begin, "<s>"),
        (model.padding, "<pad>"),
        (model.end, "</s>"),
        (model.unknown, "<unk>"),
        (model.piece("<mask>")?, "<mask>"),
    ];
    let added: Vec<Value> = signs
        .iter()
        .map(|(old, content)| {
            json!({
                "id": new[old], "content": content, "single_word": false, "lstrip": *content == "<mask>",
                "rstrip": false, "normalized": false, "special": true,
            })
        })
        .collect();
    let charsmap = base64::engine::general_purpose::STANDARD.encode(charsmap::compile(&model.characters));
    let pieces = json!({"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": true});
    let sign = |id: &str| json!({"SpecialToken": {"id": id, "type_id": 0}});
    let text = |id: &str| json!({"Sequence": {"id": id, "type_id": 0}});
    let frame = |id: &str, old: usize| json!({"id": id, "ids": [new[&old]], "tokens": [id]});
    Ok(json!({
        "version": "1.0", "truncation": null, "padding": null, "added_tokens": added,
        "normalizer": {"type": "Sequence", "normalizers": [
            {"type": "Precompiled", "precompiled_charsmap": charsmap},
            {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "},
        ]},
        "pre_tokenizer": pieces,
        "post_processor": {
            "type": "TemplateProcessing", "single": [sign("<s>"), text("A"), sign("</s>")],
            "pair": [sign("<s>"), text("A"), sign("</s>"), sign("</s>"), text("B"), sign("</s>")],
            "special_tokens": {"<s>": frame("<s>", model.begin), "</s>": frame("</s>", model.end)},
        },
        "decoder": pieces,
        "model": {"type": "Unigram", "unk_id": new[&model.unknown], "vocab": vocabulary, "byte_fallback": false},
    }))
}

fn tokenizer_config() -> Value {
    json!({
        "tokenizer_class": "XLMRobertaTokenizer", "bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>",
        "pad_token": "<pad>", "mask_token": "<mask>", "cls_token": "<s>", "sep_token": "</s>", "model_max_length": 512,
    })
}

fn modules() -> Value {
    let module = |at: usize, path: &str, kind: &str| json!({"idx": at, "name": at.to_string(), "path": path, "type": format!("sentence_transformers.models.{kind}")});
    json!([
        module(0, "", "Transformer"),
        module(1, "1_Pooling", "Pooling"),
        module(2, "2_Normalize", "Normalize")
    ])
}
