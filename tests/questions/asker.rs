//! What the asker sees and says.

use crate::stage::{answered, ask, claimed, code, load, run_jobs, with_clip};
use crate::support::TestApp;
use crate::support::browser::Browser;
use ishara::db::query;
use ishara::questions::state::QuestionState;
use ishara::questions::{self, AskerStatus, Clarity, Force, Segment, UNDO_FOR};
use ishara::text::Privacy;
use std::time::Duration;

on_both_engines!(
    the_page_shows_the_way_and_the_reply,
    a_draft_is_never_on_the_page,
    understood_closes_the_case_and_saying_it_twice_changes_nothing,
    not_understood_opens_a_new_cycle_with_its_own_clock,
    asking_again_needs_an_answer_and_counts_once,
    the_short_code_shows_only_the_status,
    a_wrong_secret_opens_nothing,
    the_public_band_counts_answers_and_waiting,
    the_warning_about_codes_plays_where_it_stands,
);

async fn the_page_shows_the_way_and_the_reply(app: TestApp) {
    let (receipt, _, _, _) = answered(&app).await;
    let page = questions::asker_page(&app, &receipt.secret).await.unwrap();
    assert_eq!(page.status, AskerStatus::Answered);
    let way: Vec<AskerStatus> = page.timeline.iter().map(|step| step.status).collect();
    assert_eq!(way, [AskerStatus::Received, AskerStatus::InProgress, AskerStatus::Answered]);
    assert_eq!(page.replies.len(), 1);
    let clip = page.replies[0].clip.as_ref().unwrap();
    assert_eq!((clip.card.slug.as_str(), clip.card.duration_ms), ("renew", Some(12_000)));
    assert!(page.can_rate && page.can_reopen && !page.is_late);
    assert_eq!(page.segments, [Segment::Text { text: "كيف أجدد الهوية الوطنية؟".to_owned() }]);
}

async fn a_draft_is_never_on_the_page(app: TestApp) {
    let (receipt, clip, agent) = claimed(&app, "كيف أجدد الهوية الوطنية؟").await;
    questions::write_reply(&app, &agent, receipt.id, with_clip(clip, Privacy::Public)).await.unwrap();
    let page = questions::asker_page(&app, &receipt.secret).await.unwrap();
    assert!(page.replies.is_empty() && !page.can_rate);
    assert_eq!(page.status, AskerStatus::InProgress);
    assert_eq!(
        code(questions::rate(&app, &receipt.secret, Clarity::Understood, "").await),
        "question.no_reply_yet"
    );
}

async fn understood_closes_the_case_and_saying_it_twice_changes_nothing(app: TestApp) {
    let (receipt, _, _, _) = answered(&app).await;
    questions::rate(&app, &receipt.secret, Clarity::Understood, "").await.unwrap();
    questions::rate(&app, &receipt.secret, Clarity::Understood, "").await.unwrap();
    let question = load(&app, receipt.id).await;
    assert_eq!((question.state, question.resolved_at), (QuestionState::Resolved, Some(app.clock.now())));
    let mut read = app.db.read().await.unwrap();
    let rows: i64 = query("SELECT COUNT(*) FROM reply_feedback").value(&mut read).await.unwrap();
    assert_eq!(rows, 1);
    let page = questions::asker_page(&app, &receipt.secret).await.unwrap();
    assert_eq!(page.replies[0].understood, Some(true));
}

async fn not_understood_opens_a_new_cycle_with_its_own_clock(app: TestApp) {
    let (receipt, clip, agent, _) = answered(&app).await;
    app.clock.advance(Duration::from_secs(48 * 60 * 60));
    questions::rate(&app, &receipt.secret, Clarity::NotUnderstood, "").await.unwrap();
    questions::rate(&app, &receipt.secret, Clarity::NotUnderstood, "").await.unwrap();
    let question = load(&app, receipt.id).await;
    assert_eq!((question.state, question.cycle), (QuestionState::Reopened, 2));
    assert_eq!(question.due_at.since(app.clock.now()), 24 * 60 * 60 * 1000);
    assert!(!question.is_overdue_at(app.clock.now()));
    questions::claim(&app, &agent, receipt.id, Force::Polite).await.unwrap();
    questions::write_reply(&app, &agent, receipt.id, with_clip(clip, Privacy::Public)).await.unwrap();
    app.clock.advance(UNDO_FOR);
    run_jobs(&app).await;
    let page = questions::asker_page(&app, &receipt.secret).await.unwrap();
    assert_eq!((page.replies.len(), page.status), (2, AskerStatus::Answered));
    questions::rate(&app, &receipt.secret, Clarity::Understood, "").await.unwrap();
    assert_eq!(load(&app, receipt.id).await.state, QuestionState::Resolved);
}

async fn asking_again_needs_an_answer_and_counts_once(app: TestApp) {
    let early = ask(&app, "أين أقرب مكتب؟").await;
    assert_eq!(code(questions::reopen(&app, &early.secret, "").await), "question.no_reply_yet");
    let (receipt, _, _, _) = answered(&app).await;
    questions::reopen(&app, &receipt.secret, "").await.unwrap();
    questions::reopen(&app, &receipt.secret, "").await.unwrap();
    assert_eq!(load(&app, receipt.id).await.cycle, 2);
}

async fn the_short_code_shows_only_the_status(app: TestApp) {
    let receipt = ask(&app, "أين أقرب مكتب؟").await;
    let typed = format!(" {} ", receipt.code.to_lowercase().replace('-', " "));
    let mut read = app.db.read().await.unwrap();
    let status = questions::status_by_code(&mut read, &typed, app.clock.now()).await.unwrap();
    assert_eq!((status.status, status.code), (AskerStatus::Received, receipt.code));
    for wrong in ["", "ABC-DEFG", "ABC", "' OR 1=1 --", "ABCDEFGH"] {
        assert_eq!(code(questions::status_by_code(&mut read, wrong, app.clock.now()).await), "not_found");
    }
}

async fn a_wrong_secret_opens_nothing(app: TestApp) {
    let receipt = ask(&app, "أين أقرب مكتب؟").await;
    let mut wrong = receipt.secret.clone();
    wrong.pop();
    for secret in [wrong.as_str(), "", &receipt.code, &receipt.id.to_string()] {
        assert_eq!(code(questions::asker_page(&app, secret).await), "not_found");
        assert_eq!(code(questions::rate(&app, secret, Clarity::Understood, "").await), "not_found");
    }
    assert!(crate::stage::files_with(&app, &receipt.secret).is_empty(), "only its hash is kept");
}

async fn the_public_band_counts_answers_and_waiting(app: TestApp) {
    let mut read = app.db.read().await.unwrap();
    let before = questions::transparency(&mut read, app.clock.now()).await.unwrap();
    assert_eq!((before.median_answer_ms, before.waiting), (None, 0));
    drop(read);
    answered(&app).await;
    ask(&app, "أين أقرب مكتب؟").await;
    let mut read = app.db.read().await.unwrap();
    let after = questions::transparency(&mut read, app.clock.now()).await.unwrap();
    assert_eq!((after.median_answer_ms, after.waiting, after.answered), (Some(20_000), 1, 1));
}

async fn the_warning_about_codes_plays_where_it_stands(app: TestApp) {
    let crew = app.crew().await;
    let clip = app.published_clip(&crew, "لا تعطِ رمز التحقق لأحد").await;
    let mut tx = app.db.begin().await.unwrap();
    query("UPDATE clip SET kind = 'safety' WHERE id = $1").bind(clip).execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    let visitor = Browser::visitor(&app);
    let sent = visitor.post("/ask", &[("text", "جاني رمز التحقق 4821 وارسلته لهم")]).await.text;
    let plays =
        |page: &str| page.contains("<video class=\"safety\"") && page.contains("src=\"/media/renditions/");
    assert!(plays(&sent));
    let own = sent.split("/questions/").nth(2).unwrap().split('"').next().unwrap();
    assert!(plays(&visitor.open(&format!("/questions/{own}")).await.text));
    assert!(!plays(&visitor.post("/ask", &[("text", "أين أقرب مكتب؟")]).await.text));
}
