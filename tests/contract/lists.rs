//! Lists of published clips: what stands in them, in which order, and how they go on.

use crate::support::TestApp;
use ishara::catalog::{self, By, Card, CardFilter, ClipKind, TextChange, VersionState, invariants};
use ishara::db::query;
use ishara::ids::ClipId;
use std::time::Duration;

on_both_engines!(
    a_list_follows_every_publication,
    a_list_of_one_service_topic_or_kind_holds_nothing_else,
    titles_and_terms_in_sign_are_no_answers,
    lists_page_without_gaps,
);

fn ids(cards: Vec<Card>) -> Vec<ClipId> {
    cards.into_iter().map(|card| card.id).collect()
}

async fn listed(app: &TestApp, filter: &CardFilter) -> Vec<ClipId> {
    let mut read = app.db.read().await.unwrap();
    ids(catalog::newest_cards(&mut read, filter, None, 9).await.unwrap())
}

async fn mislisted(app: &TestApp) -> usize {
    let mut read = app.db.read().await.unwrap();
    invariants::mislisted_clips(&mut read).await.unwrap().len()
}

async fn a_list_follows_every_publication(app: TestApp) {
    let crew = app.crew().await;
    let all = CardFilter::default();
    let first = app.published_clip(&crew, "الأول").await;
    app.clock.advance(Duration::from_secs(1));
    let second = app.published_clip(&crew, "الثاني").await;
    assert_eq!(listed(&app, &all).await, [second, first]);
    app.clock.advance(Duration::from_secs(1));
    let by = By::Staff(&crew.producer);
    let edit =
        TextChange { title_ar: Some("الأول بعد التصحيح".to_owned()), ..Default::default() };
    let mut tx = app.db.begin().await.unwrap();
    catalog::edit_text(&mut tx, by, first, None, edit).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(listed(&app, &all).await, [second, first], "a draft moves nothing");
    app.review_and_publish(&crew, first).await;
    assert_eq!(listed(&app, &all).await, [first, second], "the corrected answer is the newest");
    assert_eq!(mislisted(&app).await, 0);
    let mut tx = app.db.begin().await.unwrap();
    catalog::withdraw(&mut tx, by, first, None, "سبب").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(listed(&app, &all).await, [second]);
    assert_eq!(mislisted(&app).await, 0);
    let mut tx = app.db.begin().await.unwrap();
    query("UPDATE clip SET published_at = 1 WHERE id = $1").bind(first).execute(&mut tx).await.unwrap();
    query("UPDATE clip SET published_at = NULL WHERE id = $1").bind(second).execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(mislisted(&app).await, 2, "ishara verify finds both");
}

async fn a_list_of_one_service_topic_or_kind_holds_nothing_else(app: TestApp) {
    let crew = app.crew().await;
    let mut made = Vec::new();
    for title in ["الأول", "الثاني", "الثالث"] {
        made.push(app.published_clip(&crew, title).await);
        app.clock.advance(Duration::from_secs(1));
    }
    let mut read = app.db.read().await.unwrap();
    let services = catalog::services(&mut read).await.unwrap();
    let own = catalog::clip(&mut read, made[0]).await.unwrap().unwrap().service_id;
    drop(read);
    let own = services.iter().find(|service| service.id == own).unwrap();
    let other = services.iter().find(|service| service.topic != own.topic).unwrap();
    let mut tx = app.db.begin().await.unwrap();
    query("UPDATE clip SET service_id = $1, kind = 'awareness' WHERE id = $2")
        .bind(other.id)
        .bind(made[1])
        .execute(&mut tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let of = |service, topic: Option<&str>, kind| CardFilter {
        service,
        topic: topic.map(str::to_owned),
        kind,
        ..CardFilter::default()
    };
    assert_eq!(listed(&app, &of(Some(own.id), None, None)).await, [made[2], made[0]]);
    assert_eq!(listed(&app, &of(None, Some(&own.topic), None)).await, [made[2], made[0]]);
    assert_eq!(listed(&app, &of(None, Some(&other.topic), None)).await, [made[1]]);
    assert_eq!(listed(&app, &of(None, None, Some(ClipKind::Awareness))).await, [made[1]]);
    assert!(listed(&app, &of(Some(own.id), None, Some(ClipKind::Awareness))).await.is_empty());
    assert!(listed(&app, &of(Some(own.id), Some(&other.topic), None)).await.is_empty());
}

async fn titles_and_terms_in_sign_are_no_answers(app: TestApp) {
    let crew = app.crew().await;
    let answer = app.published_clip(&crew, "ضاعت هويتي").await;
    app.clock.advance(Duration::from_secs(1));
    let title = app.published_clip(&crew, "الهوية").await;
    let mut tx = app.db.begin().await.unwrap();
    query("UPDATE clip SET kind = 'signed_title' WHERE id = $1").bind(title).execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    let mut read = app.db.read().await.unwrap();
    assert_eq!(listed(&app, &CardFilter::default()).await, [answer]);
    let all = CardFilter { with_parts: true, ..CardFilter::default() };
    assert_eq!(listed(&app, &all).await, [title, answer]);
    let counted: i64 =
        catalog::published_counts(&mut read).await.unwrap().into_iter().map(|(_, count)| count).sum();
    assert_eq!(counted, 1);
}

async fn lists_page_without_gaps(app: TestApp) {
    let crew = app.crew().await;
    let mut made = Vec::new();
    for n in 0..5 {
        made.push(app.published_clip(&crew, &format!("عنوان {n}")).await);
        app.clock.advance(Duration::from_secs(1));
    }
    made.reverse();
    let mut read = app.db.read().await.unwrap();
    let mut listed = Vec::new();
    let mut after = None;
    loop {
        let page = catalog::newest_cards(&mut read, &Default::default(), after, 2).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some(catalog::After { at: last.published_at, id: last.id });
        listed.extend(page.iter().map(|card| card.id));
    }
    assert_eq!(listed, made);
    let rows = catalog::studio_list(&mut read, &Default::default(), None, 3).await.unwrap();
    assert_eq!(rows.len(), 3);
    let counts = catalog::studio_counts(&mut read).await.unwrap();
    assert_eq!(counts, [(VersionState::Published, 5)]);
    let again = catalog::cards(&mut read, &[made[3], made[0]]).await.unwrap();
    assert_eq!(ids(again), [made[3], made[0]]);
    let whole = catalog::studio_clip(&mut read, made[0], None, app.clock.now()).await.unwrap().unwrap();
    assert!(whole.unmet.is_empty() && !whole.history.is_empty());
}
