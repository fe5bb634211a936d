//! Finding and masking what identifies a person, in every digit script and with anything people put between digits.
//!
//! Rules: CONTRACT section 6 (kinds, masks, order) and reliability.md P1 and P2. Recall comes first: near a telling
//! word a number is masked even when its check digit is wrong; without one the check digit has to be right.

mod contact;
mod context;
mod numbers;
mod records;
mod scan;
mod secrets;
mod shape;
mod spoken;

use scan::Scan;
use serde::Serialize;

/// What a masked part of a text is (CONTRACT section 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SpanKind {
    NationalId,
    Iqama,
    Mobile,
    Iban,
    Card,
    Email,
    Plate,
    Passport,
    Otp,
    Password,
    BirthDate,
    RequestNumber,
}

/// The language of the masks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MaskLanguage {
    Arabic,
    English,
}

impl SpanKind {
    /// Returns the stable name used in JSON, SQL and logs.
    pub fn code(self) -> &'static str {
        match self {
            SpanKind::NationalId => "national_id",
            SpanKind::Iqama => "iqama",
            SpanKind::Mobile => "mobile",
            SpanKind::Iban => "iban",
            SpanKind::Card => "card",
            SpanKind::Email => "email",
            SpanKind::Plate => "plate",
            SpanKind::Passport => "passport",
            SpanKind::Otp => "otp",
            SpanKind::Password => "password",
            SpanKind::BirthDate => "birth_date",
            SpanKind::RequestNumber => "request_number",
        }
    }

    /// All kinds.
    pub const ALL: [SpanKind; 12] = [
        SpanKind::NationalId,
        SpanKind::Iqama,
        SpanKind::Mobile,
        SpanKind::Iban,
        SpanKind::Card,
        SpanKind::Email,
        SpanKind::Plate,
        SpanKind::Passport,
        SpanKind::Otp,
        SpanKind::Password,
        SpanKind::BirthDate,
        SpanKind::RequestNumber,
    ];

    /// Returns what stands in the text instead of the masked part.
    pub fn mask(self, language: MaskLanguage) -> String {
        match language {
            MaskLanguage::Arabic => format!("[{}]", self.arabic_name()),
            MaskLanguage::English => format!("[{}]", self.code()),
        }
    }

    /// Returns the Arabic name that the mask and the desk show.
    pub fn arabic_name(self) -> &'static str {
        match self {
            SpanKind::NationalId => "رقم هوية",
            SpanKind::Iqama => "رقم إقامة",
            SpanKind::Mobile => "رقم جوال",
            SpanKind::Iban => "رقم آيبان",
            SpanKind::Card => "رقم بطاقة بنكية",
            SpanKind::Email => "بريد إلكتروني",
            SpanKind::Plate => "رقم لوحة",
            SpanKind::Passport => "رقم جواز",
            SpanKind::Otp => "رمز تحقق",
            SpanKind::Password => "كلمة مرور",
            SpanKind::BirthDate => "تاريخ ميلاد",
            SpanKind::RequestNumber => "رقم طلب",
        }
    }

    /// Tells whether this may never be kept, not even encrypted (reliability.md P2).
    pub fn is_secret(self) -> bool {
        matches!(self, SpanKind::Otp | SpanKind::Password)
    }
}

/// A part of a text that identifies somebody; offsets in Unicode scalar values of the original text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Span {
    pub kind: SpanKind,
    pub start: u32,
    /// One past the last scalar value.
    pub end: u32,
}

/// A text with its identifying parts masked, and where they were in the original.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Redacted {
    pub text: String,
    pub spans: Vec<Span>,
}

/// Masks everything that identifies a person, with Arabic masks.
pub fn redact(text: &str) -> Redacted {
    redact_in(text, MaskLanguage::Arabic)
}

/// Masks everything that identifies a person, with masks in the given language.
pub fn redact_in(text: &str, language: MaskLanguage) -> Redacted {
    let spans = find(text);
    Redacted { text: masked(text, &spans, language), spans }
}

/// Cuts one-time codes and passwords out of a text and leaves the rest clear. This is the only version of a question
/// that may be written anywhere, even encrypted (reliability.md P2).
pub fn cut_secrets(text: &str) -> String {
    let secrets: Vec<Span> = find(text).into_iter().filter(|span| span.kind.is_secret()).collect();
    masked(text, &secrets, MaskLanguage::Arabic)
}

/// Finds the identifying parts, in order and without overlap.
pub fn find(text: &str) -> Vec<Span> {
    let scan = Scan::of(text);
    let mut found = Finds::over(scan.chars.len());
    contact::find_emails(&scan, &mut found);
    secrets::find_passwords(&scan, &mut found);
    numbers::find(&scan, &mut found);
    contact::find_foreign_phones(&scan, &mut found);
    spoken::find_spoken(&scan, &mut found);
    records::find_passports(&scan, &mut found);
    records::find_plates(&scan, &mut found);
    records::find_birth_dates(&scan, &mut found);
    secrets::find_codes(&scan, &mut found);
    records::find_request_numbers(&scan, &mut found);
    found.hits.sort_by_key(|hit| hit.from);
    found.hits.iter().filter_map(|hit| hit.to_span(&scan)).collect()
}

fn masked(text: &str, spans: &[Span], language: MaskLanguage) -> String {
    let mut out = String::with_capacity(text.len());
    let mut spans = spans.iter().peekable();
    for (index, c) in text.chars().enumerate() {
        let Some(span) = spans.peek() else {
            out.push(c);
            continue;
        };
        let index = index as u32;
        if index < span.start {
            out.push(c);
            continue;
        }
        if index == span.start {
            out.push_str(&span.kind.mask(language));
        }
        if index + 1 == span.end {
            spans.next();
        }
    }
    out
}

/// A find, in characters of the folded text.
#[derive(Debug, Clone, Copy)]
struct Hit {
    kind: SpanKind,
    from: usize,
    to: usize,
}

impl Hit {
    fn to_span(self, scan: &Scan) -> Option<Span> {
        let (start, end) = scan.folded.original_span(self.from, self.to)?;
        Some(Span { kind: self.kind, start, end })
    }
}

/// What was found so far, and which characters are taken: a text of nothing but numbers must not cost the square of
/// their count.
struct Finds {
    hits: Vec<Hit>,
    taken: Vec<bool>,
}

impl Finds {
    fn over(characters: usize) -> Finds {
        Finds { hits: Vec::new(), taken: vec![false; characters] }
    }
}

/// Adds a find unless an earlier, surer rule already took a part of it.
fn add(found: &mut Finds, hit: Hit) {
    if hit.from < hit.to && is_free(found, hit.from, hit.to) {
        found.taken[hit.from..hit.to].fill(true);
        found.hits.push(hit);
    }
}

fn is_free(found: &Finds, from: usize, to: usize) -> bool {
    found.taken.get(from..to).is_some_and(|part| part.iter().all(|taken| !taken))
}

#[cfg(test)]
mod tests;
