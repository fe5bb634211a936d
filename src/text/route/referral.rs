//! Where a message belongs when it is not for the account: another agency, or the channel for complaints.

use super::signals::begins;
use serde::Serialize;

/// Whom the sender is referred to. The names are those the agencies use for themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Referral {
    /// Stable.
    pub code: &'static str,
    pub ar: &'static str,
    pub en: &'static str,
}

/// Complaints, suggestions and remarks go to Civil Affairs' own channel (deaf-users.md section 5).
pub(super) const TAHSEEN: Referral = Referral {
    code: "tahseen",
    ar: "خدمة تحسين في الأحوال المدنية",
    en: "Tahseen, the feedback service of Civil Affairs",
};

const CITIZEN_ACCOUNT: Referral =
    Referral {
        code: "citizen_account", ar: "برنامج حساب المواطن", en: "the Citizen Account Programme"
    };

/// An agency with the beginnings of its words, folded.
struct Agency {
    /// Words of its services alone.
    strong: &'static [&'static str],
    /// Words that Civil Affairs' own questions use, too: they count only where nothing of ours is named.
    weak: &'static [&'static str],
    referral: Referral,
}

const AGENCIES: &[Agency] = &[
    Agency {
        strong: &["مرور", "مروريه", "قياده", "استماره", "ساهر", "رخصه", "رخصتي"],
        weak: &["لوحات", "مركبه", "سياره"],
        referral: Referral {
            code: "traffic",
            ar: "الإدارة العامة للمرور",
            en: "the General Department of Traffic",
        },
    },
    Agency {
        strong: &["جوازات", "تاشير"],
        weak: &["جواز", "خروج", "اقامه", "اقامتي"],
        referral: Referral {
            code: "passports",
            ar: "المديرية العامة للجوازات",
            en: "the General Directorate of Passports",
        },
    },
    Agency {
        strong: &["ضمان", "استقدام", "مساند"],
        weak: &["وظيف", "توظيف", "خادم", "راتب", "رواتب", "اعانه"],
        referral: Referral {
            code: "human_resources",
            ar: "وزارة الموارد البشرية والتنمية الاجتماعية",
            en: "the Ministry of Human Resources and Social Development",
        },
    },
    Agency {
        strong: &["تامينات"],
        weak: &["ساند"],
        referral: Referral {
            code: "social_insurance",
            ar: "المؤسسة العامة للتأمينات الاجتماعية",
            en: "the General Organization for Social Insurance",
        },
    },
    Agency {
        strong: &["حافز"],
        weak: &["طاقات"],
        referral: Referral {
            code: "hadaf",
            ar: "صندوق تنمية الموارد البشرية",
            en: "the Human Resources Development Fund",
        },
    },
    Agency {
        strong: &["ناجز"],
        weak: &["محكم", "قاضي", "محامي"],
        referral: Referral { code: "justice", ar: "وزارة العدل", en: "the Ministry of Justice" },
    },
    Agency {
        strong: &[],
        weak: &["بلدي", "امانه"],
        referral: Referral {
            code: "municipality", ar: "البلدية أو الأمانة", en: "the municipality"
        },
    },
    Agency {
        strong: &["صحتي", "مستوصف"],
        weak: &["مستشفي", "علاج"],
        referral: Referral { code: "health", ar: "وزارة الصحة", en: "the Ministry of Health" },
    },
    Agency {
        strong: &[],
        weak: &["مدرس", "جامع"],
        referral: Referral {
            code: "education", ar: "وزارة التعليم", en: "the Ministry of Education"
        },
    },
    Agency {
        strong: &["قرض", "قروض"],
        weak: &["بنك"],
        referral: Referral { code: "bank", ar: "البنك", en: "the bank" },
    },
    Agency {
        strong: &["كهرب"],
        weak: &[],
        referral: Referral {
            code: "electricity",
            ar: "الشركة السعودية للكهرباء",
            en: "the Saudi Electricity Company",
        },
    },
    Agency {
        strong: &["اسكان"],
        weak: &["ايجار"],
        referral: Referral {
            code: "housing",
            ar: "وزارة البلديات والإسكان",
            en: "the Ministry of Municipalities and Housing",
        },
    },
    Agency {
        strong: &["جمارك", "ضريبه"],
        weak: &["زكا"],
        referral: Referral {
            code: "zakat",
            ar: "هيئة الزكاة والضريبة والجمارك",
            en: "the Zakat, Tax and Customs Authority",
        },
    },
    Agency {
        strong: &[],
        weak: &["نقل"],
        referral: Referral {
            code: "transport",
            ar: "الهيئة العامة للنقل",
            en: "the Transport General Authority",
        },
    },
    Agency {
        strong: &["تجاري", "تجاره"],
        weak: &[],
        referral: Referral {
            code: "commerce", ar: "وزارة التجارة", en: "the Ministry of Commerce"
        },
    },
];

/// How surely words belong to another agency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Claim {
    Strong,
    Weak,
}

/// The agency that the words speak of, if it is not Civil Affairs.
pub(super) fn agency(words: &[&str]) -> Option<(Referral, Claim)> {
    let is_citizen_account = |pair: &[&str]| pair[0].ends_with("حساب") && pair[1] == "المواطن";
    if words.windows(2).any(is_citizen_account) {
        return Some((CITIZEN_ACCOUNT, Claim::Strong));
    }
    // The word for traffic is also the second half of "password".
    let is_password = |at: usize| at > 0 && words[at - 1].contains("كلم");
    let named = |starts: &[&str]| (0..words.len()).any(|at| begins(words[at], starts) && !is_password(at));
    let strong = AGENCIES.iter().find(|agency| named(agency.strong));
    let weak = || AGENCIES.iter().find(|agency| named(agency.weak));
    strong
        .map(|agency| (agency.referral, Claim::Strong))
        .or_else(|| weak().map(|agency| (agency.referral, Claim::Weak)))
}

#[cfg(test)]
pub(super) fn words() -> impl Iterator<Item = &'static str> {
    AGENCIES.iter().flat_map(|agency| agency.strong.iter().chain(agency.weak).copied())
}
