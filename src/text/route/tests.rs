use super::*;
use crate::text::redact::find;

fn routed(text: &str) -> Route {
    route(text, &find(text))
}

/// The 30 examples of deaf-users.md section 6 as written, with their standard Arabic form: (text, standard, private,
/// urgent).
const EXAMPLES: [(&str, &str, Privacy, Urgency); 30] = {
    use Privacy::{Private, Public};
    use Urgency::{Ordinary, Urgent};
    [
        ("هويه ضايع انا اسوي ايش", "فقدت هويتي الوطنية، ماذا أفعل؟", Public, Ordinary),
        ("بطاقه جديد طلب اين مكان", "أين أطلب بطاقة هوية جديدة؟", Public, Ordinary),
        ("امس ولد بيبي تسجيل كيف", "رُزقت مولودًا أمس، كيف أسجله؟", Public, Ordinary),
        ("بيبي تسجيل كم يوم غرامه", "ما مهلة تسجيل المولود وما غرامة التأخير؟", Public, Ordinary),
        ("زواج انا تسجيل احوال لازم زوجه معي", "هل يلزم حضور الزوجة لتسجيل الزواج؟", Public, Ordinary),
        ("موعد حجز ابشر صعب لا افهم", "كيف أحجز موعدًا عبر أبشر خطوة بخطوة؟", Public, Ordinary),
        ("مكتب اشاره مترجم موجود اين", "في أي مكاتب يوجد مترجم لغة إشارة؟", Public, Ordinary),
        ("رقم سري رجل طلب انا اعطي مشكله؟", "طلب شخص رقمي السري، هل في إعطائه خطر؟", Public, Urgent),
        ("ابي مات ورق وفاه اعمل كيف", "توفي والدي، كيف أسجل واقعة الوفاة؟", Public, Ordinary),
        ("اسم خطا هويه تصحيح", "اسمي مكتوب خطأ في الهوية، كيف أصححه؟", Public, Ordinary),
        (
            "امي كبير مريض بيت هويه خلص",
            "والدتي مسنة مريضة وهويتها منتهية، هل تُخدم في البيت؟",
            Public,
            Ordinary,
        ),
        ("طلاق انا ابغى سجل اسره اولاد", "كيف تحصل المطلقة على سجل أسرة لأبنائها؟", Public, Ordinary),
        ("جوال رقم تغير ابشر دخول لا", "تغير رقم جوالي ولا أستطيع دخول أبشر، ما الحل؟", Public, Ordinary),
        ("شكوى موظف لا يفهم اشاره انا زعلان", "أريد تقديم شكوى على سوء التواصل في المكتب", Private, Ordinary),
        ("طلبي رقم ٤٤٥٥ متاخر شهرين", "طلبي متأخر شهرين، ما حالته؟", Private, Ordinary),
        ("وش المطلوب لتجديد بطاقة الاحوال", "ما متطلبات تجديد الهوية الوطنية؟", Public, Ordinary),
        ("كم رسوم بدل فاقد للهوية", "ما رسوم بدل فاقد للهوية؟", Public, Ordinary),
        ("هويتي انكسرت ابي بدالها", "هويتي تالفة وأريد بدلًا عنها", Public, Ordinary),
        ("وين اقرب مكتب نسائي يفتح السبت", "أين أقرب مكتب نسائي يعمل السبت؟", Public, Ordinary),
        ("متى تجي الوحدة المتنقلة عندنا بالشركة", "متى تزور الوحدة المتنقلة جهة عملنا؟", Public, Ordinary),
        ("ابي برنت لازم اروح الاحوال؟", "هل يلزم حضوري للحصول على مستخرج بيانات؟", Public, Ordinary),
        ("كيف اغير اسم بنتي وعمرها سنتين", "كيف أعدّل اسم ابنتي وعمرها سنتان؟", Public, Ordinary),
        ("ضاعت شهادة ميلاد ولدي وش اسوي", "فُقدت شهادة ميلاد ابني، ماذا أفعل؟", Public, Ordinary),
        ("ليش طلبي مرفوض وانا كملت الاوراق", "لماذا رُفض طلبي مع اكتمال المستندات؟", Private, Ordinary),
        ("جتني رسالة فيها كود من ابشر ارسله لهم؟", "وصلني رمز تحقق من أبشر، هل أرسله لأحد؟", Public, Urgent),
        ("ايش هي خدمة تقدير ومين يقدر يطلبها", "ما خدمة تقدير ومن يستفيد منها؟", Public, Ordinary),
        ("دحين اقدر احجز موعد ولا كله مليان", "هل تتوفر مواعيد الآن؟", Public, Ordinary),
        ("فين اقدم اقتراح لتحسين الخدمة", "أين أقدم اقتراحًا لتحسين الخدمة؟", Public, Ordinary),
        ("ابغى اسجل طلاقي ينفع من ابشر", "هل يمكن تسجيل الطلاق عبر أبشر؟", Public, Ordinary),
        ("صورة الهويه لازم بدون نظاره؟", "هل تشترط صورة الهوية عدم ارتداء النظارة؟", Public, Ordinary),
    ]
};

#[test]
fn the_thirty_examples_are_routed_as_their_table_says() {
    for (written, standard, privacy, urgency) in EXAMPLES {
        for text in [written, standard] {
            let route = routed(text);
            assert_eq!((route.privacy, route.urgency), (privacy, urgency), "{text}: {:?}", route.reasons);
        }
    }
}

#[test]
fn a_public_example_becomes_private_when_an_identifier_is_added() {
    for (written, ..) in EXAMPLES {
        for identifier in ["هويتي ١٠٠٠٠٠٠٠٠٨", "جوالي 055 123 4567", "name@example.com"] {
            let text = format!("{written} {identifier}");
            assert_eq!(routed(&text).privacy, Privacy::Private, "{text}");
        }
    }
}

#[test]
fn intents_of_the_examples() {
    let table = [
        ("شكوى موظف لا يفهم اشاره انا زعلان", Intent::Complaint),
        ("طلبي رقم ٤٤٥٥ متاخر شهرين", Intent::PersonalCase),
        ("ليش طلبي مرفوض وانا كملت الاوراق", Intent::PersonalCase),
        ("رقم سري رجل طلب انا اعطي مشكله؟", Intent::FraudAlert),
        ("وصلني رمز تحقق من أبشر، هل أرسله لأحد؟", Intent::FraudAlert),
        ("كم رسوم بدل فاقد للهوية", Intent::Information),
        ("فين اقدم اقتراح لتحسين الخدمة", Intent::Information),
        ("أقترح إضافة مترجم في كل فرع", Intent::Suggestion),
        ("شكرا لكم على جهودكم", Intent::Remark),
        ("السلام عليكم", Intent::Chitchat),
        ("كيف أسدد مخالفة مرورية", Intent::OtherAgency),
        ("اربح ٥٠٠٠ ريال يوميا استثمار مضمون", Intent::Spam),
    ];
    for (text, intent) in table {
        assert_eq!(routed(text).intent, intent, "{text}");
    }
}

#[test]
fn the_routing_table_of_section_5() {
    use Privacy::{Private, Public};
    let table = [
        ("كيف أجدد الهوية الوطنية؟", Public),
        ("متى يفتح مكتب الأحوال؟", Public),
        ("ما شروط إصدار سجل الأسرة", Public),
        ("ما في مترجم في فرع الرياض وتعامل سيئ", Private),
        ("1000000008", Private),
        ("اتصلوا علي ٠٥٥١٢٣٤٥٦٧", Private),
        ("معاملتي واقفة", Private),
        ("رفضوا يعطوني موعد", Private),
        ("زوجي طلقني وأبغى حضانة ولدي", Private),
        ("زوجتي توفت والاولاد معي", Private),
        ("رمز التحقق 482913", Private),
        ("كلمة المرور حقتي Ab12345", Private),
        ("عطيته الرمز وسحبوا فلوسي", Private),
        ("اسمي فهد العتيبي وأسكن في جدة", Private),
        ("رقمي 1234567890", Private),
        ("لا أدري", Private),
        ("", Private),
    ];
    for (text, privacy) in table {
        assert_eq!(routed(text).privacy, privacy, "{text}: {:?}", routed(text).reasons);
    }
}

#[test]
fn complaints_without_the_word_are_recognised_and_kept_private() {
    for text in [
        "ما في مترجم في مكتب جدة",
        "رحت الاحوال ومافي احد يعرف اشاره",
        "لا يوجد مترجم لغة إشارة في فرع الدمام",
        "مكتب الرياض بدون مترجم",
        "مكتب مترجم موجود لا",
        "وصلت المكتب ومحد فهمني",
        "موظف صرخ علي",
        "الموظف ضحك علي لأني أصم",
        "الموظفة كانت وقحة معي",
        "طردني الحارس من المكتب",
        "عاملوني بطريقة سيئة",
        "انتظرت ثلاث ساعات ولا أحد ناداني",
        "انا انتظر ساعات مكتب زعلان",
        "جلست من الصبح في الصالة وما خدموني",
        "رفض الموظف يخدمني",
        "ما رضوا يدخلوني المكتب",
        "الموظف رفض يكتب لي على ورقة",
        "رجعوني بدون سبب",
        "محد رد علي في الفرع",
        "الموظفين غير متعاونين",
        "موظف لا يفهم اشاره",
        "ليش ما فيه مترجم بمكتب مكة؟",
        "تعاملكم سيئ جدا",
        "الموظف عصب علي وش اسوي؟",
        "the employee was rude to me",
    ] {
        let route = routed(text);
        assert_eq!(
            (route.privacy, route.intent),
            (Privacy::Private, Intent::Complaint),
            "{text}: {:?}",
            route.reasons
        );
        assert_eq!(route.referral.map(|referral| referral.code), Some("tahseen"), "{text}");
    }
}

#[test]
fn questions_about_the_same_things_stay_general() {
    for text in [
        "هل يوجد مترجم لغة إشارة في مكتب جدة؟",
        "وين مكتب فيه مترجم",
        "مكتب اشاره مترجم موجود اين",
        "إذا ما في مترجم في المكتب وش اسوي؟",
        "كم مدة الانتظار في المكتب؟",
        "كيف أقدم شكوى على موظف؟",
        "متى يفتح مكتب الأحوال يوم السبت؟",
        "كم يوم يستغرق تجديد الهوية؟",
        "ما يوصلني رمز التحقق من ابشر",
        "كيف احجز موعد بدون انتظار",
        "هل يلزم حضور الزوجة معي؟",
        "لا اعرف كيف اسجل مولود",
        "الخدمة ترفض صورتي في ابشر ليش",
        "استعادة كلمة مرور أبشر",
    ] {
        let route = routed(text);
        assert_ne!(route.intent, Intent::Complaint, "{text}");
        assert_eq!(route.privacy, Privacy::Public, "{text}: {:?}", route.reasons);
    }
}

#[test]
fn other_agencies_are_named() {
    let table = [
        ("كيف أسدد مخالفة مرورية", "traffic"),
        ("تجديد رخصة القيادة", "traffic"),
        ("متى تنزل التاشيرة وكيف اطلع جواز سفر", "passports"),
        ("كيف اسجل في الضمان", "human_resources"),
        ("متى ينزل حساب المواطن", "citizen_account"),
        ("فاتورة الكهرباء غالية كيف اعترض", "electricity"),
    ];
    for (text, code) in table {
        let route = routed(text);
        assert_eq!(route.intent, Intent::OtherAgency, "{text}");
        assert_eq!(route.referral.map(|referral| referral.code), Some(code), "{text}");
        assert!(route.reasons.iter().any(|reason| reason.code == "other_agency"), "{text}");
    }
    assert_eq!(routed("كيف أجدد الهوية الوطنية؟").referral, None);
}

#[test]
fn secrets_and_fraud_are_urgent_but_a_forgotten_password_is_not() {
    assert_eq!(routed("رمز التحقق 482913").urgency, Urgency::Urgent);
    assert_eq!(routed("تعرضت لعملية احتيال باسم أبشر").urgency, Urgency::Urgent);
    assert_eq!(routed("نسيت كلمة المرور كيف أستعيدها؟").urgency, Urgency::Ordinary);
    assert_eq!(routed("ما يوصلني رمز التحقق من ابشر").urgency, Urgency::Ordinary);
}

#[test]
fn a_woman_who_asks_for_a_woman_is_noticed() {
    for text in ["أبي موظفة ترد علي", "ممكن مترجمة فقط مو رجل", "أريد أن تتواصل معي امرأة"]
    {
        assert_eq!(routed(text).handler, Handler::Woman, "{text}");
        assert_eq!(routed(text).privacy, Privacy::Private, "{text}");
    }
    assert_eq!(routed("وين اقرب مكتب نسائي يفتح السبت").handler, Handler::Anyone);
}

#[test]
fn every_reason_has_a_code_and_both_languages() {
    let mut codes: Vec<_> = Reason::ALL.iter().map(|reason| reason.code).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), Reason::ALL.len());
    for reason in Reason::ALL {
        assert!(
            reason.ar.chars().any(crate::text::is_arabic_letter) && reason.en.ends_with('.'),
            "{}",
            reason.code
        );
    }
}

#[test]
fn every_list_is_spelled_folded() {
    let lists = [
        lists::OWN_CASE,
        lists::REQUEST,
        lists::REFUSED,
        lists::STALLED,
        lists::RELATIVES,
        lists::FAMILY_EVENTS,
        lists::SECRET_WORDS,
        lists::FRAUD,
        lists::STRANGERS,
        lists::GIVING,
        lists::GAVE_AWAY,
        lists::ARRIVAL,
        lists::NEGATIONS,
        lists::COMPLAINT,
        lists::GRIEVANCE,
        lists::SUGGESTION,
        lists::REMARK,
        lists::GREETINGS,
        lists::WOMEN,
        lists::DEALING,
        lists::OWN_SUBJECTS,
        lists::OWN_DEALINGS,
        lists::ADVERTISING,
        lists::AFTER_MY_NAME,
    ];
    let words = lists.iter().chain(&grievance::LISTS).flat_map(|list| list.iter().copied());
    for word in words.chain(referral::words()) {
        assert_eq!(crate::text::fold_text(word), word);
    }
}
