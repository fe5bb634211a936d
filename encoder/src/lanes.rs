//! What a processor does with a block at once: the products of 32 weights and 32 steps, added up.

use crate::matrix::BLOCK;
#[cfg(target_arch = "x86_64")]
use pulp::x86::{V3, V4};

/// The instructions of one kind of processor.
pub(crate) trait Lanes: Copy {
    /// A block of weights as 16-bit numbers.
    type Weights: Copy;
    /// Partial sums.
    type Sum: Copy;

    fn zero(self) -> Self::Sum;
    fn widen(self, block: &[i8; BLOCK]) -> Self::Weights;
    /// Adds the products of a block, scaled.
    fn add(self, sum: Self::Sum, weights: Self::Weights, steps: &[i16; BLOCK], scale: f32) -> Self::Sum;
    fn total(self, sum: Self::Sum) -> f32;
}

/// Work that is compiled for each kind of processor.
pub(crate) trait Work {
    type Output;

    fn run<L: Lanes>(self, lanes: L) -> Self::Output;
}

/// The processor that the program runs on.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Processor {
    /// x86-64 with AVX-512.
    #[cfg(target_arch = "x86_64")]
    Widest(V4),
    /// x86-64 with AVX2 and FMA.
    #[cfg(target_arch = "x86_64")]
    Wide(V3),
    Plain,
}

impl Processor {
    #[cfg(target_arch = "x86_64")]
    pub(crate) fn detect() -> Processor {
        match (V4::try_new(), V3::try_new()) {
            (Some(simd), _) => Processor::Widest(simd),
            (None, Some(simd)) => Processor::Wide(simd),
            (None, None) => Processor::Plain,
        }
    }

    #[cfg(not(target_arch = "x86_64"))]
    pub(crate) fn detect() -> Processor {
        Processor::Plain
    }

    /// Runs work with the instructions of this processor.
    pub(crate) fn run<W: Work>(self, work: W) -> W::Output {
        match self {
            #[cfg(target_arch = "x86_64")]
            Processor::Widest(simd) => pulp::Simd::vectorize(
                simd,
                #[inline(always)]
                || work.run(simd),
            ),
            #[cfg(target_arch = "x86_64")]
            Processor::Wide(simd) => pulp::Simd::vectorize(
                simd,
                #[inline(always)]
                || work.run(simd),
            ),
            Processor::Plain => work.run(Plain),
        }
    }
}

/// Any processor, as the compiler sees fit.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plain;

impl Lanes for Plain {
    type Weights = [i16; BLOCK];
    type Sum = f32;

    #[inline(always)]
    fn zero(self) -> f32 {
        0.0
    }

    #[inline(always)]
    fn widen(self, block: &[i8; BLOCK]) -> [i16; BLOCK] {
        block.map(i16::from)
    }

    #[inline(always)]
    fn add(self, sum: f32, weights: [i16; BLOCK], steps: &[i16; BLOCK], scale: f32) -> f32 {
        let products = weights.iter().zip(steps).map(|(weight, step)| i32::from(*weight) * i32::from(*step));
        sum + products.sum::<i32>() as f32 * scale
    }

    #[inline(always)]
    fn total(self, sum: f32) -> f32 {
        sum
    }
}

#[cfg(target_arch = "x86_64")]
impl Lanes for V3 {
    type Weights = [pulp::i16x16; 2];
    type Sum = pulp::f32x8;

    #[inline(always)]
    fn zero(self) -> pulp::f32x8 {
        self.splat_f32x8(0.0)
    }

    #[inline(always)]
    fn widen(self, block: &[i8; BLOCK]) -> [pulp::i16x16; 2] {
        let [low, high]: [pulp::i8x16; 2] = pulp::cast(*block);
        [self.convert_i8x16_to_i16x16(low), self.convert_i8x16_to_i16x16(high)]
    }

    #[inline(always)]
    fn add(
        self,
        sum: pulp::f32x8,
        weights: [pulp::i16x16; 2],
        steps: &[i16; BLOCK],
        scale: f32,
    ) -> pulp::f32x8 {
        let [low, high]: [pulp::i16x16; 2] = pulp::cast(*steps);
        let low = self.multiply_wrapping_add_adjacent_i16x16(weights[0], low);
        let high = self.multiply_wrapping_add_adjacent_i16x16(weights[1], high);
        let products = pulp::Simd::add_i32s(self, low, high);
        self.mul_add_f32x8(self.convert_i32x8_to_f32x8(products), self.splat_f32x8(scale), sum)
    }

    #[inline(always)]
    fn total(self, sum: pulp::f32x8) -> f32 {
        pulp::Simd::reduce_sum_f32s(self, sum)
    }
}

#[cfg(target_arch = "x86_64")]
impl Lanes for V4 {
    type Weights = pulp::i16x32;
    type Sum = pulp::f32x16;

    #[inline(always)]
    fn zero(self) -> pulp::f32x16 {
        self.splat_f32x16(0.0)
    }

    #[inline(always)]
    fn widen(self, block: &[i8; BLOCK]) -> pulp::i16x32 {
        self.convert_i8x32_to_i16x32(pulp::cast(*block))
    }

    #[inline(always)]
    fn add(self, sum: pulp::f32x16, weights: pulp::i16x32, steps: &[i16; BLOCK], scale: f32) -> pulp::f32x16 {
        let products = self.multiply_wrapping_add_adjacent_i16x32(weights, pulp::cast(*steps));
        self.mul_add_f32x16(self.convert_i32x16_to_f32x16(products), self.splat_f32x16(scale), sum)
    }

    #[inline(always)]
    fn total(self, sum: pulp::f32x16) -> f32 {
        pulp::Simd::reduce_sum_f32s(self, sum)
    }
}
