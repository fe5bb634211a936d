//! The life of a version's media: from the stored original to renditions and pictures.

/// Words of the `media_state` column, the API and the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MediaState {
    /// No video yet, or its job has not begun.
    Waiting,
    /// Being measured and checked.
    Probing,
    /// Not a video we take; the reason is kept.
    Refused,
    /// Being encoded.
    Transcoding,
    /// Renditions and pictures are stored.
    Ready,
    /// Could not be processed; it can be tried again.
    Failed,
    /// A person stopped it.
    Cancelled,
}

/// Something that happens to the media.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MediaEvent {
    /// A worker begins, for the first time or again.
    Begin,
    /// The checks refuse the file.
    Refuse,
    /// The checks passed.
    StartEncoding,
    /// Everything is stored.
    Finish,
    /// The job was given up.
    Fail,
    /// A person stops it.
    Cancel,
    /// A person wants another try.
    TryAgain,
}

impl MediaState {
    /// All of them, in the order of a video's life.
    pub const ALL: [Self; 7] = [
        Self::Waiting,
        Self::Probing,
        Self::Refused,
        Self::Transcoding,
        Self::Ready,
        Self::Failed,
        Self::Cancelled,
    ];

    /// The word in SQL, JSON and logs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Probing => "probing",
            Self::Refused => "refused",
            Self::Transcoding => "transcoding",
            Self::Ready => "ready",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Reads the word; `None` for a word that is no state.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }

    /// The state after `event`, or `None` when it has no such step.
    pub fn next(self, event: MediaEvent) -> Option<Self> {
        use MediaEvent as E;
        let at_work = matches!(self, Self::Waiting | Self::Probing | Self::Transcoding);
        match event {
            // A retried or taken-over job begins again wherever the run before it ended.
            E::Begin => at_work.then_some(Self::Probing),
            // A file can turn out to be damaged only while it is decoded.
            E::Refuse => matches!(self, Self::Probing | Self::Transcoding).then_some(Self::Refused),
            E::StartEncoding => (self == Self::Probing).then_some(Self::Transcoding),
            E::Finish => (self == Self::Transcoding).then_some(Self::Ready),
            E::Fail => at_work.then_some(Self::Failed),
            E::Cancel => at_work.then_some(Self::Cancelled),
            E::TryAgain => {
                matches!(self, Self::Refused | Self::Failed | Self::Cancelled).then_some(Self::Waiting)
            }
        }
    }
}

impl MediaEvent {
    /// Every event.
    pub const ALL: [Self; 7] = [
        Self::Begin,
        Self::Refuse,
        Self::StartEncoding,
        Self::Finish,
        Self::Fail,
        Self::Cancel,
        Self::TryAgain,
    ];

    fn word(self) -> &'static str {
        match self {
            Self::Begin => "begin",
            Self::Refuse => "refuse",
            Self::StartEncoding => "start encoding",
            Self::Finish => "finish",
            Self::Fail => "fail",
            Self::Cancel => "cancel",
            Self::TryAgain => "try again",
        }
    }
}

/// The machine as a Mermaid state diagram, made from the rules above.
pub fn diagram() -> String {
    let mut lines = vec!["stateDiagram-v2".to_owned(), "  [*] --> waiting".to_owned()];
    for state in MediaState::ALL {
        for event in MediaEvent::ALL {
            if let Some(after) = state.next(event).filter(|after| *after != state) {
                lines.push(format!("  {} --> {}: {}", state.as_str(), after.as_str(), event.word()));
            }
        }
    }
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_of_state_and_event_is_decided_by_the_table() {
        use MediaEvent as E;
        use MediaState as S;
        let mut table = vec![
            (S::Probing, E::Refuse, S::Refused),
            (S::Transcoding, E::Refuse, S::Refused),
            (S::Probing, E::StartEncoding, S::Transcoding),
            (S::Transcoding, E::Finish, S::Ready),
        ];
        for at_work in [S::Waiting, S::Probing, S::Transcoding] {
            table.extend([(at_work, E::Begin, S::Probing), (at_work, E::Fail, S::Failed)]);
            table.push((at_work, E::Cancel, S::Cancelled));
        }
        for stopped in [S::Refused, S::Failed, S::Cancelled] {
            table.push((stopped, E::TryAgain, S::Waiting));
        }
        for state in S::ALL {
            assert_eq!(S::parse(state.as_str()), Some(state));
            for event in E::ALL {
                let expected = table.iter().find(|row| row.0 == state && row.1 == event).map(|row| row.2);
                assert_eq!(state.next(event), expected, "{state:?} {event:?}");
            }
        }
    }

    #[test]
    fn the_diagram_ends_in_ready() {
        assert!(diagram().contains("transcoding --> ready: finish"));
    }
}
