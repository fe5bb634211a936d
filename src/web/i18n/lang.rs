//! The two languages of the pages.

/// A language of the pages. Arabic unless English was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Lang {
    /// Arabic, written right to left.
    #[default]
    Ar,
    /// English.
    En,
}

impl Lang {
    /// Reads the word of the `lang` cookie or query; `None` for any other language.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "ar" => Some(Self::Ar),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// The word for `<html lang>`, the cookie and the query.
    pub fn code(self) -> &'static str {
        match self {
            Self::Ar => "ar",
            Self::En => "en",
        }
    }

    /// The writing direction for `<html dir>`.
    pub fn dir(self) -> &'static str {
        match self {
            Self::Ar => "rtl",
            Self::En => "ltr",
        }
    }

    /// The language that the switch in the header leads to.
    pub fn other(self) -> Self {
        match self {
            Self::Ar => Self::En,
            Self::En => Self::Ar,
        }
    }

    /// The name of this language in itself.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ar => "العربية",
            Self::En => "English",
        }
    }

    /// Chooses between the Arabic and the English form of something that is stored in both.
    pub fn pick<'a>(self, ar: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::En if !en.is_empty() => en,
            Self::En | Self::Ar => ar,
        }
    }
}
