//! Kinds of clips.

/// Words of the `kind` column, the API and the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClipKind {
    /// Answers a question about a service.
    Answer,
    /// A short awareness film.
    Awareness,
    /// News.
    Announcement,
    /// A designed picture with text.
    Graphic,
    /// The name of a topic or page, signed.
    SignedTitle,
    /// A term, signed.
    GlossaryTerm,
    /// A warning that is sent at once when somebody is in danger.
    Safety,
    /// Sets an earlier answer right.
    Correction,
}

impl ClipKind {
    /// All kinds, in the order in which forms offer them.
    pub const ALL: [Self; 8] = [
        Self::Answer,
        Self::Awareness,
        Self::Announcement,
        Self::Graphic,
        Self::SignedTitle,
        Self::GlossaryTerm,
        Self::Safety,
        Self::Correction,
    ];

    /// The kinds of [`is_title`](Self::is_title) as an SQL list: they are parts of other pages and answer nothing.
    pub const PARTS_SQL: &str = "('signed_title', 'glossary_term')";

    /// The word in SQL and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::Awareness => "awareness",
            Self::Announcement => "announcement",
            Self::Graphic => "graphic",
            Self::SignedTitle => "signed_title",
            Self::GlossaryTerm => "glossary_term",
            Self::Safety => "safety",
            Self::Correction => "correction",
        }
    }

    /// Reads the word; `None` for a word that is no kind.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// The name in Arabic pages.
    pub fn name_ar(self) -> &'static str {
        match self {
            Self::Answer => "إجابة",
            Self::Awareness => "توعية",
            Self::Announcement => "إعلان",
            Self::Graphic => "تصميم",
            Self::SignedTitle => "عنوان بالإشارة",
            Self::GlossaryTerm => "مصطلح",
            Self::Safety => "تنبيه سلامة",
            Self::Correction => "تصحيح",
        }
    }

    /// The name in English pages.
    pub fn name_en(self) -> &'static str {
        match self {
            Self::Answer => "Answer",
            Self::Awareness => "Awareness",
            Self::Announcement => "Announcement",
            Self::Graphic => "Graphic",
            Self::SignedTitle => "Signed title",
            Self::GlossaryTerm => "Term",
            Self::Safety => "Safety warning",
            Self::Correction => "Correction",
        }
    }

    /// Whether it is a still picture instead of a signed video.
    pub fn is_still(self) -> bool {
        matches!(self, Self::Graphic)
    }

    /// Whether it only signs a name, without a summary of its own.
    pub fn is_title(self) -> bool {
        matches!(self, Self::SignedTitle | Self::GlossaryTerm)
    }

    /// Whether it needs Arabic captions. A graphic is read out by its alternative text instead, and of a signed title the
    /// title itself is the text.
    pub fn needs_captions(self) -> bool {
        !self.is_still() && !self.is_title()
    }
}
