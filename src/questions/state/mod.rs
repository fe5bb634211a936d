//! The three machines of a question: the question itself, a reply to it, and the posting of a reply to a channel.
//!
//! Each is a pure `next(state, event)`; whatever is not listed is refused. Source: CONTRACT section 6.

mod delivery;
mod question;
mod reply;

pub use delivery::{DeliveryEvent, DeliveryState};
pub use question::{Found, QuestionEvent, QuestionState};
pub use reply::{ReplyEvent, ReplyState};

/// An enum whose values are words in SQL, JSON and logs. Stored as text on both engines.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$word_doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        pub enum $name {
            $($(#[$word_doc])* #[serde(rename = $word)] $variant,)*
        }

        impl $name {
            /// All of them, in the order of a life.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The word in SQL, JSON and logs.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// Reads the word; `None` for any other text.
            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|state| state.as_str() == word)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl<D: sqlx::Database> sqlx::Type<D> for $name
        where
            String: sqlx::Type<D>,
        {
            fn type_info() -> D::TypeInfo {
                String::type_info()
            }
            fn compatible(kind: &D::TypeInfo) -> bool {
                String::compatible(kind)
            }
        }

        impl<'q, D: sqlx::Database> sqlx::Encode<'q, D> for $name
        where
            String: sqlx::Encode<'q, D>,
        {
            fn encode_by_ref(
                &self,
                buffer: &mut D::ArgumentBuffer,
            ) -> Result<sqlx::encode::IsNull, sqlx::error::BoxDynError> {
                self.as_str().to_owned().encode(buffer)
            }
        }

        impl<'r, D: sqlx::Database> sqlx::Decode<'r, D> for $name
        where
            String: sqlx::Decode<'r, D>,
        {
            fn decode(value: D::ValueRef<'r>) -> Result<Self, sqlx::error::BoxDynError> {
                let word = String::decode(value)?;
                Self::parse(&word).ok_or_else(|| format!("no such {}: {word}", stringify!($name)).into())
            }
        }
    };
}
pub(crate) use words;

/// A Mermaid state diagram of `(from, event, to)` steps.
fn mermaid(first: &str, steps: impl Iterator<Item = (&'static str, &'static str, &'static str)>) -> String {
    let mut text = format!("stateDiagram-v2\n    [*] --> {first}\n");
    for (from, event, to) in steps {
        text.push_str(&format!("    {from} --> {to}: {event}\n"));
    }
    text
}
