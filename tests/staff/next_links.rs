//! What comes after an answer: chosen by staff, of known kinds, to pages only.

use crate::support::TestApp;
use crate::support::browser::Browser;
use axum::http::StatusCode;
use ishara::catalog;
use ishara::people::Role;

on_both_engines!(staff_choose_what_comes_after_an_answer, a_way_on_is_never_a_telephone);

async fn form_of_renewal(app: &TestApp) -> String {
    let mut read = app.db.read().await.unwrap();
    let service = catalog::service_by_code(&mut read, "id.renew").await.unwrap().unwrap();
    format!("/admin/services/{}", service.id)
}

async fn staff_choose_what_comes_after_an_answer(app: TestApp) {
    let crew = app.crew().await;
    app.published_clip(&crew, "قدّم الطلب").await;
    let visitor = Browser::visitor(&app);
    let usual = visitor.open("/clips/qdm-altlb").await.text;
    assert!(usual.contains("href=\"https://www.absher.sa/\"") && usual.contains("احجز موعدًا"));

    let administrator = Browser::of(&app, app.staff("administrator", Role::Administrator).await).await;
    let form = form_of_renewal(&app).await;
    let chosen = [
        ("next_1", "taqdeer"),
        ("url_1", ""),
        ("next_2", "absher"),
        ("url_2", "https://www.absher.sa/renew"),
        ("next_3", ""),
        ("url_3", ""),
    ];
    let saved = administrator.post(&format!("{form}/links"), &chosen).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
    assert!(administrator.open(&form).await.text.contains("https://www.absher.sa/renew"));
    for page in ["/clips/qdm-altlb", "/services/id.renew"] {
        let page = visitor.open(page).await.text;
        let (first, second) = (page.find("/services/taqdeer\""), page.find("https://www.absher.sa/renew\""));
        assert!(first.is_some() && first < second, "in the chosen order");
        assert!(!page.contains("احجز موعدًا"));
    }
}

async fn a_way_on_is_never_a_telephone(app: TestApp) {
    catalog::seed_at_first_start(&app.db).await.unwrap();
    let administrator = Browser::of(&app, app.staff("administrator", Role::Administrator).await).await;
    let links = format!("{}/links", form_of_renewal(&app).await);
    for url in ["tel:989", "http://www.absher.sa/", "javascript:alert(1)"] {
        let page = administrator.post(&links, &[("next_2", "absher"), ("url_2", url)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{url}");
        assert!(page.text.contains("href=\"#url_2\"") && page.text.contains(url));
    }
    let twice = [("next_1", "absher"), ("next_2", "absher")];
    assert_eq!(administrator.post(&links, &twice).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let producer = Browser::of(&app, app.staff("producer", Role::Producer).await).await;
    assert_eq!(producer.post(&links, &[("next_1", "absher")]).await.status, StatusCode::FORBIDDEN);
}
