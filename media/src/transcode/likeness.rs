//! How alike two pictures are: structural similarity (Wang et al. 2004) on brightness, over blocks of eight by eight.

use crate::av::Plane;

const BLOCK: usize = 8;
const C1: f64 = 6.5025;
const C2: f64 = 58.5225;

/// 1 for equal pictures, falling with lost structure; 0 when the sizes differ or there is nothing to compare.
pub(super) fn ssim(a: &Plane<'_>, b: &Plane<'_>) -> f64 {
    if (a.width, a.height) != (b.width, b.height) || a.width < BLOCK || a.height < BLOCK {
        return 0.0;
    }
    let (mut sum, mut count) = (0.0, 0u32);
    for y in (0..=a.height - BLOCK).step_by(BLOCK) {
        for x in (0..=a.width - BLOCK).step_by(BLOCK) {
            sum += block(a, b, x, y);
            count += 1;
        }
    }
    sum / f64::from(count)
}

fn block(a: &Plane<'_>, b: &Plane<'_>, x: usize, y: usize) -> f64 {
    let (mut sum_a, mut sum_b, mut aa, mut bb, mut ab) = (0u32, 0u32, 0u32, 0u32, 0u32);
    for row in y..y + BLOCK {
        for (&p, &q) in a.row(row)[x..x + BLOCK].iter().zip(&b.row(row)[x..x + BLOCK]) {
            let (p, q) = (u32::from(p), u32::from(q));
            (sum_a, sum_b) = (sum_a + p, sum_b + q);
            (aa, bb, ab) = (aa + p * p, bb + q * q, ab + p * q);
        }
    }
    let n = (BLOCK * BLOCK) as f64;
    let (mean_a, mean_b) = (f64::from(sum_a) / n, f64::from(sum_b) / n);
    let variance = |squares: u32, mean: f64| f64::from(squares) / n - mean * mean;
    let together = f64::from(ab) / n - mean_a * mean_b;
    let (of_a, of_b) = (variance(aa, mean_a), variance(bb, mean_b));
    (2.0 * mean_a * mean_b + C1) * (2.0 * together + C2)
        / ((mean_a * mean_a + mean_b * mean_b + C1) * (of_a + of_b + C2))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plane(data: &[u8]) -> Plane<'_> {
        Plane { data, stride: 32, width: 32, height: 32 }
    }

    fn stripes(phase: usize) -> Vec<u8> {
        (0..32 * 32).map(|n| if (n + phase) % 6 < 3 { 60 } else { 180 }).collect()
    }

    #[test]
    fn equal_pictures_are_alike_and_shifted_ones_are_not() {
        let (same, shifted) = (stripes(0), stripes(3));
        assert!(ssim(&plane(&same), &plane(&same)) > 0.999);
        assert!(ssim(&plane(&same), &plane(&shifted)) < 0.1);
    }

    #[test]
    fn a_little_noise_costs_a_little() {
        let clean = stripes(0);
        let noisy: Vec<u8> = clean.iter().enumerate().map(|(n, v)| v + (n * 7 % 5) as u8).collect();
        let alike = ssim(&plane(&clean), &plane(&noisy));
        assert!((0.95..0.9999).contains(&alike), "{alike}");
    }
}
