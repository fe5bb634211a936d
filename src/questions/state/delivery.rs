//! The posting of one reply to one channel.

use super::words;

words! {
    /// Where a posting stands.
    DeliveryState {
        /// Not started, or to be done by a person.
        Pending = "pending",
        /// The channel is being asked to take it.
        Uploading = "uploading",
        /// The channel has taken it.
        Posted = "posted",
        /// It is known to be there.
        Confirmed = "confirmed",
        /// The channel said: later.
        RateLimited = "rate_limited",
        /// We were cut off while posting; only a person can tell whether it is there.
        Uncertain = "uncertain",
        /// The channel said no.
        Failed = "failed",
        /// It has to be taken down.
        RemovalRequested = "removal_requested",
        /// It is gone.
        Removed = "removed",
    }
}

/// What can happen to a posting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryEvent {
    /// Posting starts.
    Start,
    /// The channel has taken it.
    Post,
    /// It is seen in its place.
    Confirm,
    /// The channel said: later.
    Limit,
    /// We were cut off while posting.
    LoseSight,
    /// The channel said no.
    Fail,
    /// The channel takes no posts from us; a person has to.
    PutBack,
    /// A person has posted it, or has found it posted.
    PostByHand,
    /// It has to be taken down.
    RequestRemoval,
    /// It is gone.
    Remove,
}

impl DeliveryEvent {
    /// All events.
    pub const ALL: [Self; 10] = [
        Self::Start,
        Self::Post,
        Self::Confirm,
        Self::Limit,
        Self::LoseSight,
        Self::Fail,
        Self::PutBack,
        Self::PostByHand,
        Self::RequestRemoval,
        Self::Remove,
    ];

    /// The label in the diagram.
    pub fn label(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Post => "post",
            Self::Confirm => "confirm",
            Self::Limit => "limit",
            Self::LoseSight => "lose_sight",
            Self::Fail => "fail",
            Self::PutBack => "put_back",
            Self::PostByHand => "post_by_hand",
            Self::RequestRemoval => "request_removal",
            Self::Remove => "remove",
        }
    }
}

impl DeliveryState {
    /// Where `event` leads from here; `None` when it is not allowed.
    pub fn next(self, event: DeliveryEvent) -> Option<Self> {
        use DeliveryEvent as E;
        match self {
            Self::Pending => match event {
                E::Start => Some(Self::Uploading),
                E::PostByHand => Some(Self::Posted),
                _ => None,
            },
            Self::Uploading => match event {
                E::Post => Some(Self::Posted),
                E::Limit => Some(Self::RateLimited),
                E::LoseSight => Some(Self::Uncertain),
                E::Fail => Some(Self::Failed),
                E::PutBack => Some(Self::Pending),
                _ => None,
            },
            Self::RateLimited => match event {
                E::Start => Some(Self::Uploading),
                E::Fail => Some(Self::Failed),
                _ => None,
            },
            Self::Uncertain | Self::Failed => match event {
                // Never started again by itself: one more post could be a second one.
                E::PostByHand => Some(Self::Posted),
                _ => None,
            },
            Self::Posted => match event {
                E::Confirm => Some(Self::Confirmed),
                E::RequestRemoval => Some(Self::RemovalRequested),
                _ => None,
            },
            Self::Confirmed => match event {
                E::RequestRemoval => Some(Self::RemovalRequested),
                _ => None,
            },
            Self::RemovalRequested => match event {
                E::Remove => Some(Self::Removed),
                _ => None,
            },
            Self::Removed => None,
        }
    }

    /// The machine as a Mermaid state diagram.
    pub fn diagram() -> String {
        let steps = Self::ALL.iter().flat_map(|&from| {
            DeliveryEvent::ALL.into_iter().filter_map(move |event| {
                from.next(event).map(|to| (from.as_str(), event.label(), to.as_str()))
            })
        });
        super::mermaid("pending", steps)
    }
}

#[cfg(test)]
mod tests {
    use super::{DeliveryEvent as E, DeliveryState as S};

    const ALLOWED: &[(S, E, S)] = &[
        (S::Pending, E::Start, S::Uploading),
        (S::Pending, E::PostByHand, S::Posted),
        (S::Uploading, E::Post, S::Posted),
        (S::Uploading, E::Limit, S::RateLimited),
        (S::Uploading, E::LoseSight, S::Uncertain),
        (S::Uploading, E::Fail, S::Failed),
        (S::Uploading, E::PutBack, S::Pending),
        (S::RateLimited, E::Start, S::Uploading),
        (S::RateLimited, E::Fail, S::Failed),
        (S::Uncertain, E::PostByHand, S::Posted),
        (S::Failed, E::PostByHand, S::Posted),
        (S::Posted, E::Confirm, S::Confirmed),
        (S::Posted, E::RequestRemoval, S::RemovalRequested),
        (S::Confirmed, E::RequestRemoval, S::RemovalRequested),
        (S::RemovalRequested, E::Remove, S::Removed),
    ];

    #[test]
    fn every_pair_of_state_and_event_is_as_listed() {
        for &from in S::ALL {
            for event in E::ALL {
                let listed = ALLOWED.iter().find(|(s, e, _)| (*s, *e) == (from, event)).map(|(_, _, to)| *to);
                assert_eq!(from.next(event), listed, "{from} {event:?}");
            }
        }
    }

    #[test]
    fn an_uncertain_posting_is_never_started_again_by_itself() {
        assert_eq!(S::Uncertain.next(E::Start), None);
        assert_eq!(S::Posted.next(E::Start), None);
        assert!(S::diagram().contains("uploading --> uncertain: lose_sight"));
    }
}
