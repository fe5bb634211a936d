//! The big topics of the home page: at most eight (`reference/deaf-users.md` section 2).

/// A topic: word, picture and signed title.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Topic {
    /// Stable name, in `service.topic`.
    pub code: &'static str,
    /// Shown in Arabic pages.
    pub name_ar: &'static str,
    /// Shown in English pages.
    pub name_en: &'static str,
    /// Name of the drawing.
    pub icon: &'static str,
}

/// The topics in their order on the page.
pub const TOPICS: [Topic; 8] = [
    topic("identity", "الهوية الوطنية", "National ID", "card"),
    topic("lost", "وثيقة ضائعة أو تالفة", "Lost or damaged document", "card-lost"),
    topic("family", "المواليد والأسرة", "Births and family", "family"),
    topic("visit", "المواعيد والمكاتب", "Appointments and offices", "calendar"),
    topic("absher", "حساب أبشر", "Absher account", "phone"),
    topic("home", "الخدمة في البيت", "Service at home", "home"),
    topic("safety", "احمِ نفسك", "Protect yourself", "shield"),
    topic("contact", "تواصل معنا", "Contact us", "message"),
];

const fn topic(
    code: &'static str,
    name_ar: &'static str,
    name_en: &'static str,
    icon: &'static str,
) -> Topic {
    Topic { code, name_ar, name_en, icon }
}

/// The topic with this code.
pub fn topic_by_code(code: &str) -> Option<Topic> {
    TOPICS.into_iter().find(|topic| topic.code == code)
}
