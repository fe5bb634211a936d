//! Reading the signs that routing decides on out of a text, in one pass over its words.

use super::referral::{Claim, Referral, agency};
use super::{grievance, lists};
use crate::text::fold::{Folded, fold};
use crate::text::redact::Span;
use crate::text::words::{Asking, asking};

/// A longer text is a story: it is read this far and stays private.
const MOST_WORDS: usize = 500;
const MOST_CHARS: usize = 8_000;

/// What a text shows. Each field is one observation; the rules that combine them are the methods below.
#[derive(Debug, Default)]
pub(super) struct Signals {
    too_long: bool,
    pub(super) holds_identifier: bool,
    pub(super) holds_secret: bool,
    pub(super) long_number: bool,
    pub(super) asks: bool,
    question_mark: bool,
    pub(super) asks_how_or_where: bool,
    asks_terms: bool,
    pub(super) topic: bool,
    few_words: bool,
    recovery: bool,
    /// Who is responsible instead of Civil Affairs.
    pub(super) agency: Option<Referral>,
    bad_service: bool,
    pub(super) secret_word: bool,
    pub(super) fraud_victim: bool,
    pub(super) asks_for_woman: bool,
    pub(super) gives_name: bool,
    pub(super) remark: bool,
    pub(super) greeting: bool,
    pub(super) advertises: bool,
    own_case: bool,
    refused: bool,
    stalled: bool,
    request: bool,
    relative: bool,
    family_event: bool,
    complaint: bool,
    grievance: bool,
    suggestion: bool,
    fraud_word: bool,
    stranger: bool,
    giving: bool,
    missing_delivery: bool,
}

impl Signals {
    pub(super) fn read(text: &str, spans: &[Span]) -> Signals {
        let end = text.char_indices().nth(MOST_CHARS).map(|(at, _)| at);
        let folded = fold(&text[..end.unwrap_or(text.len())]);
        let mut words = readable_words(&folded, spans);
        let too_long = end.is_some() || words.len() > MOST_WORDS;
        words.truncate(MOST_WORDS);
        let seen = Seen { words: &words };
        let asked: Vec<Asking> = words.iter().filter_map(|word| asking(word)).collect();
        let how = |asking: &Asking| matches!(asking, Asking::How | Asking::Where | Asking::When);
        let terms =
            |asking: &Asking| matches!(asking, Asking::HowMuch | Asking::CanI | Asking::Must | Asking::Want);
        let mark = folded.text().contains(['؟', '?']);
        let own_subject = seen.begins(lists::OWN_SUBJECTS);
        let own_service = own_subject || seen.begins(lists::OWN_DEALINGS);
        let agency = agency(&words);
        let is_ours = |claim| match claim {
            Claim::Strong => own_subject,
            Claim::Weak => own_service,
        };
        Signals {
            too_long,
            holds_identifier: spans.iter().any(|span| !span.kind.is_secret()),
            holds_secret: spans.iter().any(|span| span.kind.is_secret()),
            long_number: words
                .iter()
                .any(|word| word.len() >= 7 && word.bytes().all(|byte| byte.is_ascii_digit())),
            asks: mark || !asked.is_empty(),
            question_mark: mark,
            asks_how_or_where: asked.iter().any(how),
            asks_terms: asked.iter().any(terms),
            few_words: words.len() <= 3,
            recovery: seen.begins(lists::RECOVERY),
            topic: own_service || agency.is_some() || seen.has_secret_pair(),
            agency: agency.filter(|(_, claim)| !is_ours(*claim)).map(|(referral, _)| referral),
            bad_service: grievance::tells_of_bad_service(&words),
            secret_word: seen.begins(lists::SECRET_WORDS) || seen.has_secret_pair(),
            fraud_victim: seen.tells_of_theft(),
            asks_for_woman: seen.asks_for_woman(),
            gives_name: seen.gives_name(),
            remark: seen.begins(lists::REMARK),
            greeting: seen.begins(lists::GREETINGS),
            advertises: seen.begins(lists::ADVERTISING) && !own_service,
            own_case: seen.is_one_of(lists::OWN_CASE),
            refused: seen.begins(lists::REFUSED),
            stalled: seen.begins(lists::STALLED),
            request: seen.begins(lists::REQUEST),
            relative: seen.is_one_of(lists::RELATIVES),
            family_event: seen.begins(lists::FAMILY_EVENTS),
            complaint: seen.begins(lists::COMPLAINT),
            grievance: seen.begins(lists::GRIEVANCE),
            suggestion: seen.begins(lists::SUGGESTION),
            fraud_word: seen.begins(lists::FRAUD),
            stranger: seen.is_one_of(lists::STRANGERS),
            giving: seen.begins(lists::GIVING),
            missing_delivery: seen.misses_delivery(),
        }
    }

    /// A secret that somebody wants, or fraud by name.
    pub(super) fn is_fraud(&self) -> bool {
        let lured = self.secret_word && self.giving && !self.missing_delivery && (self.stranger || self.asks);
        self.fraud_word || self.fraud_victim || lured
    }

    /// The sender's own transaction, or a request that was refused or is stuck.
    pub(super) fn is_own_case(&self) -> bool {
        self.own_case || self.refused || (self.stalled && self.request && !self.asks_how_or_where)
    }

    /// A relative and a family event, told rather than asked how to register.
    pub(super) fn is_family_case(&self) -> bool {
        self.relative && self.family_event && !self.asks_how_or_where
    }

    pub(super) fn is_complaint(&self) -> bool {
        let told = self.complaint && !self.asks_how_or_where && !self.few_words;
        told || self.bad_service || (self.grievance && !self.asks_how_or_where && !self.question_mark)
    }

    pub(super) fn is_suggestion(&self) -> bool {
        self.suggestion && !self.asks
    }

    pub(super) fn asks_or_fails(&self) -> bool {
        self.asks || self.missing_delivery || self.recovery
    }

    /// How, where, when, conditions, fees; or the bare name of a service, which deaf writers send as a full question.
    pub(super) fn is_clearly_general(&self) -> bool {
        !self.too_long && (self.topic || self.asks_how_or_where || self.asks_terms)
    }
}

/// The words outside the identifying parts; both are in the order of the text.
fn readable_words<'a>(folded: &'a Folded, spans: &[Span]) -> Vec<&'a str> {
    let mut spans = spans.iter().peekable();
    let mut words = Vec::new();
    for word in folded.words() {
        while spans.next_if(|span| span.end <= word.start).is_some() {}
        if spans.peek().is_none_or(|span| word.end <= span.start) {
            words.push(word.text);
        }
        if words.len() > MOST_WORDS {
            break;
        }
    }
    words
}

struct Seen<'a> {
    words: &'a [&'a str],
}

impl Seen<'_> {
    fn begins(&self, list: &[&str]) -> bool {
        self.words.iter().any(|word| begins(word, list))
    }

    fn is_one_of(&self, list: &[&str]) -> bool {
        self.words.iter().any(|word| is_one_of(word, list))
    }

    /// "كلمة المرور", "الرقم السري".
    fn has_secret_pair(&self) -> bool {
        self.pairs(|first, second| {
            (first.contains("كلم") && begins(second, &["مرور", "سر", "دخول"]))
                || (begins(first, &["رقم"]) && is_one_of(second, &["سري", "السري"]))
        })
    }

    /// A code that does not come is a technical matter, not a fraud.
    fn misses_delivery(&self) -> bool {
        self.pairs(|first, second| lists::NEGATIONS.contains(&first) && begins(second, lists::ARRIVAL))
            || self.words.iter().any(|word| lists::NEGATIONS[7..].contains(word))
    }

    /// The secret was given away, or the account was taken.
    fn tells_of_theft(&self) -> bool {
        let account = self.begins(&["حساب"]) && self.begins(&["سرق", "اخترق", "تهكر", "مخترق", "انسرق"]);
        let secret = self.begins(lists::SECRET_WORDS) || self.has_secret_pair();
        let gave = self.is_one_of(lists::GAVE_AWAY) && secret && !self.misses_delivery();
        account || gave || self.is_one_of(&["نصبوا", "احتالوا", "خسرت"])
    }

    /// Asks to deal with a woman: a word for her and a word for dealing or wanting close by.
    fn asks_for_woman(&self) -> bool {
        let near = |at: usize| {
            let from = at.saturating_sub(3);
            let to = (at + 4).min(self.words.len());
            self.words[from..to]
                .iter()
                .any(|word| is_one_of(word, lists::DEALING) || asking(word) == Some(Asking::Want))
        };
        (0..self.words.len()).any(|at| is_her(self.words[at]) && near(at) && !self.is_about_an_office(at))
    }

    /// "مكتب نسائي" asks for a place.
    fn is_about_an_office(&self, at: usize) -> bool {
        let place = |word: &&str| begins(word, &["مكتب", "مكاتب", "قسم", "اقسام", "فرع", "فروع"]);
        at > 0 && self.words[at - 1..at].iter().any(place)
    }

    fn gives_name(&self) -> bool {
        self.pairs(|first, second| {
            first == "اسمي"
                && second.chars().count() > 1
                && !is_one_of(second, lists::AFTER_MY_NAME)
                && !begins(second, &["خط", "غلط", "مكتوب", "هوي", "بطاق"])
        })
    }

    fn pairs(&self, test: impl Fn(&str, &str) -> bool) -> bool {
        self.words.windows(2).any(|pair| test(pair[0], pair[1]))
    }
}

fn is_her(word: &str) -> bool {
    is_one_of(word, &lists::WOMEN[..6]) || is_one_of(word, &["woman", "female"])
}

/// Prefixes that may hide a word: conjunctions, prepositions and the article.
const PREFIXES: [&str; 9] = ["وال", "فال", "بال", "لل", "ال", "و", "ف", "ب", "ل"];

fn bare_forms(word: &str) -> impl Iterator<Item = &str> {
    let without = PREFIXES.iter().filter_map(move |prefix| word.strip_prefix(prefix));
    std::iter::once(word).chain(without.filter(|rest| rest.chars().count() >= 2))
}

/// Short list words must be the whole word; "طلق" may go on, "سو" may not.
pub(super) fn begins(word: &str, list: &[&str]) -> bool {
    bare_forms(word).any(|form| {
        list.iter()
            .any(|start| if start.chars().count() <= 2 { form == *start } else { form.starts_with(start) })
    })
}

pub(super) fn is_one_of(word: &str, list: &[&str]) -> bool {
    bare_forms(word).any(|form| list.contains(&form))
}
