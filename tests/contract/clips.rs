//! The life of a clip: two lanes, hashes, versions, schedules and the end of consent.

use crate::support::TestApp;
use ishara::app::App;
use ishara::catalog::{
    self, By, Consent, Decision, Found, Lane, Lapse, NewSigner, PublicationTimes, PublishScheduled,
    TextChange, VersionState,
};
use ishara::db::query;
use ishara::ids::ClipId;
use ishara::jobs::{Queue, Runner};
use ishara::people::Role;
use ishara::refusal::Refusal;
use std::time::Duration;

on_both_engines!(
    a_clip_goes_from_draft_to_the_public_by_two_lanes,
    an_author_never_approves_and_another_department_neither,
    a_returned_version_goes_round_again,
    an_edited_caption_needs_new_approval,
    a_change_of_a_published_clip_opens_a_new_version,
    everything_that_is_missing_is_listed,
    caption_errors_pass_only_with_a_reason_on_record,
    what_was_changed_behind_the_rules_is_not_published,
    a_scheduled_clip_appears_at_its_time_and_goes_at_its_end,
    a_withdrawn_clip_leads_to_its_replacement,
    consent_taken_back_takes_the_clips_out,
    a_past_review_date_shows_to_staff_and_stays_public,
    a_waiver_is_never_a_review,
    two_lanes_at_the_same_moment_approve,
    an_old_page_does_not_overwrite_a_newer_change,
    twin_titles_have_their_own_addresses,
);

fn code(error: &anyhow::Error) -> &'static str {
    error.downcast_ref::<Refusal>().unwrap_or_else(|| panic!("not a refusal: {error:#}")).code
}

async fn state(app: &TestApp, clip: ClipId) -> VersionState {
    let mut read = app.db.read().await.unwrap();
    catalog::latest_version(&mut read, clip).await.unwrap().state
}

async fn found(app: &TestApp, clip: ClipId) -> Found {
    let mut read = app.db.read().await.unwrap();
    let slug = catalog::clip(&mut read, clip).await.unwrap().unwrap().slug;
    catalog::public_clip(&mut read, &slug).await.unwrap()
}

fn runner(app: &TestApp) -> Runner<App> {
    Runner::new(app.db.clone(), (**app).clone()).with::<PublishScheduled>().with::<Lapse>()
}

async fn a_clip_goes_from_draft_to_the_public_by_two_lanes(app: TestApp) {
    let crew = app.crew().await;
    let clip = app.clip_in_review(&crew, "كيف أجدد هويتي؟").await;
    assert_eq!(code(&app.publish(&crew.producer, clip).await.unwrap_err()), "publication.not_approved");
    app.approve(&crew.linguist, clip, Lane::Linguistic).await.unwrap();
    assert_eq!(state(&app, clip).await, VersionState::InReview);
    assert_eq!(
        code(&app.approve(&crew.linguist, clip, Lane::Linguistic).await.unwrap_err()),
        "review.lane_decided"
    );
    app.approve(&crew.department, clip, Lane::Factual).await.unwrap();
    assert_eq!(state(&app, clip).await, VersionState::Approved);
    assert!(matches!(found(&app, clip).await, Found::Nothing), "approved is not yet public");
    app.publish(&crew.producer, clip).await.unwrap();
    let Found::Shown(shown) = found(&app, clip).await else { panic!("the public sees it") };
    assert_eq!(shown.tracks[0].cues[0].text, "حدّث صورتك ثم قدّم طلب التجديد");
    assert_eq!(shown.department.code, "documents");
    let mut read = app.db.read().await.unwrap();
    let held = catalog::current_approvals(&mut read, shown.version.id).await.unwrap();
    assert!(held.iter().all(|approval| approval.video_hash == shown.version.hashes.video));
    let cards = catalog::newest_cards(&mut read, &Default::default(), None, 10).await.unwrap();
    assert_eq!(cards.iter().map(|card| card.id).collect::<Vec<_>>(), [clip]);
    assert_eq!(ishara::audit::verify(&mut read).await.unwrap(), None);
}

async fn an_author_never_approves_and_another_department_neither(app: TestApp) {
    let crew = app.crew().await;
    let clip = app.ready_clip(&crew, "عنوان").await;
    // Whoever corrects a caption is an author, whatever their role.
    app.caption(&crew.producer, clip, "نص أول").await;
    let mut tx = app.db.begin().await.unwrap();
    let version = catalog::latest_version(&mut tx, clip).await.unwrap().id;
    query("INSERT INTO version_author (version_id, staff_id) VALUES ($1, $2)")
        .bind(version)
        .bind(crew.linguist.id)
        .execute(&mut tx)
        .await
        .unwrap();
    catalog::submit(&mut tx, By::Staff(&crew.producer), clip, None, None).await.unwrap();
    tx.commit().await.unwrap();
    let own = app.approve(&crew.linguist, clip, Lane::Linguistic).await.unwrap_err();
    assert_eq!(code(&own), "review.own_work");
    let mut stranger = crew.department.clone();
    stranger.department_id = Some(app.department("branches").await);
    let other = app.approve(&stranger, clip, Lane::Factual).await.unwrap_err();
    assert_eq!(code(&other), "review.other_department");
    let wrong_lane = app.approve(&crew.department, clip, Lane::Linguistic).await.unwrap_err();
    assert_eq!(code(&wrong_lane), "forbidden");
}

async fn a_returned_version_goes_round_again(app: TestApp) {
    let crew = app.crew().await;
    let clip = app.clip_in_review(&crew, "عنوان").await;
    let by = By::Staff(&crew.linguist);
    let mut tx = app.db.begin().await.unwrap();
    let silent = Decision::Returned { reason: "  ".to_owned(), at_ms: None };
    let refused = catalog::decide(&mut tx, by, clip, None, Lane::Linguistic, silent).await.unwrap_err();
    assert_eq!(code(&refused), "review.no_reason");
    drop(tx);
    let mut tx = app.db.begin().await.unwrap();
    let returned =
        Decision::Returned { reason: "الإشارة غير واضحة".to_owned(), at_ms: Some(1_500) };
    catalog::decide(&mut tx, by, clip, None, Lane::Linguistic, returned).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(state(&app, clip).await, VersionState::ChangesRequested);
    app.caption(&crew.producer, clip, "نص أوضح من قبل").await;
    assert_eq!(state(&app, clip).await, VersionState::Ready);
    let mut tx = app.db.begin().await.unwrap();
    catalog::submit(&mut tx, By::Staff(&crew.producer), clip, None, None).await.unwrap();
    tx.commit().await.unwrap();
    app.approve(&crew.linguist, clip, Lane::Linguistic).await.unwrap();
}

async fn an_edited_caption_needs_new_approval(app: TestApp) {
    let crew = app.crew().await;
    let clip = app.approved_clip(&crew, "عنوان").await;
    app.caption(&crew.producer, clip, "نص آخر بعد الاعتماد").await;
    assert_eq!(state(&app, clip).await, VersionState::Ready);
    assert_eq!(code(&app.publish(&crew.producer, clip).await.unwrap_err()), "publication.not_approved");
    let mut read = app.db.read().await.unwrap();
    let version = catalog::latest_version(&mut read, clip).await.unwrap();
    assert!(catalog::current_approvals(&mut read, version.id).await.unwrap().is_empty());
    let all = catalog::approvals(&mut read, version.id).await.unwrap();
    assert!(all.len() == 2 && all.iter().all(|approval| approval.voided_at.is_some()), "the record stays");
}

async fn a_change_of_a_published_clip_opens_a_new_version(app: TestApp) {
    let crew = app.crew().await;
    let clip = app.published_clip(&crew, "العنوان الأول").await;
    let mut tx = app.db.begin().await.unwrap();
    let change =
        TextChange { title_ar: Some("العنوان الثاني".to_owned()), ..Default::default() };
    catalog::edit_text(&mut tx, By::Staff(&crew.producer), clip, None, change).await.unwrap();
    tx.commit().await.unwrap();
    let mut read = app.db.read().await.unwrap();
    let versions = catalog::versions(&mut read, clip).await.unwrap();
    assert_eq!(
        versions.iter().map(|version| (version.n, version.state)).collect::<Vec<_>>(),
        [(2, VersionState::Ready), (1, VersionState::Published)]
    );
    assert_eq!(versions[0].hashes.video, versions[1].hashes.video, "the video is taken over");
    assert_eq!(catalog::tracks(&mut read, versions[0].id).await.unwrap()[0].origin, "copied");
    drop(read);
    let Found::Shown(shown) = found(&app, clip).await else { panic!("still public") };
    assert_eq!(shown.clip.title_ar, "العنوان الأول", "the public sees what was approved");
    app.review_and_publish(&crew, clip).await;
    let Found::Shown(shown) = found(&app, clip).await else { panic!("still public") };
    assert_eq!((shown.clip.title_ar.as_str(), shown.version.n), ("العنوان الثاني", 2));
    let mut read = app.db.read().await.unwrap();
    let versions = catalog::versions(&mut read, clip).await.unwrap();
    assert_eq!(versions[1].state, VersionState::Superseded);
}

async fn everything_that_is_missing_is_listed(app: TestApp) {
    let crew = app.crew().await;
    let clip = app.draft(&crew.producer, "اتصل بنا").await;
    let mut tx = app.db.begin().await.unwrap();
    let change = TextChange {
        summary_ar: Some("للصم والبكم. ثانية. ثالثة. رابعة.".to_owned()),
        ..Default::default()
    };
    catalog::edit_text(&mut tx, By::Staff(&crew.producer), clip, None, change).await.unwrap();
    let refused = catalog::submit(&mut tx, By::Staff(&crew.producer), clip, None, None).await.unwrap_err();
    let refusal = refused.downcast_ref::<Refusal>().unwrap();
    assert_eq!(refusal.code, "review.not_ready");
    let details = refusal.details.clone().unwrap();
    let codes: Vec<&str> =
        details["unmet"].as_array().unwrap().iter().map(|guard| guard["code"].as_str().unwrap()).collect();
    let expected =
        ["media.missing", "captions.missing", "summary.too_long", "wording.rejected", "wording.call_only"];
    assert_eq!(codes, expected);
}

async fn caption_errors_pass_only_with_a_reason_on_record(app: TestApp) {
    let crew = app.crew().await;
    let clip = app.ready_clip(&crew, "عنوان").await;
    // Far more than 20 characters a second.
    app.caption(&crew.producer, clip, &"كلمات كثيرة جدا في وقت قصير ".repeat(8)).await;
    let by = By::Staff(&crew.producer);
    let mut tx = app.db.begin().await.unwrap();
    assert!(catalog::submit(&mut tx, by, clip, None, None).await.is_err());
    drop(tx);
    let mut tx = app.db.begin().await.unwrap();
    catalog::submit(&mut tx, by, clip, None, Some("نص قانوني لا يُختصر")).await.unwrap();
    tx.commit().await.unwrap();
    let mut read = app.db.read().await.unwrap();
    let version = catalog::latest_version(&mut read, clip).await.unwrap();
    assert_eq!(version.override_by, Some(crew.producer.id));
}

async fn what_was_changed_behind_the_rules_is_not_published(app: TestApp) {
    let crew = app.crew().await;
    let clip = app.approved_clip(&crew, "عنوان").await;
    let mut tx = app.db.begin().await.unwrap();
    query("UPDATE version_text SET summary_ar = 'كلام آخر'").execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    let refused = app.publish(&crew.producer, clip).await.unwrap_err();
    assert_eq!(code(&refused), "publication.not_what_was_approved");
    assert_eq!(state(&app, clip).await, VersionState::Approved);
}

async fn a_scheduled_clip_appears_at_its_time_and_goes_at_its_end(app: TestApp) {
    let crew = app.crew().await;
    let clip = app.approved_clip(&crew, "عنوان").await;
    let hour = Duration::from_secs(3600);
    let now = app.clock.now();
    let times = PublicationTimes { publish_at: Some(now + hour), unpublish_at: Some(now + hour * 3) };
    let mut tx = app.db.begin().await.unwrap();
    catalog::publish(&mut tx, By::Staff(&crew.producer), clip, None, times).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(state(&app, clip).await, VersionState::Scheduled);
    let runner = runner(&app);
    assert!(!runner.run_one(Queue::Default).await.unwrap(), "nothing is due yet");
    app.clock.advance(hour);
    assert!(runner.run_one(Queue::Default).await.unwrap());
    assert!(matches!(found(&app, clip).await, Found::Shown(_)));
    app.clock.advance(hour * 2);
    assert!(runner.run_one(Queue::Default).await.unwrap());
    assert!(matches!(found(&app, clip).await, Found::Gone));
    assert_eq!(state(&app, clip).await, VersionState::Withdrawn);
}

async fn a_withdrawn_clip_leads_to_its_replacement(app: TestApp) {
    let crew = app.crew().await;
    let old = app.published_clip(&crew, "قديم").await;
    let new = app.published_clip(&crew, "جديد").await;
    let by = By::Staff(&crew.producer);
    let mut tx = app.db.begin().await.unwrap();
    let silent = catalog::withdraw(&mut tx, by, old, None, " ").await.unwrap_err();
    assert_eq!(code(&silent), "publication.no_reason");
    drop(tx);
    let mut tx = app.db.begin().await.unwrap();
    catalog::withdraw(&mut tx, by, old, None, "تغيّر النظام").await.unwrap();
    catalog::set_replaced_by(&mut tx, by, old, Some(new)).await.unwrap();
    tx.commit().await.unwrap();
    let Found::Replaced { title_ar, .. } = found(&app, old).await else { panic!("leads on") };
    assert_eq!(title_ar, "جديد");
    let mut tx = app.db.begin().await.unwrap();
    let twice = catalog::withdraw(&mut tx, by, old, None, "مرة أخرى").await.unwrap_err();
    assert_eq!(code(&twice), "publication.not_published");
}

async fn consent_taken_back_takes_the_clips_out(app: TestApp) {
    let crew = app.crew().await;
    let now = app.clock.now();
    let mut tx = app.db.begin().await.unwrap();
    let new = NewSigner {
        display_name: "سارة".to_owned(),
        role: "deaf_presenter".to_owned(),
        sign_language: "sgn-SA".to_owned(),
        consent_from: None,
        consent_until: None,
    };
    let actor = By::Staff(&crew.producer).actor();
    let id = catalog::add_signer(&mut tx, actor, new).await.unwrap();
    tx.commit().await.unwrap();
    let clip = app.ready_clip(&crew, "عنوان").await;
    let mut tx = app.db.begin().await.unwrap();
    let change = TextChange { signer_id: Some(Some(id)), ..Default::default() };
    catalog::edit_text(&mut tx, By::Staff(&crew.producer), clip, None, change).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = app.db.begin().await.unwrap();
    let missing = catalog::submit(&mut tx, By::Staff(&crew.producer), clip, None, None).await.unwrap_err();
    assert!(missing.to_string().contains("consent"));
    drop(tx);
    let mut tx = app.db.begin().await.unwrap();
    let mut signer = catalog::signer(&mut tx, id).await.unwrap().unwrap();
    signer.consent_from = Some(now);
    catalog::update_signer(&mut tx, actor, &signer).await.unwrap();
    catalog::submit(&mut tx, By::Staff(&crew.producer), clip, None, None).await.unwrap();
    tx.commit().await.unwrap();
    app.approve(&crew.linguist, clip, Lane::Linguistic).await.unwrap();
    app.approve(&crew.department, clip, Lane::Factual).await.unwrap();
    app.publish(&crew.producer, clip).await.unwrap();
    let mut tx = app.db.begin().await.unwrap();
    let mut signer = catalog::signer(&mut tx, id).await.unwrap().unwrap();
    signer.consent_withdrawn_at = Some(now);
    assert_eq!(signer.consent(now), Consent::Withdrawn);
    assert_eq!(catalog::update_signer(&mut tx, actor, &signer).await.unwrap(), 1);
    tx.commit().await.unwrap();
    assert!(matches!(found(&app, clip).await, Found::Gone));
}

async fn a_past_review_date_shows_to_staff_and_stays_public(app: TestApp) {
    let crew = app.crew().await;
    let clip = app.published_clip(&crew, "عنوان").await;
    app.clock.advance(catalog::REVIEW_AFTER);
    assert!(runner(&app).run_one(Queue::Default).await.unwrap());
    assert_eq!(state(&app, clip).await, VersionState::NeedsReview);
    assert!(matches!(found(&app, clip).await, Found::Shown(_)));
    let mut tx = app.db.begin().await.unwrap();
    catalog::confirm(&mut tx, By::Staff(&crew.producer), clip, None).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(state(&app, clip).await, VersionState::Published);
}

async fn a_waiver_is_never_a_review(app: TestApp) {
    let crew = app.crew().await;
    let clip = app.ready_clip(&crew, "عنوان").await;
    let mut tx = app.db.begin().await.unwrap();
    let refused = catalog::waive_reviews(&mut tx, By::Staff(&crew.producer), clip, "سبب").await.unwrap_err();
    assert_eq!(code(&refused), "forbidden");
    drop(tx);
    let administrator = app.person(app.staff("boss", Role::Administrator).await).await;
    let mut tx = app.db.begin().await.unwrap();
    catalog::waive_reviews(&mut tx, By::Staff(&administrator), clip, "محتوى معتمد من قبل").await.unwrap();
    tx.commit().await.unwrap();
    app.publish(&crew.producer, clip).await.unwrap();
    let mut read = app.db.read().await.unwrap();
    let version = catalog::latest_version(&mut read, clip).await.unwrap();
    let held = catalog::current_approvals(&mut read, version.id).await.unwrap();
    assert!(held.len() == 2 && held.iter().all(|approval| approval.decision == "waived"));
}

async fn two_lanes_at_the_same_moment_approve(app: TestApp) {
    let crew = app.crew().await;
    for round in 0..5 {
        let clip = app.clip_in_review(&crew, &format!("عنوان {round}")).await;
        let (signing, facts) = tokio::join!(
            app.approve(&crew.linguist, clip, Lane::Linguistic),
            app.approve(&crew.department, clip, Lane::Factual),
        );
        signing.unwrap();
        facts.unwrap();
        assert_eq!(state(&app, clip).await, VersionState::Approved, "neither is lost");
    }
}

async fn an_old_page_does_not_overwrite_a_newer_change(app: TestApp) {
    let crew = app.crew().await;
    let clip = app.draft(&crew.producer, "عنوان").await;
    let mut read = app.db.read().await.unwrap();
    let seen = catalog::clip(&mut read, clip).await.unwrap().unwrap().row_version;
    drop(read);
    let by = By::Staff(&crew.producer);
    let edit = |title: &str| TextChange { title_ar: Some(title.to_owned()), ..Default::default() };
    let mut tx = app.db.begin().await.unwrap();
    catalog::edit_text(&mut tx, by, clip, Some(seen), edit("الأول")).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = app.db.begin().await.unwrap();
    let late = catalog::edit_text(&mut tx, by, clip, Some(seen), edit("الثاني")).await.unwrap_err();
    assert_eq!(code(&late), "stale");
}

async fn twin_titles_have_their_own_addresses(app: TestApp) {
    let crew = app.crew().await;
    let mut slugs = Vec::new();
    for _ in 0..3 {
        let clip = app.draft(&crew.producer, "ضاعت هويتي").await;
        let mut read = app.db.read().await.unwrap();
        slugs.push(catalog::clip(&mut read, clip).await.unwrap().unwrap().slug);
    }
    assert_eq!(slugs[0], "daat-hwyty");
    assert!(slugs[1] != slugs[2] && slugs[1].starts_with("daat-hwyty-"));
}
