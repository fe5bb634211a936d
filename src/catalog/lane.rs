//! The two lanes of review.

use crate::people::Permission;

/// Which question a reviewer answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Lane {
    /// Is the signing clear?
    Linguistic,
    /// Is it what the regulation says?
    Factual,
}

impl Lane {
    /// Both lanes.
    pub const ALL: [Self; 2] = [Self::Linguistic, Self::Factual];

    /// The word in SQL and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Linguistic => "linguistic",
            Self::Factual => "factual",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|lane| lane.as_str() == word)
    }

    /// The permission that deciding in this lane needs.
    pub fn permission(self) -> Permission {
        match self {
            Self::Linguistic => Permission::ReviewSigning,
            Self::Factual => Permission::ReviewFacts,
        }
    }
}
