//! Forms of the administration: what is saved, and how a refusal is shown.

use crate::support::TestApp;
use crate::support::browser::Browser;
use axum::http::StatusCode;
use ishara::people::{self, Role};

on_both_engines!(
    an_account_is_added_with_a_password_that_is_shown_once,
    a_refused_account_keeps_what_was_typed,
    the_last_administrator_cannot_be_switched_off,
    a_department_takes_arabic_digits,
    the_record_shows_who_did_what,
    every_page_exists_in_english,
);

async fn administrator(app: &TestApp) -> Browser {
    let id = app.staff("administrator", Role::Administrator).await;
    Browser::of(app, id).await
}

async fn an_account_is_added_with_a_password_that_is_shown_once(app: TestApp) {
    let browser = administrator(&app).await;
    let form =
        [("email", "noura@example.sa"), ("display_name", "نورة"), ("role", "producer"), ("woman", "yes")];
    let page = browser.post("/admin/accounts", &form).await;
    assert_eq!(page.status, StatusCode::OK);
    let password = page.text.split("noura@example.sa</bdi>").nth(1).unwrap();
    let password = password.split("lang=\"en\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let visitor = Browser::visitor(&app);
    let entered = visitor.post("/login", &[("email", "noura@example.sa"), ("password", &password)]).await;
    assert_eq!((entered.status, entered.location.as_str()), (StatusCode::SEE_OTHER, "/studio"));
    let list = browser.open("/admin/accounts").await;
    assert!(list.text.contains("نورة") && !list.text.contains(&password));
}

async fn a_refused_account_keeps_what_was_typed(app: TestApp) {
    let browser = administrator(&app).await;
    let form =
        [("email", "not-an-address"), ("display_name", "سارة القحطاني"), ("role", "department_reviewer")];
    let page = browser.post("/admin/accounts", &form).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text.contains("href=\"#email\"") && page.text.contains("data-focus-now"));
    assert!(page.text.contains("سارة القحطاني") && page.text.contains("aria-invalid=\"true\""));
}

async fn the_last_administrator_cannot_be_switched_off(app: TestApp) {
    let browser = administrator(&app).await;
    let mut read = app.db.read().await.unwrap();
    let (staff, _) = people::find_by_email(&mut read, "administrator@example.sa").await.unwrap().unwrap();
    drop(read);
    let path = format!("/admin/accounts/{}", staff.id);
    let version = staff.row_version.to_string();
    let form = [("display_name", "المدير"), ("role", "administrator"), ("row_version", version.as_str())];
    let page = browser.post(&path, &form).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text.contains("هذا آخر مدير للنظام"));
    assert_eq!(browser.open("/admin/accounts").await.status, StatusCode::OK);
}

async fn a_department_takes_arabic_digits(app: TestApp) {
    let browser = administrator(&app).await;
    let form =
        [("code", "tahseen"), ("name_ar", "تحسين"), ("name_en", "Tahseen"), ("approval_minutes", "٩٠")];
    assert_eq!(browser.post("/admin/departments", &form).await.status, StatusCode::SEE_OTHER);
    let mut read = app.db.read().await.unwrap();
    let added = people::department_by_code(&mut read, "tahseen").await.unwrap().unwrap();
    assert_eq!(added.approval_minutes, 90);
    let form = [("code", "x2"), ("name_ar", "س"), ("name_en", "X"), ("approval_minutes", "soon")];
    assert_eq!(browser.post("/admin/departments", &form).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

async fn the_record_shows_who_did_what(app: TestApp) {
    let browser = administrator(&app).await;
    let form =
        [("code", "docs2"), ("name_ar", "وثائق"), ("name_en", "Documents"), ("approval_minutes", "60")];
    browser.post("/admin/departments", &form).await;
    let page = browser.open("/audit").await;
    assert!(page.text.contains("department.added") && page.text.contains("administrator"));
    let checked = browser.post("/audit/verification", &[]).await;
    assert!(checked.text.contains("السجل سليم كله"));
    let unreadable = browser.open("/audit?subject=nothing").await;
    assert!(unreadable.text.contains("href=\"#subject\""));
}

async fn every_page_exists_in_english(app: TestApp) {
    let browser = administrator(&app).await;
    for path in
        ["/studio", "/studio/upload", "/desk?show=all", "/desk/approvals", "/admin/system", "/jobs", "/audit"]
    {
        let joint = if path.contains('?') { '&' } else { '?' };
        let page = browser.open(&format!("{path}{joint}lang=en")).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(page.text.contains("<html lang=\"en\" dir=\"ltr\""), "{path}");
    }
}
