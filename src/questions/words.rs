//! What people are told when a question or reply is refused.

use super::state::QuestionState;
use crate::refusal::{Refusal, RefusalKind};
use serde_json::json;

/// Why something cannot be done with a question or reply.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QuestionProblem {
    /// Neither text nor video.
    #[error("write your question or send a video")]
    Empty,
    /// Over the limit.
    #[error("the text may have at most {limit} characters")]
    TooLong {
        /// In what a reader sees as characters.
        limit: usize,
    },
    /// The external id is empty, too long or has control characters.
    #[error("the external id must have 1 to 200 visible characters")]
    BadExternalId,
    /// No such service.
    #[error("there is no service with this code")]
    UnknownService,
    /// The state does not allow it.
    #[error("the question is {state}, which does not allow this")]
    WrongState {
        /// Where it stands.
        state: QuestionState,
    },
    /// A colleague works on it.
    #[error("a colleague is working on this question")]
    HeldByAnother,
    /// Claim first.
    #[error("claim the question first; your claim may have run out")]
    NotYours,
    /// A late question is put aside only by a supervisor.
    #[error("this question is late; only a supervisor may close it without an answer")]
    LateIsForSupervisors,
    /// A late question is put aside without a reason.
    #[error("say why this late question is closed without an answer")]
    AsideNeedsReason,
    /// Closed without saying as what.
    #[error("choose why it is closed")]
    AsideNeedsKind,
    /// No question has this code.
    #[error("there is no question with this code; check letters and digits")]
    UnknownCode,
    /// A question is said to repeat itself.
    #[error("this is the code of the question itself; write that of the other one")]
    RepeatsItself,
    /// A question is said to repeat one that was answered or closed.
    #[error("the other question does not wait for us now; answer this one")]
    RepeatsClosed,
    /// The asker wants a woman.
    #[error("the asker wants a woman; only women staff may open this question")]
    WomenOnly,
    /// Neither clip nor text.
    #[error("choose a clip, write a text or sign your reply")]
    EmptyReply,
    /// Who asked in sign is answered in sign.
    #[error(
        "the question was asked in sign: answer with a clip or sign your reply, or say why you only write"
    )]
    UnsignedNeedsReason,
    /// A call and nothing else.
    #[error("“call us” is no answer to a deaf asker: name a written or signed way beside it")]
    CallOnly,
    /// Not a published clip.
    #[error("only a published clip can be sent")]
    ClipNotPublished,
    /// Another privacy than proposed, without a reason.
    #[error("say why the reply should be {privacy} although the rule proposes otherwise")]
    OverrideNeedsReason {
        /// What the agent chose.
        privacy: &'static str,
    },
    /// A signed question shows a face.
    #[error("a signed question is always answered in private")]
    VideoIsPrivate,
    /// What an agent signs for one person is for that person.
    #[error("a reply that you sign yourself is private; ask the studio for a clip that everybody may see")]
    OwnSigningIsPrivate,
    /// The signed part of a reply is still being prepared, or could not be used.
    #[error("the signed reply cannot be watched yet; wait until it is ready")]
    VideoNotReady,
    /// An identifier in what would be public, or a code anywhere.
    #[error("the text contains details that identify a person: {kinds}")]
    Identifier {
        /// Their names, separated by commas.
        kinds: String,
    },
    /// The author approves nothing of their own.
    #[error("nobody approves their own reply")]
    OwnReply,
    /// Returned without a reason.
    #[error("say why the reply goes back")]
    ReturnNeedsReason,
    /// The reply is elsewhere.
    #[error("the reply is no longer in a state that allows this")]
    ReplyMoved,
    /// The time to take it back is over.
    #[error("the reply is already on its way")]
    TooLateToUndo,
    /// A note for the studio is empty or too long.
    #[error("write the studio a note of 1 to 1000 characters")]
    BadNote,
    /// There is nothing to rate or reopen yet.
    #[error("there is no reply to this question yet")]
    NoReplyYet,
    /// A message without words.
    #[error("write a few words or sign them")]
    EmptyMessage,
    /// Too many messages in one cycle.
    #[error("you have written enough messages; wait for our answer")]
    TooManyMessages,
    /// Nothing was asked back.
    #[error("nothing was asked of you; ask a new question")]
    NotAsked,
    /// The reveal has nothing to show any more.
    #[error("the clear text has been deleted")]
    ClearTextGone,
    /// The same key for another request.
    #[error("this Idempotency-Key must have 1 to 200 visible ASCII characters")]
    BadKey,
}

impl From<QuestionProblem> for Refusal {
    fn from(problem: QuestionProblem) -> Self {
        use QuestionProblem as P;
        let en = problem.to_string();
        let conflict = |code, ar: &'static str, en: String| Self::new(RefusalKind::Conflict, code, ar, en);
        match problem {
            P::Empty => Self::invalid("text", "question.empty", "اكتب سؤالك أو أرسل مقطع فيديو.", en),
            P::TooLong { limit } => {
                let ar = format!("النص طويل. الحد الأعلى {limit} حرف.");
                Self::invalid("text", "question.too_long", ar, en)
            }
            P::BadExternalId => {
                let ar = "المعرّف الخارجي من حرف إلى ٢٠٠ حرف ظاهر.";
                Self::invalid("external_id", "question.bad_external_id", ar, en)
            }
            P::UnknownService => Self::invalid("service", "service.unknown", "لا توجد خدمة بهذا الرمز.", en),
            P::WrongState { state } => {
                let ar = "حالة السؤال لا تسمح بهذا الآن. حدّث الصفحة.";
                conflict("question.wrong_state", ar, en).with_details(json!({ "state": state }))
            }
            P::HeldByAnother => conflict("question.held", "يعمل زميل آخر على هذا السؤال الآن.", en),
            P::NotYours => conflict("question.not_claimed", "استلم السؤال أولًا؛ ربما انتهت مدة استلامك.", en),
            P::LateIsForSupervisors => {
                let ar = "تأخر الردّ على هذا السؤال، فلا يغلقه دون ردّ إلا المشرف.";
                conflict("question.late_is_for_supervisors", ar, en)
            }
            P::AsideNeedsReason => {
                let ar = "اكتب سبب إغلاق هذا السؤال المتأخر دون ردّ.";
                Self::invalid("reason", "question.aside_needs_reason", ar, en)
            }
            P::AsideNeedsKind => Self::invalid("why", "question.aside_needs_kind", "اختر سبب الإغلاق.", en),
            P::UnknownCode => {
                let ar = "لا يوجد سؤال بهذا الرمز. تحقّق من الحروف والأرقام.";
                Self::invalid("code", "question.unknown_code", ar, en)
            }
            P::RepeatsItself => {
                let ar = "هذا رمز السؤال نفسه. اكتب رمز السؤال الآخر.";
                Self::invalid("code", "question.repeats_itself", ar, en)
            }
            P::RepeatsClosed => {
                let ar = "السؤال الآخر لا ينتظر ردًّا منّا الآن. أجب عن هذا السؤال.";
                Self::invalid("code", "question.repeats_closed", ar, en)
            }
            P::WomenOnly => {
                let ar = "طلبت صاحبة السؤال امرأة، فلا تفتحه إلا الموظفات.";
                Self::new(RefusalKind::Forbidden, "question.women_only", ar, en)
            }
            P::EmptyMessage => {
                Self::invalid("message", "message.empty", "اكتب كلمات قليلة أو سجّلها بالإشارة.", en)
            }
            P::TooManyMessages => conflict("message.too_many", "كتبت لنا ما يكفي. انتظر ردّنا.", en),
            P::NotAsked => conflict("message.not_asked", "لم نسألك شيئًا الآن. أرسل سؤالًا جديدًا.", en),
            P::EmptyReply => {
                Self::invalid("text", "reply.empty", "اختر مقطعًا، أو اكتب نصًا، أو سجّل ردك بالإشارة.", en)
            }
            P::UnsignedNeedsReason => {
                let ar = "سأل صاحب السؤال بالإشارة. أجبه بمقطع أو بإشارتك، أو اكتب سبب الردّ كتابةً.";
                Self::invalid("unsigned_reason", "reply.unsigned_needs_reason", ar, en)
            }
            P::CallOnly => {
                let ar = "السائل أصمّ، فلا يكفيه الاتصال. اذكر معه وسيلة مكتوبة أو بالإشارة.";
                Self::invalid("text", "reply.call_only", ar, en)
            }
            P::ClipNotPublished => {
                let ar = "لا يُرسل إلا مقطع منشور.";
                Self::invalid("clip_id", "reply.clip_not_published", ar, en)
            }
            P::OverrideNeedsReason { privacy } => {
                let ar = if privacy == "public" {
                    "تقترح القاعدة ردًا خاصًا. اكتب سبب اختيار الرد العام."
                } else {
                    "تقترح القاعدة ردًا عامًا. اكتب سبب اختيار الرد الخاص."
                };
                Self::invalid("override_reason", "reply.override_needs_reason", ar, en)
            }
            P::VideoIsPrivate => {
                let ar = "السؤال المسجّل بالإشارة يُجاب عنه بشكل خاص دائمًا.";
                Self::invalid("privacy", "reply.video_is_private", ar, en)
            }
            P::OwnSigningIsPrivate => {
                let ar = "ما تسجّله بنفسك ردّ خاص. اطلب من الاستوديو مقطعًا إن أردت أن يراه الجميع.";
                Self::invalid("privacy", "reply.own_signing_is_private", ar, en)
            }
            P::VideoNotReady => {
                let ar = "الردّ المسجّل بالإشارة غير جاهز للمشاهدة بعد. انتظر قليلًا.";
                conflict("reply.video_not_ready", ar, en)
            }
            P::Identifier { ref kinds } => {
                let ar = "في النص بيانات تدل على شخص. احذفها قبل الإرسال.";
                Self::invalid("text", "reply.identifier", ar, en).with_details(json!({ "kinds": kinds }))
            }
            P::OwnReply => {
                let ar = "لا يعتمد أحد ردًا كتبه بنفسه.";
                Self::new(RefusalKind::Forbidden, "reply.own", ar, en)
            }
            P::ReturnNeedsReason => {
                Self::invalid("reason", "reply.return_needs_reason", "اكتب سبب إعادة الرد.", en)
            }
            P::ReplyMoved => {
                conflict("reply.wrong_state", "تغيّرت حالة الرد، ولا يمكن هذا الآن. حدّث الصفحة.", en)
            }
            P::TooLateToUndo => conflict("reply.too_late", "انتهت مهلة التراجع، والرد في طريقه.", en),
            P::BadNote => {
                Self::invalid("note", "brief.bad_note", "اكتب للاستوديو ملاحظة من حرف إلى ١٠٠٠ حرف.", en)
            }
            P::NoReplyYet => conflict("question.no_reply_yet", "لم يصل رد على هذا السؤال بعد.", en),
            P::ClearTextGone => {
                Self::new(RefusalKind::Gone, "question.clear_text_gone", "حُذف النص الأصلي.", en)
            }
            P::BadKey => {
                let ar = "مفتاح Idempotency-Key من حرف إلى ٢٠٠ حرف لاتيني ظاهر.";
                Self::new(RefusalKind::Malformed, "idempotency.bad_key", ar, en)
            }
        }
    }
}
