//! The studio is asked for a clip, and the question comes back when it is public.

use crate::stage::{ask, clip, code, load, publish, run_jobs, staff};
use crate::support::TestApp;
use ishara::people::Role;
use ishara::questions::state::QuestionState;
use ishara::questions::{self, Force};

on_both_engines!(
    a_gap_becomes_a_brief_and_comes_back_with_its_clip,
    a_brief_carries_no_personal_details,
    a_question_in_other_hands_is_not_briefed,
    a_question_answered_meanwhile_stays_answered,
);

async fn a_gap_becomes_a_brief_and_comes_back_with_its_clip(app: TestApp) {
    let agent = staff(&app, "agent", Role::Agent).await;
    let producer = staff(&app, "producer", Role::Producer).await;
    let receipt = ask(&app, "متى تزور الوحدة المتنقلة شركتنا؟").await;
    run_jobs(&app).await;
    questions::brief(&app, &agent, receipt.id, "مقطع عن الوحدة المتنقلة").await.unwrap();
    assert_eq!(load(&app, receipt.id).await.state, QuestionState::Briefed);
    let mut read = app.db.read().await.unwrap();
    let briefs = questions::open_briefs(&mut read).await.unwrap();
    drop(read);
    let new = clip(&app, "mobile", "answer", "متى تأتي الوحدة المتنقلة؟").await;
    assert_eq!(code(questions::accept_brief(&app, &agent, briefs[0].id, new).await), "forbidden");
    questions::accept_brief(&app, &producer, briefs[0].id, new).await.unwrap();
    questions::answer_briefs(&app).await.unwrap();
    assert_eq!(load(&app, receipt.id).await.state, QuestionState::Briefed, "not public yet");
    publish(&app, new).await;
    questions::answer_briefs(&app).await.unwrap();
    questions::answer_briefs(&app).await.unwrap();
    assert_eq!(load(&app, receipt.id).await.state, QuestionState::Matched);
    let mut read = app.db.read().await.unwrap();
    let detail = questions::detail(&mut read, &agent, receipt.id).await.unwrap();
    assert_eq!(detail.suggestions[0].clip.slug, "mobile");
    assert_eq!(detail.brief.unwrap().state, "done");
    assert!(questions::open_briefs(&mut read).await.unwrap().is_empty());
}

async fn a_brief_carries_no_personal_details(app: TestApp) {
    let agent = staff(&app, "agent", Role::Agent).await;
    let receipt = ask(&app, "متى تزور الوحدة المتنقلة شركتنا؟").await;
    run_jobs(&app).await;
    let personal = questions::brief(&app, &agent, receipt.id, "اتصلوا به على 0551234567").await;
    assert_eq!(code(personal), "reply.identifier");
    assert_eq!(code(questions::brief(&app, &agent, receipt.id, " ").await), "brief.bad_note");
    assert_eq!(load(&app, receipt.id).await.state, QuestionState::Gap);
}

async fn a_question_in_other_hands_is_not_briefed(app: TestApp) {
    let agent = staff(&app, "agent", Role::Agent).await;
    let other = staff(&app, "other", Role::Agent).await;
    let receipt = ask(&app, "متى تزور الوحدة المتنقلة شركتنا؟").await;
    run_jobs(&app).await;
    questions::claim(&app, &agent, receipt.id, Force::Polite).await.unwrap();
    assert_eq!(code(questions::brief(&app, &other, receipt.id, "مقطع").await), "question.held");
    questions::brief(&app, &agent, receipt.id, "مقطع").await.unwrap();
    assert_eq!(load(&app, receipt.id).await.claimed_by, None);
}

async fn a_question_answered_meanwhile_stays_answered(app: TestApp) {
    let agent = staff(&app, "agent", Role::Agent).await;
    let producer = staff(&app, "producer", Role::Producer).await;
    let receipt = ask(&app, "متى تزور الوحدة المتنقلة شركتنا؟").await;
    run_jobs(&app).await;
    let brief = questions::brief(&app, &agent, receipt.id, "مقطع").await.unwrap();
    let new = clip(&app, "mobile", "answer", "الوحدة").await;
    questions::accept_brief(&app, &producer, brief, new).await.unwrap();
    questions::claim(&app, &agent, receipt.id, Force::Polite).await.unwrap();
    publish(&app, new).await;
    questions::answer_briefs(&app).await.unwrap();
    assert_eq!(load(&app, receipt.id).await.state, QuestionState::Claimed, "it stays with its agent");
}
