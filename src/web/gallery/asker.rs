//! The asker's own page, opened by its secret, and the status that the short code shows.

use super::ask::VideoLimits;
use super::safety::Warning;
use crate::questions::VideoLoss;
use crate::web::forms::FormErrors;
use crate::web::i18n::Words;
use crate::web::layout::Shell;
use crate::web::player::Player;
use crate::web::present::MaskedPiece;
use askama::Template;

/// The asker's own page.
#[derive(Template)]
#[template(path = "gallery/asker.html")]
pub(crate) struct AskerPage {
    pub(crate) t: Words,
    pub(crate) shell: Shell,
    /// The last part of this page's address; posts go below it.
    pub(crate) secret: String,
    /// The short code.
    pub(crate) code: String,
    /// The question, redacted.
    pub(crate) question: Vec<MaskedPiece>,
    /// Where the question is.
    pub(crate) journey: Vec<JourneyStep>,
    /// The newest answer, once there is one.
    pub(crate) reply: Option<AskerReply>,
    /// What stands at the top.
    pub(crate) standing: Standing,
    /// What asker and desk wrote to each other, oldest first.
    pub(crate) messages: Vec<Line>,
    /// Limits of what the asker signs.
    pub(crate) limits: VideoLimits,
    /// What was typed into the form that was refused.
    pub(crate) typed: String,
    /// The question held a code or password.
    pub(crate) safety: Option<Warning>,
    /// What may be said about the answer.
    pub(crate) feedback: Feedback,
    /// What was wrong with what was sent.
    pub(crate) errors: FormErrors,
}

impl AskerPage {
    /// Whether the newest answer is the answer that was awaited.
    fn is_answered(&self) -> bool {
        self.standing == Standing::Answered
    }

    /// The key of what may be signed before there is an answer: a lost question is signed again in the same case.
    fn sign_key(&self) -> &'static str {
        if matches!(self.standing, Standing::VideoLost(_)) { "asker-sign-lost" } else { "asker-sign-add" }
    }
}

/// What an asker has to know first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Standing {
    /// The signed question could not be used: why.
    VideoLost(VideoLoss),
    /// An answer is on its way: until when, in words.
    Awaited(String),
    /// It is late: what is being done about it, in words.
    Late(String),
    /// The desk waits for the asker.
    YourTurn,
    /// The answer is here.
    Answered,
    /// The asker's other question is answered instead: its code, in words.
    Same(String),
    /// It was closed without an answer.
    Closed,
}

/// The answer to a question.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct AskerReply {
    /// What was signed for this asker alone.
    pub(crate) own: Option<Player>,
    /// It was signed for this asker, and its time is over.
    pub(crate) own_gone: bool,
    /// The signed answer that everybody may see.
    pub(crate) player: Option<Player>,
    /// The written part, a sentence each.
    pub(crate) sentences: Vec<String>,
    /// How long it took, in words.
    pub(crate) took: String,
    /// The public page of the answer, where there is one.
    pub(crate) clip_href: String,
}

/// What the asker may still say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Feedback {
    /// There is no answer yet.
    NotYet,
    /// Understood or not?
    Open,
    /// Understood.
    Understood,
    /// The case was opened again.
    Reopened,
    /// The desk asked something and waits.
    Asked,
    /// It was closed without an answer.
    Closed,
}

/// A message between the asker and the desk.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Line {
    /// "You" or "we".
    pub(crate) who: String,
    /// The words, with masks.
    pub(crate) text: Vec<MaskedPiece>,
    /// What is said about the signing; empty for a written message.
    pub(crate) signed: String,
}

/// One step of a question's journey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct JourneyStep {
    /// What happens in it.
    pub(crate) mark: JourneyMark,
    /// When, in words; empty for what is still to come.
    pub(crate) when: String,
    /// How far it is.
    pub(crate) progress: StepProgress,
}

/// What happens to a question. Staff are not named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum JourneyMark {
    /// It arrived.
    Arrived,
    /// Somebody took it.
    Claimed,
    /// The desk asked the asker something.
    AskedBack,
    /// A new answer is being filmed.
    Filming,
    /// The target time is over.
    Late,
    /// The answer is still to come.
    Awaited,
    /// The answer was sent.
    Answered,
    /// The asker understood.
    Understood,
    /// The asker did not understand.
    Reopened,
    /// It was closed without an answer.
    Closed,
}

impl JourneyMark {
    /// Its icon.
    pub(crate) fn icon(self) -> &'static str {
        match self {
            Self::Arrived => "hand",
            Self::Claimed => "person",
            Self::AskedBack => "chat",
            Self::Filming => "camera",
            Self::Late => "warning",
            Self::Awaited | Self::Answered => "send",
            Self::Understood => "check",
            Self::Reopened => "loop",
            Self::Closed => "close",
        }
    }

    /// The key of its words.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Arrived => "journey-arrived",
            Self::Claimed => "journey-claimed",
            Self::AskedBack => "journey-asked-back",
            Self::Filming => "journey-filming",
            Self::Late => "journey-late",
            Self::Awaited => "journey-awaited",
            Self::Answered => "journey-answered",
            Self::Understood => "journey-understood",
            Self::Reopened => "journey-reopened",
            Self::Closed => "journey-closed",
        }
    }
}

/// How far a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StepProgress {
    /// It happened.
    Done,
    /// The question is here.
    Now,
    /// Still to come.
    Waiting,
    /// It should have happened by now.
    Late,
}

impl StepProgress {
    /// The CSS class of the step's mark.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Done => "line__done",
            Self::Now => "line__now",
            Self::Waiting => "line__wait",
            Self::Late => "line__late",
        }
    }
}

/// The form for the short code, and what it found.
#[derive(Template)]
#[template(path = "gallery/status.html")]
pub(crate) struct StatusPage {
    pub(crate) t: Words,
    pub(crate) shell: Shell,
    /// What was typed.
    pub(crate) code: String,
    /// What was wrong with it.
    pub(crate) errors: FormErrors,
    /// What the code shows: the journey only, never the question or the answer.
    pub(crate) journey: Vec<JourneyStep>,
}

impl StatusPage {
    /// Whether the question was closed without an answer.
    fn is_closed(&self) -> bool {
        self.journey.last().is_some_and(|step| step.mark == JourneyMark::Closed)
    }
}
