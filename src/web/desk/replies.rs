//! What was written to the asker so far, and the seconds in which it can be taken back.

use super::reply_form::Own;
use crate::clock::Millis;
use crate::people::Permission;
use crate::questions::state::ReplyState;
use crate::questions::{self, QuestionDetail, ReplyDetail};
use crate::web::i18n::Words;
use crate::web::present::day_and_time;
use crate::web::staff::Visit;

/// A reply as the page shows it.
pub(super) struct Past {
    pub(super) tone: &'static str,
    pub(super) icon: &'static str,
    pub(super) title: String,
    pub(super) lead: Option<String>,
    pub(super) clip: Option<String>,
    /// Where the file lies that a person posts by hand.
    pub(super) channel_copy: Option<String>,
    pub(super) body: String,
    pub(super) own: Option<Own>,
    /// The asker's own page, where what was signed is shown, for whoever posts by hand.
    pub(super) asker_link: Option<String>,
    /// Seconds left, and where the button posts.
    pub(super) undo: Option<(i64, String)>,
}

/// All replies, the newest last.
pub(super) fn past_replies(visit: &Visit, t: Words, detail: &QuestionDetail, now: Millis) -> Vec<Past> {
    detail.replies.iter().filter_map(|reply| past(visit, t, reply, now)).collect()
}

fn past(visit: &Visit, t: Words, detail: &ReplyDetail, now: Millis) -> Option<Past> {
    let reply = &detail.reply;
    let when = |at: Millis| day_and_time(t, at, now);
    let (tone, icon, title, lead) = match reply.state {
        ReplyState::Draft if reply.decision_reason.is_empty() => return None,
        ReplyState::Draft => ("warn", "warning", t.get("desk-returned"), Some(reply.decision_reason.clone())),
        ReplyState::AwaitingApproval => {
            ("info", "clock", t.get("desk-awaits"), Some(when(reply.state_since)))
        }
        ReplyState::Approved | ReplyState::Held => ("ok", "send", t.get("desk-sent"), None),
        ReplyState::Sending | ReplyState::Retry => {
            ("ok", "send", t.get("desk-sent"), Some(when(reply.state_since)))
        }
        ReplyState::Sent | ReplyState::Delivered | ReplyState::Read | ReplyState::Corrected => {
            let at = reply.sent_at.unwrap_or(reply.state_since);
            ("ok", "check", t.with("desk-sent-when", "when", when(at)), understood(t, detail.understood))
        }
        ReplyState::FailedPermanent => ("bad", "close", t.get("desk-not-delivered"), None),
        ReplyState::ManualPost => ("warn", "warning", t.get("desk-post-by-hand"), None),
    };
    let clip = detail.clip.as_ref().map(|clip| t.lang().pick(&clip.title_ar, &clip.title_en).to_owned());
    let by_hand = detail.clip.as_ref().filter(|_| reply.state == ReplyState::ManualPost);
    let channel_copy = by_hand.map(|clip| format!("/studio/clips/{}#package", clip.id));
    let undo = undo(visit, detail, now);
    let own = detail.video.as_ref().map(Own::of);
    let asker_link = (own.is_some() && reply.state == ReplyState::ManualPost).then(|| {
        let site = visit.app.config.base_url.as_str().trim_end_matches('/');
        format!("{site}/questions/{}", questions::secret_of(&visit.app.sealer, reply.question_id))
    });
    Some(Past {
        asker_link,
        tone,
        icon,
        title,
        lead,
        clip,
        channel_copy,
        body: reply.body.clone(),
        own,
        undo,
    })
}

fn understood(t: Words, understood: Option<bool>) -> Option<String> {
    understood.map(|yes| t.get(if yes { "desk-understood" } else { "desk-not-understood" }))
}

fn undo(visit: &Visit, detail: &ReplyDetail, now: Millis) -> Option<(i64, String)> {
    let reply = &detail.reply;
    let involved = reply.author_id == visit.id() || reply.decided_by == Some(visit.id());
    let may = involved || visit.may(Permission::SuperviseDesk);
    let left = reply.not_before?.since(now);
    let open = reply.state == ReplyState::Held && left > 0 && may;
    open.then(|| ((left + 999) / 1_000, format!("/desk/replies/{}/undo", reply.id)))
}
