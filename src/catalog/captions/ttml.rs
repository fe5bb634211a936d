//! Reading TTML and IMSC: the paragraphs with their times. No document type, no entities of its own.

use super::plain::CueList;
use super::timecode::{limited, read_clock};
use super::{CaptionError, Cue};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Frame and tick rates of the root element, for times such as `00:00:01:12` and `250t`.
struct Rates {
    frame: f64,
    tick: f64,
}

/// The paragraph that is being read.
struct Paragraph {
    start_ms: u32,
    end_ms: u32,
    text: String,
    line: usize,
}

/// Reads a TTML file.
pub(super) fn read(text: &str) -> Result<Vec<Cue>, CaptionError> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut list = CueList::default();
    let mut rates = Rates { frame: 30.0, tick: 1.0 };
    let mut paragraph: Option<Paragraph> = None;
    loop {
        let line = line_of(text, reader.buffer_position());
        let event = reader.read_event().map_err(|_| CaptionError::BadXml { line })?;
        match event {
            Event::DocType(_) => return Err(CaptionError::DocumentType { line }),
            Event::Start(element) => match element.local_name().as_ref() {
                b"tt" => rates = Rates::of(&element),
                b"p" => paragraph = start_paragraph(&element, &rates, line)?,
                b"br" => push(&mut paragraph, "\n"),
                _ => {}
            },
            Event::Text(piece) => {
                let piece = piece.decode().map_err(|_| CaptionError::BadXml { line })?;
                push(&mut paragraph, &collapsed(&piece));
            }
            Event::CData(piece) => {
                let piece = piece.decode().map_err(|_| CaptionError::BadXml { line })?;
                push(&mut paragraph, &collapsed(&piece));
            }
            Event::GeneralRef(name) => {
                let name = name.decode().map_err(|_| CaptionError::BadXml { line })?;
                push(&mut paragraph, &super::plain::without_references(&format!("&{name};")));
            }
            Event::End(element) if element.local_name().as_ref() == b"p" => {
                if let Some(done) = paragraph.take() {
                    list.add(done.start_ms, done.end_ms, &done.text, done.line)?;
                }
            }
            Event::Eof => return list.finish(),
            Event::End(_) | Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
}

fn line_of(text: &str, position: u64) -> usize {
    let end = usize::try_from(position).unwrap_or(text.len()).min(text.len());
    text.as_bytes()[..end].iter().filter(|byte| **byte == b'\n').count() + 1
}

fn push(paragraph: &mut Option<Paragraph>, text: &str) {
    if let Some(paragraph) = paragraph {
        paragraph.text.push_str(text);
    }
}

/// White space in XML is layout: line breaks come from `br` alone.
fn collapsed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let c = if c.is_whitespace() { ' ' } else { c };
        if c != ' ' || !out.ends_with(' ') {
            out.push(c);
        }
    }
    out
}

fn start_paragraph(
    element: &BytesStart,
    rates: &Rates,
    line: usize,
) -> Result<Option<Paragraph>, CaptionError> {
    let time = |name: &str| {
        attribute(element, name).map(|value| rates.read_time(&value).ok_or(CaptionError::BadTime { line }))
    };
    let (start, end, length) =
        (time("begin").transpose()?, time("end").transpose()?, time("dur").transpose()?);
    let start_ms = start.unwrap_or(0);
    let end_ms = match (end, length) {
        (Some(end), _) => end,
        (None, Some(length)) => start_ms.saturating_add(length),
        (None, None) => return Err(CaptionError::BadTime { line }),
    };
    Ok(Some(Paragraph { start_ms, end_ms, text: String::new(), line }))
}

fn attribute(element: &BytesStart, name: &str) -> Option<String> {
    let found = element
        .attributes()
        .flatten()
        .find(|attribute| attribute.key.local_name().as_ref() == name.as_bytes())?;
    String::from_utf8(found.value.into_owned()).ok()
}

impl Rates {
    fn of(root: &BytesStart) -> Rates {
        let rate = |name: &str| {
            attribute(root, name).and_then(|value| value.parse::<f64>().ok()).filter(|rate| *rate > 0.0)
        };
        let frame = rate("frameRate").unwrap_or(30.0) * multiplier(root);
        Rates { frame, tick: rate("tickRate").unwrap_or(frame) }
    }

    /// Reads a clock time, with frames or a fraction, or an offset such as `12.5s` (TTML2 section 12.3.1).
    fn read_time(&self, text: &str) -> Option<u32> {
        let text = text.trim();
        let parts: Vec<&str> = text.split(':').collect();
        if let [clock @ .., frames] = parts.as_slice()
            && clock.len() == 3
        {
            let base = read_clock(&clock.join(":"))?;
            let frames = frames.parse::<f64>().ok().filter(|frames| *frames >= 0.0)?;
            return limited(u64::from(base) + (frames * 1000.0 / self.frame).round() as u64);
        }
        if parts.len() > 1 {
            return read_clock(text);
        }
        self.read_offset(text)
    }

    fn read_offset(&self, text: &str) -> Option<u32> {
        let unit_at = text.find(|c: char| c.is_ascii_alphabetic())?;
        let (value, unit) = text.split_at(unit_at);
        let value = value.parse::<f64>().ok().filter(|value| value.is_finite() && *value >= 0.0)?;
        let milliseconds = match unit {
            "h" => value * 3_600_000.0,
            "m" => value * 60_000.0,
            "s" => value * 1000.0,
            "ms" => value,
            "f" => value * 1000.0 / self.frame,
            "t" => value * 1000.0 / self.tick,
            _ => return None,
        };
        limited(milliseconds.round() as u64)
    }
}

/// `ttp:frameRateMultiplier="1000 1001"`.
fn multiplier(root: &BytesStart) -> f64 {
    let Some(text) = attribute(root, "frameRateMultiplier") else { return 1.0 };
    let numbers: Vec<f64> = text.split([' ', ':']).filter_map(|part| part.parse().ok()).collect();
    match numbers.as_slice() {
        [above, below] if *above > 0.0 && *below > 0.0 => above / below,
        _ => 1.0,
    }
}
