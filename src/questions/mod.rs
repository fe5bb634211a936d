//! Questions of deaf citizens: intake, matching, the desk, replies and the asker's own page.
//!
//! Invariants: one-time codes and passwords are cut before any write; the clear text is sealed and expires; everything
//! else sees the redacted text; nobody approves their own reply; one reply is posted to one channel at most once.

mod access;
mod alike;
mod approve;
mod aside;
mod ask_back;
mod asker;
mod asker_status;
mod brief;
mod card;
mod case_video;
mod claim;
mod desk;
mod detail;
mod draft;
mod escalate;
mod follow;
mod intake;
mod lessons;
mod lexicon_preview;
mod message;
mod quality;
mod ranking;
mod reason;
mod receipt;
mod recurring;
mod rematch;
mod reply;
mod retention;
mod reveal;
mod row;
mod send;
pub mod state;
mod suggest;
mod teach;
mod text;
mod transparency;
mod video;
mod video_job;
mod video_loss;
mod words;

pub use alike::{Alike, alike};
pub use approve::{Decision, decide, decide_in, decide_seen};
pub use aside::{Aside, repeats_code, set_aside};
pub use ask_back::{ask_asker, write_message};
pub use asker::{
    AskerClip, AskerPage, AskerReply, Clarity, TimelineStep, asker_page, knows_case, rate, reopen,
};
pub use asker_status::{AskerStatus, CodeStatus, status_by_code};
pub use brief::{Brief, accept_brief, answer_briefs, brief, brief_in, brief_of, open_briefs};
pub use card::{ClipCard, ClipRendition, SuggestionCard, TextMatch, match_text};
pub use case_video::{CaseVideo, VideoState};
pub use claim::{CLAIM_FOR, Force, check_version, claim, release};
pub use desk::{Cursor, DeskCounts, DeskRow, Filter, Part, awaiting_approval, counts, handed_up, list};
pub use detail::{BriefNote, HistoryEntry, QuestionDetail, ReplyDetail, detail};
pub use draft::{Finish, NewReply, OwnSigning, write_reply, write_reply_in};
pub use escalate::{Escalate, schedule_escalation};
pub use follow::{follow_publications, refresh_matcher};
pub use intake::{NewQuestion, Wish, receive};
pub use lessons::{Lesson, WordingSource, lessons, retrain, unlearn, wording_source};
pub use lexicon_preview::{FirstChange, preview_lexicon};
pub use message::{Author, Message, Saying};
pub use quality::{Bin, Part as QualityPart, Quality, Row as QualityRow, Surprise, quality};
pub use ranking::answering;
pub use reason::{Reason, reason};
pub use receipt::{Receipt, Safety, safety_clip, secret_of};
pub use rematch::{queue_rematches, queue_second_look};
pub use reply::{Reply, question_of_reply};
pub use retention::{Retention, schedule_retention};
pub use reveal::{Clear, reveal};
pub use row::{Question, find};
pub use send::{UNDO_FOR, mark_posted, send_once, undo};
pub use suggest::{Candidate, Cue, Match, Ranking, store_ranking};
pub use teach::{Verdict, judge};
pub use text::{MAX_GRAPHEMES, Segment, segments, without_masks};
pub use transparency::{Transparency, transparency};
pub use video::record_viewing;
pub use video_loss::VideoLoss;
pub use words::QuestionProblem;

use crate::app::App;
use crate::jobs::Runner;

/// Adds every kind of job of this room.
pub fn register(runner: Runner<App>) -> Runner<App> {
    retention::register(
        runner
            .with::<Match>()
            .with::<rematch::RematchGaps>()
            .with::<rematch::RematchByMeaning>()
            .with::<claim::LapseClaim>()
            .with::<Escalate>()
            .with::<video_job::PrepareVideo>()
            .with::<send::Send>(),
    )
}
