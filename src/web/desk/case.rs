//! One question: what was asked, where it goes and why, what may answer it, and the reply.

use super::alike::{Group, group};
use super::deeds::AsideForm;
use super::queue::{self, Clock, Mark, Queue, clock, holder};
use super::replies::{Past, past_replies};
use super::reply_form::{Chosen, Draft, Own, ReplyForm, reply_form};
use super::suggestions::{Hit, Suggestion, hits, suggestions};
use crate::clock::Millis;
use crate::ids::{ClipId, QuestionId};
use crate::people::Permission;
use crate::questions::state::{QuestionEvent, QuestionState};
use crate::questions::{self, Author, Clear, Message, QuestionDetail};
use crate::refusal::Refusal;
use crate::web::AppError;
use crate::web::error::status_of;
use crate::web::forms::FormErrors;
use crate::web::gallery::ask::VideoLimits;
use crate::web::i18n::Words;
use crate::web::layout::{StaffSection, StaffShell, Tone, page};
use crate::web::present::{MaskedPiece, ago, masked_pieces};
use crate::web::staff::Visit;
use crate::web::staff::form::{Field, Said};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::Deserialize;

/// Longest search at the desk; longer ones are no search.
const LONGEST_SEARCH: usize = 300;

#[derive(Template)]
#[template(path = "desk/question.html")]
struct CasePage {
    t: Words,
    shell: StaffShell,
    said: Option<Said>,
    errors: FormErrors,
    queue: Queue,
    question: Case,
    suggestions: Vec<Suggestion>,
    alike: Option<Group>,
    find: String,
    found: Vec<Hit>,
    brief_fields: Vec<Field>,
    brief_open: bool,
    ask_fields: Vec<Field>,
    ask_open: bool,
    /// What was typed into the form that closes without an answer.
    aside: AsideForm,
    replies: Vec<Past>,
    chosen: Option<Chosen>,
    form: ReplyForm,
    approvals: i64,
}

/// What the page says about the question itself.
pub(super) struct Case {
    pub(super) href: String,
    pub(super) code: String,
    pub(super) clock: Clock,
    pub(super) video: Option<String>,
    pub(super) clear: Option<Vec<String>>,
    pub(super) text: Vec<MaskedPiece>,
    pub(super) messages: Vec<Line>,
    pub(super) marks: Vec<Mark>,
    pub(super) private: bool,
    pub(super) route: String,
    pub(super) reasons: Vec<String>,
    pub(super) matching: bool,
    pub(super) may_reveal: bool,
    pub(super) may_claim: bool,
    pub(super) held_by_other: bool,
    pub(super) may_release: bool,
    pub(super) may_answer: bool,
    /// How it may be closed without an answer.
    pub(super) closing: Closing,
    pub(super) may_brief: bool,
    pub(super) brief: Option<String>,
    pub(super) closing_note: Option<String>,
}

/// How a question may be closed without an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Closing {
    /// With what it is.
    Plain,
    /// It is late: with a reason too.
    WithReason,
    /// It is late, and this is not a supervisor.
    BySupervisor,
    /// Not by this person now.
    No,
}

/// What the address asks for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    take: String,
    #[serde(default)]
    find: String,
}

/// What a refused form, or an opened text, lays over what is stored.
#[derive(Default)]
pub(super) struct Overlay {
    pub(super) said: Option<Said>,
    pub(super) errors: FormErrors,
    pub(super) take: Option<ClipId>,
    pub(super) find: String,
    pub(super) draft: Option<Draft>,
    pub(super) brief_note: Option<String>,
    pub(super) message: Option<String>,
    pub(super) aside: AsideForm,
    pub(super) clear: Option<Clear>,
    pub(super) status: StatusCode,
}

impl Overlay {
    /// A rule's "no": at the field that it names, otherwise at the top.
    pub(super) fn refused(visit: &Visit, refusal: &Refusal) -> Self {
        let status = status_of(refusal.kind);
        match refusal.field {
            Some(_) => {
                Self { errors: FormErrors::of_refusal(refusal, visit.reader.lang), status, ..Self::default() }
            }
            None => {
                let said = Some(Said::new(Tone::Warn, visit.words_of(refusal)));
                Self { said, status, ..Self::default() }
            }
        }
    }

    /// The same for a form with one field, which the page calls `name`.
    pub(super) fn refused_at(name: &str, visit: &Visit, refusal: &Refusal) -> Self {
        let mut overlay = Self::refused(visit, refusal);
        if refusal.field.is_some() {
            overlay.errors = FormErrors::none();
            overlay.errors.add(name, visit.words_of(refusal));
        }
        overlay
    }
}

/// `GET /desk/questions/{id}`.
pub(super) async fn show(
    visit: Visit,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    visit.require(Permission::ViewDesk)?;
    let find = asked.find.chars().take(LONGEST_SEARCH).collect::<String>().trim().to_owned();
    render(&visit, parse(&id)?, Overlay { take: asked.take.parse().ok(), find, ..Overlay::default() }).await
}

/// The id in the address; a wrong one names nothing.
pub(super) fn parse(id: &str) -> Result<QuestionId, AppError> {
    id.parse().map_err(|_| AppError::not_found())
}

/// The page with what is laid over it.
pub(super) async fn render(visit: &Visit, id: QuestionId, overlay: Overlay) -> Result<Response, AppError> {
    let t = visit.t();
    let now = visit.app.clock.now();
    let mut read = visit.app.db.read().await?;
    let detail = questions::detail(&mut read, &visit.caller.staff, id).await?;
    let question = case(visit, t, &detail, now, overlay.clear.as_ref());
    let chosen = match overlay.take.filter(|_| question.may_answer) {
        Some(clip) => Chosen::load(&mut read, t, clip).await?,
        None => None,
    };
    let suggestions = suggestions(&mut read, t, &detail).await?;
    let alike = group(t, &questions::alike(&mut read, id).await?);
    drop(read);
    let found = hits(visit, t, &overlay.find).await?;
    let (queue, counts) = queue::load(visit, &queue::Shown::default(), Some(id)).await?;
    let limits = VideoLimits::of(visit.app.uploads.limits());
    let form = reply_form(t, &detail, chosen.as_ref(), overlay.draft, limits, visit.id());
    let brief_open = overlay.brief_note.is_some();
    let note = Field::area("note", t.get("desk-brief-note"), overlay.brief_note.unwrap_or_default());
    let shows_clear = question.clear.is_some();
    let mut response = page(&CasePage {
        t,
        shell: visit.shell(StaffSection::Desk),
        said: overlay.said,
        errors: overlay.errors,
        queue,
        replies: past_replies(visit, t, &detail, now),
        question,
        suggestions,
        alike,
        find: overlay.find,
        found,
        brief_fields: vec![note.hint(t.get("desk-brief-note-hint"))],
        brief_open,
        ask_open: overlay.message.is_some(),
        ask_fields: vec![ask_field(t, overlay.message)],
        aside: overlay.aside,
        chosen,
        form,
        approvals: counts.awaiting_approval,
    })?;
    *response.status_mut() = overlay.status;
    if shows_clear {
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    Ok(response)
}

fn case(visit: &Visit, t: Words, detail: &QuestionDetail, now: Millis, clear: Option<&Clear>) -> Case {
    let row = &detail.row;
    let mine = row.is_claimed_at(now) && row.claimed_by == Some(visit.id());
    let held_by_other = row.is_claimed_at(now) && !mine;
    let supervises = visit.may(Permission::SuperviseDesk);
    let answers = visit.may(Permission::Answer);
    let claimable = matches!(
        row.state,
        QuestionState::Matched
            | QuestionState::Gap
            | QuestionState::Reopened
            | QuestionState::WaitingCitizen
            | QuestionState::Briefed
            | QuestionState::Claimed
            | QuestionState::Drafted
    );
    let private = row.privacy == "private";
    Case {
        href: format!("/desk/questions/{}", row.id),
        code: row.code.clone(),
        clock: clock(t, row.due_at, now),
        video: detail.video_key.as_ref().map(|key| format!("/media/{key}")),
        clear: clear.map(clear_lines),
        text: masked_pieces(&row.redacted),
        messages: detail.messages.iter().map(|message| line(t, message, now)).collect(),
        marks: case_marks(visit, t, detail, now),
        private,
        route: t.get(if private { "desk-route-private" } else { "desk-route-public" }),
        reasons: detail.reasons.iter().map(|reason| t.lang().pick(reason.ar, reason.en).to_owned()).collect(),
        matching: matches!(row.state, QuestionState::New | QuestionState::Screened),
        may_reveal: detail.can_reveal && answers && (mine || supervises),
        may_claim: answers && claimable && !mine && (!held_by_other || supervises),
        held_by_other,
        may_release: (mine || supervises) && row.is_claimed_at(now),
        may_answer: mine,
        closing: match (
            mine && row.state.next(QuestionEvent::MarkSpam).is_some(),
            row.is_overdue_at(now),
            supervises,
        ) {
            (false, _, _) => Closing::No,
            (true, false, _) => Closing::Plain,
            (true, true, true) => Closing::WithReason,
            (true, true, false) => Closing::BySupervisor,
        },
        may_brief: answers && (mine || !held_by_other && claimable) && row.state != QuestionState::Briefed,
        brief: brief_words(t, detail, now),
        closing_note: closing_note(t, row.state),
    }
}

/// A message between asker and desk.
pub(super) struct Line {
    pub(super) icon: &'static str,
    pub(super) who: String,
    pub(super) text: Vec<MaskedPiece>,
    pub(super) own: Option<Own>,
}

fn line(t: Words, message: &Message, now: Millis) -> Line {
    let (icon, key) = match message.author {
        Author::Asker => ("person", "desk-asker-wrote"),
        Author::Desk => ("chat", "desk-we-wrote"),
    };
    let text = message.segments.iter().cloned().map(MaskedPiece::of).collect();
    let own = message.video.as_ref().map(Own::of);
    Line { icon, who: t.with(key, "ago", ago(t, message.at, now)), text, own }
}

fn ask_field(t: Words, typed: Option<String>) -> Field {
    Field::area("message", t.get("desk-ask-what"), typed.unwrap_or_default()).hint(t.get("desk-ask-hint"))
}

/// Everything that was sealed, for the one answer in which it is shown.
fn clear_lines(clear: &Clear) -> Vec<String> {
    let text = clear.text.iter().chain(&clear.later);
    text.chain(&clear.contact).chain(&clear.thread).cloned().collect()
}

fn case_marks(visit: &Visit, t: Words, detail: &QuestionDetail, now: Millis) -> Vec<Mark> {
    let row = &detail.row;
    let mut marks = vec![Mark::new("info", t.get(queue::state_key(row.state)))];
    marks.extend(intent_key(&row.intent).map(|key| Mark::new("chat", t.get(key))));
    if row.urgent {
        marks.push(Mark::new("shield", t.get("desk-urgent")));
    }
    if row.wants_woman {
        marks.push(Mark::new("person", t.get("desk-woman")));
    }
    if let (Some(ar), Some(en)) = (&row.service_ar, &row.service_en) {
        marks.push(Mark::new("document", t.lang().pick(ar, en).to_owned()));
    }
    marks.push(Mark::new("globe", channel_name(t, &row.channel)));
    marks.push(Mark::new("clock", ago(t, row.received_at, now)));
    if row.escalated_at.is_some() && row.is_overdue_at(now) {
        marks.push(Mark::new("warning", t.get("desk-handed-up")));
    }
    if row.is_claimed_at(now) {
        marks.push(Mark::new("person", holder(visit, t, row)));
    }
    marks
}

/// Our own form has a name in both languages; other channels are called what the administrator called them.
fn channel_name(t: Words, name: &str) -> String {
    if name == "web" { t.get("desk-channel-web") } else { name.to_owned() }
}

fn intent_key(intent: &str) -> Option<&'static str> {
    Some(match intent {
        "information" => "intent-information",
        "personal_case" => "intent-personal-case",
        "complaint" => "intent-complaint",
        "suggestion" => "intent-suggestion",
        "remark" => "intent-remark",
        "fraud_alert" => "intent-fraud-alert",
        "other_agency" => "intent-other-agency",
        "chitchat" => "intent-chitchat",
        "spam" => "intent-spam",
        _ => return None,
    })
}

fn brief_words(t: Words, detail: &QuestionDetail, now: Millis) -> Option<String> {
    let brief = detail.brief.as_ref().filter(|brief| brief.state != "done")?;
    let asked = t.with("desk-is-briefed", "ago", ago(t, detail.row.received_at.max(brief_time(detail)), now));
    Some(format!("{asked} {}", brief.note))
}

/// When the studio was asked, from the question's history.
fn brief_time(detail: &QuestionDetail) -> Millis {
    let asked = detail.history.iter().rev().find(|entry| entry.verb == "question.briefed");
    asked.map_or(detail.row.received_at, |entry| entry.at)
}

fn closing_note(t: Words, state: QuestionState) -> Option<String> {
    match state {
        QuestionState::Resolved => Some(t.get("desk-closed")),
        QuestionState::Reopened => Some(t.get("desk-reopened")),
        QuestionState::WaitingCitizen => Some(t.get("desk-waits-for-asker")),
        _ => None,
    }
}
