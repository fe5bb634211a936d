//! Writing captions as WebVTT and SRT.

use super::Cue;
use super::timecode::write_clock;
use crate::text::is_arabic_letter;

/// Writes WebVTT with escaped text. Each line whose first strong character is not Arabic starts with U+200F, because
/// players take a cue's direction from it (deaf-users.md section 3).
pub fn to_vtt(cues: &[Cue]) -> String {
    let mut out = String::from("WEBVTT\n");
    for (index, cue) in cues.iter().enumerate() {
        let lines: Vec<String> = printable_lines(&cue.text).map(|line| directed(&escaped(&line))).collect();
        push_cue(&mut out, index, [write_clock(cue.start_ms, '.'), write_clock(cue.end_ms, '.')], &lines);
    }
    out
}

/// Writes SRT; the text is plain, so an arrow inside it is replaced.
pub fn to_srt(cues: &[Cue]) -> String {
    let mut out = String::new();
    for (index, cue) in cues.iter().enumerate() {
        let lines: Vec<String> = printable_lines(&cue.text).map(|line| line.replace("-->", "→")).collect();
        push_cue(&mut out, index, [write_clock(cue.start_ms, ','), write_clock(cue.end_ms, ',')], &lines);
    }
    out.strip_prefix('\n').map(str::to_owned).unwrap_or(out)
}

fn push_cue(out: &mut String, index: usize, [start, end]: [String; 2], lines: &[String]) {
    out.push_str(&format!("\n{}\n{start} --> {end}\n", index + 1));
    for line in lines {
        out.push_str(line);
        out.push('\n');
    }
}

/// A blank line would end the cue and a control character may break a player: neither is written.
fn printable_lines(text: &str) -> impl Iterator<Item = String> {
    text.lines()
        .map(|line| line.chars().filter(|c| !c.is_control()).collect::<String>())
        .filter(|line| !line.trim().is_empty())
}

fn escaped(line: &str) -> String {
    line.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn directed(line: &str) -> String {
    let first_strong = line.chars().find(|c| c.is_alphabetic() || *c == '\u{200f}' || *c == '\u{200e}');
    match first_strong {
        Some(c) if is_arabic_letter(c) || c == '\u{200f}' || is_presentation_form(c) => line.to_owned(),
        Some(_) | None => format!("\u{200f}{line}"),
    }
}

fn is_presentation_form(c: char) -> bool {
    matches!(c, '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
}
