//! Matrices in blocks of bytes.

use crate::lanes::Lanes;
use crate::steps::Steps;

/// How many weights share a scale: those of llama.cpp's Q8_0, and of the 4-bit files that models are shipped in.
pub(crate) const BLOCK: usize = 32;
/// The largest value of a byte.
const MOST: f32 = 127.0;
/// How many tokens are worked on before the next rows are read: their steps stay in the core's own memory.
const TOKENS: usize = 64;
/// Rows and tokens whose sums are held in registers at once.
const ROWS_AT_ONCE: usize = 2;
const TOKENS_AT_ONCE: usize = 4;

/// A matrix of rows, each a number of blocks; the last block of a row is filled up with zeros.
#[derive(Debug)]
pub(crate) struct Matrix {
    width: usize,
    blocks_per_row: usize,
    blocks: Vec<[i8; BLOCK]>,
    scales: Vec<f32>,
}

impl Matrix {
    /// Rounds rows of `width` numbers to bytes.
    pub(crate) fn new(numbers: &[f32], width: usize) -> Matrix {
        let blocks_per_row = width.div_ceil(BLOCK);
        let count = numbers.len() / width.max(1) * blocks_per_row;
        let (mut blocks, mut scales) = (Vec::with_capacity(count), Vec::with_capacity(count));
        for chunk in numbers.chunks_exact(width).flat_map(|row| row.chunks(BLOCK)) {
            let most = chunk.iter().fold(0.0f32, |most, number| most.max(number.abs()));
            let per_number = if most > 0.0 { MOST / most } else { 0.0 };
            let mut block = [0; BLOCK];
            block
                .iter_mut()
                .zip(chunk)
                .for_each(|(byte, number)| *byte = (number * per_number).round() as i8);
            blocks.push(block);
            scales.push(most / MOST);
        }
        Matrix { width, blocks_per_row, blocks, scales }
    }

    fn rows(&self) -> usize {
        self.blocks.len() / self.blocks_per_row
    }

    /// Writes one row as numbers.
    pub(crate) fn row(&self, at: usize, into: &mut [f32]) {
        let (blocks, scales) = self.of_row(at);
        for ((part, block), scale) in into[..self.width].chunks_mut(BLOCK).zip(blocks).zip(scales) {
            part.iter_mut().zip(block).for_each(|(number, byte)| *number = f32::from(*byte) * scale);
        }
    }

    fn of_row(&self, at: usize) -> (&[[i8; BLOCK]], &[f32]) {
        let row = at * self.blocks_per_row..(at + 1) * self.blocks_per_row;
        (&self.blocks[row.clone()], &self.scales[row])
    }

    /// Multiplies each token with each row and adds the row's bias; `into` gets a row of sums for each token.
    #[inline(always)]
    pub(crate) fn multiply<L: Lanes>(&self, lanes: L, tokens: &Steps, bias: &[f32], into: &mut Vec<f32>) {
        let rows = self.rows();
        into.clear();
        into.resize(tokens.count() * rows, 0.0);
        let mut put = |row: usize, token: usize, sum: f32| {
            into[token * rows + row] = sum * tokens.scale(token) + bias[row];
        };
        for from in (0..tokens.count()).step_by(TOKENS) {
            let to = (from + TOKENS).min(tokens.count());
            let whole = rows - rows % ROWS_AT_ONCE;
            for row in (0..whole).step_by(ROWS_AT_ONCE) {
                let mut token = from;
                while token + TOKENS_AT_ONCE <= to {
                    self.tile::<L, ROWS_AT_ONCE, TOKENS_AT_ONCE>(lanes, tokens, [row, token], &mut put);
                    token += TOKENS_AT_ONCE;
                }
                for token in token..to {
                    self.tile::<L, ROWS_AT_ONCE, 1>(lanes, tokens, [row, token], &mut put);
                }
            }
            for row in whole..rows {
                for token in from..to {
                    self.tile::<L, 1, 1>(lanes, tokens, [row, token], &mut put);
                }
            }
        }
    }

    /// The sums of some rows and tokens, from the row and the token given on.
    #[inline(always)]
    fn tile<L: Lanes, const R: usize, const T: usize>(
        &self,
        lanes: L,
        tokens: &Steps,
        [row, token]: [usize; 2],
        put: &mut impl FnMut(usize, usize, f32),
    ) {
        let rows: [_; R] = std::array::from_fn(|r| self.of_row(row + r));
        let steps: [_; T] = std::array::from_fn(|t| tokens.blocks_of(token + t));
        let mut sums = [[lanes.zero(); T]; R];
        for at in 0..self.blocks_per_row {
            let steps = steps.map(|blocks| &blocks[at]);
            for ((blocks, scales), sums) in rows.iter().zip(&mut sums) {
                let (weights, scale) = (lanes.widen(&blocks[at]), scales[at]);
                for (sum, steps) in sums.iter_mut().zip(steps) {
                    *sum = lanes.add(*sum, weights, steps, scale);
                }
            }
        }
        for (r, sums) in sums.into_iter().enumerate() {
            for (t, sum) in sums.into_iter().enumerate() {
                put(row + r, token + t, lanes.total(sum));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lanes::{Plain, Processor, Work};
    use proptest::prelude::*;

    struct Multiply<'a>(&'a Matrix, &'a Steps, &'a [f32]);

    impl Work for Multiply<'_> {
        type Output = Vec<f32>;

        fn run<L: Lanes>(self, lanes: L) -> Vec<f32> {
            let mut into = Vec::new();
            self.0.multiply(lanes, self.1, self.2, &mut into);
            into
        }
    }

    /// The plain product in 64 bits.
    fn product(weights: &[f32], tokens: &[f32], bias: &[f32], width: usize) -> Vec<f64> {
        let dot =
            |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>();
        let rows = || weights.chunks_exact(width).zip(bias);
        tokens
            .chunks_exact(width)
            .flat_map(|token| rows().map(move |(row, bias)| dot(row, token) + f64::from(*bias)))
            .collect()
    }

    proptest! {
        #[test]
        fn every_processor_multiplies_as_numbers_do(
            width in 1usize..100, rows in 1usize..6, count in 1usize..70, seed in any::<u32>(),
        ) {
            let mut state = u64::from(seed) + 1;
            let mut number = || {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (state >> 40) as f32 / (1u64 << 23) as f32 - 1.0
            };
            let mut numbers = |count: usize| -> Vec<f32> { (0..count).map(|_| number()).collect() };
            let (weights, tokens, bias) = (numbers(rows * width), numbers(count * width), numbers(rows));
            let matrix = Matrix::new(&weights, width);
            let mut steps = Steps::default();
            steps.take(&tokens, width);
            let plain = Multiply(&matrix, &steps, &bias).run(Plain);
            let wide = Processor::detect().run(Multiply(&matrix, &steps, &bias));
            // Half a step of each weight's byte; the steps of the tokens are far finer.
            let bound = 0.5 / 127.0 * (width as f64).sqrt() * 3.0 + 1e-3;
            for ((plain, wide), right) in plain.iter().zip(&wide).zip(product(&weights, &tokens, &bias, width)) {
                prop_assert!((plain - wide).abs() < 1e-4, "{plain} {wide}");
                prop_assert!((f64::from(*plain) - right).abs() < bound, "{plain} {right} {bound}");
            }
        }
    }

    #[test]
    fn a_row_comes_back_nearly_as_it_was_given_and_zeros_stay_zeros() {
        let numbers: Vec<f32> =
            (0..80).map(|at| if at < 40 { at as f32 / 10.0 - 2.0 } else { 0.0 }).collect();
        let matrix = Matrix::new(&numbers, 40);
        let mut row = [0.0; 40];
        matrix.row(0, &mut row);
        assert!(row.iter().zip(&numbers).all(|(found, given)| (found - given).abs() <= 2.0 / 127.0));
        matrix.row(1, &mut row);
        assert_eq!(row, [0.0; 40]);
    }
}
