//! The starting set of departments and services (`reference/deaf-users.md` section 5), added at the first start.
//! What an administrator changed afterwards is never touched again.

use super::service::{NewService, add_service, service_by_code};
use crate::audit::Actor;
use crate::db::{Db, Tx, query};
use crate::people::{NewDepartment, add_department, department_by_code};
use crate::refusal::Refusal;

/// Code, Arabic and English name.
const DEPARTMENTS: [(&str, &str, &str); 6] = [
    ("documents", "إدارة الوثائق", "Documents"),
    ("civil-events", "إدارة الوقائع", "Civil events"),
    ("branches", "إدارة الفروع", "Branches"),
    ("digital", "إدارة الخدمات الإلكترونية", "Digital services"),
    ("care", "إدارة العناية بالمستفيدين", "Customer care"),
    ("legal", "الإدارة القانونية", "Legal affairs"),
];

/// Minutes that a department has to approve a reply: one working day of eight hours.
const APPROVAL_MINUTES: i64 = 8 * 60;

const I: &str = "information";
const T: &str = "transaction";
const C: &str = "channel";

/// Code, topic, kind, department, Arabic and English name.
const SERVICES: [(&str, &str, &str, &str, &str, &str); 27] = [
    ("id.issue", "identity", T, "documents", "إصدار الهوية الوطنية", "National ID, first issue"),
    ("id.renew", "identity", T, "documents", "تجديد الهوية الوطنية", "Renew ID"),
    ("id.photo", "identity", I, "documents", "ضوابط الصورة الشخصية", "Photo rules"),
    (
        "name.change",
        "identity",
        T,
        "civil-events",
        "تعديل الاسم وضوابط الأسماء",
        "Name change and naming rules",
    ),
    ("data.update", "identity", T, "documents", "تحديث البيانات", "Update data, national address"),
    ("id.lost.report", "lost", T, "documents", "الإبلاغ عن وثيقة مفقودة", "Report a lost document"),
    ("id.lost.replace", "lost", T, "documents", "بدل فاقد", "Replacement for lost"),
    ("id.damaged", "lost", T, "documents", "بدل تالف", "Replacement for damaged"),
    ("birth.cert.lost", "lost", T, "civil-events", "بدل فاقد شهادة ميلاد", "Lost birth certificate"),
    (
        "birth.register",
        "family",
        T,
        "civil-events",
        "تسجيل مولود وشهادة ميلاد",
        "Birth registration, certificate",
    ),
    ("marriage", "family", T, "civil-events", "تسجيل واقعة زواج", "Register marriage"),
    ("divorce", "family", T, "civil-events", "تسجيل واقعة طلاق", "Register divorce"),
    ("death", "family", T, "civil-events", "تسجيل واقعة وفاة", "Register death"),
    ("family.record", "family", T, "civil-events", "سجل الأسرة", "Family record"),
    ("appointment", "visit", T, "branches", "حجز المواعيد", "Appointments"),
    ("office.find", "visit", I, "branches", "المكاتب والفروع ومواقعها", "Offices and where they are"),
    ("women.office", "visit", I, "branches", "الأقسام النسائية", "Women's sections"),
    ("ashsher", "visit", C, "branches", "أشّر", "Sign interpreting in offices"),
    ("absher.account", "absher", T, "digital", "حساب أبشر", "Absher account"),
    ("bayanati", "absher", T, "digital", "بياناتي", "Let an agency view your data"),
    ("taqdeer", "home", T, "branches", "تقدير", "Service at home, hospital or association"),
    ("mobile.unit", "home", I, "branches", "الوحدات المتنقلة", "Mobile units"),
    ("absher.safety", "safety", I, "digital", "سرية الأرقام وكلمات المرور", "Protect codes and passwords"),
    ("law.rules", "safety", I, "legal", "النظام واللائحة والغرامات", "Rules and fines"),
    ("deaf.account", "contact", C, "care", "حساب الصم", "The deaf account itself"),
    ("care.account", "contact", C, "care", "العناية بالعملاء", "Customer care"),
    ("tahseen", "contact", C, "care", "تحسين", "Suggestions, complaints, remarks"),
];

/// Adds the starting set to a database that has no services yet.
pub async fn seed_at_first_start(db: &Db) -> anyhow::Result<()> {
    let mut read = db.read().await?;
    let known: i64 = query("SELECT COUNT(*) FROM service").value(&mut read).await?;
    drop(read);
    if known > 0 {
        return Ok(());
    }
    let mut tx = db.begin().await?;
    match seed(&mut tx).await {
        Ok(()) => Ok(tx.commit().await?),
        // Another node starts for the first time at the same moment and was faster.
        Err(taken) if taken.is::<Refusal>() => Ok(()),
        Err(other) => Err(other),
    }
}

/// Adds what is missing of the starting set; safe to run at every start.
pub async fn seed(tx: &mut Tx) -> anyhow::Result<()> {
    for (code, name_ar, name_en) in DEPARTMENTS {
        if department_by_code(tx, code).await?.is_none() {
            let new = NewDepartment {
                code: code.to_owned(),
                name_ar: name_ar.to_owned(),
                name_en: name_en.to_owned(),
                approval_minutes: APPROVAL_MINUTES,
            };
            add_department(tx, Actor::System, new).await?;
        }
    }
    for (place, &(code, topic, kind, department, name_ar, name_en)) in SERVICES.iter().enumerate() {
        if service_by_code(tx, code).await?.is_some() {
            continue;
        }
        let Some(owner) = department_by_code(tx, department).await? else {
            anyhow::bail!("the department {department} of the starting set is missing");
        };
        let new = NewService {
            code: code.to_owned(),
            topic: topic.to_owned(),
            name_ar: name_ar.to_owned(),
            name_en: name_en.to_owned(),
            kind: kind.to_owned(),
            icon: topic.to_owned(),
            sort: 10 * (i64::try_from(place)? + 1),
            department_id: owner.id,
        };
        add_service(tx, Actor::System, new).await?;
    }
    Ok(())
}
