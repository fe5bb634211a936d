//! The life of a question.

use super::words;

words! {
    /// Where a question stands.
    QuestionState {
        /// Arrived; nothing is known about it yet.
        New = "new",
        /// Secrets cut, identifiers masked, routed.
        Screened = "screened",
        /// At least one published clip may answer it.
        Matched = "matched",
        /// No published clip answers it.
        Gap = "gap",
        /// Somebody at the desk works on it.
        Claimed = "claimed",
        /// A reply is being written.
        Drafted = "drafted",
        /// A second person looks at the reply.
        AwaitingApproval = "awaiting_approval",
        /// The reply goes out when the time to undo is over.
        QueuedToSend = "queued_to_send",
        /// The asker has the reply.
        Sent = "sent",
        /// The asker understood it.
        Resolved = "resolved",
        /// We asked the asker something.
        WaitingCitizen = "waiting_citizen",
        /// The asker did not understand, or asks again; a new clock runs.
        Reopened = "reopened",
        /// The studio was asked for a clip.
        Briefed = "briefed",
        /// Advertising and the like.
        Spam = "spam",
        /// The same question of the same asker is being answered elsewhere.
        Duplicate = "duplicate",
    }
}

/// Whether the matcher has something to offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// At least one published clip.
    Answer,
    /// It abstained.
    Nothing,
}

/// What can happen to a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuestionEvent {
    /// Intake has cut, masked and routed it.
    Screen,
    /// The matcher has looked.
    Rank(Found),
    /// A member of staff takes it.
    Claim,
    /// The claim is given back or has run out.
    Release(Found),
    /// A reply is written.
    Draft,
    /// The reply needs a second person.
    Submit,
    /// The reply needs no second person, or has that approval.
    Queue,
    /// The second person gives the reply back.
    Return,
    /// The sender takes it back before it goes out.
    Undo,
    /// It went out.
    Send,
    /// The asker understood.
    Resolve,
    /// The asker did not understand, or asks again.
    Reopen,
    /// We ask the asker something.
    AskCitizen,
    /// The asker answers what we asked.
    AnswerBack(Found),
    /// The studio is asked for a clip.
    Brief,
    /// The clip that the studio was asked for is public.
    ClipPublished,
    /// It is advertising and the like.
    MarkSpam,
    /// It is being answered elsewhere.
    MarkDuplicate,
}

impl QuestionEvent {
    /// All events, with both outcomes of looking.
    pub const ALL: [Self; 21] = [
        Self::Screen,
        Self::Rank(Found::Answer),
        Self::Rank(Found::Nothing),
        Self::Claim,
        Self::Release(Found::Answer),
        Self::Release(Found::Nothing),
        Self::Draft,
        Self::Submit,
        Self::Queue,
        Self::Return,
        Self::Undo,
        Self::Send,
        Self::Resolve,
        Self::Reopen,
        Self::AskCitizen,
        Self::AnswerBack(Found::Answer),
        Self::AnswerBack(Found::Nothing),
        Self::Brief,
        Self::ClipPublished,
        Self::MarkSpam,
        Self::MarkDuplicate,
    ];

    /// The verb of the audit row and the label of the diagram, after `question.`.
    pub fn verb(self) -> &'static str {
        match self {
            Self::Screen => "question.screened",
            Self::Rank(Found::Answer) => "question.matched",
            Self::Rank(Found::Nothing) => "question.unmatched",
            Self::Claim => "question.claimed",
            Self::Release(_) => "question.released",
            Self::Draft => "question.drafted",
            Self::Submit => "question.submitted",
            Self::Queue => "question.queued",
            Self::Return => "question.returned",
            Self::Undo => "question.undone",
            Self::Send => "question.sent",
            Self::Resolve => "question.resolved",
            Self::Reopen => "question.reopened",
            Self::AskCitizen => "question.asked_back",
            Self::AnswerBack(_) => "question.answered_back",
            Self::Brief => "question.briefed",
            Self::ClipPublished => "question.answerable",
            Self::MarkSpam => "question.marked_spam",
            Self::MarkDuplicate => "question.marked_duplicate",
        }
    }
}

fn found(found: Found) -> QuestionState {
    match found {
        Found::Answer => QuestionState::Matched,
        Found::Nothing => QuestionState::Gap,
    }
}

impl QuestionState {
    /// Where `event` leads from here; `None` when it is not allowed.
    pub fn next(self, event: QuestionEvent) -> Option<Self> {
        use QuestionEvent as E;
        match self {
            Self::New => match event {
                E::Screen => Some(Self::Screened),
                E::MarkSpam => Some(Self::Spam),
                E::MarkDuplicate => Some(Self::Duplicate),
                _ => None,
            },
            Self::Screened => match event {
                E::Rank(outcome) => Some(found(outcome)),
                _ => None,
            },
            Self::Matched | Self::Gap => match event {
                // Ranked again: the library has changed, or a worker died after its last write.
                E::Rank(outcome) => Some(found(outcome)),
                E::Claim => Some(Self::Claimed),
                E::Brief => Some(Self::Briefed),
                E::MarkSpam => Some(Self::Spam),
                E::MarkDuplicate => Some(Self::Duplicate),
                _ => None,
            },
            Self::Claimed => match event {
                E::Release(outcome) => Some(found(outcome)),
                E::Draft => Some(Self::Drafted),
                E::AskCitizen => Some(Self::WaitingCitizen),
                E::Brief => Some(Self::Briefed),
                E::MarkSpam => Some(Self::Spam),
                E::MarkDuplicate => Some(Self::Duplicate),
                _ => None,
            },
            Self::Drafted => match event {
                E::Draft => Some(Self::Drafted),
                E::Submit => Some(Self::AwaitingApproval),
                E::Queue => Some(Self::QueuedToSend),
                E::Release(outcome) => Some(found(outcome)),
                E::AskCitizen => Some(Self::WaitingCitizen),
                E::Brief => Some(Self::Briefed),
                _ => None,
            },
            Self::AwaitingApproval => match event {
                E::Queue => Some(Self::QueuedToSend),
                E::Return => Some(Self::Drafted),
                _ => None,
            },
            Self::QueuedToSend => match event {
                E::Send => Some(Self::Sent),
                E::Undo => Some(Self::Drafted),
                _ => None,
            },
            Self::Sent => match event {
                E::Resolve => Some(Self::Resolved),
                E::Reopen => Some(Self::Reopened),
                _ => None,
            },
            Self::Resolved => match event {
                E::Reopen => Some(Self::Reopened),
                _ => None,
            },
            Self::WaitingCitizen => match event {
                E::AnswerBack(outcome) => Some(found(outcome)),
                // Somebody goes on without the answer.
                E::Claim => Some(Self::Claimed),
                _ => None,
            },
            Self::Reopened => match event {
                E::Claim => Some(Self::Claimed),
                _ => None,
            },
            Self::Briefed => match event {
                E::ClipPublished => Some(Self::Matched),
                // A person may still answer while the studio works.
                E::Claim => Some(Self::Claimed),
                _ => None,
            },
            Self::Spam | Self::Duplicate => None,
        }
    }

    /// Whether somebody still waits for an answer.
    pub fn is_open(self) -> bool {
        match self {
            Self::New
            | Self::Screened
            | Self::Matched
            | Self::Gap
            | Self::Claimed
            | Self::Drafted
            | Self::AwaitingApproval
            | Self::QueuedToSend
            | Self::Reopened
            | Self::Briefed => true,
            Self::Sent | Self::Resolved | Self::WaitingCitizen | Self::Spam | Self::Duplicate => false,
        }
    }

    /// The states that [`QuestionState::is_open`] names, as an SQL list.
    pub const OPEN_SQL: &'static str = "('new', 'screened', 'matched', 'gap', 'claimed', 'drafted', \
                                        'awaiting_approval', 'queued_to_send', 'reopened', 'briefed')";

    /// The machine as a Mermaid state diagram.
    pub fn diagram() -> String {
        let steps = Self::ALL.iter().flat_map(|&from| {
            QuestionEvent::ALL.into_iter().filter_map(move |event| {
                let label = event.verb().trim_start_matches("question.");
                from.next(event).map(|to| (from.as_str(), label, to.as_str()))
            })
        });
        super::mermaid("new", steps)
    }
}

#[cfg(test)]
mod tests {
    use super::{Found, QuestionEvent as E, QuestionState as S};

    /// Every allowed step, written out by hand from CONTRACT section 6 and features.md section 5.
    const ALLOWED: &[(S, E, S)] = &[
        (S::New, E::Screen, S::Screened),
        (S::New, E::MarkSpam, S::Spam),
        (S::New, E::MarkDuplicate, S::Duplicate),
        (S::Screened, E::Rank(Found::Answer), S::Matched),
        (S::Screened, E::Rank(Found::Nothing), S::Gap),
        (S::Matched, E::Rank(Found::Answer), S::Matched),
        (S::Matched, E::Rank(Found::Nothing), S::Gap),
        (S::Matched, E::Claim, S::Claimed),
        (S::Matched, E::Brief, S::Briefed),
        (S::Matched, E::MarkSpam, S::Spam),
        (S::Matched, E::MarkDuplicate, S::Duplicate),
        (S::Gap, E::Rank(Found::Answer), S::Matched),
        (S::Gap, E::Rank(Found::Nothing), S::Gap),
        (S::Gap, E::Claim, S::Claimed),
        (S::Gap, E::Brief, S::Briefed),
        (S::Gap, E::MarkSpam, S::Spam),
        (S::Gap, E::MarkDuplicate, S::Duplicate),
        (S::Claimed, E::Release(Found::Answer), S::Matched),
        (S::Claimed, E::Release(Found::Nothing), S::Gap),
        (S::Claimed, E::Draft, S::Drafted),
        (S::Claimed, E::AskCitizen, S::WaitingCitizen),
        (S::Claimed, E::Brief, S::Briefed),
        (S::Claimed, E::MarkSpam, S::Spam),
        (S::Claimed, E::MarkDuplicate, S::Duplicate),
        (S::Drafted, E::Draft, S::Drafted),
        (S::Drafted, E::Submit, S::AwaitingApproval),
        (S::Drafted, E::Queue, S::QueuedToSend),
        (S::Drafted, E::Release(Found::Answer), S::Matched),
        (S::Drafted, E::Release(Found::Nothing), S::Gap),
        (S::Drafted, E::AskCitizen, S::WaitingCitizen),
        (S::Drafted, E::Brief, S::Briefed),
        (S::AwaitingApproval, E::Queue, S::QueuedToSend),
        (S::AwaitingApproval, E::Return, S::Drafted),
        (S::QueuedToSend, E::Send, S::Sent),
        (S::QueuedToSend, E::Undo, S::Drafted),
        (S::Sent, E::Resolve, S::Resolved),
        (S::Sent, E::Reopen, S::Reopened),
        (S::Resolved, E::Reopen, S::Reopened),
        (S::WaitingCitizen, E::Claim, S::Claimed),
        (S::WaitingCitizen, E::AnswerBack(Found::Answer), S::Matched),
        (S::WaitingCitizen, E::AnswerBack(Found::Nothing), S::Gap),
        (S::Reopened, E::Claim, S::Claimed),
        (S::Briefed, E::ClipPublished, S::Matched),
        (S::Briefed, E::Claim, S::Claimed),
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
    fn an_answered_question_is_only_left_by_the_asker() {
        for event in E::ALL {
            let leaves = S::Resolved.next(event).is_some();
            assert_eq!(leaves, event == E::Reopen, "{event:?}");
        }
    }

    #[test]
    fn the_sql_list_of_open_states_is_the_same_list() {
        for &state in S::ALL {
            assert_eq!(S::OPEN_SQL.contains(&format!("'{state}'")), state.is_open(), "{state}");
        }
    }

    #[test]
    fn words_round_trip_and_the_diagram_shows_each_state() {
        let diagram = S::diagram();
        for &state in S::ALL {
            assert_eq!(S::parse(state.as_str()), Some(state));
            assert!(diagram.contains(state.as_str()), "{state}");
        }
        assert!(diagram.contains("queued_to_send --> sent: sent"));
    }
}
