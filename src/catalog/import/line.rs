//! The lines of a manifest.

use serde::Deserialize;

/// One clip of a manifest; the names are the contract's. Further fields are ignored.
#[derive(Debug, Clone, Deserialize)]
pub struct ManifestLine {
    /// The importing system's own id.
    pub id: String,
    /// Kind of clip.
    pub kind: String,
    /// Code of the service.
    pub service: String,
    /// Arabic title.
    pub title_ar: String,
    /// English title.
    pub title_en: Option<String>,
    /// The question that it answers.
    pub question: Option<String>,
    /// One to three short sentences.
    pub summary_ar: Option<String>,
    /// What a graphic shows.
    pub alt_ar: Option<String>,
    /// A caption file, WebVTT text, or plain text.
    pub captions: Option<String>,
    /// The video or picture.
    pub media: Option<String>,
    /// Other wordings.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// What a signed title says: page texts, topics and services, as in `text:ask-title`, unless another clip says it.
    #[serde(default)]
    pub signs: Vec<String>,
    /// `draft`, `ready`, `in_review` or `published`.
    pub state: Option<String>,
    /// Made-up content that is marked on its page.
    #[serde(default)]
    pub sample: bool,
    /// Language tag; `sdl` when not given.
    pub sign_language: Option<String>,
    /// What it rests on.
    pub sources: Option<String>,
    /// What it costs.
    pub fees_ar: Option<String>,
    /// Until when, or how long it takes.
    pub deadline_ar: Option<String>,
}

/// A line with its number in the file, from 1.
#[derive(Debug)]
pub struct NumberedLine {
    /// For messages.
    pub number: usize,
    /// The line, or what is wrong with it.
    pub line: Result<ManifestLine, String>,
}

/// Longest id of the importing system.
const ID_LIMIT: usize = 200;

/// Reads all lines; empty ones are passed over.
pub fn read_manifest(text: &str) -> Vec<NumberedLine> {
    let numbered = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    numbered.map(|(at, line)| NumberedLine { number: at + 1, line: read_line(line) }).collect()
}

fn read_line(text: &str) -> Result<ManifestLine, String> {
    let line: ManifestLine =
        serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|why| why.to_string())?;
    let id = line.id.trim();
    if id.is_empty() || id.chars().count() > ID_LIMIT || id.chars().any(char::is_control) {
        return Err(format!("id must have 1 to {ID_LIMIT} characters"));
    }
    Ok(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_line_is_named_and_the_others_are_read() {
        let text = "{\"id\":\"a\",\"kind\":\"answer\",\"service\":\"id.renew\",\"title_ar\":\"س\"}\n\n{\"id\":3}\nnonsense\n";
        let lines = read_manifest(text);
        let numbers: Vec<(usize, bool)> = lines.iter().map(|line| (line.number, line.line.is_ok())).collect();
        assert_eq!(numbers, [(1, true), (3, false), (4, false)]);
    }
}
