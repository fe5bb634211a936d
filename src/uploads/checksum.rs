//! `Upload-Checksum`: SHA-1 or SHA-256 of one piece.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

/// The algorithms we know, as `Tus-Checksum-Algorithm` lists them.
pub const ALGORITHMS: &str = "sha1,sha256";

/// What a piece is said to hash to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checksum {
    algorithm: Algorithm,
    expected: Vec<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Algorithm {
    Sha1,
    Sha256,
}

impl Checksum {
    /// Reads `sha1 base64`; `None` for an unknown algorithm or an unreadable value.
    pub fn parse(header: &str) -> Option<Self> {
        let (name, value) = header.trim().split_once(' ')?;
        let (algorithm, size) = match name {
            "sha1" => (Algorithm::Sha1, 20),
            "sha256" => (Algorithm::Sha256, 32),
            _ => return None,
        };
        let expected = STANDARD.decode(value.trim()).ok()?;
        (expected.len() == size).then_some(Self { algorithm, expected })
    }

    pub(super) fn start(self) -> Checking {
        match self.algorithm {
            Algorithm::Sha1 => Checking::Sha1(Sha1::new(), self.expected),
            Algorithm::Sha256 => Checking::Sha256(Sha256::new(), self.expected),
        }
    }
}

/// A checksum at work.
pub(super) enum Checking {
    Sha1(Sha1, Vec<u8>),
    Sha256(Sha256, Vec<u8>),
}

impl Checking {
    pub(super) fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha1(hasher, _) => hasher.update(bytes),
            Self::Sha256(hasher, _) => hasher.update(bytes),
        }
    }

    pub(super) fn fits(self) -> bool {
        match self {
            Self::Sha1(hasher, expected) => hasher.finalize().as_slice() == expected,
            Self::Sha256(hasher, expected) => hasher.finalize().as_slice() == expected,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_algorithms_check_and_others_are_refused() {
        // SHA-1 of "hello world", the example of the tus protocol.
        let mut checking = Checksum::parse("sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=").unwrap().start();
        checking.update(b"hello ");
        checking.update(b"world");
        assert!(checking.fits());
        for header in
            ["md5 XrY7u+Ae7tCTyyK7j1rNww==", "sha1", "sha1 %%%", "sha256 Kq5sNclPz7QV2+lfQIuc6R7oRu0=", ""]
        {
            assert!(Checksum::parse(header).is_none(), "{header}");
        }
    }
}
