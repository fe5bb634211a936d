//! The functions between the matrices, written so that the compiler works on many numbers at once.

/// Adds a vector to another.
#[inline(always)]
pub(crate) fn add(to: &mut [f32], more: &[f32]) {
    to.iter_mut().zip(more).for_each(|(number, more)| *number += more);
}

/// Turns scores into shares that sum to 1.
#[inline(always)]
pub(crate) fn softmax(scores: &mut [f32]) {
    let most = scores.iter().fold(f32::NEG_INFINITY, |most, score| if *score > most { *score } else { most });
    for score in scores.iter_mut() {
        *score = exp(*score - most);
    }
    let sum: f32 = sum(scores);
    scores.iter_mut().for_each(|score| *score /= sum);
}

/// Gives numbers the mean 0 and the deviation 1, then a scale and a shift of each place.
#[inline(always)]
pub(crate) fn normalise(numbers: &mut [f32], scale: &[f32], shift: &[f32], epsilon: f32) {
    let count = numbers.len() as f32;
    let mean = sum(numbers) / count;
    numbers.iter_mut().for_each(|number| *number -= mean);
    let variance = sum_by(numbers, |number| number * number) / count;
    let per_number = (variance + epsilon).sqrt().recip();
    for ((number, scale), shift) in numbers.iter_mut().zip(scale).zip(shift) {
        *number = *number * per_number * scale + shift;
    }
}

/// The Gaussian error linear unit: a number times the share of a normal distribution below it.
#[inline(always)]
pub(crate) fn gelu(numbers: &mut [f32]) {
    for number in numbers {
        *number *= 0.5 * (1.0 + erf(*number * std::f32::consts::FRAC_1_SQRT_2));
    }
}

/// Sums in sixteen parts: one after the other would be slower and less exact.
#[inline(always)]
fn sum_by(numbers: &[f32], of: impl Fn(f32) -> f32) -> f32 {
    let (whole, rest) = numbers.as_chunks::<16>();
    let mut parts = [0.0f32; 16];
    for chunk in whole {
        for at in 0..16 {
            parts[at] += of(chunk[at]);
        }
    }
    parts.iter().sum::<f32>() + rest.iter().map(|number| of(*number)).sum::<f32>()
}

#[inline(always)]
fn sum(numbers: &[f32]) -> f32 {
    sum_by(numbers, |number| number)
}

/// The error function to seven digits: a quotient of polynomials, the coefficients from Eigen's `erf` (MPL 2.0).
#[inline(always)]
fn erf(x: f32) -> f32 {
    let x = x.clamp(-4.0, 4.0);
    let square = x * x;
    let over = polynomial(
        square,
        [
            -2.726_142_3e-10,
            2.770_681_4e-8,
            -2.101_024e-6,
            -5.692_506_4e-5,
            -7.349_906_3e-4,
            -2.954_599_7e-3,
            -1.609_603_3e-2,
        ],
    );
    let under = polynomial(
        square,
        [-1.456_607_2e-5, -2.133_740_6e-4, -1.682_827e-3, -7.373_329_2e-3, -1.426_473_9e-2],
    );
    x * over / under
}

/// e to a power that is not above 0: 2 to its whole part by the exponent's bits, and the Taylor series of the rest.
#[inline(always)]
fn exp(x: f32) -> f32 {
    let x = x.max(-87.0);
    let whole = (x * std::f32::consts::LOG2_E).round_ties_even();
    // ln 2 in two parts, so that the difference stays exact (Cody and Waite).
    let rest = x - whole * 0.693_359_4 + whole * 2.121_944_4e-4;
    let series = polynomial(rest, [1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0]);
    series * f32::from_bits(((whole as i32 + 127) as u32) << 23)
}

/// A polynomial by Horner's rule, the highest power's coefficient first.
#[inline(always)]
fn polynomial<const N: usize>(x: f32, coefficients: [f32; N]) -> f32 {
    coefficients.into_iter().fold(0.0, |sum, coefficient| sum * x + coefficient)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The error function by its series, in 64 bits.
    fn exact_erf(x: f64) -> f64 {
        let (mut term, mut sum) = (x, x);
        for n in 1..200 {
            term *= -x * x / f64::from(n);
            sum += term / f64::from(2 * n + 1);
        }
        sum * 2.0 / std::f64::consts::PI.sqrt()
    }

    #[test]
    fn the_error_function_is_exact_to_seven_digits() {
        for at in -350..=350 {
            let x = at as f32 / 100.0;
            let exact = exact_erf(f64::from(x));
            assert!((f64::from(erf(x)) - exact).abs() < 5e-7, "{x}: {} {exact}", erf(x));
        }
        assert!((erf(30.0) - 1.0).abs() < 1e-6 && (erf(-30.0) + 1.0).abs() < 1e-6);
    }

    #[test]
    fn the_exponential_is_exact_to_six_digits_and_ends_near_zero() {
        for at in 0..=8_000 {
            let x = -at as f32 / 100.0;
            let exact = f64::from(x).exp();
            assert!((f64::from(exp(x)) - exact).abs() <= 1e-6 * exact, "{x}: {} {exact}", exp(x));
        }
        assert!(exp(-1e9) < 1e-37 && exp(f32::NEG_INFINITY) < 1e-37);
    }

    #[test]
    fn shares_sum_to_one_and_keep_their_order() {
        let mut scores = [1.0, 3.0, 2.0, -50.0];
        softmax(&mut scores);
        assert!((scores.iter().sum::<f32>() - 1.0).abs() < 1e-6);
        assert!(scores[1] > scores[2] && scores[2] > scores[0] && scores[3] < 1e-20);
    }

    #[test]
    fn a_norm_has_mean_zero_and_deviation_one() {
        let mut numbers: Vec<f32> = (0..37).map(|at| at as f32 * 3.0 + 100.0).collect();
        normalise(&mut numbers, &[1.0; 37], &[0.0; 37], 1e-12);
        let mean = numbers.iter().sum::<f32>() / 37.0;
        let deviation = (numbers.iter().map(|number| number * number).sum::<f32>() / 37.0).sqrt();
        assert!(mean.abs() < 1e-5 && (deviation - 1.0).abs() < 1e-5);
    }
}
