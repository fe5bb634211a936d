//! The desk's list, claims, limits of sight, and the clear text.

use crate::stage::{ask, claimed, code, load, published, run_jobs, service, staff, web, woman};
use crate::support::TestApp;
use ishara::audit;
use ishara::people::Role;
use ishara::questions::state::QuestionState;
use ishara::questions::{self, CLAIM_FOR, Filter, Force, NewQuestion, Part, Verdict};
use std::time::Duration;

on_both_engines!(
    one_person_at_a_time_has_a_question,
    a_claim_without_work_runs_out_and_work_renews_it,
    a_supervisor_takes_over_and_an_agent_does_not,
    only_women_open_a_question_that_asks_for_a_woman,
    a_department_reviewer_sees_only_the_own_department,
    opening_the_clear_text_is_on_record_and_needs_the_claim,
    the_list_puts_urgent_and_late_first_and_pages_without_gaps,
    late_questions_and_counts_follow_the_clock,
    a_rejected_suggestion_leaves_a_gap_when_the_claim_ends,
    spam_and_duplicates_leave_the_list,
    an_agent_who_did_not_claim_cannot_answer,
);

const TEXT: &str = "كيف أجدد الهوية الوطنية؟";

async fn one_person_at_a_time_has_a_question(app: TestApp) {
    let (receipt, _, agent) = claimed(&app, TEXT).await;
    let other = staff(&app, "other", Role::Agent).await;
    assert_eq!(code(questions::claim(&app, &other, receipt.id, Force::Polite).await), "question.held");
    questions::claim(&app, &agent, receipt.id, Force::Polite).await.unwrap();
    assert_eq!(code(questions::release(&app, &other, receipt.id).await), "question.not_claimed");
    questions::release(&app, &agent, receipt.id).await.unwrap();
    let question = load(&app, receipt.id).await;
    assert_eq!((question.state, question.claimed_by), (QuestionState::Matched, None));
    questions::claim(&app, &other, receipt.id, Force::Polite).await.unwrap();
}

async fn a_claim_without_work_runs_out_and_work_renews_it(app: TestApp) {
    let (receipt, clip, agent) = claimed(&app, TEXT).await;
    app.clock.advance(CLAIM_FOR - Duration::from_secs(60));
    questions::judge(&app, &agent, receipt.id, clip, Verdict::Accepted).await.unwrap();
    app.clock.advance(Duration::from_secs(120));
    run_jobs(&app).await;
    assert_eq!(load(&app, receipt.id).await.state, QuestionState::Claimed, "the verdict renewed the claim");
    app.clock.advance(CLAIM_FOR);
    run_jobs(&app).await;
    assert_eq!(load(&app, receipt.id).await.state, QuestionState::Matched);
    let late = questions::judge(&app, &agent, receipt.id, clip, Verdict::Rejected).await;
    assert_eq!(code(late), "question.not_claimed");
}

async fn a_supervisor_takes_over_and_an_agent_does_not(app: TestApp) {
    let (receipt, _, _) = claimed(&app, TEXT).await;
    let other = staff(&app, "other", Role::Agent).await;
    let supervisor = staff(&app, "supervisor", Role::Supervisor).await;
    assert_eq!(code(questions::claim(&app, &other, receipt.id, Force::TakeOver).await), "question.held");
    assert_eq!(code(questions::claim(&app, &supervisor, receipt.id, Force::Polite).await), "question.held");
    let question = questions::claim(&app, &supervisor, receipt.id, Force::TakeOver).await.unwrap();
    assert_eq!(question.claimed_by, Some(supervisor.id));
}

async fn only_women_open_a_question_that_asks_for_a_woman(app: TestApp) {
    let channel = web(&app).await;
    let mut new = NewQuestion::text(channel, "w", TEXT);
    new.wants_woman = true;
    let receipt = questions::receive(&app, new).await.unwrap();
    run_jobs(&app).await;
    let man = staff(&app, "man", Role::Supervisor).await;
    let her = woman(&app, "her", Role::Agent).await;
    assert_eq!(code(questions::claim(&app, &man, receipt.id, Force::TakeOver).await), "question.women_only");
    assert_eq!(code(questions::reveal(&app, &man, receipt.id).await.map(|_| ())), "question.women_only");
    let mut read = app.db.read().await.unwrap();
    assert_eq!(code(questions::detail(&mut read, &man, receipt.id).await), "question.women_only");
    let now = app.clock.now();
    let (rows, _) = questions::list(&mut read, &man, &Filter::default(), now, 10).await.unwrap();
    assert!(rows[0].is_closed_to_me && rows[0].redacted.is_empty());
    let (rows, _) = questions::list(&mut read, &her, &Filter::default(), now, 10).await.unwrap();
    assert_eq!(rows[0].redacted, TEXT);
    drop(read);
    questions::claim(&app, &her, receipt.id, Force::Polite).await.unwrap();
}

async fn a_department_reviewer_sees_only_the_own_department(app: TestApp) {
    service(&app, "id.renew").await;
    let channel = web(&app).await;
    let mut own = NewQuestion::text(channel, "own", "متى تجهز الهوية؟");
    own.service = Some("id.renew".to_owned());
    let own = questions::receive(&app, own).await.unwrap();
    let foreign = ask(&app, "أين أقرب مكتب؟").await;
    let reviewer = staff(&app, "reviewer", Role::DepartmentReviewer).await;
    let mut read = app.db.read().await.unwrap();
    let (rows, _) =
        questions::list(&mut read, &reviewer, &Filter::default(), app.clock.now(), 10).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.id).collect::<Vec<_>>(), [own.id]);
    assert!(questions::detail(&mut read, &reviewer, own.id).await.is_ok());
    assert_eq!(code(questions::detail(&mut read, &reviewer, foreign.id).await), "not_found");
    assert_eq!(questions::counts(&mut read, &reviewer, app.clock.now()).await.unwrap().open, 1);
}

async fn opening_the_clear_text_is_on_record_and_needs_the_claim(app: TestApp) {
    let agent = staff(&app, "agent", Role::Agent).await;
    let receipt = ask(&app, "هويتي 1000000008 متى تجهز").await;
    run_jobs(&app).await;
    assert_eq!(code(questions::reveal(&app, &agent, receipt.id).await.map(|_| ())), "question.not_claimed");
    questions::claim(&app, &agent, receipt.id, Force::Polite).await.unwrap();
    let clear = questions::reveal(&app, &agent, receipt.id).await.unwrap();
    assert_eq!(clear.text.as_deref(), Some("هويتي 1000000008 متى تجهز"));
    let mut read = app.db.read().await.unwrap();
    let records = audit::about(&mut read, receipt.id.uuid()).await.unwrap();
    let revealed: Vec<_> = records.iter().filter(|record| record.verb == "question.revealed").collect();
    assert_eq!(revealed.len(), 1);
    assert_eq!(revealed[0].actor_id, Some(agent.id.uuid()));
    assert!(records.iter().all(|record| !record.detail.contains("1000000008")), "the chain holds no text");
    drop(read);
    app.clock.advance(Duration::from_secs(91 * 24 * 60 * 60));
    questions::schedule_retention(&app).await.unwrap();
    run_jobs(&app).await;
    questions::claim(&app, &agent, receipt.id, Force::Polite).await.unwrap();
    let gone = questions::reveal(&app, &agent, receipt.id).await.map(|_| ());
    assert_eq!(code(gone), "question.clear_text_gone");
}

async fn the_list_puts_urgent_and_late_first_and_pages_without_gaps(app: TestApp) {
    let agent = staff(&app, "agent", Role::Agent).await;
    let mut asked = Vec::new();
    for n in 0..5 {
        asked.push(ask(&app, &format!("متى يفتح المكتب رقم {n}؟")).await.id);
        app.clock.advance(Duration::from_secs(60));
    }
    asked.insert(0, ask(&app, "رمز التحقق 739164 وصلني").await.id);
    let mut read = app.db.read().await.unwrap();
    let mut filter = Filter::default();
    let mut seen = Vec::new();
    loop {
        let (rows, next) = questions::list(&mut read, &agent, &filter, app.clock.now(), 2).await.unwrap();
        seen.extend(rows.iter().map(|row| row.id));
        let Some(next) = next else { break };
        filter.after = Some(next.to_string().parse().unwrap());
    }
    assert_eq!(seen, asked);
}

async fn late_questions_and_counts_follow_the_clock(app: TestApp) {
    let (receipt, _, agent) = claimed(&app, TEXT).await;
    ask(&app, "أين أقرب مكتب؟").await;
    let filter = Filter { part: Part::Overdue, ..Filter::default() };
    let mut read = app.db.read().await.unwrap();
    let (rows, _) = questions::list(&mut read, &agent, &filter, app.clock.now(), 10).await.unwrap();
    assert!(rows.is_empty());
    app.clock.advance(Duration::from_secs(24 * 60 * 60));
    let (rows, _) = questions::list(&mut read, &agent, &filter, app.clock.now(), 10).await.unwrap();
    assert_eq!(rows.len(), 2);
    assert!(rows[0].is_overdue_at(app.clock.now()));
    let counts = questions::counts(&mut read, &agent, app.clock.now()).await.unwrap();
    assert_eq!((counts.open, counts.overdue, counts.mine, counts.unclaimed), (2, 2, 1, 1));
    let mine = Filter { part: Part::Mine, ..Filter::default() };
    let (rows, _) = questions::list(&mut read, &agent, &mine, app.clock.now(), 10).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.id).collect::<Vec<_>>(), [receipt.id]);
    let gaps = Filter { state: Some(QuestionState::Gap), ..Filter::default() };
    assert!(questions::list(&mut read, &agent, &gaps, app.clock.now(), 10).await.unwrap().0.is_empty());
}

async fn a_rejected_suggestion_leaves_a_gap_when_the_claim_ends(app: TestApp) {
    let (receipt, clip, agent) = claimed(&app, TEXT).await;
    let unknown = published(&app, "other", "شيء آخر تماما").await;
    assert_eq!(
        code(questions::judge(&app, &agent, receipt.id, unknown, Verdict::Rejected).await),
        "not_found"
    );
    questions::judge(&app, &agent, receipt.id, clip, Verdict::Rejected).await.unwrap();
    let mut read = app.db.read().await.unwrap();
    let left = questions::detail(&mut read, &agent, receipt.id).await.unwrap().suggestions;
    drop(read);
    assert!(left.iter().any(|suggestion| suggestion.clip.id == clip && suggestion.verdict == "rejected"));
    for suggestion in left {
        questions::judge(&app, &agent, receipt.id, suggestion.clip.id, Verdict::Rejected).await.unwrap();
    }
    questions::release(&app, &agent, receipt.id).await.unwrap();
    assert_eq!(load(&app, receipt.id).await.state, QuestionState::Gap);
}

async fn spam_and_duplicates_leave_the_list(app: TestApp) {
    let (first, _, agent) = claimed(&app, TEXT).await;
    let second = ask(&app, "كيف أجدد الهوية الوطنية").await;
    run_jobs(&app).await;
    questions::claim(&app, &agent, second.id, Force::Polite).await.unwrap();
    let itself = questions::Aside::DuplicateOf(second.id);
    assert_eq!(
        code(questions::set_aside(&app, &agent, second.id, itself, "").await),
        "question.repeats_itself"
    );
    let aside = questions::Aside::DuplicateOf(first.id);
    questions::set_aside(&app, &agent, second.id, aside, "").await.unwrap();
    questions::set_aside(&app, &agent, first.id, questions::Aside::Spam, "").await.unwrap();
    assert_eq!(load(&app, second.id).await.state, QuestionState::Duplicate);
    assert_eq!(load(&app, first.id).await.state, QuestionState::Spam);
    let mut read = app.db.read().await.unwrap();
    let (rows, _) =
        questions::list(&mut read, &agent, &Filter::default(), app.clock.now(), 10).await.unwrap();
    assert!(rows.is_empty());
}

async fn an_agent_who_did_not_claim_cannot_answer(app: TestApp) {
    let (receipt, clip, _) = claimed(&app, TEXT).await;
    let other = staff(&app, "other", Role::Agent).await;
    let reply = crate::stage::with_clip(clip, ishara::text::Privacy::Public);
    assert_eq!(code(questions::write_reply(&app, &other, receipt.id, reply).await), "question.not_claimed");
}
