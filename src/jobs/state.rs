//! The states of a job and which may follow which.

/// Words of the `state` column, the API and the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// Waiting for a worker.
    Queued,
    /// A worker holds the lease.
    Running,
    /// Failed, and waiting for its next attempt.
    RetryAt,
    /// Done.
    Succeeded,
    /// Given up; a person can retry or discard it.
    Dead,
    /// Stopped by a person, or discarded.
    Cancelled,
}

impl JobState {
    /// All of them, in the order of a job's life.
    pub const ALL: [Self; 6] =
        [Self::Queued, Self::Running, Self::RetryAt, Self::Succeeded, Self::Dead, Self::Cancelled];

    /// The word in SQL, JSON and logs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::RetryAt => "retry_at",
            Self::Succeeded => "succeeded",
            Self::Dead => "dead",
            Self::Cancelled => "cancelled",
        }
    }

    /// Reads the word; `None` for a word that is no state.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }

    /// Whether a job in this state may go to `next`.
    pub fn may_become(self, next: Self) -> bool {
        match self {
            Self::Queued | Self::RetryAt => matches!(next, Self::Running | Self::Cancelled),
            // Queued again: the lease was lost, or the server drained and gave the job back.
            Self::Running => {
                matches!(next, Self::Queued | Self::RetryAt | Self::Succeeded | Self::Dead | Self::Cancelled)
            }
            Self::Dead => matches!(next, Self::Queued | Self::Cancelled),
            Self::Cancelled => matches!(next, Self::Queued),
            Self::Succeeded => false,
        }
    }
}
