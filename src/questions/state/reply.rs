//! The life of a reply.

use super::words;

words! {
    /// Where a reply stands.
    ReplyState {
        /// Being written.
        Draft = "draft",
        /// A second person looks at it.
        AwaitingApproval = "awaiting_approval",
        /// Approved, or made only of approved parts.
        Approved = "approved",
        /// Waiting out the time in which it can be taken back.
        Held = "held",
        /// Being posted.
        Sending = "sending",
        /// The channel was busy; it is tried again.
        Retry = "retry",
        /// Posted.
        Sent = "sent",
        /// The channel says that it has arrived.
        Delivered = "delivered",
        /// The asker has opened it.
        Read = "read",
        /// The channel will not take it.
        FailedPermanent = "failed_permanent",
        /// A person posts it by hand.
        ManualPost = "manual_post",
        /// A later reply corrects it.
        Corrected = "corrected",
    }
}

/// What can happen to a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReplyEvent {
    /// It needs a second person.
    Submit,
    /// It is made only of parts that are approved already.
    Preapprove,
    /// The second person agrees.
    Approve,
    /// The second person gives it back, with a reason.
    Return,
    /// The time to take it back starts.
    Hold,
    /// It is taken back.
    Undo,
    /// Posting starts.
    Post,
    /// The channel is busy.
    Delay,
    /// The channel has it.
    Posted,
    /// The channel will not take it, or nobody knows whether it did.
    Fail,
    /// The channel takes no posts from us; a person does it.
    Park,
    /// The channel says that it has arrived.
    Deliver,
    /// The asker has opened it.
    Open,
    /// A later reply corrects it.
    Correct,
}

impl ReplyEvent {
    /// All events.
    pub const ALL: [Self; 14] = [
        Self::Submit,
        Self::Preapprove,
        Self::Approve,
        Self::Return,
        Self::Hold,
        Self::Undo,
        Self::Post,
        Self::Delay,
        Self::Posted,
        Self::Fail,
        Self::Park,
        Self::Deliver,
        Self::Open,
        Self::Correct,
    ];

    /// The verb of the audit row.
    pub fn verb(self) -> &'static str {
        match self {
            Self::Submit => "reply.submitted",
            Self::Preapprove => "reply.preapproved",
            Self::Approve => "reply.approved",
            Self::Return => "reply.returned",
            Self::Hold => "reply.held",
            Self::Undo => "reply.undone",
            Self::Post => "reply.posting",
            Self::Delay => "reply.delayed",
            Self::Posted => "reply.sent",
            Self::Fail => "reply.failed",
            Self::Park => "reply.parked",
            Self::Deliver => "reply.delivered",
            Self::Open => "reply.read",
            Self::Correct => "reply.corrected",
        }
    }
}

impl ReplyState {
    /// Where `event` leads from here; `None` when it is not allowed.
    pub fn next(self, event: ReplyEvent) -> Option<Self> {
        use ReplyEvent as E;
        match self {
            Self::Draft => match event {
                E::Submit => Some(Self::AwaitingApproval),
                E::Preapprove => Some(Self::Approved),
                _ => None,
            },
            Self::AwaitingApproval => match event {
                E::Approve => Some(Self::Approved),
                E::Return => Some(Self::Draft),
                _ => None,
            },
            Self::Approved => match event {
                E::Hold => Some(Self::Held),
                _ => None,
            },
            Self::Held => match event {
                E::Undo => Some(Self::Draft),
                E::Post => Some(Self::Sending),
                _ => None,
            },
            Self::Sending => match event {
                E::Delay => Some(Self::Retry),
                E::Posted => Some(Self::Sent),
                E::Fail => Some(Self::FailedPermanent),
                E::Park => Some(Self::ManualPost),
                _ => None,
            },
            Self::Retry => match event {
                E::Post => Some(Self::Sending),
                E::Fail => Some(Self::FailedPermanent),
                _ => None,
            },
            Self::Sent => match event {
                E::Deliver => Some(Self::Delivered),
                E::Open => Some(Self::Read),
                E::Correct => Some(Self::Corrected),
                _ => None,
            },
            Self::Delivered => match event {
                E::Open => Some(Self::Read),
                E::Correct => Some(Self::Corrected),
                _ => None,
            },
            Self::Read => match event {
                E::Correct => Some(Self::Corrected),
                _ => None,
            },
            Self::FailedPermanent => match event {
                E::Park => Some(Self::ManualPost),
                _ => None,
            },
            Self::ManualPost => match event {
                E::Posted => Some(Self::Sent),
                _ => None,
            },
            Self::Corrected => None,
        }
    }

    /// Whether the asker may see it.
    pub fn is_out(self) -> bool {
        match self {
            Self::Sent | Self::Delivered | Self::Read | Self::Corrected => true,
            Self::Draft
            | Self::AwaitingApproval
            | Self::Approved
            | Self::Held
            | Self::Sending
            | Self::Retry
            | Self::FailedPermanent
            | Self::ManualPost => false,
        }
    }

    /// The states that [`ReplyState::is_out`] names, as an SQL list.
    pub const OUT_SQL: &'static str = "('sent', 'delivered', 'read', 'corrected')";

    /// The machine as a Mermaid state diagram.
    pub fn diagram() -> String {
        let steps = Self::ALL.iter().flat_map(|&from| {
            ReplyEvent::ALL.into_iter().filter_map(move |event| {
                let label = event.verb().trim_start_matches("reply.");
                from.next(event).map(|to| (from.as_str(), label, to.as_str()))
            })
        });
        super::mermaid("draft", steps)
    }
}

#[cfg(test)]
mod tests {
    use super::{ReplyEvent as E, ReplyState as S};

    const ALLOWED: &[(S, E, S)] = &[
        (S::Draft, E::Submit, S::AwaitingApproval),
        (S::Draft, E::Preapprove, S::Approved),
        (S::AwaitingApproval, E::Approve, S::Approved),
        (S::AwaitingApproval, E::Return, S::Draft),
        (S::Approved, E::Hold, S::Held),
        (S::Held, E::Undo, S::Draft),
        (S::Held, E::Post, S::Sending),
        (S::Sending, E::Delay, S::Retry),
        (S::Sending, E::Posted, S::Sent),
        (S::Sending, E::Fail, S::FailedPermanent),
        (S::Sending, E::Park, S::ManualPost),
        (S::Retry, E::Post, S::Sending),
        (S::Retry, E::Fail, S::FailedPermanent),
        (S::Sent, E::Deliver, S::Delivered),
        (S::Sent, E::Open, S::Read),
        (S::Sent, E::Correct, S::Corrected),
        (S::Delivered, E::Open, S::Read),
        (S::Delivered, E::Correct, S::Corrected),
        (S::Read, E::Correct, S::Corrected),
        (S::FailedPermanent, E::Park, S::ManualPost),
        (S::ManualPost, E::Posted, S::Sent),
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
    fn nothing_goes_out_without_having_been_approved_and_held() {
        for event in E::ALL {
            for from in [S::Draft, S::AwaitingApproval, S::Approved] {
                let next = from.next(event);
                assert!(!matches!(next, Some(S::Sending | S::Sent | S::ManualPost)), "{from} {event:?}");
            }
        }
    }

    #[test]
    fn the_sql_list_of_visible_states_is_the_same_list() {
        for &state in S::ALL {
            assert_eq!(S::OUT_SQL.contains(&format!("'{state}'")), state.is_out(), "{state}");
        }
        assert!(S::diagram().starts_with("stateDiagram-v2"));
    }
}
