//! Passwords: Argon2id t=2, m=19456 KiB, p=1 (35 ms on two cores), two at once.

use anyhow::Context as _;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::Semaphore;

/// Hashes at once: each takes 19 MiB and a core.
const AT_ONCE: usize = 2;
/// People who may wait for their turn before others are told to come back.
const QUEUE: usize = 64;

/// Hashes and checks passwords off the runtime, a bounded number at a time.
#[derive(Clone)]
pub struct Passwords {
    turns: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
    /// Checked when the account does not exist, so that both answers take the same time.
    decoy: Arc<String>,
}

/// Too many people are signing in at once.
#[derive(Debug, thiserror::Error)]
#[error("too many sign-ins at once; try again in a few seconds")]
pub struct TooBusy;

/// Why a password is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    /// Fewer than 12 characters.
    #[error("use at least 12 characters")]
    TooShort,
    /// More than 256 characters.
    #[error("use at most 256 characters")]
    TooLong,
    /// One character repeated, or a run such as 123456789012.
    #[error("choose something that is harder to guess")]
    TooSimple,
}

/// Checks length and the simplest patterns; there are no composition rules (ASVS 5.0, 6.2).
pub fn check_strength(password: &str) -> Result<(), WeakPassword> {
    let letters: Vec<char> = password.chars().collect();
    if letters.len() < 12 {
        return Err(WeakPassword::TooShort);
    }
    if letters.len() > 256 {
        return Err(WeakPassword::TooLong);
    }
    let distinct: std::collections::HashSet<&char> = letters.iter().collect();
    let lower = password.to_lowercase();
    let common = ["password", "12345678", "qwertyui", "11111111", "administrator"];
    if distinct.len() < 5 || common.iter().any(|word| lower.contains(word) && letters.len() < word.len() + 6)
    {
        return Err(WeakPassword::TooSimple);
    }
    Ok(())
}

fn argon2() -> Argon2<'static> {
    let params = Params::new(19_456, 2, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

fn hash_now(password: &str) -> anyhow::Result<String> {
    let salt = crate::ids::random_bytes::<16>();
    let hash = argon2()
        .hash_password_with_salt(password.as_bytes(), &salt)
        .map_err(|wrong| anyhow::anyhow!("hashing a password: {wrong}"))?;
    Ok(hash.to_string())
}

fn matches_now(password: &str, hash: &str) -> bool {
    let Ok(parsed) = PasswordHash::new(hash) else {
        return false;
    };
    argon2().verify_password(password.as_bytes(), &parsed).is_ok()
}

impl Passwords {
    /// Makes the queue and the decoy hash.
    pub fn new() -> anyhow::Result<Self> {
        let decoy = hash_now(&crate::ids::secret())?;
        Ok(Self {
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            waiting: Arc::new(AtomicUsize::new(0)),
            decoy: Arc::new(decoy),
        })
    }

    /// Hashes a password for the `password_hash` column.
    pub async fn hash(&self, password: String) -> anyhow::Result<String> {
        let turn = self.turns.clone().acquire_owned().await.context("waiting to hash a password")?;
        let hash = tokio::task::spawn_blocking(move || hash_now(&password)).await;
        drop(turn);
        hash.context("hashing a password")?
    }

    /// Whether the password is right; `None` stands for "no such account" and takes as long.
    pub async fn matches(&self, password: String, hash: Option<String>) -> Result<bool, TooBusy> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.decoy.as_ref().clone());
        if self.waiting.fetch_add(1, Ordering::SeqCst) >= QUEUE {
            self.waiting.fetch_sub(1, Ordering::SeqCst);
            return Err(TooBusy);
        }
        let turn = self.turns.clone().acquire_owned().await;
        self.waiting.fetch_sub(1, Ordering::SeqCst);
        let Ok(turn) = turn else { return Err(TooBusy) };
        let right = tokio::task::spawn_blocking(move || matches_now(&password, &hash)).await;
        drop(turn);
        Ok(right.unwrap_or(false) && known)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_right_password_opens_and_others_do_not() {
        let passwords = Passwords::new().unwrap();
        let hash = passwords.hash("a long enough phrase".to_owned()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(passwords.matches("a long enough phrase".to_owned(), Some(hash.clone())).await.unwrap());
        assert!(!passwords.matches("another phrase".to_owned(), Some(hash)).await.unwrap());
        assert!(!passwords.matches("a long enough phrase".to_owned(), None).await.unwrap());
    }

    #[test]
    fn weak_passwords_are_named() {
        assert_eq!(check_strength("short"), Err(WeakPassword::TooShort));
        assert_eq!(check_strength("aaaaaaaaaaaaaaa"), Err(WeakPassword::TooSimple));
        assert_eq!(check_strength("password1234"), Err(WeakPassword::TooSimple));
        assert_eq!(check_strength("جملة طويلة أحفظها"), Ok(()));
    }
}
