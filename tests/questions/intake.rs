//! A question arrives.

use crate::stage::{ask, clip, files_with, load, publish, published, run_jobs, web};
use crate::support::TestApp;
use ishara::audit;
use ishara::db::query;
use ishara::questions::state::QuestionState;
use ishara::questions::{self, NewQuestion, Wish};
use ishara::refusal::Refusal;
use std::time::Duration;

on_both_engines!(
    a_general_question_is_screened_public_and_due_in_a_day,
    the_same_question_again_gives_the_same_answer_and_no_second_question,
    two_deliveries_at_the_same_moment_make_one_question,
    identifiers_are_masked_and_the_case_is_private,
    a_one_time_code_is_nowhere_in_the_rows_or_files,
    a_code_shows_the_safety_clip_at_once,
    a_channel_that_says_private_is_believed,
    asking_for_a_woman_is_kept,
    an_empty_or_endless_question_is_refused_and_changes_nothing,
    the_job_finds_a_published_answer,
    a_question_without_an_answer_is_a_gap,
    only_published_clips_are_suggested,
);

async fn a_general_question_is_screened_public_and_due_in_a_day(app: TestApp) {
    let receipt = ask(&app, "كيف أجدد الهوية الوطنية؟").await;
    let question = load(&app, receipt.id).await;
    assert_eq!(question.state, QuestionState::Screened);
    assert_eq!((question.privacy.as_str(), question.intent.as_str()), ("public", "information"));
    assert_eq!(question.due_at.since(question.received_at), 24 * 60 * 60 * 1000);
    assert_eq!(receipt.code.len(), 8);
    assert!(receipt.secret.len() >= 22, "at least 128 bits in base64");
    assert!(receipt.is_new && receipt.safety.is_none());
    let mut read = app.db.read().await.unwrap();
    let verbs: Vec<String> = audit::about(&mut read, receipt.id.uuid())
        .await
        .unwrap()
        .into_iter()
        .map(|record| record.verb)
        .collect();
    assert_eq!(verbs, ["question.received"]);
}

async fn the_same_question_again_gives_the_same_answer_and_no_second_question(app: TestApp) {
    let first = ask(&app, "وين اقرب مكتب؟").await;
    app.clock.advance(Duration::from_secs(3_600));
    let again = ask(&app, "وين اقرب مكتب؟").await;
    assert!(!again.is_new);
    assert_eq!((again.id, &again.code, &again.secret), (first.id, &first.code, &first.secret));
    let mut read = app.db.read().await.unwrap();
    let questions: i64 = query("SELECT COUNT(*) FROM question").value(&mut read).await.unwrap();
    let jobs: i64 = query("SELECT COUNT(*) FROM job").value(&mut read).await.unwrap();
    assert_eq!((questions, jobs), (1, 1));
}

async fn two_deliveries_at_the_same_moment_make_one_question(app: TestApp) {
    let channel = web(&app).await;
    let deliver = || async {
        questions::receive(&app, NewQuestion::text(channel, "once", "متى يفتح المكتب؟")).await.unwrap().id
    };
    let (a, b, c, d) = tokio::join!(deliver(), deliver(), deliver(), deliver());
    assert!(a == b && b == c && c == d);
}

async fn identifiers_are_masked_and_the_case_is_private(app: TestApp) {
    let receipt = ask(&app, "هويتي ١٠٠٠٠٠٠٠٠٨ وجوالي 0551234567 متى تخلص معاملتي").await;
    let question = load(&app, receipt.id).await;
    assert_eq!(question.privacy, "private");
    assert!(question.redacted.contains("[رقم هوية]") && question.redacted.contains("[رقم جوال]"));
    assert!(!question.redacted.contains("0551234567") && !question.redacted.contains("١٠٠٠٠٠٠٠٠٨"));
    assert!(question.reasons().iter().any(|reason| reason == "identifier"));
    assert!(files_with(&app, "0551234567").is_empty(), "the clear text is sealed");
}

async fn a_one_time_code_is_nowhere_in_the_rows_or_files(app: TestApp) {
    let channel = web(&app).await;
    let mut new = NewQuestion::text(channel, "otp", "جاني رمز التحقق 739164 من ابشر ارسله لهم؟");
    new.contact = Some("كلمة المرور Qw3rty!zx".to_owned());
    let receipt = questions::receive(&app, new).await.unwrap();
    run_jobs(&app).await;
    let question = load(&app, receipt.id).await;
    assert!(question.had_secret && question.urgent);
    assert!(!question.redacted.contains("739164"));
    assert!(files_with(&app, "739164").is_empty());
    assert!(files_with(&app, "Qw3rty!zx").is_empty());
    let mut read = app.db.read().await.unwrap();
    let (clear, contact): (Vec<u8>, Vec<u8>) =
        query("SELECT clear_sealed, contact_sealed FROM question").one(&mut read).await.unwrap();
    let open = |part: &str, sealed: &[u8]| {
        let text = app.sealer.open(&format!("question.{part}:{}", receipt.id), sealed).unwrap();
        String::from_utf8(text).unwrap()
    };
    assert!(open("text", &clear).contains("[رمز تحقق]") && !open("text", &clear).contains("739164"));
    assert!(!open("contact", &contact).contains("Qw3rty"));
    assert!(app.sealer.open("question.text:question_other", &clear).is_err(), "bound to its question");
}

async fn a_code_shows_the_safety_clip_at_once(app: TestApp) {
    let before = ask(&app, "الرمز 4821 وصلني").await;
    assert_eq!(before.safety.unwrap().clip_slug, None);
    let safety = clip(&app, "never-share", "safety", "لا تشارك الرمز").await;
    publish(&app, safety).await;
    let after = ask(&app, "رمز التحقق 482134 وصلني").await;
    assert_eq!(after.safety.unwrap().clip_slug.as_deref(), Some("never-share"));
}

async fn a_channel_that_says_private_is_believed(app: TestApp) {
    let channel = web(&app).await;
    let mut new = NewQuestion::text(channel, "private", "كيف أجدد الهوية الوطنية؟");
    new.wish = Wish::Private;
    let question = load(&app, questions::receive(&app, new).await.unwrap().id).await;
    assert_eq!(
        (question.privacy.as_str(), question.reasons()),
        ("private", vec!["asked_in_private".to_owned()])
    );
}

async fn asking_for_a_woman_is_kept(app: TestApp) {
    let channel = web(&app).await;
    let mut new = NewQuestion::text(channel, "woman", "كيف أجدد الهوية الوطنية؟");
    new.wants_woman = true;
    let question = load(&app, questions::receive(&app, new).await.unwrap().id).await;
    assert!(question.wants_woman);
}

async fn an_empty_or_endless_question_is_refused_and_changes_nothing(app: TestApp) {
    let channel = web(&app).await;
    for (text, code) in [
        (String::new(), "question.empty"),
        (" \u{202E}\0 ".to_owned(), "question.empty"),
        ("س".repeat(2_001), "question.too_long"),
        ("س".repeat(2_000_000), "question.too_long"),
    ] {
        let refused = questions::receive(&app, NewQuestion::text(channel, "bad", text)).await.unwrap_err();
        assert_eq!(refused.downcast_ref::<Refusal>().unwrap().code, code);
    }
    let mut unknown = NewQuestion::text(channel, "bad", "كيف؟");
    unknown.service = Some("no.such".to_owned());
    let refused = questions::receive(&app, unknown).await.unwrap_err();
    assert_eq!(refused.downcast_ref::<Refusal>().unwrap().code, "service.unknown");
    let mut read = app.db.read().await.unwrap();
    let rows: i64 = query("SELECT COUNT(*) FROM question").value(&mut read).await.unwrap();
    assert_eq!(rows, 0);
}

async fn the_job_finds_a_published_answer(app: TestApp) {
    let renew = published(&app, "renew", "كيف أجدد الهوية الوطنية؟").await;
    let receipt = ask(&app, "كيف اجدد هويه وطنيه").await;
    run_jobs(&app).await;
    let question = load(&app, receipt.id).await;
    assert_eq!(question.state, QuestionState::Matched);
    assert!(question.confidence.unwrap() > 0);
    let mut read = app.db.read().await.unwrap();
    let first: (uuid::Uuid,) = query("SELECT clip_id FROM suggestion WHERE question_id = $1 AND place = 1")
        .bind(receipt.id)
        .one(&mut read)
        .await
        .unwrap();
    assert_eq!(first.0, renew.uuid());
}

async fn a_question_without_an_answer_is_a_gap(app: TestApp) {
    published(&app, "renew", "كيف أجدد الهوية الوطنية؟").await;
    let receipt = ask(&app, "متى تزور الوحدة المتنقلة شركتنا؟").await;
    run_jobs(&app).await;
    assert_eq!(load(&app, receipt.id).await.state, QuestionState::Gap);
}

async fn only_published_clips_are_suggested(app: TestApp) {
    clip(&app, "secret-draft", "answer", "كيف أجدد الهوية الوطنية؟").await;
    let receipt = ask(&app, "كيف أجدد الهوية الوطنية؟").await;
    run_jobs(&app).await;
    assert_eq!(load(&app, receipt.id).await.state, QuestionState::Gap);
}
