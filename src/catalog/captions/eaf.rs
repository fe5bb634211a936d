//! ELAN annotation files (EAF 3.0), which sign language linguists work with: one tier is read as captions, and captions
//! are written as a tier. No document type, no entities of its own.

use super::plain::{CueList, without_references};
use super::timecode::limited;
use super::write::{escaped, printable_lines};
use super::xml::{attribute, line_of};
use super::{CaptionError, Cue};
use crate::clock::Millis;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::collections::HashMap;

/// Tiers of these words hold captions; without any, the first tier with words does.
const CAPTION_WORDS: [&str; 5] = ["caption", "subtitle", "translation", "ترجمة", "تعليق"];
/// A dependent annotation leads to its time through no more than so many others.
const MOST_STEPS: usize = 16;

/// Reads the captions of an EAF file.
pub(super) fn read(text: &str) -> Result<Vec<Cue>, CaptionError> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut document = Document::default();
    loop {
        let line = line_of(text, reader.buffer_position());
        let event = reader.read_event().map_err(|_| CaptionError::BadXml { line })?;
        let words = match event {
            Event::DocType(_) => return Err(CaptionError::DocumentType { line }),
            Event::Start(element) => {
                document.open(&element, line)?;
                continue;
            }
            Event::End(element) => {
                document.close(element.local_name().as_ref());
                continue;
            }
            Event::Text(piece) => piece.decode().map_err(|_| CaptionError::BadXml { line })?.into_owned(),
            Event::CData(piece) => piece.decode().map_err(|_| CaptionError::BadXml { line })?.into_owned(),
            Event::GeneralRef(name) => {
                let name = name.decode().map_err(|_| CaptionError::BadXml { line })?;
                without_references(&format!("&{name};"))
            }
            Event::Eof => return document.captions(),
            Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => continue,
        };
        document.push(&words);
    }
}

/// When an annotation is shown.
enum Timing {
    /// From one time slot to another.
    Slots(String, String),
    /// With another annotation.
    With(String),
}

struct Annotation {
    tier: String,
    timing: Timing,
    words: String,
    line: usize,
}

/// What was read so far.
#[derive(Default)]
struct Document {
    /// In the order of time, where a slot without a time is allowed.
    slots: Vec<(String, Option<u32>)>,
    tier: String,
    annotations: Vec<Annotation>,
    ids: HashMap<String, usize>,
    in_words: bool,
}

impl Document {
    fn open(&mut self, element: &BytesStart, line: usize) -> Result<(), CaptionError> {
        let named = |name: &str| attribute(element, name).unwrap_or_default();
        match element.local_name().as_ref() {
            b"TIME_SLOT" => {
                let time = attribute(element, "TIME_VALUE").map(|value| {
                    value.trim().parse().ok().and_then(limited).ok_or(CaptionError::BadTime { line })
                });
                self.slots.push((named("TIME_SLOT_ID"), time.transpose()?));
            }
            b"TIER" => self.tier = without_references(&named("TIER_ID")),
            b"ALIGNABLE_ANNOTATION" => {
                let timing = Timing::Slots(named("TIME_SLOT_REF1"), named("TIME_SLOT_REF2"));
                self.begin(named("ANNOTATION_ID"), timing, line);
            }
            b"REF_ANNOTATION" => {
                self.begin(named("ANNOTATION_ID"), Timing::With(named("ANNOTATION_REF")), line);
            }
            b"ANNOTATION_VALUE" => self.in_words = true,
            _ => {}
        }
        Ok(())
    }

    fn begin(&mut self, id: String, timing: Timing, line: usize) {
        self.ids.insert(id, self.annotations.len());
        self.annotations.push(Annotation { tier: self.tier.clone(), timing, words: String::new(), line });
    }

    fn push(&mut self, words: &str) {
        if self.in_words
            && let Some(annotation) = self.annotations.last_mut()
        {
            annotation.words.push_str(words);
        }
    }

    fn close(&mut self, element: &[u8]) {
        if element == b"ANNOTATION_VALUE" {
            self.in_words = false;
        }
    }

    fn captions(self) -> Result<Vec<Cue>, CaptionError> {
        let times = times_of(&self.slots);
        let spoken: Vec<&Annotation> =
            self.annotations.iter().filter(|annotation| !annotation.words.trim().is_empty()).collect();
        let is_named = |tier: &str| {
            let tier = tier.to_lowercase();
            CAPTION_WORDS.iter().any(|word| tier.contains(word))
        };
        let any_named = spoken.iter().any(|annotation| is_named(&annotation.tier));
        let first = spoken.first().map(|annotation| annotation.tier.clone()).unwrap_or_default();
        let mut list = CueList::default();
        for annotation in spoken {
            let wanted = if any_named { is_named(&annotation.tier) } else { annotation.tier == first };
            if !wanted {
                continue;
            }
            let line = annotation.line;
            let (start_ms, end_ms) = self.span(annotation, &times).ok_or(CaptionError::BadTime { line })?;
            list.add(start_ms, end_ms, &annotation.words, line)?;
        }
        list.finish()
    }

    /// The time of an annotation, its own or that of the one it belongs to.
    fn span(&self, annotation: &Annotation, times: &HashMap<&str, u32>) -> Option<(u32, u32)> {
        let mut now = annotation;
        for _ in 0..MOST_STEPS {
            match &now.timing {
                Timing::Slots(from, to) => {
                    return Some((*times.get(from.as_str())?, *times.get(to.as_str())?));
                }
                Timing::With(other) => now = self.annotations.get(*self.ids.get(other)?)?,
            }
        }
        None
    }
}

/// The time of every slot. Slots without one share out the time between their neighbours (EAF 3.0, TIME_SLOT).
fn times_of(slots: &[(String, Option<u32>)]) -> HashMap<&str, u32> {
    let mut times = HashMap::new();
    let mut before = 0;
    let mut at = 0;
    while let Some((id, told)) = slots.get(at) {
        if let Some(time) = told {
            times.insert(id.as_str(), *time);
            (before, at) = (*time, at + 1);
            continue;
        }
        let untold = slots[at..].iter().take_while(|(_, time)| time.is_none()).count();
        let Some((_, Some(after))) = slots.get(at + untold) else { break };
        let step = after.saturating_sub(before) / (untold as u32 + 1);
        for (n, (id, _)) in (1u32..).zip(&slots[at..at + untold]) {
            times.insert(id.as_str(), before + step * n);
        }
        at += untold;
    }
    times
}

/// What an EAF file says about its video.
#[derive(Debug, Clone, Copy)]
pub struct Recording<'a> {
    /// The video's file name; ELAN looks for it beside the EAF file.
    pub file: &'a str,
    /// When the captions were saved.
    pub saved: Millis,
}

/// Writes captions as an EAF 3.0 file. Captions that overlap stand in tiers of their own, as ELAN allows none in one.
pub fn to_eaf(cues: &[Cue], of: Recording<'_>) -> String {
    let (file, date) = (quoted(of.file), of.saved.rfc3339());
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <ANNOTATION_DOCUMENT AUTHOR=\"\" DATE=\"{date}\" FORMAT=\"3.0\" VERSION=\"3.0\" \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
         xsi:noNamespaceSchemaLocation=\"http://www.mpi.nl/tools/elan/EAFv3.0.xsd\">\n\
         <HEADER MEDIA_FILE=\"\" TIME_UNITS=\"milliseconds\">\n\
         <MEDIA_DESCRIPTOR MEDIA_URL=\"./{file}\" MIME_TYPE=\"video/mp4\" RELATIVE_MEDIA_URL=\"./{file}\"/>\n\
         </HEADER>\n<TIME_ORDER>\n"
    );
    let mut slots: Vec<(u32, String)> = Vec::new();
    for (n, cue) in (1..).zip(cues) {
        slots.push((cue.start_ms, format!("ts{}", 2 * n - 1)));
        slots.push((cue.end_ms, format!("ts{}", 2 * n)));
    }
    slots.sort_by_key(|(time, _)| *time);
    for (time, id) in slots {
        out.push_str(&format!("<TIME_SLOT TIME_SLOT_ID=\"{id}\" TIME_VALUE=\"{time}\"/>\n"));
    }
    out.push_str("</TIME_ORDER>\n");
    for (n, tier) in (1..).zip(tiers(cues)) {
        out.push_str(&format!("<TIER LINGUISTIC_TYPE_REF=\"captions\" TIER_ID=\"captions-{n}\">\n"));
        tier.into_iter().for_each(|(n, cue)| out.push_str(&annotation(n, cue)));
        out.push_str("</TIER>\n");
    }
    out.push_str(
        "<LINGUISTIC_TYPE GRAPHIC_REFERENCES=\"false\" LINGUISTIC_TYPE_ID=\"captions\" TIME_ALIGNABLE=\"true\"/>\n\
         </ANNOTATION_DOCUMENT>\n",
    );
    out
}

fn annotation(n: usize, cue: &Cue) -> String {
    let (from, to) = (2 * n - 1, 2 * n);
    let words = printable_lines(&cue.text).map(|line| escaped(&line)).collect::<Vec<_>>().join("\n");
    format!(
        "<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID=\"a{n}\" TIME_SLOT_REF1=\"ts{from}\" \
         TIME_SLOT_REF2=\"ts{to}\"><ANNOTATION_VALUE>{words}</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>\n"
    )
}

/// Captions by tier, each with its number from 1.
fn tiers(cues: &[Cue]) -> Vec<Vec<(usize, &Cue)>> {
    let mut tiers: Vec<Vec<(usize, &Cue)>> = vec![Vec::new()];
    for numbered @ (_, cue) in (1..).zip(cues) {
        let is_free =
            |tier: &Vec<(usize, &Cue)>| tier.last().is_none_or(|(_, last)| last.end_ms <= cue.start_ms);
        match tiers.iter_mut().find(|tier| is_free(tier)) {
            Some(tier) => tier.push(numbered),
            None => tiers.push(vec![numbered]),
        }
    }
    tiers
}

fn quoted(text: &str) -> String {
    escaped(text).replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cue(start_ms: u32, end_ms: u32, text: &str) -> Cue {
        Cue { start_ms, end_ms, text: text.to_owned() }
    }

    fn document(slots: &str, tiers: &str) -> String {
        format!("<ANNOTATION_DOCUMENT><TIME_ORDER>{slots}</TIME_ORDER>{tiers}</ANNOTATION_DOCUMENT>")
    }

    fn tier(name: &str, annotations: &str) -> String {
        format!("<TIER TIER_ID=\"{name}\"><ANNOTATION>{annotations}</ANNOTATION></TIER>")
    }

    fn aligned(id: &str, from: &str, to: &str, words: &str) -> String {
        format!(
            "<ALIGNABLE_ANNOTATION ANNOTATION_ID='{id}' TIME_SLOT_REF1='{from}' TIME_SLOT_REF2='{to}'>\
             <ANNOTATION_VALUE>{words}</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION>"
        )
    }

    fn slot(id: &str, time: &str) -> String {
        let time = if time.is_empty() { String::new() } else { format!(" TIME_VALUE='{time}'") };
        format!("<TIME_SLOT TIME_SLOT_ID='{id}'{time}/>")
    }

    #[test]
    fn what_is_written_is_read_again_word_for_word() {
        let cues = [
            cue(0, 1_500, "أهلًا & <سهلًا>"),
            cue(1_500, 4_000, "سطر أول\nسطر \"ثانٍ\""),
            // Overlaps the one before.
            cue(3_000, 5_250, "Absher: جدّد هويتك"),
        ];
        let recording = Recording { file: "renew \"id\".mp4", saved: Millis(0) };
        let text = to_eaf(&cues, recording);
        assert_eq!(read(&text).unwrap(), cues);
        assert!(
            text.contains("MEDIA_URL=\"./renew &quot;id&quot;.mp4\"") && text.contains("captions-2"),
            "{text}"
        );
    }

    #[test]
    fn a_tier_of_captions_is_preferred_to_glosses_and_takes_the_time_of_what_it_belongs_to() {
        let slots = slot("a", "1000") + &slot("b", "2500");
        let dependent = "<REF_ANNOTATION ANNOTATION_ID='r1' ANNOTATION_REF='g1'>\
                         <ANNOTATION_VALUE>جدّد هويتك</ANNOTATION_VALUE></REF_ANNOTATION>";
        let glosses = tier("Gloss RH", &aligned("g1", "a", "b", "RENEW ID"));
        let both = document(&slots, &(glosses.clone() + &tier("Arabic Translation", dependent)));
        assert_eq!(read(&both).unwrap(), [cue(1_000, 2_500, "جدّد هويتك")]);
        assert_eq!(read(&document(&slots, &glosses)).unwrap(), [cue(1_000, 2_500, "RENEW ID")]);
    }

    #[test]
    fn slots_without_a_time_share_the_time_between_their_neighbours() {
        let slots = slot("a", "0") + &slot("b", "") + &slot("c", "") + &slot("d", "900");
        let annotations =
            aligned("1", "a", "b", "أول") + &aligned("2", "b", "c", "ثانٍ") + &aligned("3", "c", "d", "ثالث");
        let expected = [cue(0, 300, "أول"), cue(300, 600, "ثانٍ"), cue(600, 900, "ثالث")];
        assert_eq!(read(&document(&slots, &tier("captions", &annotations))).unwrap(), expected);
    }

    #[test]
    fn a_time_that_leads_nowhere_is_refused_with_its_line() {
        let lost = document("", &format!("\n{}", tier("captions", &aligned("1", "a", "b", "كلمات"))));
        assert_eq!(read(&lost), Err(CaptionError::BadTime { line: 2 }));
        let circle = "<REF_ANNOTATION ANNOTATION_ID='r' ANNOTATION_REF='r'><ANNOTATION_VALUE>كلمات\
                      </ANNOTATION_VALUE></REF_ANNOTATION>";
        assert_eq!(read(&document("", &tier("captions", circle))), Err(CaptionError::BadTime { line: 1 }));
        assert_eq!(read("<!DOCTYPE a><ANNOTATION_DOCUMENT/>"), Err(CaptionError::DocumentType { line: 1 }));
    }
}
