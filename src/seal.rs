//! The server's key: seals personal text at rest and signs links. One 32-byte key, made at first start, mode 600.

use crate::ids::random_bytes;
use anyhow::{Context as _, bail};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac as _};
use secrecy::{ExposeSecret as _, SecretBox};
use sha2::Sha256;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::sync::Arc;

/// Seals, opens and signs. Each use names a purpose, so that what is sealed for one cannot be opened for another.
#[derive(Clone)]
pub struct Sealer {
    key: Arc<SecretBox<[u8; 32]>>,
}

impl Sealer {
    /// Reads the key file, or makes it (with its folder) when there is none.
    pub fn load_or_create(path: &Path) -> anyhow::Result<Self> {
        match std::fs::read(path) {
            Ok(bytes) => {
                let Ok(key) = <[u8; 32]>::try_from(bytes) else {
                    bail!("the secret key file {} must hold exactly 32 bytes", path.display());
                };
                Ok(Self::from_key(key))
            }
            Err(absent) if absent.kind() == std::io::ErrorKind::NotFound => Self::create(path),
            Err(other) => {
                Err(other).with_context(|| format!("reading the secret key file {}", path.display()))
            }
        }
    }

    /// A sealer with a given key, for tests and tools.
    pub fn from_key(key: [u8; 32]) -> Self {
        Self { key: Arc::new(SecretBox::new(Box::new(key))) }
    }

    fn create(path: &Path) -> anyhow::Result<Self> {
        let key = random_bytes::<32>();
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).context("making the folder of the secret key")?;
        }
        // `create_new`: two programs starting at once must not end up with two keys.
        let made = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
        match made {
            Ok(mut file) => {
                file.write_all(&key).and_then(|()| file.sync_all()).context("writing the secret key file")?;
                Ok(Self::from_key(key))
            }
            Err(there) if there.kind() == std::io::ErrorKind::AlreadyExists => Self::load_or_create(path),
            Err(other) => {
                Err(other).with_context(|| format!("making the secret key file {}", path.display()))
            }
        }
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&Key::from(*self.key.expose_secret()))
    }

    /// Encrypts `text` for `purpose`: a random nonce of 24 bytes followed by the sealed text.
    pub fn seal(&self, purpose: &str, text: &[u8]) -> anyhow::Result<Vec<u8>> {
        let nonce = random_bytes::<24>();
        let payload = Payload { msg: text, aad: purpose.as_bytes() };
        let sealed = self
            .cipher()
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| anyhow::anyhow!("could not seal the text"))?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Opens what [`Sealer::seal`] made for the same purpose; fails on any change.
    pub fn open(&self, purpose: &str, sealed: &[u8]) -> anyhow::Result<Vec<u8>> {
        let Some((nonce, body)) = sealed.split_first_chunk::<24>() else {
            bail!("the sealed text is too short");
        };
        let payload = Payload { msg: body, aad: purpose.as_bytes() };
        self.cipher()
            .decrypt(&XNonce::from(*nonce), payload)
            .map_err(|_| anyhow::anyhow!("the sealed text was changed, or sealed with another key"))
    }

    /// A signature of `message` for `purpose`, as URL-safe text.
    pub fn sign(&self, purpose: &str, message: &str) -> String {
        URL_SAFE_NO_PAD.encode(self.mac(purpose, message).finalize().into_bytes())
    }

    /// Whether `signature` is ours, compared in constant time.
    pub fn verify(&self, purpose: &str, message: &str, signature: &str) -> bool {
        let Ok(given) = URL_SAFE_NO_PAD.decode(signature) else {
            return false;
        };
        self.mac(purpose, message).verify_slice(&given).is_ok()
    }

    fn mac(&self, purpose: &str, message: &str) -> Hmac<Sha256> {
        use hmac::KeyInit as _;
        // HMAC pads a short key with zeros to the hash's block of 64 bytes; doing it here makes the call infallible.
        let mut block = [0; 64];
        block[..32].copy_from_slice(self.key.expose_secret());
        let mut mac = Hmac::<Sha256>::new(&block.into());
        mac.update(b"ishara:sign:");
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(message.as_bytes());
        mac
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sealed_text_opens_only_for_its_purpose_and_unchanged() {
        let sealer = Sealer::from_key([7; 32]);
        let mut sealed = sealer.seal("question", "سؤال".as_bytes()).unwrap();
        assert_eq!(sealer.open("question", &sealed).unwrap(), "سؤال".as_bytes());
        assert!(sealer.open("contact", &sealed).is_err());
        *sealed.last_mut().unwrap() ^= 1;
        assert!(sealer.open("question", &sealed).is_err());
    }

    #[test]
    fn a_signature_is_for_one_message_and_purpose() {
        let sealer = Sealer::from_key([7; 32]);
        let signature = sealer.sign("media", "a|100");
        assert!(sealer.verify("media", "a|100", &signature));
        assert!(!sealer.verify("media", "a|101", &signature));
        assert!(!sealer.verify("session", "a|100", &signature));
    }

    #[test]
    fn the_key_file_is_made_once_and_private() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret.key");
        let first = Sealer::load_or_create(&path).unwrap().sign("x", "y");
        assert_eq!(Sealer::load_or_create(&path).unwrap().sign("x", "y"), first);
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
