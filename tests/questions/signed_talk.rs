//! What is signed after the question: the asker's messages, and the desk's own reply to one asker.

use crate::stage::{
    answered, ask, claimed, code, film, load, run_jobs, run_media, sent, staff, with_clip, with_text,
};
use crate::support::TestApp;
use crate::support::browser::Browser;
use ishara::people::Role;
use ishara::questions::state::{QuestionState, ReplyState};
use ishara::questions::{
    self, AskerStatus, Clarity, Decision, Finish, NewReply, OwnSigning, Saying, UNDO_FOR, VideoState,
};
use ishara::store::{Audience, reach};
use ishara::text::Privacy;
use std::time::Duration;

on_both_engines!(
    an_asker_answers_the_desk_in_sign,
    what_was_not_understood_can_be_signed_and_the_same_upload_counts_once,
    a_signed_reply_reaches_its_asker_alone_after_a_second_person_has_watched_it,
    a_signed_reply_that_cannot_be_used_goes_back_to_its_author,
    a_signed_reply_can_be_taken_out_or_replaced_in_the_draft,
    what_was_signed_goes_with_the_clear_text,
    what_is_signed_late_in_a_case_is_kept_as_long,
    a_public_reply_is_not_approved_once_the_asker_has_signed,
    an_upload_of_one_part_is_no_other_part,
    who_asked_in_sign_is_answered_in_writing_alone_only_with_a_reason,
);

const TEXT: &str = "كيف أجدد الهوية الوطنية؟";
const PLACE: &str = "+24.7136+046.6753/";

fn in_sign(video: ishara::ids::UploadId) -> Saying {
    Saying { text: String::new(), video: Some(video) }
}

fn signed(video: ishara::ids::UploadId) -> NewReply {
    NewReply {
        signing: OwnSigning::New(video),
        override_reason: "حالة خاصة".to_owned(),
        ..with_text("", Privacy::Private)
    }
}

async fn an_asker_answers_the_desk_in_sign(app: TestApp) {
    let (receipt, _, agent) = claimed(&app, TEXT).await;
    questions::ask_asker(&app, &agent, receipt.id, "هل الهوية منتهية أم ضائعة؟").await.unwrap();
    let (upload, original) = sent(&app, film(&app, PLACE)).await;
    questions::write_message(&app, &receipt.secret, in_sign(upload)).await.unwrap();
    let question = load(&app, receipt.id).await;
    assert_eq!((question.state, question.privacy.as_str()), (QuestionState::Matched, "private"));
    assert!(question.reasons().contains(&"citizen_video".to_owned()));

    let mut read = app.db.read().await.unwrap();
    let early = questions::detail(&mut read, &agent, receipt.id).await.unwrap();
    let video = early.messages[1].video.clone().unwrap();
    assert_eq!((video.state, video.key()), (VideoState::Waiting, None), "nobody sees the original");
    drop(read);
    run_media(&app).await;
    let mut read = app.db.read().await.unwrap();
    let detail = questions::detail(&mut read, &agent, receipt.id).await.unwrap();
    let video = detail.messages[1].video.clone().unwrap();
    assert!(video.width > 0 && video.height > 0 && video.duration_ms > 0 && video.fps > 20.0);
    let key = video.key().unwrap();
    assert_eq!(reach(&mut read, key).await.unwrap().unwrap().audience, Audience::Desk);
    drop(read);
    assert_eq!(app.store.size(original.key).await.unwrap(), None);
    assert!(crate::stage::files_with(&app, PLACE).is_empty());

    // A face is never answered in public.
    questions::claim(&app, &agent, receipt.id, questions::Force::Polite).await.unwrap();
    let public = NewReply {
        override_reason: "سؤال عام".to_owned(),
        ..with_text("في أبشر.", Privacy::Public)
    };
    assert_eq!(
        code(questions::write_reply(&app, &agent, receipt.id, public).await),
        "reply.video_is_private"
    );
}

async fn what_was_not_understood_can_be_signed_and_the_same_upload_counts_once(app: TestApp) {
    let (receipt, _, _, _) = answered(&app).await;
    questions::rate(&app, &receipt.secret, Clarity::NotUnderstood, "").await.unwrap();
    let (upload, _) = sent(&app, film(&app, PLACE)).await;
    for _ in 0..2 {
        questions::write_message(&app, &receipt.secret, in_sign(upload)).await.unwrap();
    }
    let page = questions::asker_page(&app, &receipt.secret).await.unwrap();
    assert_eq!((page.status, page.messages.len()), (AskerStatus::Reopened, 1));
    assert_eq!(page.messages[0].video.as_ref().unwrap().state, VideoState::Waiting);
    let other = ask(&app, "أين أقرب مكتب؟").await;
    let twice = questions::write_message(&app, &other.secret, in_sign(upload)).await;
    assert_eq!(code(twice), "upload.consumed", "an upload belongs to one case");
}

async fn a_signed_reply_reaches_its_asker_alone_after_a_second_person_has_watched_it(app: TestApp) {
    let (receipt, _, agent) = claimed(&app, TEXT).await;
    let (upload, _) = sent(&app, film(&app, PLACE)).await;
    let public = NewReply { privacy: Privacy::Public, ..signed(upload) };
    let refused = questions::write_reply(&app, &agent, receipt.id, public).await;
    assert_eq!(code(refused), "reply.own_signing_is_private");
    let reply = questions::write_reply(&app, &agent, receipt.id, signed(upload)).await.unwrap();
    assert_eq!((reply.state, reply.needs_approval), (ReplyState::AwaitingApproval, true));

    let supervisor = staff(&app, "supervisor", Role::Supervisor).await;
    let early = questions::decide(&app, &supervisor, reply.id, Decision::Approved).await;
    assert_eq!(code(early), "reply.video_not_ready");
    run_media(&app).await;
    questions::decide(&app, &supervisor, reply.id, Decision::Approved).await.unwrap();
    let page = questions::asker_page(&app, &receipt.secret).await.unwrap();
    assert!(page.replies.is_empty(), "the time to undo is not over");
    app.clock.advance(UNDO_FOR);
    run_jobs(&app).await;
    let page = questions::asker_page(&app, &receipt.secret).await.unwrap();
    assert_eq!(page.status, AskerStatus::Answered);
    let key = page.replies[0].video.as_ref().unwrap().key().unwrap();
    let mut read = app.db.read().await.unwrap();
    assert_eq!(reach(&mut read, key).await.unwrap().unwrap().audience, Audience::Desk);
    drop(read);
    assert!(crate::stage::files_with(&app, PLACE).is_empty());
}

async fn a_signed_reply_that_cannot_be_used_goes_back_to_its_author(app: TestApp) {
    let (receipt, _, agent) = claimed(&app, TEXT).await;
    let (upload, _) = sent(&app, b"#EXTM3U\nfile:///etc/passwd\n".to_vec()).await;
    let reply = questions::write_reply(&app, &agent, receipt.id, signed(upload)).await.unwrap();
    run_media(&app).await;
    let question = load(&app, receipt.id).await;
    assert_eq!((question.state, question.claimed_by), (QuestionState::Drafted, Some(agent.id)));
    let mut read = app.db.read().await.unwrap();
    let detail = questions::detail(&mut read, &agent, receipt.id).await.unwrap();
    drop(read);
    let back = detail.replies.iter().find(|one| one.reply.id == reply.id).unwrap();
    assert_eq!(back.reply.state, ReplyState::Draft);
    assert_eq!(back.video.as_ref().unwrap().state, VideoState::Refused);
    // What cannot be watched is no reply, and the next recording takes its place.
    let nothing =
        NewReply { override_reason: "حالة خاصة".to_owned(), ..with_text("", Privacy::Private) };
    assert_eq!(code(questions::write_reply(&app, &agent, receipt.id, nothing).await), "reply.empty");
    let (again, _) = sent(&app, film(&app, PLACE)).await;
    let reply = questions::write_reply(&app, &agent, receipt.id, signed(again)).await.unwrap();
    run_media(&app).await;
    let supervisor = staff(&app, "supervisor", Role::Supervisor).await;
    questions::decide(&app, &supervisor, reply.id, Decision::Approved).await.unwrap();
}

async fn a_signed_reply_can_be_taken_out_or_replaced_in_the_draft(app: TestApp) {
    let (receipt, _, agent) = claimed(&app, TEXT).await;
    let draft = |signing| NewReply {
        signing,
        text: "في أبشر.".to_owned(),
        finish: Finish::Save,
        override_reason: "حالة خاصة".to_owned(),
        ..with_text("", Privacy::Private)
    };
    let (first, blob) = sent(&app, film(&app, PLACE)).await;
    let (second, _) = sent(&app, film(&app, "+21.3891+039.8579/")).await;
    let id = receipt.id;
    questions::write_reply(&app, &agent, id, draft(OwnSigning::New(first))).await.unwrap();
    questions::write_reply(&app, &agent, id, draft(OwnSigning::New(second))).await.unwrap();
    run_media(&app).await;
    assert_eq!(app.store.size(blob.key).await.unwrap(), None, "the first one is deleted unseen");
    questions::write_reply(&app, &agent, id, draft(OwnSigning::AsItIs)).await.unwrap();
    let mut read = app.db.read().await.unwrap();
    let kept = questions::detail(&mut read, &agent, id).await.unwrap().replies[0].video.clone().unwrap();
    drop(read);
    questions::write_reply(&app, &agent, id, draft(OwnSigning::Removed)).await.unwrap();
    run_jobs(&app).await;
    assert_eq!(app.store.size(kept.key().unwrap()).await.unwrap(), None);
    let mut read = app.db.read().await.unwrap();
    assert_eq!(questions::detail(&mut read, &agent, id).await.unwrap().replies[0].video, None);
}

async fn what_was_signed_goes_with_the_clear_text(app: TestApp) {
    let (receipt, _, agent) = claimed(&app, TEXT).await;
    questions::ask_asker(&app, &agent, receipt.id, "هل الهوية منتهية أم ضائعة؟").await.unwrap();
    let (upload, _) = sent(&app, film(&app, PLACE)).await;
    questions::write_message(&app, &receipt.secret, in_sign(upload)).await.unwrap();
    run_media(&app).await;
    let page = questions::asker_page(&app, &receipt.secret).await.unwrap();
    let key = page.messages[1].video.as_ref().unwrap().key().unwrap();
    app.clock.advance(Duration::from_secs(91 * 24 * 60 * 60));
    questions::schedule_retention(&app).await.unwrap();
    run_jobs(&app).await;
    assert_eq!(app.store.size(key).await.unwrap(), None);
    let page = questions::asker_page(&app, &receipt.secret).await.unwrap();
    assert_eq!(page.messages[1].video.as_ref().unwrap().state, VideoState::Deleted);
}

async fn what_is_signed_late_in_a_case_is_kept_as_long(app: TestApp) {
    let receipt = ask(&app, "أين أقرب مكتب؟").await;
    let day = Duration::from_secs(24 * 60 * 60);
    app.clock.advance(day * 80);
    let (upload, _) = sent(&app, film(&app, PLACE)).await;
    questions::write_message(&app, &receipt.secret, in_sign(upload)).await.unwrap();
    run_media(&app).await;
    app.clock.advance(day * 80);
    questions::schedule_retention(&app).await.unwrap();
    run_jobs(&app).await;
    let page = questions::asker_page(&app, &receipt.secret).await.unwrap();
    assert_eq!(page.messages[0].video.as_ref().unwrap().state, VideoState::Kept);
}

async fn a_public_reply_is_not_approved_once_the_asker_has_signed(app: TestApp) {
    let (receipt, _, agent) = claimed(&app, TEXT).await;
    let public = with_text("جدّدها من أبشر.", Privacy::Public);
    let reply = questions::write_reply(&app, &agent, receipt.id, public).await.unwrap();
    assert_eq!(reply.state, ReplyState::AwaitingApproval);
    let (upload, _) = sent(&app, film(&app, PLACE)).await;
    questions::write_message(&app, &receipt.secret, in_sign(upload)).await.unwrap();
    let supervisor = staff(&app, "supervisor", Role::Supervisor).await;
    let late = questions::decide(&app, &supervisor, reply.id, Decision::Approved).await;
    assert_eq!(code(late), "reply.video_is_private");
    // A decision about what was rewritten since is a decision about another reply.
    let stale =
        questions::decide_seen(&app, &supervisor, reply.id, reply.row_version - 1, Decision::Approved).await;
    assert_eq!(code(stale), "stale");
}

async fn an_upload_of_one_part_is_no_other_part(app: TestApp) {
    let (receipt, _, agent) = claimed(&app, TEXT).await;
    let (upload, _) = sent(&app, film(&app, PLACE)).await;
    questions::write_message(&app, &receipt.secret, in_sign(upload)).await.unwrap();
    let reused = questions::write_reply(&app, &agent, receipt.id, signed(upload)).await;
    assert_eq!(code(reused), "upload.consumed", "no reply goes out that shows nothing");
}

async fn who_asked_in_sign_is_answered_in_writing_alone_only_with_a_reason(app: TestApp) {
    let (receipt, clip, agent) = claimed(&app, TEXT).await;
    let (upload, _) = sent(&app, film(&app, PLACE)).await;
    questions::write_message(&app, &receipt.secret, in_sign(upload)).await.unwrap();
    let written = |reason: &str, finish| NewReply {
        unsigned_reason: Some(reason.to_owned()),
        finish,
        ..with_text("جدّدها من أبشر.", Privacy::Private)
    };
    let id = receipt.id;
    let silent = questions::write_reply(&app, &agent, id, written(" ", Finish::Submit)).await;
    assert_eq!(code(silent), "reply.unsigned_needs_reason");
    questions::write_reply(&app, &agent, id, written("", Finish::Save)).await.unwrap();
    let by_clip = NewReply { finish: Finish::Save, ..with_clip(clip, Privacy::Private) };
    assert_eq!(questions::write_reply(&app, &agent, id, by_clip).await.unwrap().unsigned_reason, "");
    let why = written("الردّ رقم طلب لا يُشار", Finish::Submit);
    let reply = questions::write_reply(&app, &agent, id, why).await.unwrap();
    assert_eq!(reply.state, ReplyState::AwaitingApproval);
    let supervisor = staff(&app, "supervisor", Role::Supervisor).await;
    let approvals = Browser::of(&app, supervisor.id).await.open("/desk/approvals").await.text;
    assert!(approvals.contains("سأل بالإشارة، والردّ كتابي فقط"));
    assert!(approvals.contains("السبب: الردّ رقم طلب لا يُشار"));
}
