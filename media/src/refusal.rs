//! Why a file is not taken: a stable code for programs and one plain sentence for people, in Arabic and English.

use crate::counted;
use serde::{Deserialize, Serialize};

/// A reason shown to the person who brought the file. `code` never changes; the sentences may.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    pub code: String,
    pub message_ar: String,
    pub message_en: String,
}

/// Every way a file can be refused before its picture is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    EmptyFile,
    NotVideo,
    ContainerNotAllowed,
    HiddenContent,
    CodecNotAllowed,
    NoPicture,
    StillPicture,
    TooSmall,
    TooManyPixels,
    TooManyStreams,
    TooLong,
    BadDuration,
    Undecodable,
    NotAPicture,
    EmptyTrim,
    /// The file ends before the end that it declares.
    CutOff {
        arrived_ms: u64,
        declared_ms: u64,
    },
}

impl Refusal {
    /// Every refusal, for documentation and for the test of their sentences.
    pub const ALL: [Refusal; 16] = [
        Refusal::EmptyFile,
        Refusal::NotVideo,
        Refusal::ContainerNotAllowed,
        Refusal::HiddenContent,
        Refusal::CodecNotAllowed,
        Refusal::NoPicture,
        Refusal::StillPicture,
        Refusal::TooSmall,
        Refusal::TooManyPixels,
        Refusal::TooManyStreams,
        Refusal::TooLong,
        Refusal::BadDuration,
        Refusal::Undecodable,
        Refusal::NotAPicture,
        Refusal::EmptyTrim,
        Refusal::CutOff { arrived_ms: 0, declared_ms: 0 },
    ];

    /// The stable name used in the API, in job results and in tests.
    pub fn code(self) -> &'static str {
        match self {
            Refusal::EmptyFile => "empty_file",
            Refusal::NotVideo => "not_video",
            Refusal::ContainerNotAllowed => "container_not_allowed",
            Refusal::HiddenContent => "hidden_content",
            Refusal::CodecNotAllowed => "codec_not_allowed",
            Refusal::NoPicture => "no_picture",
            Refusal::StillPicture => "still_picture",
            Refusal::TooSmall => "too_small",
            Refusal::TooManyPixels => "too_many_pixels",
            Refusal::TooManyStreams => "too_many_streams",
            Refusal::TooLong => "too_long",
            Refusal::BadDuration => "bad_duration",
            Refusal::Undecodable => "undecodable",
            Refusal::NotAPicture => "not_a_picture",
            Refusal::EmptyTrim => "empty_trim",
            Refusal::CutOff { .. } => "cut_off",
        }
    }

    fn arabic(self) -> &'static str {
        match self {
            Refusal::EmptyFile => "الملف فارغ. اختر ملف الفيديو من جديد ثم أعد رفعه.",
            Refusal::NotVideo => "هذا الملف ليس مقطع فيديو. اختر مقطعًا بصيغة MP4 أو MOV أو WebM.",
            Refusal::ContainerNotAllowed => {
                "صيغة هذا المقطع غير مقبولة هنا. احفظه بصيغة MP4 أو MOV أو WebM ثم أعد رفعه."
            }
            Refusal::HiddenContent => {
                "في الملف محتوى مخفي لا علاقة له بالفيديو. صدّر المقطع من جديد بصيغة MP4 ثم أعد رفعه."
            }
            Refusal::CodecNotAllowed => "ترميز هذا المقطع غير مقبول. صدّره بترميز H.264 ثم أعد رفعه.",
            Refusal::NoPicture => "لا توجد صورة متحركة في هذا الملف. صوّر مقطعًا بالكاميرا ثم ارفعه.",
            Refusal::StillPicture => "هذا الملف صورة ثابتة وليس مقطعًا متحركًا. ارفع مقطع فيديو.",
            Refusal::TooSmall => "صورة المقطع صغيرة جدًا ولا تظهر فيها الإشارة. صوّر بدقة ٧٢٠ أو أعلى.",
            Refusal::TooManyPixels => "دقة المقطع أعلى مما نقبل. صدّره بدقة 4K أو أقل ثم أعد رفعه.",
            Refusal::TooManyStreams => "في الملف مسارات كثيرة جدًا. صدّر مقطعًا بمسار فيديو واحد ثم أعد رفعه.",
            Refusal::TooLong => "المقطع طويل جدًا. قسّمه إلى مقاطع أقصر ثم ارفع كل مقطع وحده.",
            Refusal::BadDuration => "مدة المقطع أو توقيت صوره غير صحيح. صدّره من جديد ثم أعد رفعه.",
            Refusal::Undecodable => "تعذّرت قراءة هذا المقطع لأنه تالف أو ناقص. أعد تصدير المقطع أو رفعه كاملًا.",
            Refusal::NotAPicture => "هذا الملف ليس صورة مقبولة. ارفع صورة بصيغة JPEG أو PNG أو WebP.",
            Refusal::EmptyTrim => {
                "لا يبقى شيء من المقطع بعد هذا القص. اجعل النهاية بعد البداية ثم أعد المحاولة."
            }
            Refusal::CutOff { .. } => {
                "الملف مقطوع: لم يصل منه سوى {arrived} من أصل {declared}. أرسله كاملًا من جديد."
            }
        }
    }

    fn english(self) -> &'static str {
        match self {
            Refusal::EmptyFile => "The file is empty. Choose the video again and upload it once more.",
            Refusal::NotVideo => "This file is not a video. Choose an MP4, MOV or WebM clip.",
            Refusal::ContainerNotAllowed => {
                "This kind of video file is not accepted here. Save it as MP4, MOV or WebM and upload it again."
            }
            Refusal::HiddenContent => {
                "The file hides content that is not video. Export the clip again as MP4 and upload it once more."
            }
            Refusal::CodecNotAllowed => {
                "This video coding is not accepted. Export the clip as H.264 and upload it again."
            }
            Refusal::NoPicture => {
                "There is no moving picture in this file. Record a clip with a camera and upload it."
            }
            Refusal::StillPicture => "This file is a still picture, not a moving one. Upload a video clip.",
            Refusal::TooSmall => "The picture is too small to see signing. Record at 720 or more.",
            Refusal::TooManyPixels => {
                "The picture is larger than we accept. Export it at 4K or less and upload it again."
            }
            Refusal::TooManyStreams => {
                "The file has too many tracks. Export a clip with one video track and upload it again."
            }
            Refusal::TooLong => "The clip is far too long. Split it into shorter clips and upload each one.",
            Refusal::BadDuration => {
                "The clip's length or picture timing is wrong. Export the clip again and upload it once more."
            }
            Refusal::Undecodable => {
                "The clip cannot be read: it is damaged or incomplete. Export or upload it again in full."
            }
            Refusal::NotAPicture => "This file is not an accepted picture. Upload a JPEG, PNG or WebP.",
            Refusal::EmptyTrim => {
                "Nothing of the clip is left after this trim. Set the end after the start and try again."
            }
            Refusal::CutOff { .. } => {
                "The file is cut off: only {arrived} of {declared} seconds arrived. Send it again in full."
            }
        }
    }

    pub fn reason(self) -> Reason {
        let (arrived, declared) = match self {
            Refusal::CutOff { arrived_ms, declared_ms } => (arrived_ms, declared_ms),
            _ => (0, 0),
        };
        let told = |sentence: &str, seconds: fn(f64) -> String| {
            let told = |ms: u64| seconds(ms as f64 / 1000.0);
            sentence.replace("{arrived}", &told(arrived)).replace("{declared}", &told(declared))
        };
        Reason {
            code: self.code().to_owned(),
            message_ar: told(self.arabic(), |seconds| counted::fill("{ثانية}", seconds)),
            message_en: told(self.english(), counted::plain),
        }
    }
}

/// How the work on one file can end without a result: the file's fault, or ours.
#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    /// The file is not taken; trying again gives the same answer.
    #[error("refused: {}", .0.code)]
    Refused(Reason),
    /// The caller asked to stop.
    #[error("cancelled")]
    Cancelled,
    /// Something else went wrong; trying again may help.
    #[error(transparent)]
    Failed(#[from] anyhow::Error),
}

impl From<Refusal> for MediaError {
    fn from(refusal: Refusal) -> Self {
        MediaError::Refused(refusal.reason())
    }
}

impl From<crate::av::AvError> for MediaError {
    fn from(error: crate::av::AvError) -> Self {
        MediaError::Failed(error.into())
    }
}

impl From<std::io::Error> for MediaError {
    fn from(error: std::io::Error) -> Self {
        MediaError::Failed(error.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_refusal_has_its_own_code_and_a_sentence_in_both_languages() {
        let codes: HashSet<_> = Refusal::ALL.iter().map(|refusal| refusal.code()).collect();
        assert_eq!(codes.len(), Refusal::ALL.len());
        for refusal in Refusal::ALL {
            let reason = refusal.reason();
            assert!(
                reason.message_ar.chars().any(|c| ('\u{0621}'..='\u{064A}').contains(&c)),
                "{}",
                reason.code
            );
            assert!(!reason.message_ar.contains('{') && !reason.message_en.contains('{'), "{}", reason.code);
            assert!(reason.message_ar.ends_with('.') && reason.message_en.ends_with('.'), "{}", reason.code);
        }
    }
}
