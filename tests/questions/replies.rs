//! Writing replies: privacy, identifiers, the second person, undo, and what an accepted pair teaches.

use crate::stage::{
    answered, claimed, clip, code, load, published, run_jobs, staff, web, with_clip, with_text,
};
use crate::support::TestApp;
use ishara::db::query;
use ishara::ids::ClipId;
use ishara::people::Role;
use ishara::questions::state::{QuestionState, ReplyState};
use ishara::questions::{self, Decision, Finish, Force, NewQuestion, UNDO_FOR};
use ishara::text::Privacy;
use std::time::Duration;

on_both_engines!(
    a_reply_that_leaves_nothing_but_a_call_is_refused,
    a_published_clip_alone_goes_out_without_a_second_person,
    a_clip_with_its_own_summary_is_approved_already_and_other_words_are_not,
    nobody_approves_their_own_reply,
    a_reviewer_of_the_department_approves_and_another_does_not,
    a_returned_reply_needs_a_reason_and_comes_back_to_its_author,
    a_personal_case_always_needs_a_second_person,
    another_privacy_than_proposed_needs_a_reason,
    a_public_reply_names_nobody_and_no_reply_carries_a_code,
    only_published_clips_can_be_sent,
    an_empty_reply_is_refused,
    a_draft_is_kept_and_rewritten_in_place,
    a_reply_can_be_taken_back_in_time_and_not_later,
    an_answered_wording_is_learned_and_a_personal_one_is_not,
);

const TEXT: &str = "كيف أجدد الهوية الوطنية؟";

async fn a_published_clip_alone_goes_out_without_a_second_person(app: TestApp) {
    let (receipt, clip, agent) = claimed(&app, TEXT).await;
    let reply =
        questions::write_reply(&app, &agent, receipt.id, with_clip(clip, Privacy::Public)).await.unwrap();
    assert_eq!((reply.state, reply.needs_approval), (ReplyState::Held, false));
    assert_eq!(load(&app, receipt.id).await.state, QuestionState::QueuedToSend);
    run_jobs(&app).await;
    assert_eq!(
        load(&app, receipt.id).await.state,
        QuestionState::QueuedToSend,
        "the time to undo is not over"
    );
    app.clock.advance(UNDO_FOR);
    run_jobs(&app).await;
    let question = load(&app, receipt.id).await;
    assert_eq!(question.state, QuestionState::Sent);
    assert_eq!(question.first_reply_at, Some(app.clock.now()));
}

async fn a_clip_with_its_own_summary_is_approved_already_and_other_words_are_not(app: TestApp) {
    let (receipt, clip, agent) = claimed(&app, TEXT).await;
    let mut reply = with_clip(clip, Privacy::Public);
    reply.text = "كيف أجدد الهوية الوطنية؟ في أبشر.".to_owned();
    reply.finish = Finish::Save;
    let saved = questions::write_reply(&app, &agent, receipt.id, reply.clone()).await.unwrap();
    assert!(!saved.needs_approval);
    reply.text.push_str(" والرسوم مئة ريال.");
    reply.finish = Finish::Submit;
    let submitted = questions::write_reply(&app, &agent, receipt.id, reply).await.unwrap();
    assert_eq!((submitted.needs_approval, submitted.state), (true, ReplyState::AwaitingApproval));
    assert_eq!(load(&app, receipt.id).await.state, QuestionState::AwaitingApproval);
}

async fn nobody_approves_their_own_reply(app: TestApp) {
    let (receipt, _, _) = claimed(&app, TEXT).await;
    let supervisor = staff(&app, "supervisor", Role::Supervisor).await;
    questions::claim(&app, &supervisor, receipt.id, Force::TakeOver).await.unwrap();
    let text = with_text("التجديد من منصة أبشر.", Privacy::Public);
    let reply = questions::write_reply(&app, &supervisor, receipt.id, text).await.unwrap();
    let own = questions::decide(&app, &supervisor, reply.id, Decision::Approved).await;
    assert_eq!(code(own), "reply.own");
    assert_eq!(load(&app, receipt.id).await.state, QuestionState::AwaitingApproval);
    let second = staff(&app, "second", Role::Supervisor).await;
    let approved = questions::decide(&app, &second, reply.id, Decision::Approved).await.unwrap();
    assert_eq!((approved.state, approved.decided_by), (ReplyState::Held, Some(second.id)));
    let again = questions::decide(&app, &second, reply.id, Decision::Approved).await;
    assert_eq!(code(again), "reply.wrong_state");
}

async fn a_reviewer_of_the_department_approves_and_another_does_not(app: TestApp) {
    let (receipt, clip, agent) = claimed(&app, TEXT).await;
    let mut reply = with_clip(clip, Privacy::Public);
    reply.text = "نعم، من أبشر.".to_owned();
    let reply = questions::write_reply(&app, &agent, receipt.id, reply).await.unwrap();
    let reviewer = staff(&app, "reviewer", Role::DepartmentReviewer).await;
    let mut foreign = staff(&app, "foreign", Role::DepartmentReviewer).await;
    foreign.department_id = Some(app.department("elsewhere").await);
    assert_eq!(code(questions::decide(&app, &foreign, reply.id, Decision::Approved).await), "not_found");
    assert_eq!(code(questions::decide(&app, &agent, reply.id, Decision::Approved).await), "forbidden");
    let mut read = app.db.read().await.unwrap();
    let waiting = questions::awaiting_approval(&mut read, &reviewer).await.unwrap();
    assert_eq!(waiting.iter().map(|reply| reply.id).collect::<Vec<_>>(), [reply.id]);
    assert!(questions::awaiting_approval(&mut read, &foreign).await.unwrap().is_empty());
    drop(read);
    questions::decide(&app, &reviewer, reply.id, Decision::Approved).await.unwrap();
    app.clock.advance(UNDO_FOR);
    run_jobs(&app).await;
    assert_eq!(load(&app, receipt.id).await.state, QuestionState::Sent);
}

async fn a_returned_reply_needs_a_reason_and_comes_back_to_its_author(app: TestApp) {
    let (receipt, _, agent) = claimed(&app, TEXT).await;
    let text = with_text("التجديد من منصة أبشر.", Privacy::Public);
    let reply = questions::write_reply(&app, &agent, receipt.id, text).await.unwrap();
    let supervisor = staff(&app, "supervisor", Role::Supervisor).await;
    let silent = Decision::Returned { reason: "  ".to_owned() };
    assert_eq!(
        code(questions::decide(&app, &supervisor, reply.id, silent).await),
        "reply.return_needs_reason"
    );
    let returned = Decision::Returned { reason: "اذكر الرسوم".to_owned() };
    questions::decide(&app, &supervisor, reply.id, returned).await.unwrap();
    let question = load(&app, receipt.id).await;
    assert_eq!(question.state, QuestionState::Drafted);
    assert!(question.is_claimed_by(agent.id, app.clock.now()));
    let better = with_text("التجديد من منصة أبشر بلا رسوم.", Privacy::Public);
    let again = questions::write_reply(&app, &agent, receipt.id, better).await.unwrap();
    assert_eq!((again.id, again.decided_by, again.state), (reply.id, None, ReplyState::AwaitingApproval));
}

async fn a_personal_case_always_needs_a_second_person(app: TestApp) {
    let clip = published(&app, "renew", TEXT).await;
    let agent = staff(&app, "agent", Role::Agent).await;
    for text in ["كيف أجدد الهوية الوطنية رقم 1000000008", "معاملتي متأخرة وطلبي مرفوض لماذا؟"]
    {
        let receipt = crate::stage::ask(&app, text).await;
        run_jobs(&app).await;
        questions::claim(&app, &agent, receipt.id, Force::Polite).await.unwrap();
        let reply = questions::write_reply(&app, &agent, receipt.id, with_clip(clip, Privacy::Private))
            .await
            .unwrap();
        assert!(reply.needs_approval, "{text}");
    }
}

async fn another_privacy_than_proposed_needs_a_reason(app: TestApp) {
    let clip = published(&app, "renew", TEXT).await;
    let agent = staff(&app, "agent", Role::Agent).await;
    let channel = web(&app).await;
    let mut private = NewQuestion::text(channel, "p", TEXT);
    private.wish = questions::Wish::Private;
    let private = questions::receive(&app, private).await.unwrap();
    run_jobs(&app).await;
    questions::claim(&app, &agent, private.id, Force::Polite).await.unwrap();
    let mut reply = with_clip(clip, Privacy::Public);
    let refused = questions::write_reply(&app, &agent, private.id, reply.clone()).await;
    assert_eq!(code(refused), "reply.override_needs_reason");
    reply.override_reason = "السؤال عام ولا يخص أحدًا".to_owned();
    let reply = questions::write_reply(&app, &agent, private.id, reply).await.unwrap();
    assert!(reply.needs_approval, "made public against the rule: a second person looks");
}

async fn a_public_reply_names_nobody_and_no_reply_carries_a_code(app: TestApp) {
    let (receipt, _, agent) = claimed(&app, TEXT).await;
    let public = with_text("طلب صاحب الهوية 1000000008 جاهز.", Privacy::Public);
    assert_eq!(code(questions::write_reply(&app, &agent, receipt.id, public).await), "reply.identifier");
    let mut private = with_text("رمز التحقق الخاص بك 482913", Privacy::Private);
    private.override_reason = "يخص شخصًا واحدًا".to_owned();
    assert_eq!(
        code(questions::write_reply(&app, &agent, receipt.id, private.clone()).await),
        "reply.identifier"
    );
    private.text = "جوالك المسجل 0551234567".to_owned();
    let reply = questions::write_reply(&app, &agent, receipt.id, private).await.unwrap();
    assert!(reply.needs_approval);
}

async fn only_published_clips_can_be_sent(app: TestApp) {
    let (receipt, _, agent) = claimed(&app, TEXT).await;
    let draft = clip(&app, "draft", "answer", "مسودة").await;
    let nowhere = ClipId::new(app.clock.now());
    for clip in [draft, nowhere] {
        let refused =
            questions::write_reply(&app, &agent, receipt.id, with_clip(clip, Privacy::Public)).await;
        assert_eq!(code(refused), "reply.clip_not_published");
    }
}

async fn an_empty_reply_is_refused(app: TestApp) {
    let (receipt, _, agent) = claimed(&app, TEXT).await;
    let refused = questions::write_reply(&app, &agent, receipt.id, with_text(" \n ", Privacy::Public)).await;
    assert_eq!(code(refused), "reply.empty");
}

async fn a_draft_is_kept_and_rewritten_in_place(app: TestApp) {
    let (receipt, _, agent) = claimed(&app, TEXT).await;
    let mut draft = with_text("التجديد", Privacy::Public);
    draft.finish = Finish::Save;
    let first = questions::write_reply(&app, &agent, receipt.id, draft.clone()).await.unwrap();
    draft.text = "التجديد من أبشر".to_owned();
    let second = questions::write_reply(&app, &agent, receipt.id, draft).await.unwrap();
    assert_eq!(first.id, second.id);
    questions::release(&app, &agent, receipt.id).await.unwrap();
    let mut read = app.db.read().await.unwrap();
    let (count, body): (i64, String) =
        query("SELECT COUNT(*), MAX(body) FROM reply").one(&mut read).await.unwrap();
    assert_eq!((count, body.as_str()), (1, "التجديد من أبشر"), "the draft outlives the claim");
}

async fn a_reply_can_be_taken_back_in_time_and_not_later(app: TestApp) {
    let (receipt, clip, agent) = claimed(&app, TEXT).await;
    let reply =
        questions::write_reply(&app, &agent, receipt.id, with_clip(clip, Privacy::Public)).await.unwrap();
    let stranger = staff(&app, "stranger", Role::Agent).await;
    assert_eq!(code(questions::undo(&app, &stranger, reply.id).await), "question.not_claimed");
    questions::undo(&app, &agent, reply.id).await.unwrap();
    app.clock.advance(Duration::from_secs(60));
    run_jobs(&app).await;
    assert_eq!(load(&app, receipt.id).await.state, QuestionState::Drafted, "the sending was cancelled");
    let reply =
        questions::write_reply(&app, &agent, receipt.id, with_clip(clip, Privacy::Public)).await.unwrap();
    app.clock.advance(UNDO_FOR);
    run_jobs(&app).await;
    assert_eq!(code(questions::undo(&app, &agent, reply.id).await), "reply.too_late");
    assert_eq!(load(&app, receipt.id).await.state, QuestionState::Sent);
}

async fn aliases(app: &TestApp) -> Vec<String> {
    let mut read = app.db.read().await.unwrap();
    let rows: Vec<(String,)> =
        query("SELECT text_ar FROM clip_alias WHERE origin = 'citizen' ORDER BY text_ar")
            .all(&mut read)
            .await
            .unwrap();
    rows.into_iter().map(|row| row.0).collect()
}

async fn an_answered_wording_is_learned_and_a_personal_one_is_not(app: TestApp) {
    let (_, clip, agent, _) = answered(&app).await;
    assert_eq!(aliases(&app).await, [TEXT]);
    let mut read = app.db.read().await.unwrap();
    let changes: i64 = query("SELECT COUNT(*) FROM changes WHERE kind = 'clip' AND subject_id = $1")
        .bind(clip.uuid())
        .value(&mut read)
        .await
        .unwrap();
    assert!(changes >= 2, "publication and the new wording both reach the index");
    drop(read);
    let personal = crate::stage::ask(&app, "كيف أجدد الهوية الوطنية رقم 1000000008").await;
    run_jobs(&app).await;
    questions::claim(&app, &agent, personal.id, Force::Polite).await.unwrap();
    questions::judge(&app, &agent, personal.id, clip, questions::Verdict::Accepted).await.unwrap();
    assert_eq!(aliases(&app).await, [TEXT]);
}

async fn a_reply_that_leaves_nothing_but_a_call_is_refused(app: TestApp) {
    let (receipt, _, agent) = claimed(&app, "كيف أجدد الهوية الوطنية؟").await;
    for text in ["اتصل بنا على الرقم الموحد.", "للاستفسار: ٩٢٠٠٠٠٥٦٠"]
    {
        let reply = with_text(text, Privacy::Public);
        assert_eq!(code(questions::write_reply(&app, &agent, receipt.id, reply).await), "reply.call_only");
        assert_eq!(code(questions::ask_asker(&app, &agent, receipt.id, text).await), "reply.call_only");
    }
    let beside = with_text("اتصل بنا، أو راسلنا في أبشر.", Privacy::Public);
    questions::write_reply(&app, &agent, receipt.id, beside).await.unwrap();
}
