//! Activations as whole steps.

use crate::matrix::BLOCK;

/// The largest step: with bytes of at most 127 the sum of a block stays far inside 32 bits.
const MOST: f32 = 32_767.0;

/// Tokens whose numbers are 16-bit steps of a scale of their own.
#[derive(Debug, Default)]
pub(crate) struct Steps {
    blocks_per_token: usize,
    blocks: Vec<[i16; BLOCK]>,
    scales: Vec<f32>,
}

impl Steps {
    /// Rounds tokens of `width` numbers to steps; what was held before is forgotten.
    #[inline(always)]
    pub(crate) fn take(&mut self, tokens: &[f32], width: usize) {
        self.blocks_per_token = width.div_ceil(BLOCK);
        self.blocks.clear();
        self.scales.clear();
        for token in tokens.chunks_exact(width) {
            let most = token
                .iter()
                .fold(0.0f32, |most, number| if number.abs() > most { number.abs() } else { most });
            let per_number = if most > 0.0 { MOST / most } else { 0.0 };
            let (whole, rest) = token.as_chunks::<BLOCK>();
            self.blocks.extend(whole.iter().map(|part| part.map(|number| step(number, per_number))));
            if !rest.is_empty() {
                let mut block = [0; BLOCK];
                block.iter_mut().zip(rest).for_each(|(step_at, number)| *step_at = step(*number, per_number));
                self.blocks.push(block);
            }
            self.scales.push(most / MOST);
        }
    }

    pub(crate) fn count(&self) -> usize {
        self.scales.len()
    }

    pub(crate) fn blocks_of(&self, token: usize) -> &[[i16; BLOCK]] {
        &self.blocks[token * self.blocks_per_token..(token + 1) * self.blocks_per_token]
    }

    pub(crate) fn scale(&self, token: usize) -> f32 {
        self.scales[token]
    }
}

/// The nearest step, halves to even: one instruction.
#[inline(always)]
fn step(number: f32, per_number: f32) -> i16 {
    (number * per_number).round_ties_even() as i16
}
