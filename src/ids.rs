//! Identifiers: a newtype for every kind of thing, and the only home of randomness.
//!
//! Ids are UUIDv7, so rows sort by creation. In URLs, JSON and logs they carry a prefix (`clip_0192…`) that says
//! what they name; inside SQL they are 16 bytes.

use crate::clock::Millis;
use rand::RngExt;

/// Fills a fresh array with random bytes from the operating system's generator.
pub fn random_bytes<const N: usize>() -> [u8; N] {
    rand::rng().random()
}

/// A secret of 192 bits as 32 URL-safe characters: session cookies, case links, tokens, tickets.
pub fn secret() -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(random_bytes::<24>())
}

/// SHA-256 of a secret: what the database keeps instead of the secret itself.
pub fn secret_hash(secret: &str) -> Vec<u8> {
    use sha2::{Digest, Sha256};
    Sha256::digest(secret.as_bytes()).to_vec()
}

/// A short code that a person can read and type: two groups of letters and digits without look-alikes.
///
/// 30^7 codes; it opens only the status of a question, behind a rate-limited form.
pub fn short_code() -> String {
    const LETTERS: &[u8] = b"ABCDEFGHJKMNPQRTUVWXYZ23456789";
    let mut random = rand::rng();
    let mut letter = || char::from(LETTERS[random.random_range(0..LETTERS.len())]);
    let mut code: String = (0..3).map(|_| letter()).collect();
    code.push('-');
    code.extend((0..4).map(|_| letter()));
    code
}

/// The id in a path, form or JSON value does not name a thing of this kind.
#[derive(Debug, Clone, thiserror::Error, PartialEq, Eq)]
#[error("not a valid {kind} id")]
pub struct BadId {
    kind: &'static str,
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, sqlx::Type)]
        #[sqlx(transparent)]
        pub struct $name(uuid::Uuid);

        impl $name {
            /// What every id of this kind starts with where people and programs see it.
            pub const PREFIX: &'static str = $prefix;

            /// A new id that sorts by `now`.
            pub fn new(now: Millis) -> Self {
                Self(uuid::Builder::from_unix_timestamp_millis(now.unsigned(), &random_bytes()).into_uuid())
            }

            /// The bare identifier, for columns that may name several kinds of things.
            pub fn uuid(self) -> uuid::Uuid {
                self.0
            }
        }

        impl From<uuid::Uuid> for $name {
            fn from(id: uuid::Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for uuid::Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!($prefix, "_{}"), self.0.simple())
            }
        }

        impl std::str::FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> {
                let bad = BadId { kind: $prefix };
                let bare = text.strip_prefix(concat!($prefix, "_")).ok_or(bad.clone())?;
                uuid::Uuid::try_parse(bare).map(Self).map_err(|_| bad)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .examples([serde_json::Value::from(concat!($prefix, "_01936f1c6f7e7b3a8c2d5e4f60718293"))])
                    .into()
            }
        }
        impl utoipa::ToSchema for $name {}
    )*};
}

ids! {
    /// A member of staff.
    StaffId = "staff";
    /// A department that owns services and approves what is said about them.
    DepartmentId = "dept";
    /// An API token.
    TokenId = "token";
    /// A piece of background work.
    JobId = "job";
    /// One start of the program as a worker.
    WorkerId = "worker";
    /// A service of the catalogue.
    ServiceId = "service";
    /// A person who signs.
    SignerId = "signer";
    /// A file on its way in, or arrived and not yet used.
    UploadId = "upload";
    /// Leave for a citizen to send one file.
    TicketId = "ticket";
    /// A signed clip or graphic.
    ClipId = "clip";
    /// A wording by which a clip is found.
    AliasId = "alias";
    /// Clips that are the steps of one errand.
    SeriesId = "series";
    /// One version of a clip.
    VersionId = "version";
    /// One encoded size of a version.
    RenditionId = "rendition";
    /// A poster, preview or storyboard of a version.
    PictureId = "picture";
    /// A copy of a version for channels.
    PackageId = "package";
    /// A saved state of a version's captions.
    RevisionId = "revision";
    /// A reviewer's decision.
    ApprovalId = "approval";
    /// An answer to "is the signing clear?".
    FeedbackId = "feedback";
    /// An account or form that questions come through.
    ChannelId = "channel";
    /// A question of a deaf person.
    QuestionId = "question";
    /// What asker and desk write to each other about a question.
    MessageId = "message";
    /// What is signed in a case after the question itself.
    CaseVideoId = "case_video";
    /// A reply to a question.
    ReplyId = "reply";
    /// One posting of a reply to a channel.
    DeliveryId = "delivery";
    /// What the studio is asked to sign.
    BriefId = "brief";
    /// One HTTP request, as shown to people in errors.
    RequestId = "request";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_survives_text_and_refuses_another_kind() {
        let id = ClipId::new(Millis(1_790_000_000_000));
        assert_eq!(id.to_string().parse::<ClipId>(), Ok(id));
        assert!(id.to_string().parse::<QuestionId>().is_err());
        assert!("clip_nothing".parse::<ClipId>().is_err());
    }

    #[test]
    fn ids_sort_by_time() {
        assert!(ClipId::new(Millis(1_000)) < ClipId::new(Millis(2_000)));
    }

    #[test]
    fn a_short_code_has_no_look_alikes() {
        let code = short_code();
        assert_eq!(code.len(), 8);
        assert!(!code.contains(['0', 'O', '1', 'I', 'L', 'S']));
    }
}
