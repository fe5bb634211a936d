//! Other questions that ask the same: shown beside the question, each with its own asker and its own reply.

use crate::questions::{Alike, state::QuestionState};
use crate::web::i18n::Words;
use crate::web::present::{MaskedPiece, digits, masked_pieces};

/// One question of the group.
pub(super) struct Sibling {
    pub(super) href: String,
    pub(super) code: String,
    pub(super) text: Vec<MaskedPiece>,
    /// The words that made them meet.
    pub(super) why: Option<String>,
    pub(super) answered: bool,
}

/// Shown at most; the heading says how many there are.
const SHOWN: usize = 5;

/// The group of a question, if it has one.
pub(super) struct Group {
    pub(super) title: String,
    pub(super) siblings: Vec<Sibling>,
}

pub(super) fn group(t: Words, others: &[Alike]) -> Option<Group> {
    if others.is_empty() {
        return None;
    }
    let title = t.with("desk-alike", "n", digits(t.lang(), others.len()));
    Some(Group { title, siblings: others.iter().take(SHOWN).map(|other| sibling(t, other)).collect() })
}

fn sibling(t: Words, other: &Alike) -> Sibling {
    let shared: Vec<String> = serde_json::from_str(&other.shared).unwrap_or_default();
    let why = (!shared.is_empty()).then(|| t.with("desk-alike-why", "words", shared.join("، ")));
    Sibling {
        href: format!("/desk/questions/{}", other.id),
        code: other.code.clone(),
        text: masked_pieces(&other.redacted),
        why,
        answered: matches!(other.state, QuestionState::Sent | QuestionState::Resolved),
    }
}
