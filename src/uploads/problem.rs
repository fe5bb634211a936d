//! Why an upload is refused.

use crate::refusal::{Refusal, RefusalKind};

/// A rule of uploads said no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UploadProblem {
    /// Larger than this owner may send; holds the limit in bytes.
    #[error("the file is larger than {0} bytes")]
    TooLarge(u64),
    /// Too many are open already.
    #[error("too many uploads are open")]
    TooManyOpen,
    /// Too many unused bytes are kept already.
    #[error("too many unused bytes are stored")]
    QuotaFull,
    /// The disk is nearly full.
    #[error("the disk is nearly full")]
    DiskFull,
    /// The ticket is unknown, used up or too old.
    #[error("the ticket is not good")]
    BadTicket,
    /// There is no such upload, or it belongs to somebody else.
    #[error("no such upload")]
    NotFound,
    /// It was ended or has expired.
    #[error("the upload is gone")]
    Gone,
    /// The piece does not start where the upload stands; holds the right offset.
    #[error("the upload stands at {0}")]
    WrongOffset(u64),
    /// Another request is sending to it right now.
    #[error("another request is sending")]
    Busy,
    /// The length was given before and cannot change, or is smaller than what has arrived.
    #[error("the length cannot be changed to this")]
    BadLength,
    /// The checksum of the piece does not fit.
    #[error("the checksum does not fit")]
    ChecksumMismatch,
    /// The connection ended or stood still; what arrived is kept.
    #[error("the piece broke off")]
    BrokeOff,
    /// `Upload-Metadata` cannot be read.
    #[error("the metadata cannot be read")]
    BadMetadata,
    /// The upload is not complete yet.
    #[error("the upload is not complete")]
    Incomplete,
    /// Something uses it already.
    #[error("the upload is in use")]
    Consumed,
    /// The `Idempotency-Key` was used for another upload.
    #[error("the key was used for another upload")]
    KeyReused,
    /// A form without a file.
    #[error("no file was chosen")]
    Empty,
}

impl From<UploadProblem> for Refusal {
    fn from(problem: UploadProblem) -> Self {
        use RefusalKind as K;
        use UploadProblem as P;
        let say = |kind, code, ar: &'static str, en: &'static str| Self::new(kind, code, ar, en);
        match problem {
            P::TooLarge(limit) => too_large(limit),
            P::TooManyOpen => say(
                K::TooMany,
                "upload.too_many_open",
                "لديك ملفات كثيرة لم يكتمل رفعها. أكملها أو ألغها ثم أعد المحاولة.",
                "Many of your uploads are not finished. Finish or cancel them and try again.",
            ),
            P::QuotaFull => say(
                K::NoSpace,
                "upload.quota_full",
                "الملفات المرفوعة التي لم تُستخدم بعد كثيرة. استخدمها أو احذفها، أو أعد المحاولة غدًا.",
                "Too many uploaded files are not used yet. Use or delete them, or try again tomorrow.",
            ),
            P::DiskFull => say(
                K::NoSpace,
                "upload.disk_full",
                "مساحة التخزين شبه ممتلئة. لم يُقبل الملف. أعد المحاولة لاحقًا.",
                "Storage is nearly full. The file was not taken. Try again later.",
            ),
            P::BadTicket => say(
                K::SignIn,
                "upload.bad_ticket",
                "تصريح الرفع غير صالح أو سبق استخدامه. اطلب تصريحًا جديدًا.",
                "The upload ticket is not valid or was used before. Ask for a new one.",
            ),
            P::NotFound => {
                say(K::NotFound, "upload.not_found", "لم نجد هذا الرفع.", "There is no such upload.")
            }
            P::Gone => say(
                K::Gone,
                "upload.gone",
                "انتهت مهلة هذا الرفع أو أُلغي. ابدأ من جديد.",
                "This upload was cancelled or has expired. Start again.",
            ),
            P::WrongOffset(offset) => wrong_offset(offset),
            P::Busy => say(
                K::Conflict,
                "upload.busy",
                "طلب آخر يرسل إلى هذا الرفع الآن.",
                "Another request is sending to this upload right now.",
            ),
            P::BadLength => say(
                K::Malformed,
                "upload.bad_length",
                "حجم الملف غير صحيح، أو سبق تحديده بقيمة أخرى.",
                "The length is not valid, or was given before as something else.",
            ),
            P::ChecksumMismatch => say(
                K::Altered,
                "upload.checksum_mismatch",
                "تغيّر هذا الجزء أثناء الإرسال. أرسله مرة أخرى.",
                "This piece was altered on the way. Send it again.",
            ),
            P::BrokeOff => say(
                K::Unavailable,
                "upload.broke_off",
                "انقطع الإرسال. حفظنا ما وصل؛ تابع من حيث توقّف.",
                "Sending broke off. What arrived is kept; go on from there.",
            ),
            P::BadMetadata => say(
                K::Malformed,
                "upload.bad_metadata",
                "تعذّرت قراءة بيانات الملف.",
                "The metadata of the file cannot be read.",
            ),
            P::Incomplete => say(
                K::Conflict,
                "upload.incomplete",
                "لم يكتمل رفع الملف بعد.",
                "The file has not been uploaded completely yet.",
            ),
            P::Consumed => say(
                K::Conflict,
                "upload.consumed",
                "سبق استخدام هذا الملف. ارفعه مرة أخرى.",
                "This file is in use already. Upload it again.",
            ),
            P::KeyReused => say(
                K::Conflict,
                "upload.key_reused",
                "سبق استخدام مفتاح Idempotency-Key هذا لرفع آخر.",
                "This Idempotency-Key was used for another upload.",
            ),
            P::Empty => Self::invalid("file", "upload.empty", "اختر ملفًا أولًا.", "Choose a file first."),
        }
    }
}

fn too_large(limit: u64) -> Refusal {
    let megabytes = limit / (1024 * 1024);
    Refusal::new(
        RefusalKind::TooLarge,
        "upload.too_large",
        format!("الملف أكبر من الحد المسموح، وهو {megabytes} ميغابايت."),
        format!("The file is larger than the limit of {megabytes} MB."),
    )
    .with_details(serde_json::json!({ "max_bytes": limit }))
}

fn wrong_offset(offset: u64) -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "upload.wrong_offset",
        format!("وصل إلينا {offset} بايت. أرسل ما بعدها."),
        format!("We hold {offset} bytes. Send what follows."),
    )
    .with_details(serde_json::json!({ "upload_offset": offset }))
}
