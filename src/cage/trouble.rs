//! How a media job can end badly, in words for the producer who waits for it.

use media::Reason;
use std::time::Duration;

/// Why a caged job has no outcome.
#[derive(Debug, thiserror::Error)]
pub enum CageError {
    /// The file is not taken; trying again gives the same answer.
    #[error("the file was refused: {}", .0.code)]
    Refused(Reason),
    /// The child worked and reported that it could not finish.
    #[error("the media job failed: {sentence}")]
    Failed { sentence: String },
    /// The child was ended by a signal it did not expect: a damaged file hit a hole, or memory ran out.
    #[error("the media job crashed with signal {signal}: {stderr_tail}")]
    Crashed { signal: i32, stderr_tail: String },
    /// The deadline of ten times the clip's length, at least two minutes, is over.
    #[error("the media job was ended after {} s", .0.as_secs())]
    TimedOut(Duration),
    /// No sign of progress for thirty seconds.
    #[error("the media job made no progress for {} s", .0.as_secs())]
    Stalled(Duration),
    /// Somebody asked for it.
    #[error("the media job was cancelled")]
    Cancelled,
    /// The job never got as far as the file.
    #[error(transparent)]
    Broken(#[from] anyhow::Error),
}

impl CageError {
    /// A stable code and a sentence in both languages.
    pub fn reason(&self) -> Reason {
        let (code, arabic, english) = match self {
            CageError::Refused(reason) => return reason.clone(),
            CageError::Failed { .. } => (
                "media_failed",
                "تعذّرت معالجة المقطع بسبب خلل عندنا. أعد المحاولة، وإن تكرر الأمر فأبلغ مدير النظام.",
                "The clip could not be processed because of a fault on our side. Try again; if it happens again, tell \
                 the administrator.",
            ),
            CageError::Crashed { .. } => (
                "media_crashed",
                "توقفت معالجة المقطع فجأة، وقد يكون الملف تالفًا. صدّر المقطع من جديد بصيغة MP4 ثم ارفعه.",
                "Processing stopped suddenly; the file may be damaged. Export the clip again as MP4 and upload it.",
            ),
            CageError::TimedOut(_) => (
                "media_timed_out",
                "استغرقت معالجة المقطع وقتًا أطول من المسموح فأوقفناها. صدّر المقطع بدقة أقل أو قسّمه ثم ارفعه.",
                "Processing took longer than allowed and was stopped. Export the clip smaller or split it, then upload it.",
            ),
            CageError::Stalled(_) => (
                "media_stalled",
                "توقفت معالجة المقطع ولم تتقدم فأنهيناها. أعد المحاولة، وإن تكرر الأمر فصدّر المقطع من جديد.",
                "Processing stopped advancing and was ended. Try again; if it happens again, export the clip again.",
            ),
            CageError::Cancelled => {
                ("media_cancelled", "أُلغيت معالجة المقطع.", "Processing of the clip was cancelled.")
            }
            CageError::Broken(_) => (
                "media_unavailable",
                "لا نستطيع معالجة المقاطع الآن. سنعيد المحاولة تلقائيًا.",
                "We cannot process clips at the moment. It will be tried again by itself.",
            ),
        };
        Reason { code: code.to_owned(), message_ar: arabic.to_owned(), message_en: english.to_owned() }
    }

    /// The job queue counts a crash twice (reliability.md, C4).
    pub fn is_crash(&self) -> bool {
        match self {
            CageError::Crashed { .. } => true,
            CageError::Refused(_)
            | CageError::Failed { .. }
            | CageError::TimedOut(_)
            | CageError::Stalled(_)
            | CageError::Cancelled
            | CageError::Broken(_) => false,
        }
    }

    /// Whether the file itself is the likely cause, rather than this machine.
    pub fn is_about_the_file(&self) -> bool {
        match self {
            CageError::Refused(_)
            | CageError::Crashed { .. }
            | CageError::TimedOut(_)
            | CageError::Stalled(_) => true,
            CageError::Failed { .. } | CageError::Cancelled | CageError::Broken(_) => false,
        }
    }

    /// Whether the same file may succeed another time.
    pub fn may_be_retried(&self) -> bool {
        match self {
            CageError::Refused(_) | CageError::Cancelled => false,
            CageError::Failed { .. }
            | CageError::Crashed { .. }
            | CageError::TimedOut(_)
            | CageError::Stalled(_)
            | CageError::Broken(_) => true,
        }
    }
}
