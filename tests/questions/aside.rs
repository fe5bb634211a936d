//! Closing a question without an answer, from its page: as what, and where its asker is answered instead.

use crate::stage::{ask, claimed, load};
use crate::support::TestApp;
use crate::support::browser::Browser;
use ishara::questions::state::QuestionState;

const TEXT: &str = "كيف أجدد الهوية الوطنية؟";

on_both_engines!(
    nothing_is_closed_before_it_is_said_why,
    a_question_sent_twice_is_closed_by_the_code_of_the_other,
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
}
