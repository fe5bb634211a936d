//! Words of the pages in sign: who chooses the clip, and where the public meets it.

use crate::support::TestApp;
use crate::support::browser::Browser;
use crate::support::clips::Crew;
use axum::http::StatusCode;
use ishara::catalog::{self, By};
use ishara::db::query;
use ishara::ids::ClipId;
use ishara::people::Role;

on_both_engines!(
    a_page_text_a_topic_and_a_service_are_said_in_sign,
    a_service_without_a_choice_is_named_by_its_own_signed_title,
    only_a_signed_title_says_a_word,
    only_producers_choose_signs,
);

const ASK: &str = "/studio/signs/text:ask-title";

/// A published signed title; the tests' clips are answers otherwise.
async fn signed_title(app: &TestApp, crew: &Crew, title: &str) -> ClipId {
    let clip = app.published_clip(crew, title).await;
    let mut tx = app.db.begin().await.unwrap();
    query("UPDATE clip SET kind = 'signed_title' WHERE id = $1").bind(clip).execute(&mut tx).await.unwrap();
    query(
        "INSERT INTO picture (id, version_id, role, n, storage_key, mime, width, height, bytes)
         SELECT id, version_id, 'poster_small', 0, storage_key, 'image/webp', 320, 400, bytes FROM rendition
         WHERE version_id = (SELECT published_version_id FROM clip WHERE id = $1)",
    )
    .bind(clip)
    .execute(&mut tx)
    .await
    .unwrap();
    tx.changed("clip", clip);
    tx.commit().await.unwrap();
    clip
}

async fn choose(browser: &Browser, page: &str, clip: &str) -> StatusCode {
    browser.post(page, &[("clip", clip)]).await.status
}

async fn a_page_text_a_topic_and_a_service_are_said_in_sign(app: TestApp) {
    let crew = app.crew().await;
    let title = signed_title(&app, &crew, "اسألنا بلغتك").await;
    app.published_clip(&crew, "كيف أجدد هويتي؟").await;
    let producer = Browser::of(&app, crew.producer.id).await;
    let visitor = Browser::visitor(&app);
    let before = visitor.open("/ask").await.text;
    assert!(!before.contains("data-sign="), "nothing is signed that nobody chose");
    assert!(producer.open("/studio/signs").await.text.contains("بالإشارة الآن ٠ من"));
    for subject in ["text:ask-title", "topic:safety", "service:appointment"] {
        let page = format!("/studio/signs/{subject}");
        assert!(producer.open(&page).await.text.contains("اسألنا بلغتك"), "{subject} can be chosen");
        assert_eq!(choose(&producer, &page, &title.to_string()).await, StatusCode::SEE_OTHER, "{subject}");
    }
    assert!(producer.open("/studio/signs").await.text.contains("بالإشارة الآن ١ من"));
    let ask = visitor.open("/ask").await.text;
    assert_eq!(ask.matches("data-text=\"اسألنا بلغتك\"").count(), 1);
    let topic = visitor.open("/services/safety").await.text;
    assert!(topic.contains("data-text=\"احمِ نفسك\""));
    let service = visitor.open("/services/appointment").await.text;
    assert!(service.contains("class=\"signchip needs-js\" type=\"button\" data-sign=\"/media/"));

    // Taken back, the clip is seen nowhere; the choice stays for its next version.
    let mut tx = app.db.begin().await.unwrap();
    catalog::withdraw(&mut tx, By::Staff(&crew.producer), title, None, "سبب").await.unwrap();
    tx.commit().await.unwrap();
    assert!(!visitor.open("/ask").await.text.contains("data-sign="));
    assert!(producer.open("/studio/signs").await.text.contains("اسألنا بلغتك (غير منشور)"));

    assert_eq!(choose(&producer, ASK, "").await, StatusCode::SEE_OTHER);
    assert!(producer.open("/studio/signs").await.text.contains("بالإشارة الآن ٠ من"));
}

async fn a_service_without_a_choice_is_named_by_its_own_signed_title(app: TestApp) {
    let crew = app.crew().await;
    signed_title(&app, &crew, "تجديد الهوية").await;
    let mut read = app.db.read().await.unwrap();
    let services = catalog::services(&mut read).await.unwrap();
    drop(read);
    let own = services.iter().find(|service| service.code == "id.renew").unwrap();
    let page = Browser::visitor(&app).open("/services/id.renew").await.text;
    assert!(page.contains(&format!("data-text=\"{}\"", own.name_ar)), "its newest signed title is its name");
    let producer = Browser::of(&app, crew.producer.id).await;
    let list = producer.open("/studio/signs?of=services").await.text;
    assert!(list.contains("أحدث عنوان بالإشارة") && list.contains("بالإشارة الآن ١ من"), "the list says so");
}

async fn only_a_signed_title_says_a_word(app: TestApp) {
    let crew = app.crew().await;
    let answer = app.published_clip(&crew, "كيف أجدد هويتي؟").await;
    let producer = Browser::of(&app, crew.producer.id).await;
    let refused = producer.post(ASK, &[("clip", &answer.to_string())]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("اختر مقطعًا نوعه «عنوان بالإشارة»."));
    assert_eq!(choose(&producer, ASK, "not-an-id").await, StatusCode::NOT_FOUND);
    for unknown in ["text:no-such-text", "topic:id.renew", "service:no.such.service", "x"] {
        let page = format!("/studio/signs/{unknown}");
        assert_eq!(producer.open(&page).await.status, StatusCode::NOT_FOUND, "{unknown}");
        assert_eq!(choose(&producer, &page, "").await, StatusCode::NOT_FOUND, "{unknown}");
    }
}

async fn only_producers_choose_signs(app: TestApp) {
    let agent = Browser::of(&app, app.staff("agent", Role::Agent).await).await;
    assert_eq!(agent.open(ASK).await.status, StatusCode::FORBIDDEN);
    assert_eq!(choose(&agent, ASK, "").await, StatusCode::FORBIDDEN);
    let auditor = Browser::of(&app, app.staff("auditor", Role::Auditor).await).await;
    assert_eq!(choose(&auditor, ASK, "").await, StatusCode::FORBIDDEN);
}
