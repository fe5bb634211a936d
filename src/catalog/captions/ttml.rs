//! Reading TTML and IMSC: the paragraphs with their times. No document type, no entities of its own.

use super::plain::CueList;
use super::timecode::{limited, read_clock};
use super::xml::{attribute, line_of};
use super::{CaptionError, Cue};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Frame and tick rates of the root element, for times such as `00:00:01:12` and `250t`.
struct Rates {
    frame: f64,
    tick: f64,
}

/// The span of time of an element, in the time of the clip: what stands inside counts from its start (TTML2 section
/// 12.2, parallel containers).
#[derive(Clone, Copy)]
struct Span {
    start_ms: u32,
    end_ms: Option<u32>,
}

/// What is being read: a paragraph, or a piece of one that has times of its own.
struct Piece {
    span: Span,
    text: String,
    line: usize,
}

/// Where the reader is: the timed elements around it, and the text of those that become cues.
#[derive(Default)]
struct Place {
    containers: Vec<Span>,
    pieces: Vec<Piece>,
}

impl Place {
    /// The innermost timed element around.
    fn around(&self) -> Span {
        let outer = self.containers.last().copied().unwrap_or(Span { start_ms: 0, end_ms: None });
        self.pieces.last().map_or(outer, |piece| piece.span)
    }

    fn open_piece(&mut self, span: Span, line: usize) {
        self.pieces.push(Piece { span, text: String::new(), line });
    }

    /// Ends the innermost piece; without words it is no cue, and without an end it is an error.
    fn close_piece(&mut self, list: &mut CueList) -> Result<(), CaptionError> {
        let Some(piece) = self.pieces.pop() else { return Ok(()) };
        if piece.text.trim().is_empty() {
            return Ok(());
        }
        let end_ms = piece.span.end_ms.ok_or(CaptionError::BadTime { line: piece.line })?;
        list.add(piece.span.start_ms, end_ms, &piece.text, piece.line)
    }

    fn push(&mut self, text: &str) {
        if let Some(piece) = self.pieces.last_mut() {
            piece.text.push_str(text);
        }
    }
}

/// Reads a TTML file.
pub(super) fn read(text: &str) -> Result<Vec<Cue>, CaptionError> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut list = CueList::default();
    let mut rates = Rates { frame: 30.0, tick: 1.0 };
    let mut place = Place::default();
    // For each open `span`, whether it is a piece of its own.
    let mut spans: Vec<bool> = Vec::new();
    loop {
        let line = line_of(text, reader.buffer_position());
        let event = reader.read_event().map_err(|_| CaptionError::BadXml { line })?;
        match event {
            Event::DocType(_) => return Err(CaptionError::DocumentType { line }),
            Event::Start(element) => match element.local_name().as_ref() {
                b"tt" => rates = Rates::of(&element),
                b"body" | b"div" => place.containers.push(rates.span(&element, place.around(), line)?),
                b"p" => place.open_piece(rates.span(&element, place.around(), line)?, line),
                b"span" => {
                    let timed = attribute(&element, "begin").is_some() && !place.pieces.is_empty();
                    if timed {
                        place.open_piece(rates.span(&element, place.around(), line)?, line);
                    }
                    spans.push(timed);
                }
                b"br" => place.push("\n"),
                _ => {}
            },
            Event::Text(piece) => {
                let piece = piece.decode().map_err(|_| CaptionError::BadXml { line })?;
                place.push(&collapsed(&piece));
            }
            Event::CData(piece) => {
                let piece = piece.decode().map_err(|_| CaptionError::BadXml { line })?;
                place.push(&collapsed(&piece));
            }
            Event::GeneralRef(name) => {
                let name = name.decode().map_err(|_| CaptionError::BadXml { line })?;
                place.push(&super::plain::without_references(&format!("&{name};")));
            }
            Event::End(element) => match element.local_name().as_ref() {
                b"p" => place.close_piece(&mut list)?,
                b"span" if spans.pop() == Some(true) => place.close_piece(&mut list)?,
                b"body" | b"div" => {
                    place.containers.pop();
                }
                _ => {}
            },
            Event::Eof => return list.finish(),
            Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
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

impl Rates {
    fn of(root: &BytesStart) -> Rates {
        let rate = |name: &str| {
            attribute(root, name).and_then(|value| value.parse::<f64>().ok()).filter(|rate| *rate > 0.0)
        };
        let frame = rate("frameRate").unwrap_or(30.0) * multiplier(root);
        Rates { frame, tick: rate("tickRate").unwrap_or(frame) }
    }

    /// When an element is shown, given the timed element around it.
    fn span(&self, element: &BytesStart, around: Span, line: usize) -> Result<Span, CaptionError> {
        let time = |name: &str| {
            attribute(element, name)
                .map(|value| self.read_time(&value).ok_or(CaptionError::BadTime { line }))
                .transpose()
        };
        let (begin, end, length) = (time("begin")?.unwrap_or(0), time("end")?, time("dur")?);
        let start_ms = around.start_ms.saturating_add(begin);
        let own_end = match (end, length) {
            (Some(end), _) => Some(around.start_ms.saturating_add(end)),
            (None, Some(length)) => Some(start_ms.saturating_add(length)),
            (None, None) => None,
        };
        let end_ms = match (own_end, around.end_ms) {
            (Some(own), Some(outer)) => Some(own.min(outer)),
            (own, outer) => own.or(outer),
        };
        Ok(Span { start_ms, end_ms })
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

#[cfg(test)]
mod tests {
    use super::*;

    fn times(body: &str) -> Vec<(u32, u32, String)> {
        let text = format!("<tt xmlns='http://www.w3.org/ns/ttml'>{body}</tt>");
        read(&text).unwrap().into_iter().map(|cue| (cue.start_ms, cue.end_ms, cue.text)).collect()
    }

    #[test]
    fn what_stands_in_a_timed_container_counts_from_its_start() {
        let body = "<body begin='10s'><div begin='5s' end='20s'><p begin='1s' end='3s'>أهلًا</p>\
                    <p begin='12s'>إلى آخر القسم</p></div></body>";
        let expected = [(16_000, 18_000, "أهلًا".to_owned()), (27_000, 30_000, "إلى آخر القسم".to_owned())];
        assert_eq!(times(body), expected);
    }

    #[test]
    fn a_timed_piece_of_a_paragraph_is_a_cue_of_its_own() {
        let body = "<body><div><p begin='2s'><span begin='0s' end='1s'>أولًا</span>\
                    <span begin='1s' dur='2s'>ثم <span>ثانيًا</span></span></p></div></body>";
        let expected = [(2_000, 3_000, "أولًا".to_owned()), (3_000, 5_000, "ثم ثانيًا".to_owned())];
        assert_eq!(times(body), expected);
    }

    #[test]
    fn words_without_an_end_are_refused_with_their_line() {
        let outcome = read("<tt>\n<body><div><p begin='1s'>بلا نهاية</p></div></body></tt>");
        assert!(matches!(outcome, Err(CaptionError::BadTime { line: 2 })), "{outcome:?}");
    }
}
