//! What the matcher learns from the desk, how it is taken back, and what a new clip or a like question sets going.

use crate::stage::{ask, claimed, clip, code, index, load, publish, published, run_jobs, staff, with_clip};
use crate::support::{TestApp, variable};
use ishara::db::query;
use ishara::matching::MeaningFollower;
use ishara::matching::lexicon_book::{self, Change};
use ishara::people::{Role, Staff};
use ishara::questions::state::QuestionState;
use ishara::questions::{self, Force, Verdict};
use ishara::text::Privacy;
use std::time::Duration;

on_both_engines!(
    a_wording_that_was_taken_back_is_not_learned_again,
    a_wording_goes_when_its_confirmation_is_withdrawn,
    confirmed_and_rejected_wordings_train_the_classifier,
    an_open_question_is_answered_by_a_clip_published_later,
    what_was_matched_by_words_is_looked_at_again_by_meaning,
    like_questions_are_grouped_and_the_answer_is_offered_to_each,
    a_lexicon_is_used_at_once_and_can_be_brought_back,
    a_lexicon_is_previewed_as_the_desk_would_see_it,
    a_half_written_lexicon_is_refused_and_a_stale_one_too,
    a_damaged_lexicon_leaves_the_one_before_in_use,
    the_evaluation_counts_what_people_decided,
);

const TEXT: &str = "كيف أجدد الهوية الوطنية؟";

async fn supervisor(app: &TestApp) -> Staff {
    staff(app, "supervisor", Role::Supervisor).await
}

async fn wordings(app: &TestApp) -> Vec<questions::Lesson> {
    let mut read = app.db.read().await.unwrap();
    questions::lessons(&mut read, None, 10).await.unwrap()
}

async fn a_wording_that_was_taken_back_is_not_learned_again(app: TestApp) {
    let (receipt, clip, agent) = claimed(&app, TEXT).await;
    questions::judge(&app, &agent, receipt.id, clip, Verdict::Accepted).await.unwrap();
    let lesson = wordings(&app).await.remove(0);
    assert_eq!((lesson.text_ar.as_str(), lesson.clip_id), (TEXT, clip));
    let mut read = app.db.read().await.unwrap();
    let source = questions::wording_source(&mut read, clip, TEXT).await.unwrap().unwrap();
    drop(read);
    assert!(source.said().starts_with("confirmed at the desk on 20"), "{}", source.said());
    assert_eq!(code(questions::unlearn(&app, &agent, lesson.id).await), "forbidden");
    let supervisor = supervisor(&app).await;
    questions::unlearn(&app, &supervisor, lesson.id).await.unwrap();
    assert!(wordings(&app).await.is_empty());
    questions::judge(&app, &agent, receipt.id, clip, Verdict::Rejected).await.unwrap();
    questions::judge(&app, &agent, receipt.id, clip, Verdict::Accepted).await.unwrap();
    assert!(wordings(&app).await.is_empty(), "a lesson taken back stays away");
    assert_eq!(code(questions::unlearn(&app, &supervisor, lesson.id).await), "not_found");
}

async fn a_wording_goes_when_its_confirmation_is_withdrawn(app: TestApp) {
    let (receipt, clip, agent) = claimed(&app, TEXT).await;
    questions::judge(&app, &agent, receipt.id, clip, Verdict::Accepted).await.unwrap();
    let title = "تجديد هويتي الوطنية كيف يكون";
    let other = ask(&app, title).await;
    run_jobs(&app).await;
    questions::claim(&app, &agent, other.id, Force::Polite).await.unwrap();
    questions::judge(&app, &agent, other.id, clip, Verdict::Accepted).await.unwrap();
    questions::judge(&app, &agent, receipt.id, clip, Verdict::Rejected).await.unwrap();
    let left: Vec<String> = wordings(&app).await.into_iter().map(|lesson| lesson.text_ar).collect();
    assert_eq!(left, [title], "only the wording of the rejected question goes");
    questions::judge(&app, &agent, receipt.id, clip, Verdict::Accepted).await.unwrap();
    assert_eq!(wordings(&app).await.len(), 2, "a change of mind counts again");
}

async fn confirmed_and_rejected_wordings_train_the_classifier(app: TestApp) {
    let (first, clip, agent) = claimed(&app, TEXT).await;
    questions::judge(&app, &agent, first.id, clip, Verdict::Accepted).await.unwrap();
    for text in ["تجديد الهوية الوطنية كيف", "أجدد الهوية الوطنية"] {
        let receipt = ask(&app, text).await;
        run_jobs(&app).await;
        questions::claim(&app, &agent, receipt.id, Force::Polite).await.unwrap();
        questions::judge(&app, &agent, receipt.id, clip, Verdict::Accepted).await.unwrap();
    }
    questions::retrain(&app).await.unwrap();
    let learned = app.matcher.tuition().current().learned;
    assert_eq!(learned.size(), (1, 3));
    assert_eq!(learned.scores("تجديد الهوية").first().map(|(id, _)| *id), Some(clip.to_string().as_str()));
}

async fn an_open_question_is_answered_by_a_clip_published_later(app: TestApp) {
    published(&app, "renew", TEXT).await;
    let receipt = ask(&app, "متى تزور الوحدة المتنقلة شركتنا؟").await;
    run_jobs(&app).await;
    assert_eq!(load(&app, receipt.id).await.state, QuestionState::Gap);
    questions::queue_rematches(&app).await.unwrap();
    app.clock.advance(Duration::from_secs(60));
    let new = clip(&app, "mobile", "answer", "متى تزور الوحدة المتنقلة الشركة؟").await;
    publish(&app, new).await;
    index(&app).await;
    assert_eq!(questions::queue_rematches(&app).await.unwrap(), 1);
    assert_eq!(questions::queue_rematches(&app).await.unwrap(), 0, "each publication is looked at once");
    run_jobs(&app).await;
    assert_eq!(load(&app, receipt.id).await.state, QuestionState::Matched);
}

async fn what_was_matched_by_words_is_looked_at_again_by_meaning(app: TestApp) {
    let Some(model) = variable("ISHARA_TEST_MODEL") else { return };
    published(&app, "renew", TEXT).await;
    let receipt = ask(&app, TEXT).await;
    run_jobs(&app).await;
    let matchers = || async {
        let mut read = app.db.read().await.unwrap();
        let rows = query("SELECT matcher FROM suggestion WHERE question_id = $1").bind(receipt.id);
        rows.all::<(String,)>(&mut read).await.unwrap()
    };
    assert!(matchers().await.iter().all(|(matcher,)| matcher.starts_with("lexical")));
    assert!(!questions::queue_second_look(&app).await.unwrap(), "nothing is known yet");
    std::os::unix::fs::symlink(model, &app.config.model_dir).unwrap();
    app.meanings.load();
    MeaningFollower::new(app.db.clone(), app.meanings.clone()).catch_up().await.unwrap();
    assert!(questions::queue_second_look(&app).await.unwrap());
    run_jobs(&app).await;
    let found = matchers().await;
    assert!(!found.is_empty() && found.iter().all(|(matcher,)| matcher.starts_with("hybrid")), "{found:?}");
}

async fn like_questions_are_grouped_and_the_answer_is_offered_to_each(app: TestApp) {
    let second = "متى تزور الوحدة المتنقله شركتنا";
    let answer = published(&app, "renew", TEXT).await;
    let first = ask(&app, "متى تزور الوحدة المتنقلة شركتنا؟").await;
    run_jobs(&app).await;
    app.clock.advance(Duration::from_secs(60));
    let other = ask(&app, second).await;
    let stranger = ask(&app, "كيف أسجل واقعة طلاق؟").await;
    run_jobs(&app).await;
    let mut read = app.db.read().await.unwrap();
    let group = questions::alike(&mut read, first.id).await.unwrap();
    assert_eq!(group.iter().map(|one| one.id).collect::<Vec<_>>(), [other.id]);
    assert!(group[0].shared.contains("تزور"), "the shared words are said: {}", group[0].shared);
    assert!(questions::alike(&mut read, stranger.id).await.unwrap().is_empty());
    drop(read);
    let agent = staff(&app, "agent", Role::Agent).await;
    questions::claim(&app, &agent, first.id, Force::Polite).await.unwrap();
    questions::write_reply(&app, &agent, first.id, with_clip(answer, Privacy::Public)).await.unwrap();
    app.clock.advance(questions::UNDO_FOR);
    run_jobs(&app).await;
    assert_eq!(load(&app, first.id).await.state, QuestionState::Sent);
    assert_eq!(load(&app, other.id).await.state, QuestionState::Matched, "nothing is sent without a person");
    let mut read = app.db.read().await.unwrap();
    let detail = questions::detail(&mut read, &agent, other.id).await.unwrap();
    assert_eq!(detail.suggestions[0].clip.slug, "renew");
}

fn change(base: i64, body: &'static str) -> Change<'static> {
    Change { base, body, note: "كلمة جديدة" }
}

async fn a_lexicon_is_used_at_once_and_can_be_brought_back(app: TestApp) {
    let supervisor = supervisor(&app).await;
    let expansions = || app.matcher.tuition().current().lexicon.expand("شنطة").len();
    assert_eq!(expansions(), 0);
    lexicon_book::save(&app.db, &supervisor, change(0, "شنطة = الهوية الوطنية")).await.unwrap();
    lexicon_book::refresh(&app.db, app.matcher.tuition()).await.unwrap();
    assert_eq!((expansions(), lexicon_book::in_use(app.matcher.tuition())), (1, 1));
    lexicon_book::save(&app.db, &supervisor, change(1, "# فارغة")).await.unwrap();
    lexicon_book::refresh(&app.db, app.matcher.tuition()).await.unwrap();
    assert_eq!(expansions(), 0);
    let mut read = app.db.read().await.unwrap();
    let versions = lexicon_book::versions(&mut read, 5).await.unwrap();
    assert_eq!(versions.iter().map(|version| version.n).collect::<Vec<_>>(), [2, 1]);
}

async fn a_lexicon_is_previewed_as_the_desk_would_see_it(app: TestApp) {
    published(&app, "renew", TEXT).await;
    let term = clip(&app, "term", "glossary_term", "شنطة الهوية الوطنية").await;
    publish(&app, term).await;
    index(&app).await;
    ask(&app, "شنطة ضاعت").await;
    let next = lexicon_book::read(1, "شنطة = تجديد الهوية الوطنية").unwrap();
    let (asked, changes) = questions::preview_lexicon(&app, next).await.unwrap();
    let named = |title: &Option<String>| title.as_deref().is_some_and(|title| title.contains("شنطة"));
    assert_eq!(asked, 1);
    assert!(changes.iter().all(|one| !named(&one.before) && !named(&one.after)), "{changes:?}");
}

async fn a_half_written_lexicon_is_refused_and_a_stale_one_too(app: TestApp) {
    let supervisor = supervisor(&app).await;
    let agent = staff(&app, "agent", Role::Agent).await;
    assert_eq!(code(lexicon_book::save(&app.db, &agent, change(0, "ا = ب")).await), "forbidden");
    for half in ["شنطة", "شنطة = ", "= هوية", "شنطة؛ = "] {
        assert_eq!(
            code(lexicon_book::save(&app.db, &supervisor, change(0, half)).await),
            "lexicon.bad_line",
            "{half}"
        );
    }
    lexicon_book::save(&app.db, &supervisor, change(0, "شنطة = هوية")).await.unwrap();
    assert_eq!(
        code(lexicon_book::save(&app.db, &supervisor, change(0, "كرت = هوية")).await),
        "lexicon.stale"
    );
}

async fn a_damaged_lexicon_leaves_the_one_before_in_use(app: TestApp) {
    let supervisor = supervisor(&app).await;
    lexicon_book::save(&app.db, &supervisor, change(0, "شنطة = هوية")).await.unwrap();
    lexicon_book::save(&app.db, &supervisor, change(1, "شنطة = هوية")).await.unwrap();
    let mut tx = app.db.begin().await.unwrap();
    ishara::db::query("UPDATE lexicon_version SET body = 'شنطة' WHERE n = 2").execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    lexicon_book::refresh(&app.db, app.matcher.tuition()).await.unwrap();
    assert_eq!(lexicon_book::in_use(app.matcher.tuition()), 1);
}

async fn the_evaluation_counts_what_people_decided(app: TestApp) {
    let (right, clip, agent) = claimed(&app, TEXT).await;
    questions::judge(&app, &agent, right.id, clip, Verdict::Accepted).await.unwrap();
    let wrong = ask(&app, "تجديد الهوية الوطنية").await;
    run_jobs(&app).await;
    questions::claim(&app, &agent, wrong.id, Force::Polite).await.unwrap();
    questions::judge(&app, &agent, wrong.id, clip, Verdict::Rejected).await.unwrap();
    let since = app.clock.now() - Duration::from_secs(3600);
    let mut read = app.db.read().await.unwrap();
    let quality = questions::quality(&mut read, since).await.unwrap();
    assert_eq!((quality.all.decided, quality.all.first), (2, 1));
    assert_eq!(quality.surprises.iter().map(|one| one.id).collect::<Vec<_>>(), [wrong.id]);
    assert_eq!(quality.bins.iter().map(|bin| bin.count).sum::<usize>(), 2);
}
