//! How often one client may do something that costs us or could be guessed at: a token bucket for each address.

use crate::clock::{Clock, Millis};
use crate::refusal::{Refusal, RefusalKind};
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Mutex;
use std::time::Duration;

/// At most this many addresses are remembered; the longest idle is forgotten first.
const REMEMBERED: usize = 50_000;

/// A limit of `burst` at once, refilled evenly over `per`.
pub struct RateLimit {
    clock: Clock,
    burst: f64,
    per: Duration,
    buckets: Mutex<HashMap<IpAddr, Bucket>>,
}

/// The limits of the house.
pub struct Rates {
    /// Upload tickets: a person needs one for each video she sends.
    pub tickets: RateLimit,
    /// Questions by the public form and API.
    pub questions: RateLimit,
    /// Short codes typed in: few enough that guessing is hopeless.
    pub codes: RateLimit,
    /// Public search by programs and while typing.
    pub searches: RateLimit,
    /// Public matching without asking.
    pub matches: RateLimit,
    /// Counted visits of clips, and words about them: each is a write.
    pub visits: RateLimit,
    /// Deliveries by webhook; a busy account sends thousands an hour.
    pub intake: RateLimit,
}

impl Rates {
    /// Full buckets.
    pub fn new(clock: &Clock) -> Self {
        let limit = |burst, seconds| RateLimit::new(clock.clone(), burst, Duration::from_secs(seconds));
        Self {
            tickets: limit(30, 60 * 60),
            questions: limit(30, 60 * 60),
            codes: limit(10, 10 * 60),
            searches: limit(300, 60),
            matches: limit(60, 60),
            visits: limit(60, 60),
            intake: limit(600, 60),
        }
    }
}

#[derive(Clone, Copy)]
struct Bucket {
    left: f64,
    at: Millis,
}

impl RateLimit {
    /// A limit of `burst` requests, refilled evenly over `per`.
    pub fn new(clock: Clock, burst: u32, per: Duration) -> Self {
        Self { clock, burst: f64::from(burst), per, buckets: Mutex::default() }
    }

    /// Takes one; refuses with 429 when nothing is left.
    pub fn take(&self, client: IpAddr) -> Result<(), Refusal> {
        let now = self.clock.now();
        let mut buckets = self.buckets.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if buckets.len() >= REMEMBERED {
            let full_again = |bucket: &Bucket| now.since(bucket.at) > millis(self.per);
            buckets.retain(|_, bucket| !full_again(bucket));
        }
        let bucket = buckets.entry(client).or_insert(Bucket { left: self.burst, at: now });
        let refill = self.burst * now.since(bucket.at).max(0) as f64 / millis(self.per).max(1) as f64;
        bucket.left = (bucket.left + refill).min(self.burst);
        bucket.at = now;
        if bucket.left < 1.0 {
            return Err(too_many());
        }
        bucket.left -= 1.0;
        Ok(())
    }
}

fn millis(span: Duration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
}

fn too_many() -> Refusal {
    let ar = "طلبات كثيرة في وقت قصير. انتظر قليلًا ثم أعد المحاولة.";
    Refusal::new(
        RefusalKind::TooMany,
        "too_many",
        ar,
        "Too many requests in a short time. Wait a little and try again.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_then_waits_for_the_refill() {
        let clock = Clock::manual(Millis(0));
        let limit = RateLimit::new(clock.clone(), 2, Duration::from_secs(60));
        let client = IpAddr::from([127, 0, 0, 1]);
        assert!(limit.take(client).is_ok() && limit.take(client).is_ok());
        assert!(limit.take(client).is_err());
        assert!(limit.take(IpAddr::from([127, 0, 0, 2])).is_ok(), "others are not affected");
        clock.advance(Duration::from_secs(30));
        assert!(limit.take(client).is_ok());
        assert!(limit.take(client).is_err());
    }
}
