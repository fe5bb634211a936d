//! How long a failed job waits.

use std::time::Duration;

/// 5 s doubling with each attempt, at most 1 h, with up to 20 % added by `jitter` (0..=255) so that jobs that failed
/// together do not come back together.
pub fn delay(attempt: i64, jitter: u8) -> Duration {
    let doublings = u32::try_from(attempt.clamp(1, 20) - 1).unwrap_or(0);
    let base =
        Duration::from_secs(5).saturating_mul(2_u32.saturating_pow(doublings)).min(Duration::from_secs(3600));
    base + base.mul_f64(0.2 * f64::from(jitter) / 255.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_are_capped() {
        let seconds: Vec<u64> = (1..=12).map(|attempt| delay(attempt, 0).as_secs()).collect();
        assert_eq!(seconds, [5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]);
    }

    #[test]
    fn jitter_adds_at_most_a_fifth() {
        assert_eq!(delay(1, 255), Duration::from_secs(6));
    }
}
