//! Questions of deaf citizens: intake, matching, the desk, replies and the asker's own page.
//!
//! Invariants: one-time codes and passwords are cut before any write; the clear text is sealed and expires; everything
//! else sees the redacted text; nobody approves their own reply; one reply is posted to one channel at most once.

mod intake;
mod ranking;
mod reason;
mod receipt;
mod retention;
mod row;
pub mod state;
mod suggest;
mod text;
mod video;
mod words;

pub use intake::{NewQuestion, Wish, receive};
pub use reason::{Reason, reason};
pub use receipt::{Receipt, Safety, safety_clip, secret_of};
pub use retention::{Retention, schedule_retention};
pub use row::{Question, find};
pub use suggest::{Candidate, Cue, Match, Ranking, store_ranking};
pub use text::{MAX_GRAPHEMES, Segment, segments};
pub use video::Video;
pub use words::QuestionProblem;

use crate::app::App;
use crate::jobs::Runner;

/// Adds every kind of job of this room.
pub fn register(runner: Runner<App>) -> Runner<App> {
    retention::register(runner.with::<Match>())
}
