//! Words that carry the kind of a question but not its subject: question words, wishes, particles. All spelled folded.
//!
//! They count little in the score (matching.md) and are kept for the intent (deaf-users.md section 6).

/// What a question asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Asking {
    What,
    How,
    Where,
    When,
    Why,
    HowMuch,
    Who,
    CanI,
    Want,
    Must,
}

/// The question words of deaf-users.md section 6, standard Arabic and Saudi, folded, and those that residents bring along
/// from Egypt, Sudan, Yemen, the Levant and Iraq.
const ASKING: [(Asking, &[&str]); 10] = [
    (
        Asking::What,
        &[
            "ما", "ماذا", "وش", "ايش", "اش", "شنو", "وشو", "شو", "ماهي", "ماهو", "what", "معني", "اشنو",
            "شنهي", "شنهو", "ايه",
        ],
    ),
    (
        Asking::How,
        &[
            "كيف",
            "شلون",
            "وشلون",
            "طريقه",
            "خطوات",
            "كيفيه",
            "how",
            "اسوي",
            "الطريقه",
            "الخطوات",
            "ازاي",
            "كيفن",
            "كيفاش",
            "اشلون",
        ],
    ),
    (
        Asking::Where,
        &[
            "اين",
            "وين",
            "فين",
            "مكان",
            "موقع",
            "where",
            "وينه",
            "باي",
            "عنوان",
            "وينو",
            "وينها",
            "فينه",
            "فينها",
        ],
    ),
    (Asking::When, &["متي", "امتي", "وقت", "when", "موعدها", "متين", "شوكت", "ايمتي", "امتا", "ايمتا"]),
    (Asking::Why, &["لماذا", "ليش", "ليه", "سبب", "why", "لم", "علاش", "لشو"]),
    (
        Asking::HowMuch,
        &["كم", "بكم", "سعر", "رسوم", "فلوس", "غرامه", "تكلفه", "الرسوم", "الغرامه", "مهله", "مده"],
    ),
    (Asking::Who, &["من", "مين", "منو", "who"]),
    (
        Asking::CanI,
        &[
            "هل",
            "يمكنني",
            "يمكن",
            "اقدر",
            "نقدر",
            "ينفع",
            "يصير",
            "يمدي",
            "ممكن",
            "عادي",
            "مسموح",
            "يجوز",
            "يحق",
            "can",
            "بقدر",
            "فيني",
            "اكدر",
        ],
    ),
    (
        Asking::Want,
        &[
            "اريد",
            "ابي",
            "ابغي",
            "ابغا",
            "بغيت",
            "ودي",
            "نبي",
            "نبغي",
            "احتاج",
            "اطلب",
            "عايز",
            "want",
            "اود",
            "عاوز",
            "عاوزه",
            "عايزه",
            "بدي",
            "بدنا",
            "اشتي",
            "نشتي",
            "داير",
            "دايره",
            "محتاج",
            "محتاجه",
        ],
    ),
    (
        Asking::Must,
        &["يلزم", "لازم", "ضروري", "شرط", "شروط", "يشترط", "تشترط", "المطلوب", "متطلبات", "مطلوب", "الشروط"],
    ),
];

/// Particles, pronouns and pleasantries that say nothing about the subject, folded.
const PARTICLES: &[&str] = &[
    "في",
    "من",
    "علي",
    "الي",
    "عن",
    "مع",
    "او",
    "ام",
    "ان",
    "اذا",
    "لو",
    "ثم",
    "قد",
    "هذا",
    "هذه",
    "هاذي",
    "هذي",
    "ذلك",
    "تلك",
    "الذي",
    "التي",
    "اللي",
    "اني",
    "انه",
    "انها",
    "انا",
    "انت",
    "انتم",
    "نحن",
    "هو",
    "هي",
    "هم",
    "له",
    "لها",
    "لي",
    "لك",
    "به",
    "بها",
    "فيه",
    "فيها",
    "منه",
    "منها",
    "عليه",
    "عليها",
    "كان",
    "كانت",
    "يكون",
    "تكون",
    "لا",
    "لم",
    "لن",
    "ما",
    "مو",
    "مب",
    "ولا",
    "بس",
    "كل",
    "بعد",
    "قبل",
    "عند",
    "عندي",
    "حتي",
    "كذا",
    "كذلك",
    "ايضا",
    "فقط",
    "يا",
    "ايها",
    "السلام",
    "عليكم",
    "ورحمه",
    "وبركاته",
    "مرحبا",
    "هلا",
    "اهلا",
    "صباح",
    "مسا",
    "الخير",
    "شكرا",
    "لو",
    "سمحت",
    "سمحتوا",
    "فضلك",
    "تكفون",
    "الله",
    "يعطيكم",
    "يعطيك",
    "العافيه",
    "جزاكم",
    "خير",
    "خيرا",
    "اخوي",
    "اخي",
    "الحين",
    "دحين",
    "الان",
    "ذحين",
    "هالحين",
    "دلوقتي",
    "هلق",
    "هسه",
    "مش",
    "موش",
    "مهو",
    "عشان",
    "علشان",
    "حق",
    "حقي",
    "حقت",
    "حقتي",
    "حقه",
    "تبع",
    "تبعي",
    "بتاع",
    "بتاعي",
    "بتاعتي",
    "كمان",
    "برضو",
    "طيب",
    "يعني",
    "هيك",
    "كده",
    "تكفي",
    "بليز",
];

/// Returns what a folded word asks for, if it is a question word.
pub fn asking(word: &str) -> Option<Asking> {
    let find = |word: &str| ASKING.iter().find(|(_, words)| words.contains(&word)).map(|(asking, _)| *asking);
    // "وكيف", "فهل": a conjunction in front does not change the question.
    find(word)
        .or_else(|| word.strip_prefix(['و', 'ف']).filter(|rest| rest.chars().count() >= 2).and_then(find))
}

/// Tells whether a folded word says nothing about the subject of a question.
pub fn is_function_word(word: &str) -> bool {
    PARTICLES.contains(&word) || asking(word).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fold_text;

    #[test]
    fn question_words_are_known_in_standard_saudi_and_residents_arabic() {
        let table = [
            ("كيف", Asking::How),
            ("شلون", Asking::How),
            ("وشلون", Asking::How),
            ("إيش", Asking::What),
            ("فين", Asking::Where),
            ("ليش", Asking::Why),
            ("أبغى", Asking::Want),
            ("متى", Asking::When),
            ("هل", Asking::CanI),
            ("وهل", Asking::CanI),
            ("بكم", Asking::HowMuch),
            // Residents write as at home: Egypt, Sudan, Yemen, the Levant, Iraq.
            ("إزاي", Asking::How),
            ("متين", Asking::When),
            ("أشتي", Asking::Want),
            ("بدي", Asking::Want),
            ("شوكت", Asking::When),
        ];
        for (word, expected) in table {
            assert_eq!(asking(&fold_text(word)), Some(expected), "{word}");
        }
        assert_eq!(asking("هويه"), None);
    }

    #[test]
    fn every_listed_word_is_spelled_folded() {
        for word in ASKING.iter().flat_map(|(_, words)| words.iter()).chain(PARTICLES) {
            assert_eq!(&fold_text(word), word);
        }
    }
}
