//! A question past its promised time: handed up, closed only with a reason, and the asker is told the truth.

use crate::stage::{ask, claimed, code, load, run_jobs, staff, with_clip};
use crate::support::TestApp;
use crate::support::browser::Browser;
use ishara::ids::QuestionId;
use ishara::people::Role;
use ishara::questions::state::QuestionState;
use ishara::questions::{self, Aside, AskerStatus, Filter, Force, UNDO_FOR};
use ishara::text::Privacy;
use std::time::Duration;

const TEXT: &str = "كيف أجدد الهوية الوطنية؟";
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

on_both_engines!(
    a_late_question_is_handed_up_once_and_the_asker_is_told,
    a_new_cycle_is_handed_up_again,
    late_questions_come_before_urgent_ones,
    only_a_supervisor_closes_a_late_question_and_says_why,
    a_closed_question_never_looks_answered,
    the_page_promises_no_time_that_has_passed,
    supervisors_see_the_number_on_every_page,
);

/// The hour passes in which the promise of a day is broken.
async fn becomes_late(app: &TestApp) {
    questions::schedule_escalation(app).await.unwrap();
    app.clock.advance(DAY);
    run_jobs(app).await;
}

async fn told(app: &TestApp, staff: &ishara::people::Staff, id: QuestionId, verb: &str) -> usize {
    let mut read = app.db.read().await.unwrap();
    let detail = questions::detail(&mut read, staff, id).await.unwrap();
    detail.history.iter().filter(|entry| entry.verb == verb).count()
}

async fn a_late_question_is_handed_up_once_and_the_asker_is_told(app: TestApp) {
    let agent = staff(&app, "agent", Role::Agent).await;
    let receipt = ask(&app, TEXT).await;
    becomes_late(&app).await;
    app.clock.advance(DAY);
    run_jobs(&app).await;
    assert_eq!(told(&app, &agent, receipt.id, "question.escalated").await, 1);
    let page = questions::asker_page(&app, &receipt.secret).await.unwrap();
    assert!(page.is_late && page.is_handed_up);
    let shown = Browser::visitor(&app).open(&receipt.path()).await.text;
    assert!(shown.contains("تأخرنا عليك") && shown.contains("يتابع مشرف الفريق سؤالك الآن"));
    assert!(!shown.contains("نجيبك قبل"));
}

async fn a_new_cycle_is_handed_up_again(app: TestApp) {
    let (receipt, clip, agent) = claimed(&app, TEXT).await;
    becomes_late(&app).await;
    questions::claim(&app, &agent, receipt.id, Force::Polite).await.unwrap();
    questions::write_reply(&app, &agent, receipt.id, with_clip(clip, Privacy::Public)).await.unwrap();
    app.clock.advance(UNDO_FOR);
    run_jobs(&app).await;
    questions::reopen(&app, &receipt.secret, "").await.unwrap();
    assert!(!questions::asker_page(&app, &receipt.secret).await.unwrap().is_handed_up);
    app.clock.advance(DAY);
    run_jobs(&app).await;
    assert_eq!(told(&app, &agent, receipt.id, "question.escalated").await, 2);
}

async fn late_questions_come_before_urgent_ones(app: TestApp) {
    let agent = staff(&app, "agent", Role::Agent).await;
    let late = ask(&app, TEXT).await;
    app.clock.advance(DAY);
    let urgent = ask(&app, "جاني اتصال يطلب رمز التحقق 4821 وعطيته").await;
    assert!(load(&app, urgent.id).await.urgent);
    let ordinary = ask(&app, "أين أقرب مكتب؟").await;
    let now = app.clock.now();
    let mut read = app.db.read().await.unwrap();
    let mut filter = Filter::default();
    let mut order = Vec::new();
    loop {
        let (rows, next) = questions::list(&mut read, &agent, &filter, now, 1).await.unwrap();
        order.extend(rows.iter().map(|row| row.id));
        let Some(next) = next else { break };
        filter.after = Some(next);
    }
    assert_eq!(order, [late.id, urgent.id, ordinary.id]);
}

async fn only_a_supervisor_closes_a_late_question_and_says_why(app: TestApp) {
    let (receipt, _, agent) = claimed(&app, TEXT).await;
    let boss = staff(&app, "boss", Role::Supervisor).await;
    becomes_late(&app).await;
    questions::claim(&app, &agent, receipt.id, Force::Polite).await.unwrap();
    let tried = questions::set_aside(&app, &agent, receipt.id, Aside::Spam, "إعلان").await;
    assert_eq!(code(tried), "question.late_is_for_supervisors");
    let desk = Browser::of(&app, boss.id).await;
    let path = format!("/desk/questions/{}", receipt.id);
    desk.post(&format!("{path}/claim"), &[]).await;
    let aside = format!("{path}/aside");
    let refused = desk.post(&aside, &[("why", "spam")]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("اكتب سبب إغلاق هذا السؤال المتأخر"));
    assert_eq!(desk.post(&aside, &[("why", "spam"), ("reason", "إعلان عن متجر")]).await.status, 303);
    assert_eq!(load(&app, receipt.id).await.state, QuestionState::Spam);
}

async fn a_closed_question_never_looks_answered(app: TestApp) {
    let (first, _, agent) = claimed(&app, TEXT).await;
    let second = ask(&app, "كيف أجدد الهوية الوطنية").await;
    run_jobs(&app).await;
    questions::claim(&app, &agent, second.id, Force::Polite).await.unwrap();
    questions::set_aside(&app, &agent, second.id, Aside::DuplicateOf(first.id), "").await.unwrap();
    let visitor = Browser::visitor(&app);
    let same = visitor.open(&second.path()).await.text;
    questions::set_aside(&app, &agent, first.id, Aside::Spam, "").await.unwrap();
    app.clock.advance(DAY);
    assert!(same.contains("نجيبك في سؤالك الآخر") && same.contains(&first.code.replace('-', "-\u{2060}")));
    let later = visitor.open(&second.path()).await.text;
    let nothing = visitor.open(&first.path()).await.text;
    assert!(nothing.contains("أُغلق سؤالك دون ردّ") && nothing.contains("لم نجد في رسالتك سؤالًا"));
    let by_code = visitor.post("/questions", &[("code", first.code.as_str())]).await.text;
    assert!(by_code.contains("أُغلق السؤال دون ردّ"));
    for page in [same, later, nothing, by_code] {
        assert!(!page.contains("وصلك الردّ") && !page.contains("نجيبك قبل") && !page.contains("تأخرنا عليك"));
    }
    let page = questions::asker_page(&app, &first.secret).await.unwrap();
    assert_eq!(page.timeline.last().map(|step| step.status), Some(AskerStatus::Closed));
}

async fn the_page_promises_no_time_that_has_passed(app: TestApp) {
    let (receipt, _, agent) = claimed(&app, TEXT).await;
    questions::ask_asker(&app, &agent, receipt.id, "في أي مدينة؟").await.unwrap();
    app.clock.advance(DAY);
    let shown = Browser::visitor(&app).open(&receipt.path()).await.text;
    assert!(shown.contains("ننتظر جوابك") && !shown.contains("نجيبك قبل"));
}

async fn supervisors_see_the_number_on_every_page(app: TestApp) {
    let agent = staff(&app, "agent", Role::Agent).await;
    let boss = staff(&app, "boss", Role::Supervisor).await;
    ask(&app, TEXT).await;
    let browser = Browser::of(&app, boss.id).await;
    assert!(!browser.open("/studio").await.text.contains("متأخر: ١"));
    becomes_late(&app).await;
    // The session of the day before is over.
    let browser = Browser::of(&app, boss.id).await;
    assert!(browser.open("/studio").await.text.contains("متأخر: ١"));
    let desk = browser.open("/desk").await.text;
    assert!(desk.contains("رُفع إلى المشرف"));
    assert!(!Browser::of(&app, agent.id).await.open("/studio").await.text.contains("متأخر: ١"));
}
