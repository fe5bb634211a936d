//! Standard Webhooks: proof that a delivery comes from the channel and is fresh.

use crate::clock::Millis;
use crate::refusal::{Refusal, RefusalKind};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use std::time::Duration;

/// How far the sender's clock may be from ours, either way (CONTRACT section 4).
pub const TOLERANCE: Duration = Duration::from_secs(5 * 60);

/// The three headers of a delivery.
#[derive(Debug, Clone, Copy)]
pub struct Signature<'a> {
    /// `webhook-id`
    pub id: &'a str,
    /// `webhook-timestamp`, in seconds.
    pub timestamp: &'a str,
    /// `webhook-signature`: one or more `v1,<base64>` separated by spaces.
    pub signatures: &'a str,
}

/// Proof that a body was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// The sender's name for this delivery.
    pub webhook_id: String,
}

/// The delivery is not believed. It does not say why: a forger learns nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the signature is missing, wrong or older than 5 minutes")]
pub struct Forged;

impl From<Forged> for Refusal {
    fn from(forged: Forged) -> Self {
        let ar = "التوقيع غير موجود أو غير صحيح أو مضى عليه أكثر من ٥ دقائق.";
        Self::new(RefusalKind::SignIn, "intake.signature", ar, forged.to_string())
    }
}

/// Checks a delivery: any one good signature is enough (keys may be rotated), and the time must be near `now`.
pub fn verify(key: &[u8], signature: Signature<'_>, body: &[u8], now: Millis) -> Result<Verified, Forged> {
    let named = (1..=256).contains(&signature.id.len()) && !signature.id.contains('.');
    let plain = !signature.timestamp.is_empty() && signature.timestamp.bytes().all(|b| b.is_ascii_digit());
    if !named || !plain {
        return Err(Forged);
    }
    let seconds: i64 = signature.timestamp.parse().map_err(|_| Forged)?;
    let distance = now.0.checked_sub(seconds.checked_mul(1000).ok_or(Forged)?).ok_or(Forged)?.unsigned_abs();
    if u128::from(distance) > TOLERANCE.as_millis() {
        return Err(Forged);
    }
    let mut mac = Hmac::<Sha256>::new_from_slice(key).map_err(|_| Forged)?;
    mac.update(format!("{}.{}.", signature.id, signature.timestamp).as_bytes());
    mac.update(body);
    // At most a few keys are ever in rotation; a long list is an attempt to make us work.
    let good = signature
        .signatures
        .split(' ')
        .take(5)
        .filter_map(|part| part.strip_prefix("v1,"))
        .any(|text| STANDARD.decode(text).is_ok_and(|given| mac.clone().verify_slice(&given).is_ok()));
    if good { Ok(Verified { webhook_id: signature.id.to_owned() }) } else { Err(Forged) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &[u8] = &[9; 32];
    const NOW: Millis = Millis(1_790_000_000_000);

    fn sign(id: &str, timestamp: &str, body: &[u8]) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(KEY).unwrap();
        mac.update(format!("{id}.{timestamp}.").as_bytes());
        mac.update(body);
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }

    fn check(id: &str, timestamp: &str, signatures: &str, body: &[u8]) -> bool {
        verify(KEY, Signature { id, timestamp, signatures }, body, NOW).is_ok()
    }

    #[test]
    fn the_published_example_verifies() {
        // Example of the Standard Webhooks specification.
        let key = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signature = Signature {
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
            timestamp: "1614265330",
            signatures: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        };
        let now = Millis(1_614_265_330_000);
        assert!(verify(&key, signature, br#"{"test": 2432232314}"#, now).is_ok());
    }

    #[test]
    fn one_good_signature_among_several_is_enough() {
        let good = sign("m1", "1790000000", b"x");
        assert!(check("m1", "1790000000", &good, b"x"));
        assert!(check("m1", "1790000000", &format!("v1,AAAA v2,zz {good}"), b"x"));
        assert!(!check("m1", "1790000000", "v1,AAAA v1a,x", b"x"));
        assert!(!check("m1", "1790000000", "", b"x"));
    }

    #[test]
    fn altered_id_time_or_body_is_refused() {
        let good = sign("m1", "1790000000", b"x");
        assert!(!check("m2", "1790000000", &good, b"x"));
        assert!(!check("m1", "1790000001", &good, b"x"));
        assert!(!check("m1", "1790000000", &good, b"y"));
    }

    #[test]
    fn five_minutes_either_way_and_no_more() {
        for (timestamp, fresh) in [
            ("1789999700", true),
            ("1789999699", false),
            ("1790000300", true),
            ("1790000301", false),
            ("99999999999999999999", false),
            ("9223372036854775807", false),
            ("-1", false),
            ("", false),
        ] {
            assert_eq!(check("m1", timestamp, &sign("m1", timestamp, b"x"), b"x"), fresh, "{timestamp}");
        }
    }
}
