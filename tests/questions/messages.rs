//! What asker and desk write to each other: a question back, its answer, and more words to a case opened again.

use crate::stage::{answered, ask, claimed, code, files_with, load};
use crate::support::TestApp;
use ishara::questions::state::QuestionState;
use ishara::questions::{self, AskerStatus, Author, Clarity, Force, Segment};
use std::time::Duration;

on_both_engines!(
    the_clock_stands_still_until_the_asker_answers,
    an_answer_is_screened_like_a_question,
    nobody_writes_where_nothing_waits,
    further_words_to_an_open_case_change_nothing_else,
    only_the_holder_asks_and_never_for_a_secret,
    what_was_unclear_reaches_the_desk,
    an_asker_writes_at_most_five_messages,
    a_person_may_go_on_without_the_answer,
);

const HOUR: Duration = Duration::from_secs(60 * 60);

async fn the_clock_stands_still_until_the_asker_answers(app: TestApp) {
    let (receipt, _, agent) = claimed(&app, "كيف أجدد الهوية الوطنية؟").await;
    let due = load(&app, receipt.id).await.due_at;
    questions::ask_asker(&app, &agent, receipt.id, "هل الهوية منتهية أم ضائعة؟").await.unwrap();
    let waiting = load(&app, receipt.id).await;
    assert_eq!((waiting.state, waiting.claimed_by), (QuestionState::WaitingCitizen, None));
    app.clock.advance(HOUR * 40);
    assert!(!load(&app, receipt.id).await.is_overdue_at(app.clock.now()));

    let page = questions::asker_page(&app, &receipt.secret).await.unwrap();
    assert_eq!((page.status, page.can_write), (AskerStatus::WaitingForYou, true));
    assert_eq!(page.messages[0].author, Author::Desk);

    questions::write_message(&app, &receipt.secret, "منتهية من شهر").await.unwrap();
    let back = load(&app, receipt.id).await;
    assert_eq!((back.state, back.due_at), (QuestionState::Matched, due + HOUR * 40));
    let mut read = app.db.read().await.unwrap();
    let detail = questions::detail(&mut read, &agent, receipt.id).await.unwrap();
    let authors: Vec<Author> = detail.messages.iter().map(|message| message.author).collect();
    assert_eq!(authors, [Author::Desk, Author::Asker]);
}

async fn an_answer_is_screened_like_a_question(app: TestApp) {
    let (receipt, _, agent) = claimed(&app, "كيف أجدد الهوية الوطنية؟").await;
    assert_eq!(load(&app, receipt.id).await.privacy, "public");
    questions::ask_asker(&app, &agent, receipt.id, "هل سبق أن جددتها؟").await.unwrap();
    let text = "هويتي 1000000008 ورمز التحقق 482913";
    questions::write_message(&app, &receipt.secret, text).await.unwrap();
    let question = load(&app, receipt.id).await;
    assert_eq!((question.privacy.as_str(), question.had_secret), ("private", true));
    let page = questions::asker_page(&app, &receipt.secret).await.unwrap();
    assert!(page.safety.is_some());
    let kinds: Vec<&str> = page.messages[1].segments.iter().filter_map(mask).collect();
    assert_eq!(kinds, ["national_id", "otp"]);
    for personal in ["1000000008", "482913"] {
        assert!(files_with(&app, personal).is_empty(), "{personal} is in a file");
    }
    questions::claim(&app, &agent, receipt.id, Force::Polite).await.unwrap();
    let clear = questions::reveal(&app, &agent, receipt.id).await.unwrap();
    assert!(clear.later[0].contains("1000000008") && !clear.later[0].contains("482913"));
}

fn mask(segment: &Segment) -> Option<&str> {
    match segment {
        Segment::Mask { kind, .. } => Some(kind),
        Segment::Text { .. } => None,
    }
}

async fn nobody_writes_where_nothing_waits(app: TestApp) {
    let (receipt, _, _, _) = answered(&app).await;
    let outcome = questions::write_message(&app, &receipt.secret, "أنا هنا").await;
    assert_eq!(code(outcome), "message.not_asked");
    assert_eq!(code(questions::write_message(&app, "wrong", "أنا هنا").await), "not_found");
    assert!(questions::asker_page(&app, &receipt.secret).await.unwrap().messages.is_empty());
}

async fn further_words_to_an_open_case_change_nothing_else(app: TestApp) {
    let receipt = ask(&app, "أين أقرب مكتب؟").await;
    let before = load(&app, receipt.id).await;
    questions::write_message(&app, &receipt.secret, "أنا في جدة").await.unwrap();
    let after = load(&app, receipt.id).await;
    assert_eq!((after.state, after.cycle, after.due_at), (before.state, before.cycle, before.due_at));
    assert_eq!(code(questions::write_message(&app, &receipt.secret, " ").await), "message.empty");
    assert_eq!(questions::asker_page(&app, &receipt.secret).await.unwrap().messages.len(), 1);
}

async fn only_the_holder_asks_and_never_for_a_secret(app: TestApp) {
    let (receipt, _, agent) = claimed(&app, "كيف أجدد الهوية الوطنية؟").await;
    let id = receipt.id;
    assert_eq!(code(questions::ask_asker(&app, &agent, id, "  ").await), "message.empty");
    assert_eq!(code(questions::ask_asker(&app, &agent, id, &"ا".repeat(301)).await), "question.too_long");
    let leak = questions::ask_asker(&app, &agent, id, "رمز التحقق 482913").await;
    assert_eq!(code(leak), "reply.identifier");
    questions::release(&app, &agent, id).await.unwrap();
    assert_eq!(code(questions::ask_asker(&app, &agent, id, "أي مدينة؟").await), "question.not_claimed");
    assert_eq!(load(&app, id).await.state, QuestionState::Matched);
}

async fn what_was_unclear_reaches_the_desk(app: TestApp) {
    let (receipt, _, agent, _) = answered(&app).await;
    questions::rate(&app, &receipt.secret, Clarity::NotUnderstood, "لم أفهم الرسوم").await.unwrap();
    questions::write_message(&app, &receipt.secret, "وهل أدفع نقدًا؟").await.unwrap();
    assert_eq!(load(&app, receipt.id).await.state, QuestionState::Reopened);
    let mut read = app.db.read().await.unwrap();
    let detail = questions::detail(&mut read, &agent, receipt.id).await.unwrap();
    assert_eq!(detail.messages.len(), 2);
    assert_eq!(detail.messages[0].segments, [Segment::Text { text: "لم أفهم الرسوم".to_owned() }]);
}

async fn an_asker_writes_at_most_five_messages(app: TestApp) {
    let (receipt, _, _, _) = answered(&app).await;
    questions::reopen(&app, &receipt.secret, "").await.unwrap();
    for n in 1..=5 {
        questions::write_message(&app, &receipt.secret, format!("توضيح {n}").as_str()).await.unwrap();
    }
    assert_eq!(code(questions::write_message(&app, &receipt.secret, "سادسة").await), "message.too_many");
    assert_eq!(code(questions::reopen(&app, &receipt.secret, "سابعة").await), "message.too_many");
    assert_eq!(questions::asker_page(&app, &receipt.secret).await.unwrap().messages.len(), 5);
}

async fn a_person_may_go_on_without_the_answer(app: TestApp) {
    let (receipt, _, agent) = claimed(&app, "كيف أجدد الهوية الوطنية؟").await;
    let due = load(&app, receipt.id).await.due_at;
    questions::ask_asker(&app, &agent, receipt.id, "أي مدينة؟").await.unwrap();
    app.clock.advance(HOUR * 3);
    let question = questions::claim(&app, &agent, receipt.id, Force::Polite).await.unwrap();
    assert_eq!((question.state, question.due_at), (QuestionState::Claimed, due + HOUR * 3));
}
