//! The sentence encoder: BERT without training, one text at a time on the caller's thread.
//!
//! Weights are kept as bytes in blocks of 32 with a scale each, activations pass through the matrices as 16-bit steps of
//! their token's largest value. A sentence takes little more than half the time that it takes in 32-bit numbers, the
//! weights a quarter of the memory, and the cosine to the vectors of the model's reference engine stays above 0.999.
//! Batches gain nothing on CPUs and are not offered.

mod attention;
mod functions;
mod lanes;
mod layer;
mod matrix;
mod steps;
mod tensors;

use anyhow::ensure;
use lanes::{Lanes, Processor};
use layer::{Layer, Norm};
use matrix::Matrix;
use std::ops::Range;
use tensors::Tensors;

/// The sizes of an encoder, as its configuration gives them.
#[derive(Debug, Clone)]
pub struct Shape {
    /// Numbers in a token's vector.
    pub width: usize,
    /// Numbers between the two matrices of a layer.
    pub wide: usize,
    pub layers: usize,
    pub heads: usize,
    /// Rows of the word table.
    pub words: usize,
    /// The rows of the position table that texts use, the first token's first.
    pub positions: Range<usize>,
    /// What keeps a norm from dividing by zero.
    pub epsilon: f32,
    pub pooling: Pooling,
}

/// Which vector stands for the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pooling {
    /// The mean of all tokens.
    Mean,
    FirstToken,
}

/// An encoder ready to compute. Several threads may use it at once.
#[derive(Debug)]
pub struct Encoder {
    words: Matrix,
    /// The vectors of positions with that of the one token type added, one row a position.
    positions: Vec<f32>,
    norm: Norm,
    layers: Vec<Layer>,
    shape: Shape,
    processor: Processor,
}

impl Encoder {
    /// Reads the weights of a `model.safetensors` file of a BERT encoder: 16- or 32-bit numbers under the usual names.
    ///
    /// # Errors
    /// When a tensor is missing or has another size than the shape says.
    pub fn read(file: &[u8], shape: Shape) -> anyhow::Result<Encoder> {
        ensure!(
            shape.heads > 0 && shape.width.is_multiple_of(shape.heads),
            "its heads do not divide its width"
        );
        let tensors = Tensors::read(file)?;
        let width = shape.width;
        let all_positions =
            tensors.numbers("embeddings.position_embeddings.weight", &[shape.positions.end, width])?;
        let types = "embeddings.token_type_embeddings.weight";
        let of_type = tensors.numbers(types, &[tensors.rows(types)?, width])?;
        let mut positions = all_positions[shape.positions.start * width..].to_vec();
        for row in positions.chunks_exact_mut(width) {
            row.iter_mut().zip(&of_type).for_each(|(number, more)| *number += more);
        }
        Ok(Encoder {
            words: tensors.matrix("embeddings.word_embeddings.weight", shape.words, width)?,
            positions,
            norm: Norm::read(&tensors, "embeddings.LayerNorm", &shape)?,
            layers: (0..shape.layers)
                .map(|at| Layer::read(&tensors, at, &shape))
                .collect::<anyhow::Result<_>>()?,
            processor: Processor::detect(),
            shape,
        })
    }

    /// The same encoder without the processor's wide instructions, to compare with.
    pub fn plain(self) -> Encoder {
        Encoder { processor: Processor::Plain, ..self }
    }

    /// How many numbers a vector has.
    pub fn dimensions(&self) -> usize {
        self.shape.width
    }

    /// The vector of a text of token ids, not scaled to any length.
    ///
    /// # Errors
    /// When there is no token, more than there are positions, or one that the word table has no row for.
    pub fn encode(&self, ids: &[u32]) -> anyhow::Result<Vec<f32>> {
        ensure!(!ids.is_empty(), "there is no token");
        ensure!(ids.len() <= self.shape.positions.len(), "there are more tokens than positions");
        ensure!(
            ids.iter().all(|id| (*id as usize) < self.shape.words),
            "a token has no row in the word table"
        );
        Ok(self.processor.run(Encoding { encoder: self, ids }))
    }
}

/// One text on its way through the encoder.
struct Encoding<'a> {
    encoder: &'a Encoder,
    ids: &'a [u32],
}

impl lanes::Work for Encoding<'_> {
    type Output = Vec<f32>;

    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) -> Vec<f32> {
        let Encoding { encoder, ids } = self;
        let Shape { width, epsilon, pooling, .. } = encoder.shape;
        let mut tokens = vec![0.0; ids.len() * width];
        let rows = tokens.chunks_exact_mut(width).zip(encoder.positions.chunks_exact(width));
        for ((token, position), id) in rows.zip(ids) {
            encoder.words.row(*id as usize, token);
            functions::add(token, position);
        }
        encoder.norm.apply(&mut tokens, epsilon);
        let mut room = layer::Room::default();
        for layer in &encoder.layers {
            layer.pass(lanes, &encoder.shape, &mut tokens, &mut room);
        }
        match pooling {
            Pooling::FirstToken => tokens[..width].to_vec(),
            Pooling::Mean => {
                let mut mean = vec![0.0; width];
                tokens.chunks_exact(width).for_each(|token| functions::add(&mut mean, token));
                mean.iter_mut().for_each(|number| *number /= ids.len() as f32);
                mean
            }
        }
    }
}
