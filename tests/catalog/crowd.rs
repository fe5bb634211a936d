//! Many visitors at the same moment.

use crate::client::Client;
use crate::support::TestApp;
use futures::future::join_all;

on_both_engines!(a_crowd_before_one_clip_is_served_or_asked_to_come_back,);

/// More than there are connections to the database; each opens another moment, so that no page is kept for the next.
async fn a_crowd_before_one_clip_is_served_or_asked_to_come_back(app: TestApp) {
    let crew = app.crew().await;
    app.published_clip(&crew, "كيف أجدد هويتي؟").await;
    let visitor = Client::nobody(&app);
    let visits = (1..=60).map(|n| {
        let (visitor, path) = (visitor.clone(), format!("/clips/kyf-ajdd-hwyty?t=0.{n:02}"));
        tokio::spawn(async move { visitor.page(&path).await.status.as_u16() })
    });
    let answers: Vec<u16> = join_all(visits).await.into_iter().map(Result::unwrap).collect();
    assert!(answers.iter().all(|status| matches!(status, 200 | 503)), "{answers:?}");
    assert!(answers.contains(&200));
}
