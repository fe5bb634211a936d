//! Why a caption file is refused, with the line, in Arabic and English.

use thiserror::Error;

/// A refusal of a caption file.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CaptionError {
    #[error("the file is larger than 512 kB")]
    TooLarge,
    #[error("the file has more than 2,000 captions")]
    TooManyCues,
    #[error("the file is not a text file")]
    NotText,
    #[error("the file has no captions")]
    Empty,
    #[error("the kind of caption file is not known: use WebVTT, SRT, TTML, ASS or EAF")]
    UnknownFormat,
    #[error("line {line}: the file does not start with WEBVTT")]
    MissingHeader { line: usize },
    #[error("line {line}: the time cannot be read")]
    BadTime { line: usize },
    #[error("line {line}: the caption ends before it starts")]
    EndsBeforeStart { line: usize },
    #[error("line {line}: text without a time")]
    TextWithoutTime { line: usize },
    #[error("line {line}: the XML cannot be read")]
    BadXml { line: usize },
    #[error("line {line}: a document type is not allowed")]
    DocumentType { line: usize },
    #[error("line {line}: the list of fields is missing or has no start, end or text")]
    BadFields { line: usize },
}

impl CaptionError {
    /// Returns the line of the file, from 1, where there is one.
    pub fn line(&self) -> Option<usize> {
        match self {
            Self::TooLarge | Self::TooManyCues | Self::NotText | Self::Empty | Self::UnknownFormat => None,
            Self::MissingHeader { line }
            | Self::BadTime { line }
            | Self::EndsBeforeStart { line }
            | Self::TextWithoutTime { line }
            | Self::BadXml { line }
            | Self::DocumentType { line }
            | Self::BadFields { line } => Some(*line),
        }
    }

    /// Returns a stable name for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge => "too_large",
            Self::TooManyCues => "too_many_cues",
            Self::NotText => "not_text",
            Self::Empty => "empty",
            Self::UnknownFormat => "unknown_format",
            Self::MissingHeader { .. } => "missing_header",
            Self::BadTime { .. } => "bad_time",
            Self::EndsBeforeStart { .. } => "ends_before_start",
            Self::TextWithoutTime { .. } => "text_without_time",
            Self::BadXml { .. } => "bad_xml",
            Self::DocumentType { .. } => "document_type",
            Self::BadFields { .. } => "bad_fields",
        }
    }

    /// Returns the Arabic sentence for the person who uploaded the file.
    pub fn message_ar(&self) -> String {
        let sentence = match self {
            Self::TooLarge => "حجم ملف التعليق أكبر من ٥١٢ كيلوبايت.",
            Self::TooManyCues => "في الملف أكثر من 2000 مقطع نصي.",
            Self::NotText => "هذا الملف ليس ملفًا نصيًا.",
            Self::Empty => "لا يوجد في الملف أي نص.",
            Self::UnknownFormat => "نوع الملف غير معروف. استخدم WebVTT أو SRT أو TTML أو ASS أو EAF.",
            Self::MissingHeader { .. } => "يجب أن يبدأ الملف بكلمة WEBVTT.",
            Self::BadTime { .. } => "لا يمكن قراءة التوقيت.",
            Self::EndsBeforeStart { .. } => "وقت النهاية يسبق وقت البداية.",
            Self::TextWithoutTime { .. } => "نص بلا توقيت.",
            Self::BadXml { .. } => "تعذرت قراءة ملف XML.",
            Self::DocumentType { .. } => "لا يُسمح بتعريف DOCTYPE في الملف.",
            Self::BadFields { .. } => "قائمة الحقول ناقصة: يلزم البداية والنهاية والنص.",
        };
        self.line().map_or(sentence.to_owned(), |line| format!("السطر {line}: {sentence}"))
    }

    /// Returns the English sentence.
    pub fn message_en(&self) -> String {
        let text = self.to_string();
        let mut letters = text.chars();
        letters.next().map_or(text.clone(), |first| format!("{}{}.", first.to_uppercase(), letters.as_str()))
    }
}
