//! Why a question goes where it goes, in words that a person can check.

use serde::Serialize;

/// One reason of a route: a stable code and a sentence in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Reason {
    pub code: &'static str,
    pub ar: &'static str,
    pub en: &'static str,
}

impl Reason {
    /// Every reason there is, for documentation and for checks that each has both languages.
    pub const ALL: [Reason; 16] = [
        Reason::IDENTIFIER,
        Reason::SECRET_CODE,
        Reason::FRAUD,
        Reason::FRAUD_VICTIM,
        Reason::OWN_CASE,
        Reason::FAMILY_CASE,
        Reason::COMPLAINT,
        Reason::SUGGESTION,
        Reason::OTHER_AGENCY,
        Reason::NAME_GIVEN,
        Reason::LONG_NUMBER,
        Reason::WOMAN_ASKED_FOR,
        Reason::SECRET_WORD,
        Reason::SPAM,
        Reason::UNCLEAR,
        Reason::GENERAL_QUESTION,
    ];

    pub(super) const IDENTIFIER: Reason = Reason {
        code: "identifier",
        ar: "تحتوي الرسالة على بيانات تدل على شخص بعينه.",
        en: "The message contains details that identify a person.",
    };
    pub(super) const SECRET_CODE: Reason = Reason {
        code: "secret_code",
        ar: "كُتب في الرسالة رمز تحقق أو كلمة مرور، وقد حُذف.",
        en: "The message contained a one-time code or a password; it was removed.",
    };
    pub(super) const FRAUD: Reason = Reason {
        code: "fraud",
        ar: "قد تكون محاولة احتيال: يُعرض مقطع الأمان فورًا.",
        en: "This may be an attempted fraud: the safety clip is shown at once.",
    };
    pub(super) const FRAUD_VICTIM: Reason = Reason {
        code: "fraud_victim",
        ar: "يبدو أن صاحب الرسالة تعرّض للاحتيال.",
        en: "The sender seems to have been defrauded.",
    };
    pub(super) const OWN_CASE: Reason = Reason {
        code: "own_case",
        ar: "السؤال عن معاملة صاحب الرسالة نفسه.",
        en: "The question is about the sender's own case.",
    };
    pub(super) const FAMILY_CASE: Reason = Reason {
        code: "family_case",
        ar: "تذكر الرسالة واقعة عائلية لأشخاص معينين.",
        en: "The message tells of a family matter of particular people.",
    };
    pub(super) const COMPLAINT: Reason = Reason {
        code: "complaint",
        ar: "الرسالة شكوى، وتُعالج أولًا بشكل خاص.",
        en: "The message is a complaint; it is handled in private first.",
    };
    pub(super) const SUGGESTION: Reason = Reason {
        code: "suggestion",
        ar: "الرسالة اقتراح، ويُرد على صاحبه مباشرة.",
        en: "The message is a suggestion; its sender is answered directly.",
    };
    pub(super) const OTHER_AGENCY: Reason = Reason {
        code: "other_agency",
        ar: "السؤال عن خدمة تقدمها جهة أخرى.",
        en: "The question is about a service of another agency.",
    };
    pub(super) const NAME_GIVEN: Reason =
        Reason {
            code: "name_given", ar: "كتب صاحب الرسالة اسمه.", en: "The sender wrote a name."
        };
    pub(super) const LONG_NUMBER: Reason = Reason {
        code: "long_number",
        ar: "في الرسالة رقم طويل قد يدل على شخص.",
        en: "The message has a long number that may identify a person.",
    };
    pub(super) const WOMAN_ASKED_FOR: Reason = Reason {
        code: "woman_asked_for",
        ar: "طُلب التعامل مع امرأة، فلا يطّلع على الرسالة إلا الموظفات.",
        en: "A woman was asked for, so only women staff see the message.",
    };
    pub(super) const SECRET_WORD: Reason = Reason {
        code: "secret_word",
        ar: "تتحدث الرسالة عن رمز أو كلمة مرور دون سؤال واضح.",
        en: "The message speaks of a code or password without a clear question.",
    };
    pub(super) const SPAM: Reason =
        Reason {
            code: "spam", ar: "تبدو الرسالة إعلانًا.", en: "The message looks like advertising."
        };
    pub(super) const UNCLEAR: Reason = Reason {
        code: "unclear",
        ar: "لم يتضح أن السؤال عام، فعومل على أنه خاص.",
        en: "It is not clear that the question is general, so it is treated as private.",
    };
    pub(super) const GENERAL_QUESTION: Reason = Reason {
        code: "general_question",
        ar: "سؤال عام عن خدمة ولا يحتوي على بيانات شخصية.",
        en: "A general question about a service, without personal details.",
    };
}
