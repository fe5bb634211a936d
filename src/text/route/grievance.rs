//! Complaints that do not call themselves one: no interpreter, rudeness, hours of waiting, turned away.
//!
//! Deaf citizens tell what happened; the word شكوى seldom stands there. What is told of an office is private first
//! (deaf-users.md section 5), so a pattern here may be generous.

use super::signals::{begins, is_one_of};

/// How far apart two words of one happening may stand.
const WINDOW: usize = 4;

/// Who serves, and where. Spelled folded, as beginnings.
const STAFF: &[&str] = &[
    "موظف", "مترجم", "مدير", "مشرف", "امن", "حارس", "استقبال", "مسوول", "شباك", "employee",
];
const OFFICES: &[&str] = &["مكتب", "مكاتب", "فرع", "فروع", "احوال", "اداره", "قسم", "اقسام", "صاله", "مركز", "office"];
const INTERPRETERS: &[&str] = &["مترجم", "اشار", "يوشر", "ياشر", "interpreter", "لغه"];

/// Rough treatment, as verbs of somebody else. Beginnings.
const ROUGH: &[&str] = &[
    "صرخ", "يصرخ", "صارخ", "هزا", "استهز", "يستهز", "يسخر", "سخر", "ضحك", "يضحك", "تضحك", "ضحكو", "اهان", "يهين",
    "اهانو", "شتم", "يشتم", "طرد", "يطرد", "انطردت", "نطردت", "عصب", "يعصب", "تنمر", "يتنمر", "احرجني", "احرجوني", "احتقر",
    "يحتقر", "تجاهل", "يتجاهل", "طنش", "يطنش", "مطنش", "ماعبر", "عبرني", "عبروني", "كشر", "وقح", "زفت", "رما",
    "رمي", "فاشل", "اذاني", "اذوني", "دفني", "دفعني", "كذب", "عاملني", "عاملوني", "تمييز", "عنصري", "ظلم", "مهزله",
    "فوضي", "تعبتوني", "rude",
];
/// What is done to the sender: "علي", "بوجهي", "معي", "ني" at the end of the verb.
const AT_ME: &[&str] = &[
    "علي", "علينا", "بوجهي", "وجهي", "معي", "معنا", "فيني", "بي", "لي", "اوراقي", "مني", "انا", "اصم", "الصم", "صم", "ابوي",
    "امي", "ولدي", "بنتي", "زوجتي", "زوجي", "اخوي", "اختي",
];
/// Waiting, told in the first person. "واقف" is left out: a transaction stands still, too.
const WAITED: &[&str] = &[
    "انتظرت", "انتظرنا", "نطرت", "نطرنا", "استنيت", "استنينا", "انطر", "جلست", "جلسنا", "قعدت", "قعدنا", "انتظر", "ننتظر",
    "جالس", "جالسه", "منتظر", "waited",
];
const LONG_TIME: &[&str] = &[
    "ساعه", "ساعات", "ساعتين", "ساعتان", "طويل", "طويله", "كثير", "مره", "يوم", "يومين", "ايام", "اسبوع", "الصبح", "صباح",
    "الظهر", "فجر", "دور", "دوري", "احد", "فايده", "شهر", "شهرين", "شهور", "hours",
];
const REFUSED: &[&str] = &[
    "رفض", "يرفض", "رفضت", "رفضو", "رفضوا", "رفضني", "رفضوني", "مارضي", "رضي", "رضوا", "رضو", "يرضي", "يرضون", "ردوني",
    "ردني", "رجعوني", "رجعني", "منعوني", "منعني", "طلعوني", "خرجوني", "يبي", "يبون", "refused",
];
/// What was refused to the sender.
const HELP: &[&str] = &[
    "يخدم", "يخدمني", "يخدموني", "يساعد", "يساعدني", "يساعدوني", "يكتب", "يكتبلي", "يستقبل", "يستقبلني", "يستقبلوني", "يدخل",
    "يدخلني", "يدخلوني", "يعطيني", "يعطوني", "يكمل", "يسمع", "يفهم", "يتعامل", "يشوف", "يشوفني", "طلبي", "استقبالي", "دخولي",
    "خدمتي", "مساعدتي", "اوراقي", "المترجم",
];
/// Somebody did not do what they are there for: the verb after a negation.
const SERVED: &[&str] = &[
    "رد", "يرد", "ردوا", "ردو", "يردون", "رديتوا", "تردون", "ترد", "ساعد", "يساعد", "ساعدوني", "خدم", "يخدم", "خدموني", "احترم",
    "يحترم", "احترموني", "اهتم", "يهتم", "اهتموا", "يهتمون", "فهم", "يفهم", "فهموني", "يفهمون", "يفهموني", "يفهمني", "عرف",
    "يعرف", "يعرفون", "تعاون", "يتعاون", "متعاون", "متعاونين", "عطاني", "عطوني", "استقبل", "استقبلوني", "كتب", "يكتب", "عبر",
    "تجاوب", "يتجاوب", "التفت", "سمع", "اعتذر", "تعاونوا", "يبي", "يبون", "helped",
];
const NOT: &[&str] = &["لا", "ما", "لم", "مو", "مب", "محد", "ماحد", "مافي", "مافيه", "بدون", "ولا", "ماكان", "ليس", "غير", "no"];
const THERE: &[&str] = &[
    "في", "فيه", "كان", "يوجد", "توجد", "موجود", "لقيت", "حصلت", "شفت", "وجدت", "اجد", "حصل", "يتوفر", "متوفر", "حضر", "جا",
    "احد", "حد", "عندهم", "عندكم",
];
const CONDITIONS: &[&str] = &["اذا", "لو", "هل", "اقدر", "ينفع", "ممكن", "if"];

/// Tells whether the words tell of bad service, without anybody having to say "complaint".
pub(super) fn tells_of_bad_service(words: &[&str]) -> bool {
    if words.iter().any(|word| CONDITIONS.contains(word)) {
        return rough_treatment(words);
    }
    rough_treatment(words) || nobody_there(words) || waited_long(words) || turned_away(words) || did_not_serve(words)
}

/// A rough verb, about staff or against the sender.
fn rough_treatment(words: &[&str]) -> bool {
    let target = |word: &str| is_one_of(word, AT_ME) || begins(word, STAFF) || begins(word, OFFICES);
    (0..words.len()).any(|at| {
        let verb = words[at];
        let against_me = verb.ends_with("ني") && verb.chars().count() >= 5;
        begins(verb, ROUGH) && (against_me || around(words, at).any(target))
    })
}

/// "ما في مترجم في الفرع", "بدون مترجم", "رحت المكتب ومالقيت احد يأشر".
fn nobody_there(words: &[&str]) -> bool {
    let absent = |at: usize| {
        let not = NOT.contains(&without_and(words[at]));
        let glued = words[at].strip_prefix("ما").is_some_and(|rest| THERE.contains(&rest));
        not || glued
    };
    (0..words.len()).any(|at| {
        let after = || words[at + 1..].iter().take(WINDOW);
        // Deaf writers put the negation last: "مكتب مترجم موجود لا".
        let said_last = at > 0 && at + 1 == words.len() && THERE.contains(&words[at - 1]);
        let before = words[at.saturating_sub(WINDOW)..at].iter().filter(|_| said_last);
        let interpreter = after().chain(before).any(|word| begins(word, INTERPRETERS));
        let nobody = is_one_of(words[at], &["محد", "ماحد"]);
        let somewhere = words.iter().any(|word| begins(word, OFFICES) || is_one_of(word, &["رحت", "زرت", "جيت", "حضرت"]));
        absent(at) && (interpreter || nobody) && (somewhere || after().any(|word| THERE.contains(word)))
    })
}

/// "انتظرت ثلاث ساعات", "صارلي يومين انتظر": waiting with a length, told and not asked.
fn waited_long(words: &[&str]) -> bool {
    let long = |word: &str| is_one_of(word, LONG_TIME);
    (0..words.len()).any(|at| {
        is_one_of(words[at], WAITED) && around(words, at).any(long) && !words.iter().any(|word| ["كم", "متي"].contains(word))
    })
}

/// "رفض الموظف يخدمني", "ما رضوا يدخلوني", "رجعوني بدون سبب".
fn turned_away(words: &[&str]) -> bool {
    (0..words.len()).any(|at| {
        let verb = words[at];
        let at_me = verb.ends_with("ني") && verb.chars().count() >= 5 && is_one_of(verb, REFUSED);
        let refuses = is_one_of(verb, REFUSED);
        let negated = at > 0 && NOT.contains(&without_and(words[at - 1]));
        let wants = ["يبي", "يبون", "رضي", "رضوا", "رضو", "يرضي", "يرضون"].contains(&verb);
        let object = || around(words, at).any(|word| is_one_of(word, HELP));
        at_me || (refuses && (!wants || negated) && (object() || around(words, at).any(|word| begins(word, STAFF))))
    })
}

/// "الموظف ما يفهم اشارة", "محد ساعدني", "الموظفين غير متعاونين".
fn did_not_serve(words: &[&str]) -> bool {
    let about_staff = words.iter().any(|word| begins(word, STAFF) || begins(word, OFFICES));
    words.windows(2).any(|pair| {
        let nobody = is_one_of(pair[0], &["محد", "ماحد"]);
        let verb = is_one_of(pair[1], SERVED);
        let not = nobody || NOT.contains(&without_and(pair[0]));
        not && verb && (about_staff || nobody || pair[1].ends_with("ني"))
    })
}

/// The words close to a place, without the word itself.
fn around<'a>(words: &'a [&'a str], at: usize) -> impl Iterator<Item = &'a str> {
    let from = at.saturating_sub(WINDOW);
    let to = (at + WINDOW + 1).min(words.len());
    (from..to).filter(move |other| *other != at).map(|other| words[other])
}

fn without_and(word: &str) -> &str {
    word.strip_prefix('و').filter(|rest| rest.chars().count() >= 2).unwrap_or(word)
}

/// All lists, for the check that they are spelled folded.
#[cfg(test)]
pub(super) const LISTS: [&[&str]; 13] = [
    STAFF, OFFICES, INTERPRETERS, ROUGH, AT_ME, WAITED, LONG_TIME, REFUSED, HELP, SERVED, NOT, THERE, CONDITIONS,
];
