//! Deciding whether a question may be answered in public, what it is about, and who must see it first.
//!
//! The table is deaf-users.md section 5: private when unsure. Every decision carries its reasons, with a stable code
//! for programs and a sentence in Arabic and English for people.

#[rustfmt::skip] // One word a line would bury the lists.
mod grievance;
#[rustfmt::skip] // One word a line would bury the lists.
mod lists;
mod reason;
mod referral;
mod signals;

pub use reason::Reason;
pub use referral::Referral;
use serde::Serialize;
use signals::Signals;

use super::redact::Span;

/// Who may see the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Privacy {
    Public,
    Private,
}

/// What a message is (CONTRACT section 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Intent {
    Information,
    PersonalCase,
    Complaint,
    Suggestion,
    Remark,
    FraudAlert,
    OtherAgency,
    Chitchat,
    Spam,
}

impl Privacy {
    /// Returns the stable name used in JSON and SQL.
    pub fn code(self) -> &'static str {
        match self {
            Privacy::Public => "public",
            Privacy::Private => "private",
        }
    }
}

impl Intent {
    /// Returns the stable name used in JSON and SQL.
    pub fn code(self) -> &'static str {
        match self {
            Intent::Information => "information",
            Intent::PersonalCase => "personal_case",
            Intent::Complaint => "complaint",
            Intent::Suggestion => "suggestion",
            Intent::Remark => "remark",
            Intent::FraudAlert => "fraud_alert",
            Intent::OtherAgency => "other_agency",
            Intent::Chitchat => "chitchat",
            Intent::Spam => "spam",
        }
    }
}

/// Whether somebody needs help at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    Ordinary,
    /// A code, a password or a fraud: the safety clip is shown at once and a person looks first.
    Urgent,
}

/// Who the sender wants to deal with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Handler {
    Anyone,
    Woman,
}

/// Where a question goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Route {
    pub privacy: Privacy,
    pub intent: Intent,
    pub urgency: Urgency,
    pub handler: Handler,
    pub reasons: Vec<Reason>,
    /// Who is responsible instead, or where complaints and suggestions are followed up.
    pub referral: Option<Referral>,
}

/// Routes a question by its original text and the identifying parts found in it. Only text that is about to be
/// redacted comes here; nothing of it is kept in the result.
pub fn route(text: &str, spans: &[Span]) -> Route {
    let signals = Signals::read(text, spans);
    let private = private_reasons(&signals);
    let intent = intent(&signals);
    let mut reasons = private.clone();
    if signals.is_fraud() {
        reasons.push(Reason::FRAUD);
    }
    if intent == Intent::OtherAgency {
        reasons.push(Reason::OTHER_AGENCY);
    }
    if reasons.is_empty() {
        reasons.push(Reason::GENERAL_QUESTION);
    }
    Route {
        privacy: if private.is_empty() { Privacy::Public } else { Privacy::Private },
        intent,
        urgency: if signals.is_fraud() || signals.holds_secret { Urgency::Urgent } else { Urgency::Ordinary },
        handler: if signals.asks_for_woman { Handler::Woman } else { Handler::Anyone },
        reasons,
        referral: referral(intent, &signals),
    }
}

fn referral(intent: Intent, signals: &Signals) -> Option<Referral> {
    match intent {
        Intent::OtherAgency => signals.agency,
        Intent::Complaint | Intent::Suggestion | Intent::Remark => Some(referral::TAHSEEN),
        Intent::Information | Intent::PersonalCase | Intent::FraudAlert | Intent::Chitchat | Intent::Spam => {
            None
        }
    }
}

fn private_reasons(signals: &Signals) -> Vec<Reason> {
    let table = [
        (signals.holds_secret, Reason::SECRET_CODE),
        (signals.holds_identifier, Reason::IDENTIFIER),
        (signals.fraud_victim, Reason::FRAUD_VICTIM),
        (signals.is_own_case(), Reason::OWN_CASE),
        (signals.is_family_case(), Reason::FAMILY_CASE),
        (signals.is_complaint(), Reason::COMPLAINT),
        (signals.is_suggestion(), Reason::SUGGESTION),
        (signals.gives_name, Reason::NAME_GIVEN),
        (signals.long_number, Reason::LONG_NUMBER),
        (signals.asks_for_woman, Reason::WOMAN_ASKED_FOR),
        (signals.secret_word && !signals.is_fraud() && !signals.asks_or_fails(), Reason::SECRET_WORD),
        (signals.advertises, Reason::SPAM),
    ];
    let mut reasons: Vec<Reason> =
        table.into_iter().filter(|(applies, _)| *applies).map(|(_, reason)| reason).collect();
    if reasons.is_empty() && !signals.is_clearly_general() {
        reasons.push(Reason::UNCLEAR);
    }
    reasons
}

fn intent(signals: &Signals) -> Intent {
    let personal =
        signals.holds_identifier || signals.is_own_case() || signals.is_family_case() || signals.gives_name;
    let table = [
        (signals.advertises, Intent::Spam),
        (signals.is_fraud() || signals.holds_secret, Intent::FraudAlert),
        (signals.is_complaint(), Intent::Complaint),
        (personal, Intent::PersonalCase),
        (signals.is_suggestion(), Intent::Suggestion),
        (signals.agency.is_some(), Intent::OtherAgency),
        (signals.asks || signals.topic, Intent::Information),
        (signals.remark, Intent::Remark),
        (signals.greeting, Intent::Chitchat),
    ];
    table.into_iter().find(|(applies, _)| *applies).map_or(Intent::Chitchat, |(_, intent)| intent)
}

#[cfg(test)]
mod tests;
