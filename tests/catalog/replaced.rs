//! Addresses of an answer that another one took the place of: nothing that was shared, framed or printed goes dead.

use crate::client::Client;
use crate::support::TestApp;
use ishara::catalog::{self, By};

on_both_engines!(what_others_keep_of_an_answer_leads_to_the_one_in_its_place,);

async fn what_others_keep_of_an_answer_leads_to_the_one_in_its_place(app: TestApp) {
    let crew = app.crew().await;
    let old = app.published_clip(&crew, "قديم").await;
    let new = app.published_clip(&crew, "جديد").await;
    let by = By::Staff(&crew.producer);
    let mut tx = app.db.begin().await.unwrap();
    let slug = catalog::clip(&mut tx, old).await.unwrap().unwrap().slug;
    let next = catalog::clip(&mut tx, new).await.unwrap().unwrap().slug;
    catalog::withdraw(&mut tx, by, old, None, "تغيّر النظام").await.unwrap();
    tx.commit().await.unwrap();
    let anyone = Client::nobody(&app);
    let base = app.config.base_url.as_str().trim_end_matches('/').to_owned();
    let oembed = format!("/oembed?url={base}/clips/{slug}");
    for address in [format!("/embed/{slug}"), format!("/clips/{slug}/card"), oembed.clone()] {
        anyone.page(&address).await.expect(404);
    }
    let mut tx = app.db.begin().await.unwrap();
    catalog::set_replaced_by(&mut tx, by, old, Some(new)).await.unwrap();
    tx.commit().await.unwrap();
    let linked = anyone.page(&format!("/clips/{slug}")).await;
    assert_eq!(linked.header("location"), format!("/clips/{next}?replaces=1"));
    let frame = anyone.page(&format!("/embed/{slug}")).await.expect(200).text();
    assert!(frame.contains("جديد") && frame.contains(&format!("{base}/clips/{next}")), "{frame}");
    let card = anyone.page(&format!("/clips/{slug}/card")).await.expect(200).text();
    assert!(card.contains("جديد") && !card.contains("قديم"));
    let told = anyone.page(&oembed).await.expect(200).json();
    assert!(told["html"].as_str().unwrap().contains(&format!("{base}/embed/{next}")), "{told}");
}
