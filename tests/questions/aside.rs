//! Closing a question without an answer, from its page: as what, and where its asker is answered instead.

use crate::stage::{ask, claimed, load, run_jobs, web, woman};
use crate::support::TestApp;
use crate::support::browser::Browser;
use ishara::people::Role;
use ishara::questions::state::QuestionState;
use ishara::questions::{self, Aside, Force, NewQuestion};

const TEXT: &str = "كيف أجدد الهوية الوطنية؟";

on_both_engines!(
    nothing_is_closed_before_it_is_said_why,
    a_question_sent_twice_is_closed_by_the_code_of_the_other,
    a_wish_for_a_woman_goes_with_the_question,
    two_questions_never_close_each_other,
);

async fn nothing_is_closed_before_it_is_said_why(app: TestApp) {
    let (receipt, _, agent) = claimed(&app, TEXT).await;
    let desk = Browser::of(&app, agent.id).await;
    let aside = format!("/desk/questions/{}/aside", receipt.id);
    let refused = desk.post(&aside, &[]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("اختر سبب الإغلاق"));
    assert_eq!(load(&app, receipt.id).await.state, QuestionState::Claimed);
    assert_eq!(desk.post(&aside, &[("why", "spam")]).await.status, 303);
    assert_eq!(load(&app, receipt.id).await.state, QuestionState::Spam);
}

async fn a_question_sent_twice_is_closed_by_the_code_of_the_other(app: TestApp) {
    let other = ask(&app, "تجديد الهوية").await;
    let (receipt, _, agent) = claimed(&app, TEXT).await;
    let desk = Browser::of(&app, agent.id).await;
    let aside = format!("/desk/questions/{}/aside", receipt.id);
    let own = receipt.code.clone();
    for (code, told) in [
        ("", "لا يوجد سؤال بهذا الرمز"),
        ("222-2222", "لا يوجد سؤال بهذا الرمز"),
        (own.as_str(), "هذا رمز السؤال نفسه"),
    ] {
        let refused = desk.post(&aside, &[("why", "repeats"), ("code", code)]).await;
        assert_eq!(refused.status, 422, "{code}");
        assert!(refused.text.contains(told), "{code}");
    }
    // As people type it: small letters, no dash.
    let typed = other.code.to_lowercase().replace('-', " ");
    assert_eq!(desk.post(&aside, &[("why", "repeats"), ("code", &typed)]).await.status, 303);
    let closed = load(&app, receipt.id).await;
    assert_eq!((closed.state, closed.duplicate_of), (QuestionState::Duplicate, Some(other.id)));
    let shown = Browser::visitor(&app).open(&receipt.path()).await.text;
    assert!(shown.contains("نجيبك في سؤالك الآخر"), "{shown}");
    // When the other is closed without an answer too, nobody is promised one there.
    questions::claim(&app, &agent, other.id, Force::Polite).await.unwrap();
    questions::set_aside(&app, &agent, other.id, Aside::Spam, "").await.unwrap();
    let shown = Browser::visitor(&app).open(&receipt.path()).await.text;
    assert!(shown.contains("أُغلق سؤالك دون ردّ") && !shown.contains("نجيبك في سؤالك الآخر"));
}

async fn a_wish_for_a_woman_goes_with_the_question(app: TestApp) {
    let other = ask(&app, "تجديد الهوية").await;
    run_jobs(&app).await;
    let channel = web(&app).await;
    let mut new = NewQuestion::text(channel, "woman", TEXT);
    new.wants_woman = true;
    let receipt = questions::receive(&app, new).await.unwrap();
    run_jobs(&app).await;
    let agent = woman(&app, "sara", Role::Agent).await;
    questions::claim(&app, &agent, receipt.id, Force::Polite).await.unwrap();
    questions::set_aside(&app, &agent, receipt.id, Aside::DuplicateOf(other.id), "").await.unwrap();
    assert!(load(&app, other.id).await.wants_woman);
}

async fn two_questions_never_close_each_other(app: TestApp) {
    let (first, _, agent) = claimed(&app, TEXT).await;
    let second = ask(&app, "تجديد الهوية").await;
    run_jobs(&app).await;
    questions::claim(&app, &agent, second.id, Force::Polite).await.unwrap();
    let (one, two) = tokio::join!(
        questions::set_aside(&app, &agent, first.id, Aside::DuplicateOf(second.id), ""),
        questions::set_aside(&app, &agent, second.id, Aside::DuplicateOf(first.id), ""),
    );
    assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
}
