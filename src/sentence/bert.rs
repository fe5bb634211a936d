//! The encoder: BERT without training, one text at a time, in 32-bit numbers. (In 16 bits every vector is NaN on CPUs.)

use super::folder::{Folder, WEIGHTS};
use anyhow::{Context, ensure};
use candle_core::safetensors::BufferedSafetensors;
use candle_core::{D, DType, Device, IndexOp, Tensor};
use candle_nn::ops::{layer_norm, softmax_last_dim};

/// Candle hands sums and activations of 65,536 numbers and more to a pool of its own that spins on every core and takes
/// one caller at a time. Tokens are therefore handled in blocks that stay below.
const MOST_NUMBERS: usize = 60_000;

/// Which vector stands for the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pooling {
    Mean,
    FirstToken,
}

pub(super) struct Bert {
    /// Rows of 16-bit numbers: half the memory of the largest part.
    words: Tensor,
    /// The vectors of positions with that of the one token type added.
    positions: Tensor,
    norm: Norm,
    layers: Vec<Layer>,
    heads: usize,
    block: usize,
    pooling: Pooling,
}

struct Norm {
    scale: Tensor,
    shift: Tensor,
    epsilon: f32,
}

struct Linear {
    weight: Tensor,
    bias: Tensor,
}

struct Layer {
    query: Linear,
    key: Linear,
    value: Linear,
    attended: Linear,
    attended_norm: Norm,
    wide: Linear,
    narrow: Linear,
    norm: Norm,
}

impl Bert {
    pub(super) fn load(folder: &Folder) -> anyhow::Result<Bert> {
        let weights = Weights::open(folder)?;
        let shape = &folder.shape;
        let width = shape.hidden_size;
        let words = weights.tensor("embeddings.word_embeddings.weight", DType::F16)?;
        ensure!(
            words.dims() == [shape.vocab_size, width],
            "its word table has another size than its config says"
        );
        let positions = weights.f32("embeddings.position_embeddings.weight")?;
        ensure!(
            positions.dims() == [shape.max_position_embeddings, width],
            "its position table has another size"
        );
        let types = weights.f32("embeddings.token_type_embeddings.weight")?;
        let positions = positions.narrow(0, folder.first_position(), folder.longest())?;
        let layers =
            (0..shape.num_hidden_layers).map(|at| weights.layer(at)).collect::<anyhow::Result<_>>()?;
        Ok(Bert {
            words,
            positions: positions.broadcast_add(&types.i(0)?)?,
            norm: weights.norm("embeddings.LayerNorm")?,
            layers,
            heads: shape.num_attention_heads,
            block: (MOST_NUMBERS / shape.intermediate_size.max(width)).max(1),
            pooling: if folder.first_token { Pooling::FirstToken } else { Pooling::Mean },
        })
    }

    pub(super) fn dimensions(&self) -> usize {
        self.positions.dims()[1]
    }

    pub(super) fn words(&self) -> usize {
        self.words.dims()[0]
    }

    /// The vector of one window of ids.
    pub(super) fn pooled(&self, ids: &[u32]) -> anyhow::Result<Vec<f32>> {
        let ids = Tensor::from_slice(ids, ids.len(), &Device::Cpu)?;
        let words = self.words.index_select(&ids, 0)?.to_dtype(DType::F32)?;
        let mut tokens = self.blocks(&words, |words, from, count| {
            self.norm.apply(&(words + self.positions.narrow(0, from, count)?)?)
        })?;
        for layer in &self.layers {
            tokens = self.through(layer, &tokens)?;
        }
        let pooled = match self.pooling {
            Pooling::Mean => tokens.mean(0)?,
            Pooling::FirstToken => tokens.i(0)?,
        };
        Ok(pooled.to_vec1()?)
    }

    fn through(&self, layer: &Layer, tokens: &Tensor) -> candle_core::Result<Tensor> {
        let attended = self.attend(layer, tokens)?;
        self.blocks(tokens, |block, from, count| {
            let attended = layer.attended.apply(&attended.narrow(0, from, count)?)?;
            let block = layer.attended_norm.apply(&(attended + block)?)?;
            let wide = layer.wide.apply(&block)?.gelu_erf()?;
            layer.norm.apply(&(layer.narrow.apply(&wide)? + block)?)
        })
    }

    fn attend(&self, layer: &Layer, tokens: &Tensor) -> candle_core::Result<Tensor> {
        let heads = |linear: &Linear| -> candle_core::Result<Tensor> {
            let all = self.blocks(tokens, |block, _, _| linear.apply(block))?;
            let (count, width) = all.dims2()?;
            all.reshape((count, self.heads, width / self.heads))?.transpose(0, 1)?.contiguous()
        };
        let (query, key, value) = (heads(&layer.query)?, heads(&layer.key)?, heads(&layer.value)?);
        let shares = softmax_last_dim(&query.matmul(&key.transpose(1, 2)?)?)?;
        let attended = shares.matmul(&value)?.transpose(0, 1)?.contiguous()?;
        attended.flatten_from(D::Minus2)
    }

    /// Does the same to each block of tokens and puts the results together.
    fn blocks(
        &self,
        tokens: &Tensor,
        work: impl Fn(&Tensor, usize, usize) -> candle_core::Result<Tensor>,
    ) -> candle_core::Result<Tensor> {
        let count = tokens.dims()[0];
        if count <= self.block {
            return work(tokens, 0, count);
        }
        let mut done = Vec::new();
        for from in (0..count).step_by(self.block) {
            let size = self.block.min(count - from);
            done.push(work(&tokens.narrow(0, from, size)?, from, size)?);
        }
        Tensor::cat(&done, 0)
    }
}

impl Linear {
    /// The weights stand on the left: the faster order for few tokens (sentence-model.md section 3).
    fn apply(&self, tokens: &Tensor) -> candle_core::Result<Tensor> {
        self.weight.matmul(&tokens.t()?)?.t()?.broadcast_add(&self.bias)?.contiguous()
    }

    fn scaled(self, factor: f64) -> candle_core::Result<Linear> {
        Ok(Linear { weight: (self.weight * factor)?, bias: (self.bias * factor)? })
    }
}

impl Norm {
    fn apply(&self, tokens: &Tensor) -> candle_core::Result<Tensor> {
        layer_norm(&tokens.contiguous()?, &self.scale, &self.shift, self.epsilon)
    }
}

/// The named tensors of the file; some tools put the encoder's name before each.
struct Weights<'a> {
    file: BufferedSafetensors,
    prefix: &'static str,
    folder: &'a Folder,
}

impl Weights<'_> {
    fn open(folder: &Folder) -> anyhow::Result<Weights<'_>> {
        let bytes =
            std::fs::read(folder.file(WEIGHTS)).with_context(|| format!("{WEIGHTS} cannot be read"))?;
        let file =
            BufferedSafetensors::new(bytes).with_context(|| format!("{WEIGHTS} cannot be understood"))?;
        let names: Vec<String> = file.tensors().into_iter().map(|(name, _)| name).collect();
        let prefix = ["", "bert.", "roberta."].into_iter().find(|prefix| {
            names.iter().any(|name| *name == format!("{prefix}embeddings.word_embeddings.weight"))
        });
        let prefix = prefix.with_context(|| format!("{WEIGHTS} is not of a BERT encoder"))?;
        Ok(Weights { file, prefix, folder })
    }

    fn tensor(&self, name: &str, kind: DType) -> anyhow::Result<Tensor> {
        let full = format!("{}{name}", self.prefix);
        let tensor = self.file.load(&full, &Device::Cpu).with_context(|| format!("{full} is missing"))?;
        Ok(tensor.to_dtype(kind)?)
    }

    fn f32(&self, name: &str) -> anyhow::Result<Tensor> {
        self.tensor(name, DType::F32)
    }

    fn norm(&self, name: &str) -> anyhow::Result<Norm> {
        Ok(Norm {
            scale: self.f32(&format!("{name}.weight"))?,
            shift: self.f32(&format!("{name}.bias"))?,
            epsilon: self.folder.shape.layer_norm_eps as f32,
        })
    }

    fn linear(&self, name: &str) -> anyhow::Result<Linear> {
        Ok(Linear { weight: self.f32(&format!("{name}.weight"))?, bias: self.f32(&format!("{name}.bias"))? })
    }

    fn layer(&self, at: usize) -> anyhow::Result<Layer> {
        let of = |part: &str| format!("encoder.layer.{at}.{part}");
        let shape = &self.folder.shape;
        let per_head = (shape.hidden_size / shape.num_attention_heads) as f64;
        Ok(Layer {
            // The scores of attention are divided by this root; in the weights it costs nothing for each text.
            query: self.linear(&of("attention.self.query"))?.scaled(per_head.sqrt().recip())?,
            key: self.linear(&of("attention.self.key"))?,
            value: self.linear(&of("attention.self.value"))?,
            attended: self.linear(&of("attention.output.dense"))?,
            attended_norm: self.norm(&of("attention.output.LayerNorm"))?,
            wide: self.linear(&of("intermediate.dense"))?,
            narrow: self.linear(&of("output.dense"))?,
            norm: self.norm(&of("output.LayerNorm"))?,
        })
    }
}
