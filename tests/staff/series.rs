//! Clips in the order of one errand: how staff say it, and where the public sees it.

use crate::support::TestApp;
use crate::support::browser::Browser;
use axum::http::StatusCode;
use ishara::ids::ClipId;
use ishara::people::Role;

on_both_engines!(
    steps_are_shown_in_their_order_and_lead_on,
    a_step_that_is_not_published_is_passed_over,
    a_clip_is_a_step_of_one_series_only,
    only_producers_order_steps,
);

struct Stage {
    producer: Browser,
    clips: Vec<ClipId>,
}

/// Three published answers of one service; the first step was published last.
async fn stage(app: &TestApp) -> Stage {
    let crew = app.crew().await;
    let mut clips = Vec::new();
    for title in ["استلم الهوية", "احجز الموعد", "قدّم الطلب"] {
        clips.insert(0, app.published_clip(&crew, title).await);
    }
    Stage { producer: Browser::of(app, crew.producer.id).await, clips }
}

async fn save(browser: &Browser, path: &str, steps: &[ClipId], version: &str) -> StatusCode {
    let names = ["step_1", "step_2", "step_3", "step_4"];
    let ids: Vec<String> = steps.iter().map(ToString::to_string).collect();
    let mut form = vec![("title_ar", "تجديد الهوية خطوة خطوة"), ("title_en", "Renew step by step")];
    form.extend([("service", "id.renew"), ("row_version", version)]);
    form.extend(names.into_iter().zip(ids.iter().map(String::as_str)));
    browser.post(path, &form).await.status
}

/// Where each text begins in a page; all of them must be there.
fn places(page: &str, texts: &[&str]) -> Vec<usize> {
    texts.iter().map(|text| page.find(text).unwrap_or_else(|| panic!("{text} is missing"))).collect()
}

async fn series_page(browser: &Browser) -> String {
    let list = browser.open("/studio/series").await.text;
    let id = list.split("href=\"/studio/series/series_").nth(1).unwrap().split('"').next().unwrap();
    format!("/studio/series/series_{id}")
}

async fn steps_are_shown_in_their_order_and_lead_on(app: TestApp) {
    let Stage { producer, clips } = stage(&app).await;
    let chosen = producer.post("/studio/series/new", &[("service", "id.renew")]).await;
    assert_eq!(chosen.location, "/studio/series/new?service=id.renew");
    assert!(producer.open(&chosen.location).await.text.contains("احجز الموعد"));
    assert_eq!(save(&producer, "/studio/series", &clips, "0").await, StatusCode::SEE_OTHER);

    let visitor = Browser::visitor(&app);
    let service = visitor.open("/services/id.renew").await.text;
    let order = [
        "تجديد الهوية خطوة خطوة",
        "الخطوة ١ من ٣",
        "قدّم الطلب",
        "احجز الموعد",
        "الخطوة ٣ من ٣",
        "استلم الهوية",
    ];
    let order = places(&service, &order);
    assert!(order.is_sorted(), "{order:?}");
    assert_eq!(service.matches("class=\"card\"").count(), 3, "a step is not listed again among the answers");

    let second = visitor.open("/clips/ahjz-almwad").await.text;
    places(&second, &["الخطوة ٢ من ٣", "aria-current=\"step\"", "rel=\"next\" href=\"/clips/astlm-alhwya\""]);
    let last = visitor.open("/clips/astlm-alhwya").await.text;
    assert!(last.contains("هذه آخر خطوة") && !last.contains("rel=\"next\""));

    let page = series_page(&producer).await;
    let turned = [clips[1], clips[0]];
    assert_eq!(save(&producer, &page, &turned, "1").await, StatusCode::SEE_OTHER);
    assert_eq!(save(&producer, &page, &turned, "1").await, StatusCode::UNPROCESSABLE_ENTITY, "stale");
    let service = visitor.open("/services/id.renew").await.text;
    assert!(places(&service, &["احجز الموعد", "قدّم الطلب", "استلم الهوية"]).is_sorted());

    producer.post(&format!("{page}/dissolution"), &[]).await;
    let service = visitor.open("/services/id.renew").await.text;
    assert!(!service.contains("الخطوة") && service.contains("استلم الهوية"));
}

async fn a_step_that_is_not_published_is_passed_over(app: TestApp) {
    let Stage { producer, clips } = stage(&app).await;
    let producer_account = app.staff("second", Role::Producer).await;
    let draft = app.draft(&app.person(producer_account).await, "لم يُنشر بعد").await;
    let steps = [clips[0], draft, clips[1]];
    assert_eq!(save(&producer, "/studio/series", &steps, "0").await, StatusCode::SEE_OTHER);
    let page = Browser::visitor(&app).open("/clips/qdm-altlb").await.text;
    places(&page, &["الخطوة ١ من ٢", "rel=\"next\" href=\"/clips/ahjz-almwad\""]);
    assert!(!page.contains("لم يُنشر بعد"));
}

async fn a_clip_is_a_step_of_one_series_only(app: TestApp) {
    let Stage { producer, clips } = stage(&app).await;
    assert_eq!(save(&producer, "/studio/series", &clips[..2], "0").await, StatusCode::SEE_OTHER);
    for wrong in [&clips[1..], &clips[2..], &[clips[2], clips[2]]] {
        assert_eq!(save(&producer, "/studio/series", wrong, "0").await, StatusCode::UNPROCESSABLE_ENTITY);
    }
}

async fn only_producers_order_steps(app: TestApp) {
    let Stage { clips, .. } = stage(&app).await;
    let agent = Browser::of(&app, app.staff("agent", Role::Agent).await).await;
    assert_eq!(save(&agent, "/studio/series", &clips, "0").await, StatusCode::FORBIDDEN);
    assert_eq!(agent.open("/studio/series/new").await.status, StatusCode::FORBIDDEN);
}
