//! Clips through the API, on both engines.

use crate::client::{Client, VTT, new_clip};
use crate::support::TestApp;
use axum::body::Body;
use axum::http::Method;
use ishara::catalog;
use ishara::ids::ClipId;
use ishara::people::Role;
use serde_json::{Value, json};

on_both_engines!(
    a_clip_is_made_reviewed_published_and_withdrawn,
    the_same_key_makes_one_clip_and_another_body_is_refused,
    a_stale_change_is_refused_and_changes_nothing,
    roles_and_scopes_hold,
    a_broken_caption_file_names_its_line,
    captions_go_to_elan_and_come_back,
    lists_page_by_cursor,
    nonsense_gets_a_clear_refusal,
    strangers_see_only_what_is_published,
    fees_and_deadlines_are_reviewed_fields,
    a_page_offers_its_file_only_where_that_is_allowed,
);

async fn ready(app: &TestApp, producer: &Client, title: &str) -> String {
    let id = producer.draft(title).await;
    producer.captions(&id, VTT).await.expect(200);
    app.finish_media(id.parse::<ClipId>().unwrap(), b"rendition").await;
    id
}

async fn seeded(app: &TestApp) {
    catalog::seed_at_first_start(&app.db).await.unwrap();
}

async fn a_clip_is_made_reviewed_published_and_withdrawn(app: TestApp) {
    seeded(&app).await;
    let producer = Client::with_role(&app, "producer", Role::Producer).await;
    let linguist = Client::with_role(&app, "linguist", Role::LinguisticReviewer).await;
    let department = Client::with_role(&app, "department", Role::DepartmentReviewer).await;
    let id = producer.draft("كيف أجدد هويتي؟").await;
    let early = producer.post(&format!("/clips/{id}/review"), json!({})).await.expect(409);
    assert_eq!(early.problem(), "review.not_ready");
    let codes: Vec<Value> = early.json()["details"]["unmet"]
        .as_array()
        .unwrap()
        .iter()
        .map(|guard| guard["code"].clone())
        .collect();
    assert_eq!(codes, ["media.missing", "captions.missing"]);
    producer.captions(&id, VTT).await.expect(200);
    app.finish_media(id.parse().unwrap(), b"rendition").await;
    producer.post(&format!("/clips/{id}/review"), json!({})).await.expect(200);
    let approvals = format!("/clips/{id}/approvals");
    let yes = |lane: &str| json!({ "lane": lane, "decision": "approved" });
    producer.post(&approvals, yes("linguistic")).await.expect(403);
    linguist.post(&approvals, yes("factual")).await.expect(403);
    linguist.post(&approvals, yes("linguistic")).await.expect(201);
    let publication = format!("/clips/{id}/publication");
    let early = producer.send(Method::PUT, &publication, json!({})).await.expect(409);
    assert_eq!(early.problem(), "publication.not_approved");
    let answer = department.post(&approvals, yes("factual")).await.expect(201).json();
    assert_eq!(answer["version"]["state"], "approved");
    let answer = producer.send(Method::PUT, &publication, json!({})).await.expect(200).json();
    assert_eq!((answer["state"].as_str(), answer["version"]["n"].as_i64()), (Some("published"), Some(1)));
    assert_eq!(answer["version"]["approvals"].as_array().unwrap().len(), 2);
    assert_eq!(answer["version"]["hashes"]["video"].as_str().unwrap().len(), 64);
    assert_eq!(answer["version"]["media"]["renditions"][0]["fps"], 25.0);
    let silent = producer.send(Method::DELETE, &publication, json!({})).await.expect(422);
    assert_eq!(silent.problem(), "publication.no_reason");
    let gone =
        producer.send(Method::DELETE, &publication, json!({ "reason": "تغيّر النظام" })).await.expect(200);
    assert_eq!(gone.json()["state"], "withdrawn");
}

async fn the_same_key_makes_one_clip_and_another_body_is_refused(app: TestApp) {
    seeded(&app).await;
    let producer = Client::with_role(&app, "producer", Role::Producer).await;
    let other = Client::with_role(&app, "other", Role::Producer).await;
    let create = async |client: &Client, title: &str| {
        let headers = [("idempotency-key", "k-1"), ("content-type", "application/json")];
        client.call(Method::POST, "/clips", &headers, Body::from(new_clip(title).to_string())).await
    };
    let first = create(&producer, "عنوان").await.expect(201);
    let (again, twin) = tokio::join!(create(&producer, "عنوان"), create(&producer, "عنوان"));
    for answer in [again.expect(201), twin.expect(201)] {
        assert_eq!(answer.body, first.body);
        assert_eq!(answer.header("location"), first.header("location"));
    }
    assert_eq!(create(&producer, "عنوان آخر").await.expect(422).problem(), "idempotency.other_request");
    create(&other, "عنوان آخر").await.expect(201);
    let listed = producer.get("/clips").await.expect(200).json();
    assert_eq!(listed["clips"].as_array().unwrap().len(), 2, "one for each person");
    let refused = [("idempotency-key", "k-2"), ("content-type", "application/json")];
    let bad = || Body::from(json!({ "kind": "answer", "service": "nope", "title_ar": "س" }).to_string());
    producer.call(Method::POST, "/clips", &refused, bad()).await.expect(422);
    let good = Body::from(new_clip("بعد التصحيح").to_string());
    producer.call(Method::POST, "/clips", &refused, good).await.expect(201);
}

async fn a_stale_change_is_refused_and_changes_nothing(app: TestApp) {
    seeded(&app).await;
    let producer = Client::with_role(&app, "producer", Role::Producer).await;
    let id = producer.draft("عنوان").await;
    let path = format!("/clips/{id}");
    let tag = producer.get(&path).await.expect(200).header("etag").to_owned();
    assert!(tag.starts_with('"') && !tag.starts_with("W/"));
    let change = async |tag: &str, title: &str| {
        let headers = [("if-match", tag), ("content-type", "application/json")];
        let body = Body::from(json!({ "title_ar": title }).to_string());
        producer.call(Method::PATCH, &path, &headers, body).await
    };
    let changed = change(&tag, "الأول").await.expect(200);
    assert_eq!(change(&tag, "الثاني").await.expect(412).problem(), "stale");
    assert_eq!(producer.get(&path).await.json()["title_ar"], "الأول");
    change(changed.header("etag"), "الثالث").await.expect(200);
    change("\"tomorrow\"", "الرابع").await.expect(412);
}

async fn roles_and_scopes_hold(app: TestApp) {
    seeded(&app).await;
    let agent = Client::with_role(&app, "agent", Role::Agent).await;
    agent.post("/clips", new_clip("عنوان")).await.expect(403);
    agent.get("/clips").await.expect(200);
    agent.get("/jobs").await.expect(403);
    let nobody = Client::nobody(&app);
    nobody.post("/clips", new_clip("عنوان")).await.expect(401);
    nobody.get("/jobs").await.expect(401);
    let services = nobody.get("/services").await.expect(200).json();
    assert_eq!(services["services"].as_array().unwrap().len(), 27);
    assert_eq!(services["topics"].as_array().unwrap().len(), 8);
}

async fn a_broken_caption_file_names_its_line(app: TestApp) {
    seeded(&app).await;
    let producer = Client::with_role(&app, "producer", Role::Producer).await;
    let id = producer.draft("عنوان").await;
    let broken = "WEBVTT\n\n00:00.200 --> never\nنص\n";
    let answer = producer.captions(&id, broken).await.expect(422);
    assert_eq!(answer.problem(), "captions.unreadable");
    assert_eq!(answer.json()["details"]["line"], 3);
    let odd = [("content-type", "application/pdf")];
    let path = format!("/clips/{id}/captions/ar");
    producer.call(Method::PUT, &path, &odd, Body::from("x")).await.expect(415);
    let elsewhere = format!("/clips/{id}/captions/xx");
    producer.call(Method::PUT, &elsewhere, &[], Body::from(VTT)).await.expect(422);
    let saved = producer.captions(&id, VTT).await.expect(200).json();
    assert_eq!((saved["revision"].as_i64(), saved["cues"].as_i64()), (Some(1), Some(1)));
    let back = producer.get(&path).await.expect(200);
    assert!(back.text().starts_with("WEBVTT") && back.text().contains("حدّث صورتك"));
}

async fn captions_go_to_elan_and_come_back(app: TestApp) {
    seeded(&app).await;
    let producer = Client::with_role(&app, "producer", Role::Producer).await;
    let id = producer.draft("عنوان").await;
    producer.captions(&id, VTT).await.expect(200);
    let path = format!("/clips/{id}/captions/ar");
    let before = producer.get(&path).await.expect(200).text();
    let elan = producer.get(&format!("{path}?format=eaf")).await.expect(200).text();
    assert!(elan.contains("<ANNOTATION_DOCUMENT") && elan.contains("MEDIA_URL=\"./"), "{elan}");
    let kind = [("content-type", "text/x-eaf+xml")];
    producer.call(Method::PUT, &path, &kind, Body::from(elan)).await.expect(200);
    assert_eq!(producer.get(&path).await.expect(200).text(), before);
}

async fn lists_page_by_cursor(app: TestApp) {
    seeded(&app).await;
    let producer = Client::with_role(&app, "producer", Role::Producer).await;
    for n in 0..5 {
        producer.draft(&format!("عنوان {n}")).await;
        app.clock.advance(std::time::Duration::from_secs(1));
    }
    let mut seen = Vec::new();
    let mut path = "/clips?limit=2&state=draft".to_owned();
    loop {
        let page = producer.get(&path).await.expect(200).json();
        seen.extend(page["clips"].as_array().unwrap().iter().map(|clip| clip["title_ar"].clone()));
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/clips?limit=2&state=draft&after={next}");
    }
    assert_eq!(seen, ["عنوان 4", "عنوان 3", "عنوان 2", "عنوان 1", "عنوان 0"]);
    assert_eq!(producer.get("/clips?after=zzz").await.expect(422).problem(), "bad_cursor");
}

async fn nonsense_gets_a_clear_refusal(app: TestApp) {
    seeded(&app).await;
    let producer = Client::with_role(&app, "producer", Role::Producer).await;
    let json = [("content-type", "application/json")];
    let cut_off = producer.call(Method::POST, "/clips", &json, Body::from("{\"kind\":")).await.expect(400);
    assert_eq!(cut_off.problem(), "bad_json");
    for body in [
        json!({}),
        json!({ "kind": "film", "service": "id.renew", "title_ar": "س" }),
        json!({ "kind": "answer", "service": "id.renew", "title_ar": " " }),
        json!({ "kind": "answer", "service": "id.renew", "title_ar": "س".repeat(500) }),
        json!({ "kind": "answer", "service": "id.renew", "title_ar": "س", "sign_language": "xyz" }),
        json!({ "kind": "answer", "service": "id.renew", "title_ar": "س", "state": "published" }),
    ] {
        producer.post("/clips", body).await.expect(422).problem();
    }
    producer.get("/clips/clip_00000000000070008000000000000000").await.expect(404);
    assert!(producer.get("/clips/nonsense").await.status.is_client_error());
    let id = producer.draft("عنوان").await;
    let versions = format!("/clips/{id}/versions");
    let absent = json!({ "upload_id": "upload_00000000000070008000000000000000" });
    producer.post(&versions, absent).await.expect(404);
    let upload = producer.upload(b"bytes of a video".to_vec()).await;
    let stranger = Client::with_role(&app, "stranger", Role::Producer).await;
    stranger.post(&versions, json!({ "upload_id": upload })).await.expect(404);
    let taken = producer.post(&versions, json!({ "upload_id": upload })).await.expect(201).json();
    assert_eq!(taken["version"]["state"], "processing");
    let twice = producer.post(&versions, json!({ "upload_id": upload })).await;
    assert!(twice.status.is_client_error());
    let processing = format!("/clips/{id}/processing");
    producer.call(Method::DELETE, &processing, &[], Body::empty()).await.expect(204);
    let stopped = producer.get(&format!("/clips/{id}")).await.json();
    assert_eq!(stopped["version"]["media"]["state"], "cancelled");
    producer.post(&processing, json!({})).await.expect(202);
    assert_eq!(producer.get(&processing).await.expect(200).json()["state"], "waiting");
}

async fn strangers_see_only_what_is_published(app: TestApp) {
    seeded(&app).await;
    let producer = Client::with_role(&app, "maker", Role::Producer).await;
    let id = ready(&app, &producer, "عنوان").await;
    let nobody = Client::nobody(&app);
    nobody.get(&format!("/clips/{id}")).await.expect(401);
    nobody.get(&format!("/clips/{id}/captions/ar")).await.expect(401);
    let crew = app.crew().await;
    let public = app.published_clip(&crew, "منشور").await;
    let seen = nobody.get(&format!("/clips/{public}")).await.expect(200).json();
    assert_eq!(seen["state"], "published");
    assert_eq!(seen["version"]["approvals"], json!([]), "no names of staff");
    nobody.get(&format!("/clips/{public}/captions/ar")).await.expect(200);
}

async fn fees_and_deadlines_are_reviewed_fields(app: TestApp) {
    let crew = app.crew().await;
    let id = app.published_clip(&crew, "كيف أجدد هويتي؟").await;
    let producer = Client::of(&app, crew.producer.id).await;
    let path = format!("/clips/{id}");
    let approved = producer.get(&path).await.json();
    assert_eq!((&approved["fees_ar"], &approved["deadline_ar"]), (&json!(""), &json!("")));
    let terms = json!({ "fees_ar": "١٠٠ ريال للتالف للمرة الثانية", "deadline_ar": "خلال ٣٠ يومًا" });
    let changed = producer.send(Method::PATCH, &path, terms.clone()).await.expect(200).json();
    assert_eq!((changed["version"]["n"].as_i64(), &changed["fees_ar"]), (Some(2), &terms["fees_ar"]));
    assert_ne!(changed["version"]["hashes"]["text"], approved["version"]["hashes"]["text"]);
    let seen = Client::nobody(&app).get(&path).await.expect(200).json();
    assert_eq!(seen["fees_ar"], "", "nobody has approved it yet");

    producer.post(&format!("{path}/review"), json!({})).await.expect(200);
    app.approve(&crew.linguist, id, catalog::Lane::Linguistic).await.unwrap();
    app.approve(&crew.department, id, catalog::Lane::Factual).await.unwrap();
    app.publish(&crew.producer, id).await.unwrap();
    let seen = Client::nobody(&app).get(&path).await.json();
    assert_eq!((&seen["fees_ar"], &seen["deadline_ar"]), (&terms["fees_ar"], &terms["deadline_ar"]));
    let page = Client::nobody(&app).page("/clips/kyf-ajdd-hwyty").await.expect(200).text();
    let ends = [page.find("١٠٠ ريال للتالف"), page.find("خلال ٣٠ يومًا"), page.find("صحيحة بتاريخ")];
    assert!(ends[0].is_some() && ends.is_sorted(), "fee, deadline, and since when they are right");

    let rejected = json!({ "fees_ar": "مجانًا للصم والبكم" });
    producer.send(Method::PATCH, &path, rejected).await.expect(200);
    let blocked = producer.post(&format!("{path}/review"), json!({})).await.expect(409);
    assert_eq!(blocked.problem(), "review.not_ready", "the rules of wording hold for these fields too");
}

async fn a_page_offers_its_file_only_where_that_is_allowed(app: TestApp) {
    let crew = app.crew().await;
    let id = app.published_clip(&crew, "كيف أجدد هويتي؟").await;
    let producer = Client::of(&app, crew.producer.id).await;
    let offers = async || {
        let page = Client::nobody(&app).page("/clips/kyf-ajdd-hwyty").await.expect(200).text();
        page.contains("download=\"kyf-ajdd-hwyty.mp4\"")
    };
    assert!(offers().await);
    for allowed in [false, true] {
        let body = json!({ "may_download": allowed });
        let view = producer.send(Method::PATCH, &format!("/clips/{id}"), body).await.expect(200).json();
        assert_eq!((&view["may_download"], &view["version"]["n"]), (&json!(allowed), &json!(1)));
        assert_eq!(offers().await, allowed);
    }
}
