//! The life of a clip version: one pure function decides every step.
//!
//! Sources: CONTRACT section 6 for the words, `reference/features.md` section 5 for the steps. A step that is not
//! listed here is refused. SQL never changes `clip_version.state` except with the answer of [`next`].

use super::lane::Lane;
use crate::people::{Permission, Role};

/// Words of the `state` column, the API and the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum VersionState {
    /// Being written; no video yet.
    Draft,
    /// The video is being checked and encoded.
    Processing,
    /// The video was refused, failed or was cancelled.
    Failed,
    /// Everything is there to be captioned and sent to review.
    Ready,
    /// Two lanes decide.
    InReview,
    /// A reviewer sent it back with a reason.
    ChangesRequested,
    /// Both lanes agreed.
    Approved,
    /// Approved, and waiting for its time.
    Scheduled,
    /// The public sees it.
    Published,
    /// The public sees it, and its review date has passed.
    NeedsReview,
    /// A newer version took its place.
    Superseded,
    /// Taken back with a reason.
    Withdrawn,
}

impl VersionState {
    /// All of them, in the order of a version's life.
    pub const ALL: [Self; 12] = [
        Self::Draft,
        Self::Processing,
        Self::Failed,
        Self::Ready,
        Self::InReview,
        Self::ChangesRequested,
        Self::Approved,
        Self::Scheduled,
        Self::Published,
        Self::NeedsReview,
        Self::Superseded,
        Self::Withdrawn,
    ];

    /// The word in SQL, JSON and logs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Processing => "processing",
            Self::Failed => "failed",
            Self::Ready => "ready",
            Self::InReview => "in_review",
            Self::ChangesRequested => "changes_requested",
            Self::Approved => "approved",
            Self::Scheduled => "scheduled",
            Self::Published => "published",
            Self::NeedsReview => "needs_review",
            Self::Superseded => "superseded",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Reads the word; `None` for a word that is no state.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }

    /// Whether the public sees a version in this state.
    pub fn is_public(self) -> bool {
        matches!(self, Self::Published | Self::NeedsReview)
    }

    /// Whether captions and text may be changed in this version; otherwise a change opens a new version.
    pub fn is_editable(self) -> bool {
        match self {
            Self::Draft
            | Self::Processing
            | Self::Failed
            | Self::Ready
            | Self::InReview
            | Self::ChangesRequested
            | Self::Approved
            | Self::Scheduled => true,
            Self::Published | Self::NeedsReview | Self::Superseded | Self::Withdrawn => false,
        }
    }
}

/// Whether the other lane has agreed already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OtherLane {
    /// Not yet.
    Open,
    /// It approved, or was waived.
    Approved,
}

/// Something that happens to a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Event {
    /// A video has arrived, or is tried again.
    StartProcessing,
    /// The version takes over the finished video of the one before.
    ReuseVideo,
    /// Renditions and pictures are stored.
    MediaReady,
    /// The video was refused or could not be processed.
    MediaFailed,
    /// A person stopped the processing.
    CancelMedia,
    /// Captions, text, service or signer change.
    Edit,
    /// To review.
    Submit,
    /// One lane agrees.
    Approve(Lane, OtherLane),
    /// One lane sends it back.
    Return(Lane),
    /// An administrator takes responsibility instead of both lanes (imports).
    Waive,
    /// Publish later.
    Schedule,
    /// Not later after all.
    Unschedule,
    /// Publish now.
    Publish,
    /// The review date has passed.
    ReviewDue,
    /// Still right: a new review date.
    Confirm,
    /// Out of the public's sight.
    Withdraw,
    /// A newer version takes its place.
    Supersede,
}

impl Event {
    /// Every event, with every lane.
    pub fn all() -> Vec<Self> {
        let mut all = vec![
            Self::StartProcessing,
            Self::ReuseVideo,
            Self::MediaReady,
            Self::MediaFailed,
            Self::CancelMedia,
            Self::Edit,
            Self::Submit,
            Self::Waive,
            Self::Schedule,
            Self::Unschedule,
            Self::Publish,
            Self::ReviewDue,
            Self::Confirm,
            Self::Withdraw,
            Self::Supersede,
        ];
        for lane in Lane::ALL {
            all.push(Self::Return(lane));
            all.extend([OtherLane::Open, OtherLane::Approved].map(|other| Self::Approve(lane, other)));
        }
        all
    }

    /// The word on the arrows of the diagram.
    fn word(self) -> &'static str {
        match self {
            Self::StartProcessing => "start processing",
            Self::ReuseVideo => "reuse video",
            Self::MediaReady => "media ready",
            Self::MediaFailed => "media failed",
            Self::CancelMedia => "cancel media",
            Self::Edit => "edit",
            Self::Submit => "submit",
            Self::Approve(_, OtherLane::Open) => "one lane approves",
            Self::Approve(_, OtherLane::Approved) => "both lanes approved",
            Self::Return(_) => "return",
            Self::Waive => "waive",
            Self::Schedule => "schedule",
            Self::Unschedule => "unschedule",
            Self::Publish => "publish",
            Self::ReviewDue => "review due",
            Self::Confirm => "confirm",
            Self::Withdraw => "withdraw",
            Self::Supersede => "supersede",
        }
    }
}

/// Whether the person made the video, wrote captions or changed text of this version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Authorship {
    /// One of the authors.
    Author,
    /// Nothing in it is theirs.
    Colleague,
}

/// Whether the person speaks for the department that owns the clip's service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ownership {
    /// The owning department.
    Owning,
    /// Another department, or none.
    Other,
}

/// What the rule needs to know about who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ActorFacts {
    /// The program itself: jobs, schedules, imports, consequences of another step.
    System,
    /// A member of staff.
    Staff(Role, Authorship, Ownership),
}

/// Why a version does not take a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TransitionDenied {
    /// The state has no such step.
    #[error("this version is {}, and that is not possible now", .0.as_str())]
    WrongState(VersionState),
    /// The role may not.
    #[error("your role may not do this")]
    NotAllowed,
    /// Nobody approves their own work.
    #[error("you worked on this version, so somebody else must review it")]
    OwnWork,
    /// Facts are decided by the department that owns the service.
    #[error("only a reviewer of the department that owns this service decides here")]
    OtherDepartment,
    /// Only the program does this.
    #[error("only the system takes this step")]
    SystemOnly,
}

/// The state after `event`, or why not.
pub fn next(state: VersionState, event: Event, actor: ActorFacts) -> Result<VersionState, TransitionDenied> {
    may(event, actor)?;
    step(state, event).ok_or(TransitionDenied::WrongState(state))
}

/// Who may cause an event, whatever the state.
fn may(event: Event, actor: ActorFacts) -> Result<(), TransitionDenied> {
    let ActorFacts::Staff(role, authorship, ownership) = actor else {
        return system_may(event);
    };
    let needed = match event {
        Event::MediaReady | Event::MediaFailed | Event::ReviewDue => {
            return Err(TransitionDenied::SystemOnly);
        }
        Event::StartProcessing
        | Event::ReuseVideo
        | Event::CancelMedia
        | Event::Edit
        | Event::Submit
        | Event::Supersede => Permission::Produce,
        Event::Approve(lane, _) | Event::Return(lane) => lane.permission(),
        Event::Waive => Permission::Administer,
        Event::Schedule | Event::Unschedule | Event::Publish | Event::Confirm | Event::Withdraw => {
            Permission::Publish
        }
    };
    // A producer who publishes replaces the version before: the consequence needs no second permission.
    let consequence = event == Event::Supersede && role.may(Permission::Publish);
    if !role.may(needed) && !consequence {
        return Err(TransitionDenied::NotAllowed);
    }
    match event {
        Event::Approve(..) | Event::Return(_) if authorship == Authorship::Author => {
            Err(TransitionDenied::OwnWork)
        }
        Event::Approve(Lane::Factual, _) | Event::Return(Lane::Factual) if ownership == Ownership::Other => {
            Err(TransitionDenied::OtherDepartment)
        }
        _ => Ok(()),
    }
}

/// The program may do everything but a person's judgement.
fn system_may(event: Event) -> Result<(), TransitionDenied> {
    match event {
        Event::Approve(..) | Event::Return(_) | Event::Confirm => Err(TransitionDenied::NotAllowed),
        Event::StartProcessing
        | Event::ReuseVideo
        | Event::MediaReady
        | Event::MediaFailed
        | Event::CancelMedia
        | Event::Edit
        | Event::Submit
        | Event::Waive
        | Event::Schedule
        | Event::Unschedule
        | Event::Publish
        | Event::ReviewDue
        | Event::Withdraw
        | Event::Supersede => Ok(()),
    }
}

/// The table of steps.
fn step(state: VersionState, event: Event) -> Option<VersionState> {
    use VersionState as S;
    match event {
        Event::StartProcessing => matches!(state, S::Draft | S::Failed).then_some(S::Processing),
        Event::ReuseVideo => (state == S::Draft).then_some(S::Ready),
        Event::MediaReady => (state == S::Processing).then_some(S::Ready),
        Event::MediaFailed | Event::CancelMedia => (state == S::Processing).then_some(S::Failed),
        Event::Edit => after_edit(state),
        Event::Submit => (state == S::Ready).then_some(S::InReview),
        Event::Approve(_, OtherLane::Open) => (state == S::InReview).then_some(S::InReview),
        Event::Approve(_, OtherLane::Approved) => (state == S::InReview).then_some(S::Approved),
        Event::Return(_) => (state == S::InReview).then_some(S::ChangesRequested),
        // From a draft: an imported answer whose video does not exist yet.
        Event::Waive => matches!(state, S::Draft | S::Ready).then_some(S::Approved),
        Event::Schedule => matches!(state, S::Approved | S::Scheduled).then_some(S::Scheduled),
        Event::Unschedule => (state == S::Scheduled).then_some(S::Approved),
        Event::Publish => matches!(state, S::Approved | S::Scheduled).then_some(S::Published),
        Event::ReviewDue => (state == S::Published).then_some(S::NeedsReview),
        Event::Confirm => (state == S::NeedsReview).then_some(S::Published),
        Event::Withdraw => state.is_public().then_some(S::Withdrawn),
        Event::Supersede => after_supersede(state),
    }
}

/// A change voids what was decided: the version goes back to where it can be submitted again.
fn after_edit(state: VersionState) -> Option<VersionState> {
    use VersionState as S;
    match state {
        S::Draft | S::Processing | S::Failed | S::Ready => Some(state),
        S::InReview | S::ChangesRequested | S::Approved | S::Scheduled => Some(S::Ready),
        S::Published | S::NeedsReview | S::Superseded | S::Withdrawn => None,
    }
}

fn after_supersede(state: VersionState) -> Option<VersionState> {
    use VersionState as S;
    match state {
        S::Draft
        | S::Processing
        | S::Failed
        | S::Ready
        | S::InReview
        | S::ChangesRequested
        | S::Approved
        | S::Scheduled
        | S::Published
        | S::NeedsReview => Some(S::Superseded),
        S::Superseded | S::Withdrawn => None,
    }
}

/// The machine as a Mermaid state diagram, made from the rules above.
pub fn diagram() -> String {
    let mut lines = vec!["stateDiagram-v2".to_owned(), "  [*] --> draft".to_owned()];
    for state in VersionState::ALL {
        for event in Event::all() {
            let Some(after) = step(state, event) else { continue };
            let line = format!("  {} --> {}: {}", state.as_str(), after.as_str(), event.word());
            if after != state && !lines.contains(&line) {
                lines.push(line);
            }
        }
    }
    lines.join("\n") + "\n"
}

#[cfg(test)]
#[path = "state_tests.rs"]
mod tests;
