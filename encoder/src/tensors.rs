//! The named tensors of a safetensors file as 32-bit numbers.

use crate::matrix::Matrix;
use anyhow::{Context, bail, ensure};
use half::{bf16, f16};
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};

/// A file's tensors; some tools put the encoder's name before each.
pub(crate) struct Tensors<'a> {
    file: SafeTensors<'a>,
    prefix: &'static str,
}

impl<'a> Tensors<'a> {
    pub(crate) fn read(bytes: &'a [u8]) -> anyhow::Result<Tensors<'a>> {
        let file = SafeTensors::deserialize(bytes).context("the weights cannot be understood")?;
        let words =
            |prefix: &&str| file.tensor(&format!("{prefix}embeddings.word_embeddings.weight")).is_ok();
        let prefix = ["", "bert.", "roberta."].into_iter().find(words);
        Ok(Tensors { prefix: prefix.context("the weights are not of a BERT encoder")?, file })
    }

    /// The numbers of a tensor of these sizes.
    pub(crate) fn numbers(&self, name: &str, sizes: &[usize]) -> anyhow::Result<Vec<f32>> {
        let (tensor, name) = self.tensor(name)?;
        ensure!(tensor.shape() == sizes, "{name} has another size than its configuration says");
        let bytes = tensor.data();
        let numbers: Vec<f32> = match tensor.dtype() {
            Dtype::F32 => bytes.as_chunks().0.iter().map(|four| f32::from_le_bytes(*four)).collect(),
            Dtype::F16 => bytes.as_chunks().0.iter().map(|two| f16::from_le_bytes(*two).to_f32()).collect(),
            Dtype::BF16 => bytes.as_chunks().0.iter().map(|two| bf16::from_le_bytes(*two).to_f32()).collect(),
            other => bail!("{name} has numbers of the kind {other:?}"),
        };
        ensure!(numbers.iter().all(|number| number.is_finite()), "{name} holds something that is no number");
        Ok(numbers)
    }

    /// How many rows a table has.
    pub(crate) fn rows(&self, name: &str) -> anyhow::Result<usize> {
        let (tensor, name) = self.tensor(name)?;
        tensor.shape().first().copied().with_context(|| format!("{name} is no table"))
    }

    fn tensor(&self, name: &str) -> anyhow::Result<(TensorView<'_>, String)> {
        let name = format!("{}{name}", self.prefix);
        let tensor = self.file.tensor(&name).with_context(|| format!("{name} is missing"))?;
        Ok((tensor, name))
    }

    /// A matrix in blocks.
    pub(crate) fn matrix(&self, name: &str, rows: usize, width: usize) -> anyhow::Result<Matrix> {
        Ok(Matrix::new(&self.numbers(name, &[rows, width])?, width))
    }
}
