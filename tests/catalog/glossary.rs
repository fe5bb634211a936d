//! Clips that say one word: terms with a sign of their own in the transcripts of other clips, and signed titles.

use crate::client::{Client, VTT};
use crate::support::TestApp;
use axum::http::Method;
use ishara::catalog::Lane;
use serde_json::json;

on_both_engines!(a_word_of_a_transcript_opens_its_sign, a_signed_title_goes_to_review_with_its_title_alone,);

async fn a_word_of_a_transcript_opens_its_sign(app: TestApp) {
    let crew = app.crew().await;
    app.published_clip(&crew, "كيف أجدد هويتي؟").await;
    let producer = Client::of(&app, crew.producer.id).await;
    let body = json!({ "kind": "glossary_term", "service": "id.renew", "title_ar": "طلب", "summary_ar": "ورقة أو صفحة تطلب بها خدمة." });
    let answer = producer.post("/clips", body).await.expect(201).json();
    let id: ishara::ids::ClipId = answer["id"].as_str().unwrap().parse().unwrap();
    producer.captions(&id.to_string(), VTT).await.expect(200);
    let page = async || Client::nobody(&app).page("/clips/kyf-ajdd-hwyty").await.expect(200).text();
    app.finish_media(id, b"a term").await;
    producer.post(&format!("/clips/{id}/review"), json!({})).await.expect(200);
    app.approve(&crew.linguist, id, Lane::Linguistic).await.unwrap();
    app.approve(&crew.department, id, Lane::Factual).await.unwrap();
    assert!(!page().await.contains("class=\"term\""), "nothing that is not published is linked");
    app.publish(&crew.producer, id).await.unwrap();
    let linked = page().await;
    let slug = answer["slug"].as_str().unwrap();
    let link = linked.split("class=\"term\"").nth(1).unwrap();
    assert!(link.starts_with(&format!(" href=\"/clips/{slug}\" data-sign=\"/media/")), "{link}");
    assert_eq!(linked.matches("class=\"term\"").count(), 1);
    let own = Client::nobody(&app).page(&format!("/clips/{slug}")).await.expect(200).text();
    assert!(!own.contains("class=\"term\""), "a term does not lead to itself");
    producer
        .send(Method::DELETE, &format!("/clips/{id}/publication"), json!({ "reason": "إشارة جديدة" }))
        .await
        .expect(200);
    assert!(!page().await.contains("class=\"term\""));
}

async fn a_signed_title_goes_to_review_with_its_title_alone(app: TestApp) {
    ishara::catalog::seed_at_first_start(&app.db).await.unwrap();
    let producer = Client::with_role(&app, "producer", ishara::people::Role::Producer).await;
    let body = json!({ "kind": "signed_title", "service": "id.renew", "title_ar": "تجديد الهوية" });
    let answer = producer.post("/clips", body).await.expect(201).json();
    let id: ishara::ids::ClipId = answer["id"].as_str().unwrap().parse().unwrap();
    app.finish_media(id, b"a title").await;
    producer.post(&format!("/clips/{id}/review"), json!({})).await.expect(200);
}
