//! Which role may open and do what: one table for all staff routes.

use crate::support::TestApp;
use crate::support::browser::Browser;
use axum::http::StatusCode;
use ishara::people::Role::{
    self, Administrator as Adm, Agent as Age, Auditor as Aud, DepartmentReviewer as Dep,
    LinguisticReviewer as Lin, Producer as Pro, Supervisor as Sup,
};

on_both_engines!(
    each_page_opens_for_its_roles_only,
    each_deed_is_refused_to_other_roles,
    visitors_are_sent_to_sign_in
);

const EVERYBODY: &[Role] = &[Pro, Lin, Dep, Age, Sup, Adm, Aud];
const ADMINISTRATOR: &[Role] = &[Adm];
const MAKERS: &[Role] = &[Pro, Adm];
const PUBLISHERS: &[Role] = &[Pro, Sup, Adm];
const DESK: &[Role] = &[Dep, Age, Sup, Adm, Aud];
const ANSWERERS: &[Role] = &[Age, Sup];

/// Nothing has this id: who may ask hears "not found", everybody else "not for you".
const NO_CLIP: &str = "clip_01936f1c6f7e7b3a8c2d5e4f60718293";
const NO_QUESTION: &str = "question_01936f1c6f7e7b3a8c2d5e4f60718293";
const NO_REPLY: &str = "reply_01936f1c6f7e7b3a8c2d5e4f60718293";
const NO_LESSON: &str = "alias_01936f1c6f7e7b3a8c2d5e4f60718293";
const NO_JOB: &str = "job_01936f1c6f7e7b3a8c2d5e4f60718293";

fn pages() -> Vec<(String, &'static [Role])> {
    let page = |path: &str, roles| (path.to_owned(), roles);
    vec![
        page("/account", EVERYBODY),
        page("/studio", EVERYBODY),
        page("/studio/progress", EVERYBODY),
        page("/studio/upload", MAKERS),
        page("/desk?show=all", DESK),
        page("/desk/approvals", DESK),
        page("/desk/quality", DESK),
        page("/desk/lessons", DESK),
        page("/desk/lexicon", DESK),
        page("/admin/accounts", ADMINISTRATOR),
        page("/admin/accounts/new", ADMINISTRATOR),
        page("/admin/departments", ADMINISTRATOR),
        page("/admin/departments/new", ADMINISTRATOR),
        page("/admin/services", ADMINISTRATOR),
        page("/admin/services/new", ADMINISTRATOR),
        page("/admin/signers", ADMINISTRATOR),
        page("/admin/signers/new", ADMINISTRATOR),
        page("/admin/system", ADMINISTRATOR),
        page("/jobs", &[Pro, Sup, Adm, Aud]),
        page("/audit", &[Sup, Adm, Aud]),
    ]
}

/// An address, who may post to it, and the form's fields.
type Deed = (String, &'static [Role], Vec<(&'static str, &'static str)>);

fn deeds() -> Vec<Deed> {
    let clip = |part: &str| format!("/studio/clips/{NO_CLIP}/{part}");
    let question = |part: &str| format!("/desk/questions/{NO_QUESTION}/{part}");
    let lane = |lane| vec![("lane", lane), ("decision", "approved")];
    vec![
        (clip("text"), MAKERS, vec![]),
        (clip("captions/ar"), MAKERS, vec![]),
        (clip("captions/ar/check"), MAKERS, vec![]),
        (clip("review"), MAKERS, vec![]),
        (clip("approvals"), &[Lin], lane("linguistic")),
        (clip("approvals"), &[Dep], lane("factual")),
        (clip("publication"), PUBLISHERS, vec![]),
        (clip("withdrawal"), PUBLISHERS, vec![("withdraw_reason", "خطأ")]),
        (clip("confirmation"), PUBLISHERS, vec![]),
        (clip("processing"), MAKERS, vec![]),
        (clip("cancellation"), MAKERS, vec![]),
        (clip("poster"), MAKERS, vec![("n", "1")]),
        (question("claim"), ANSWERERS, vec![]),
        (question("release"), ANSWERERS, vec![]),
        (question("aside"), ANSWERERS, vec![]),
        (question("reveal"), ANSWERERS, vec![]),
        (question(&format!("suggestions/{NO_CLIP}/rejection")), ANSWERERS, vec![]),
        (question("brief"), ANSWERERS, vec![("note", "سؤال عام")]),
        (question("ask"), ANSWERERS, vec![("message", "أي مدينة؟")]),
        (question("replies"), ANSWERERS, vec![("text", "جواب")]),
        (format!("/desk/replies/{NO_REPLY}/undo"), DESK, vec![]),
        (format!("/desk/replies/{NO_REPLY}/approvals"), &[Dep, Sup], vec![("decision", "approved")]),
        (format!("/desk/lessons/{NO_LESSON}/withdrawal"), &[Sup], vec![]),
        ("/desk/lexicon".to_owned(), &[Sup], vec![("deed", "preview"), ("body", "كرت = الهوية")]),
        ("/desk/lexicon/7/restoration".to_owned(), &[Sup], vec![]),
        (format!("/jobs/{NO_JOB}/retry"), &[Pro, Adm], vec![]),
        (format!("/jobs/{NO_JOB}/discard"), &[Pro, Adm], vec![]),
        (format!("/jobs/{NO_JOB}/cancellation"), &[Pro, Adm], vec![]),
        ("/audit/verification".to_owned(), &[Sup, Adm, Aud], vec![]),
        ("/admin/accounts".to_owned(), ADMINISTRATOR, vec![]),
        ("/admin/departments".to_owned(), ADMINISTRATOR, vec![]),
        ("/admin/services".to_owned(), ADMINISTRATOR, vec![]),
        ("/admin/signers".to_owned(), ADMINISTRATOR, vec![]),
    ]
}

async fn browsers(app: &TestApp) -> Vec<(Role, Browser)> {
    let mut all = Vec::new();
    for role in Role::ALL {
        let staff = app.staff(role.as_str(), role).await;
        all.push((role, Browser::of(app, staff).await));
    }
    all
}

async fn each_page_opens_for_its_roles_only(app: TestApp) {
    for (role, browser) in browsers(&app).await {
        for (path, roles) in pages() {
            let expected = if roles.contains(&role) { StatusCode::OK } else { StatusCode::FORBIDDEN };
            assert_eq!(browser.open(&path).await.status, expected, "{role:?} {path}");
        }
    }
}

async fn each_deed_is_refused_to_other_roles(app: TestApp) {
    for (role, browser) in browsers(&app).await {
        for (path, roles, fields) in deeds() {
            let answer = browser.post(&path, &fields).await;
            if roles.contains(&role) {
                assert_ne!(answer.status, StatusCode::FORBIDDEN, "{role:?} {path}");
                assert!(!answer.status.is_server_error(), "{role:?} {path}: {}", answer.status);
            } else {
                assert_eq!(answer.status, StatusCode::FORBIDDEN, "{role:?} {path}");
            }
        }
    }
}

async fn visitors_are_sent_to_sign_in(app: TestApp) {
    let browser = Browser::visitor(&app);
    for (path, _) in pages() {
        let page = browser.open(&path).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{path}");
        assert!(page.location.starts_with("/login?next=%2F"), "{path}: {}", page.location);
    }
    for (path, _, fields) in deeds() {
        let answer = browser.post(&path, &fields).await;
        assert_eq!(
            (answer.status, answer.location.as_str()),
            (StatusCode::SEE_OTHER, "/login?ended=yes"),
            "{path}"
        );
    }
}
