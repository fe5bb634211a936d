//! One layer of the encoder: attention, then two matrices with a bend between them, each added to what came in.

use crate::Shape;
use crate::attention::{Asked, attend};
use crate::functions::{add, gelu, normalise};
use crate::lanes::Lanes;
use crate::matrix::Matrix;
use crate::steps::Steps;
use crate::tensors::Tensors;

/// A norm's scale and shift.
#[derive(Debug)]
pub(crate) struct Norm {
    scale: Vec<f32>,
    shift: Vec<f32>,
}

#[derive(Debug)]
struct Linear {
    weights: Matrix,
    bias: Vec<f32>,
}

#[derive(Debug)]
pub(crate) struct Layer {
    query: Linear,
    key: Linear,
    value: Linear,
    attended: Linear,
    attended_norm: Norm,
    wide: Linear,
    narrow: Linear,
    norm: Norm,
}

/// Memory that each layer uses again.
#[derive(Default)]
pub(crate) struct Room {
    steps: Steps,
    query: Vec<f32>,
    key: Vec<f32>,
    value: Vec<f32>,
    scores: Vec<f32>,
    taken: Vec<f32>,
    wide: Vec<f32>,
    sums: Vec<f32>,
}

impl Norm {
    pub(crate) fn read(tensors: &Tensors, name: &str, shape: &Shape) -> anyhow::Result<Norm> {
        Ok(Norm {
            scale: tensors.numbers(&format!("{name}.weight"), &[shape.width])?,
            shift: tensors.numbers(&format!("{name}.bias"), &[shape.width])?,
        })
    }

    /// Normalises each token.
    #[inline(always)]
    pub(crate) fn apply(&self, tokens: &mut [f32], epsilon: f32) {
        for token in tokens.chunks_exact_mut(self.scale.len()) {
            normalise(token, &self.scale, &self.shift, epsilon);
        }
    }
}

impl Linear {
    fn read(tensors: &Tensors, name: &str, rows: usize, width: usize, factor: f32) -> anyhow::Result<Linear> {
        let scaled = |mut numbers: Vec<f32>| {
            numbers.iter_mut().for_each(|number| *number *= factor);
            numbers
        };
        let weights = scaled(tensors.numbers(&format!("{name}.weight"), &[rows, width])?);
        Ok(Linear {
            weights: Matrix::new(&weights, width),
            bias: scaled(tensors.numbers(&format!("{name}.bias"), &[rows])?),
        })
    }

    #[inline(always)]
    fn apply<L: Lanes>(&self, lanes: L, tokens: &Steps, into: &mut Vec<f32>) {
        self.weights.multiply(lanes, tokens, &self.bias, into);
    }
}

impl Layer {
    pub(crate) fn read(tensors: &Tensors, at: usize, shape: &Shape) -> anyhow::Result<Layer> {
        let Shape { width, wide, heads, .. } = *shape;
        let named = |part: &str| format!("encoder.layer.{at}.{part}");
        let linear =
            |part: &str, rows, columns, factor| Linear::read(tensors, &named(part), rows, columns, factor);
        // The scores of attention are divided by this root; in the weights it costs nothing for each text.
        let per_head = ((width / heads) as f32).sqrt().recip();
        Ok(Layer {
            query: linear("attention.self.query", width, width, per_head)?,
            key: linear("attention.self.key", width, width, 1.0)?,
            value: linear("attention.self.value", width, width, 1.0)?,
            attended: linear("attention.output.dense", width, width, 1.0)?,
            attended_norm: Norm::read(tensors, &named("attention.output.LayerNorm"), shape)?,
            wide: linear("intermediate.dense", wide, width, 1.0)?,
            narrow: linear("output.dense", width, wide, 1.0)?,
            norm: Norm::read(tensors, &named("output.LayerNorm"), shape)?,
        })
    }

    /// Sends the tokens through the layer.
    #[inline(always)]
    pub(crate) fn pass<L: Lanes>(&self, lanes: L, shape: &Shape, tokens: &mut [f32], room: &mut Room) {
        let Shape { width, wide, heads, epsilon, .. } = *shape;
        room.steps.take(tokens, width);
        self.query.apply(lanes, &room.steps, &mut room.query);
        self.key.apply(lanes, &room.steps, &mut room.key);
        self.value.apply(lanes, &room.steps, &mut room.value);
        let asked = Asked { query: &room.query, key: &room.key, value: &room.value };
        attend(&asked, width, heads, &mut room.scores, &mut room.taken);
        room.steps.take(&room.taken, width);
        self.attended.apply(lanes, &room.steps, &mut room.sums);
        add(tokens, &room.sums);
        self.attended_norm.apply(tokens, epsilon);
        room.steps.take(tokens, width);
        self.wide.apply(lanes, &room.steps, &mut room.wide);
        gelu(&mut room.wide);
        room.steps.take(&room.wide, wide);
        self.narrow.apply(lanes, &room.steps, &mut room.sums);
        add(tokens, &room.sums);
        self.norm.apply(tokens, epsilon);
    }
}
