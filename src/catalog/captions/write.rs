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
pub(super) fn printable_lines(text: &str) -> impl Iterator<Item = String> {
    text.lines()
        .map(|line| line.chars().filter(|c| !c.is_control()).collect::<String>())
        .filter(|line| !line.trim().is_empty())
}

pub(super) fn escaped(line: &str) -> String {
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

/// The picture that captions are drawn on, and how large they are, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lettering {
    pub width: u32,
    pub height: u32,
    pub font: u32,
}

/// Writes Advanced SubStation Alpha for burning in: every line in one plain style at the foot of the picture. Nothing in
/// the text can act as a command of that format.
pub fn to_ass(cues: &[Cue], on: Lettering) -> String {
    let Lettering { width, height, font } = on;
    let (side, foot) = (font / 2, font / 2);
    let mut out = format!(
        "[Script Info]\nScriptType: v4.00+\nPlayResX: {width}\nPlayResY: {height}\nWrapStyle: 0\n\n[V4+ Styles]\n\
         Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, \
         Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, \
         MarginR, MarginV, Encoding\n\
         Style: plain,{FAMILY},{font},&H00FFFFFF,&H00FFFFFF,&H00000000,&H00000000,0,0,0,0,100,100,0,0,\
         1,0,0,2,{side},{side},{foot},-1\n\n[Events]\n\
         Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
    );
    for cue in cues {
        let lines: Vec<String> = printable_lines(&cue.text).map(|line| directed(&harmless(&line))).collect();
        let (start, end) = (ass_clock(cue.start_ms), ass_clock(cue.end_ms));
        out.push_str(&format!("Dialogue: 0,{start},{end},plain,,0,0,0,,{}\n", lines.join("\\N")));
    }
    out
}

/// What the vendored half-bold fonts call themselves; the cage has no other font to fall back on.
const FAMILY: &str = "IBM Plex Sans Arabic SemiBold";

/// Braces and backslashes are commands in this format.
fn harmless(line: &str) -> String {
    line.replace('{', "(").replace('}', ")").replace('\\', "/")
}

fn ass_clock(ms: u32) -> String {
    format!("{}:{:02}:{:02}.{:02}", ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60, ms % 1000 / 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captions_for_burning_in_are_directed_and_harmless() {
        let cue = |text: &str| Cue { start_ms: 1_500, end_ms: 3_720, text: text.to_owned() };
        let text = to_ass(
            &[cue("مرحبا\nAbsher {\\pos(0,0)}"), cue("")],
            Lettering { width: 720, height: 1400, font: 36 },
        );
        assert!(
            text.contains(
                "Dialogue: 0,0:00:01.50,0:00:03.72,plain,,0,0,0,,مرحبا\\N\u{200f}Absher (/pos(0,0))\n"
            ),
            "{text}"
        );
    }
}
