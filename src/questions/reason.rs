//! The reasons of a route in words, for the desk.

use crate::text::route;

/// Why a question is public or private, as stored by its code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Reason {
    /// Stable.
    pub code: &'static str,
    /// Arabic sentence.
    pub ar: &'static str,
    /// English sentence.
    pub en: &'static str,
}

/// Reasons that come from how a question arrived, not from its text.
const OF_ARRIVAL: [Reason; 2] = [
    Reason {
        code: "citizen_video",
        ar: "السؤال مسجّل بالإشارة ويظهر فيه وجه صاحبه، فهو خاص دائمًا.",
        en: "The question is signed and shows a face, so it is always private.",
    },
    Reason {
        code: "asked_in_private",
        ar: "وصل السؤال في رسالة خاصة.",
        en: "The question came in a private message.",
    },
];

/// The sentences of a reason code; `None` for a code of another release.
pub fn reason(code: &str) -> Option<Reason> {
    let of_text = route::Reason::ALL.iter().find(|reason| reason.code == code);
    let of_text = of_text.map(|reason| Reason { code: reason.code, ar: reason.ar, en: reason.en });
    of_text.or_else(|| OF_ARRIVAL.into_iter().find(|reason| reason.code == code))
}
