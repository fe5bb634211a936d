use super::*;
use proptest::prelude::*;

fn cue(start_ms: u32, end_ms: u32, text: &str) -> Cue {
    Cue { start_ms, end_ms, text: text.to_owned() }
}

/// The same two captions in every format we read.
fn expected() -> Vec<Cue> {
    vec![cue(1000, 3500, "كيف أجدد هويتي؟\nالطريقة سهلة."), cue(4000, 6040, "قدّم الطلب عبر Absher & انتظر.")]
}

const VTT: &str = "WEBVTT - شرح\nKind: captions\n\nNOTE ملاحظة\nلا تُقرأ\n\nSTYLE\n::cue { color: red }\n\n1\n00:01.000 --> 00:00:03.500 align:start position:10%\n<v موظف>كيف أجدد <i>هويتي</i>؟\n\u{200f}الطريقة سهلة.\n\n00:04.000 --> 00:06.040\n\u{202b}قدّم الطلب عبر <c.x>Absher</c> &amp; انتظر.\u{202c}\n";
const SRT: &str = "1\n00:00:01,000 --> 00:00:03,500\n{\\an8}كيف أجدد <i>هويتي</i>؟\nالطريقة سهلة.\n\n2\n00:00:04,000 --> 00:00:06,040\n<font color=\"red\">قدّم</font> الطلب عبر Absher & انتظر.\n";
const ASS: &str = "[Script Info]\nTitle: x\n\n[Events]\nFormat: Layer, Start, End, Style, Text\nComment: 0,0:00:00.00,0:00:09.00,x,لا\nDialogue: 0,0:00:04.00,0:00:06.04,D,قدّم الطلب عبر Absher & انتظر.\nDialogue: 0,0:00:01.00,0:00:03.50,D,{\\b1}كيف أجدد هويتي؟\\Nالطريقة سهلة.\nDialogue: 0,0:00:01.00,0:00:03.50,D,{\\p1}m 0 0 l 1 1\n";
const TTML: &str = "<?xml version=\"1.0\"?>\n<tt xmlns=\"http://www.w3.org/ns/ttml\" xmlns:ttp=\"http://www.w3.org/ns/ttml#parameter\" ttp:frameRate=\"25\"><body><div>\n<p begin=\"1s\" dur=\"2.5s\">كيف أجدد\n <span>هويتي</span>؟<br/>الطريقة سهلة.</p>\n<p begin=\"00:00:04:00\" end=\"00:00:06:01\">قدّم الطلب عبر Absher &amp; انتظر.</p>\n</div></body></tt>";

#[test]
fn every_format_gives_the_same_captions() {
    for (name, text) in [("vtt", VTT), ("srt", SRT), ("ass", ASS), ("ttml", TTML)] {
        assert_eq!(parse(text.as_bytes(), None), Ok(expected()), "{name}");
        let declared = CaptionFormat::of_file_name(&format!("a.{name}"));
        assert_eq!(
            parse(text.replace('\n', "\r\n").as_bytes(), declared),
            Ok(expected()),
            "{name} with CRLF"
        );
    }
}

#[test]
fn every_encoding_gives_the_same_captions() {
    let utf_16 = |big: bool| {
        let unit = |unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() };
        SRT.encode_utf16().flat_map(unit).collect::<Vec<u8>>()
    };
    let with_mark = |mark: &[u8], body: Vec<u8>| [mark.to_vec(), body].concat();
    // Windows-1256 has no combining shadda before the vowel order we use, so the plain letters are compared.
    let old = SRT.replace('\u{651}', "");
    let windows = encoding_rs::WINDOWS_1256.encode(&old).0.into_owned();
    let files = [
        with_mark(b"\xef\xbb\xbf", SRT.as_bytes().to_vec()),
        with_mark(b"\xff\xfe", utf_16(false)),
        with_mark(b"\xfe\xff", utf_16(true)),
        utf_16(false),
        utf_16(true),
    ];
    for (index, file) in files.iter().enumerate() {
        assert_eq!(parse(file, None), Ok(expected()), "file {index}");
    }
    let plain: Vec<Cue> =
        expected().into_iter().map(|cue| Cue { text: cue.text.replace('\u{651}', ""), ..cue }).collect();
    assert_eq!(parse(&windows, None), Ok(plain));
}

#[test]
fn what_we_write_reads_back_the_same() {
    for written in [to_vtt(&expected()), to_srt(&expected())] {
        assert_eq!(parse(written.as_bytes(), None), Ok(expected()), "{written}");
    }
}

#[test]
fn lines_that_do_not_start_in_arabic_get_a_right_to_left_mark() {
    let cues =
        [cue(0, 1000, "Absher: جدّد هويتك\nالآن"), cue(1000, 2000, "2030 رؤية"), cue(2000, 3000, "(100)")];
    let vtt = to_vtt(&cues);
    assert!(vtt.contains("\n\u{200f}Absher: جدّد هويتك\nالآن\n"));
    assert!(vtt.contains("\n2030 رؤية\n") && vtt.contains("\n\u{200f}(100)\n"));
}

#[test]
fn markup_and_arrows_in_a_text_are_written_as_text() {
    let cues =
        [cue(0, 1000, "<script>alert(1)</script> --> &"), cue(1000, 2000, "سطر\n\n00:00.000 --> 00:09.000")];
    let vtt = to_vtt(&cues);
    assert!(!vtt.contains("<script") && vtt.matches("-->").count() == 2);
    assert_eq!(parse(vtt.as_bytes(), None).unwrap()[0].text, cues[0].text);
    assert_eq!(to_srt(&cues).matches("-->").count(), 2);
}

#[test]
fn malformed_files_are_refused_with_their_line() {
    use CaptionError::*;
    let many =
        (0..=MAX_CUES).map(|i| format!("{i}\n00:00:01,000 --> 00:00:02,000\nنص\n\n")).collect::<String>();
    let table: Vec<(Vec<u8>, Option<CaptionFormat>, CaptionError)> = vec![
        (vec![b'a'; MAX_BYTES + 1], None, TooLarge),
        (many.into_bytes(), None, TooManyCues),
        (vec![0, 1, 2, 3, 4, 5, 6, 7, 8, 14, 15, 16, 17], None, NotText),
        (b"".to_vec(), None, Empty),
        (b"WEBVTT\n\n".to_vec(), None, Empty),
        ("مرحبا".into(), None, UnknownFormat),
        ("مرحبا".into(), Some(CaptionFormat::WebVtt), MissingHeader { line: 1 }),
        ("WEBVTT\n\n00:01.000 --> 00:7x.000\nنص".into(), None, BadTime { line: 3 }),
        ("WEBVTT\n\n00:03.000 --> 00:02.000\nنص".into(), None, EndsBeforeStart { line: 3 }),
        ("WEBVTT\n\nنص\nنص آخر\n".into(), None, TextWithoutTime { line: 3 }),
        ("نص ضائع\n\n1\n00:00:01,000 --> 00:00:02,000\nنص".into(), None, TextWithoutTime { line: 1 }),
        (
            "1\n00:00:01,000 -> 2\n\n2\n00:00:99,000 --> 00:00:02,000\n".into(),
            None,
            TextWithoutTime { line: 1 },
        ),
        ("<tt>\n<p begin='1s' end='2s'>نص</x></tt>".into(), None, BadXml { line: 2 }),
        ("<!DOCTYPE tt [<!ENTITY a \"b\">]>\n<tt/>".into(), None, DocumentType { line: 1 }),
        ("<tt><body>\n<p begin='x' end='2s'>نص</p></body></tt>".into(), None, BadTime { line: 2 }),
        ("[Events]\nDialogue: 0,0:00:01.00,0:00:02.00,نص".into(), None, BadFields { line: 2 }),
    ];
    for (bytes, format, error) in table {
        let found = parse(&bytes, format);
        assert_eq!(found, Err(error.clone()), "{}", String::from_utf8_lossy(&bytes[..bytes.len().min(80)]));
        assert!(
            error.message_ar().chars().any(crate::text::is_arabic_letter)
                && error.message_en().ends_with('.')
        );
    }
}

#[test]
fn cues_are_sorted_by_time() {
    let file = "2\n00:00:05,000 --> 00:00:06,000\nب\n\n1\n00:00:01,000 --> 00:00:02,000\nا\n";
    assert_eq!(parse(file.as_bytes(), None).unwrap()[0].text, "ا");
}

#[test]
fn reversed_punctuation_is_offered_and_never_changed_silently() {
    let file = "1\n00:00:01,000 --> 00:00:03,000\n؟كيف أجدد هويتي\n.الطريقة سهلة\n";
    let cues = parse(file.as_bytes(), None).unwrap();
    assert_eq!(cues[0].text, "؟كيف أجدد هويتي\n.الطريقة سهلة");
    assert_eq!(repaired(&cues)[0].text, "كيف أجدد هويتي؟\nالطريقة سهلة.");
    assert!(reversed_punctuation(&[cue(0, 1000, "...ثم أكمل"), cue(0, 1000, "كيف؟")]).is_empty());
}

/// For each rule captions that break it and captions that just keep it.
#[test]
fn each_rule_finds_its_fault_and_lets_the_limit_pass() {
    use Level::{Error, Warn};
    let text = |count: usize| "ا".repeat(count);
    let one = |ms: u32, text: &str| vec![cue(0, ms, text)];
    let pair = |end: u32, start: u32| vec![cue(0, end, "نص أول"), cue(start, start + 2000, "نص ثان")];
    let two_lines = format!("{}\n{}", text(40), text(1));
    let table: Vec<(Rule, Level, Vec<Cue>, Vec<Cue>)> = vec![
        (Rule::ReadingSpeed, Warn, one(2000, &text(31)), one(2000, &text(30))),
        (Rule::ReadingSpeed, Error, one(1500, &text(31)), one(1500, &text(30))),
        (Rule::LineLength, Warn, one(6000, &text(38)), one(6000, &text(37))),
        (Rule::LineLength, Error, one(6000, &text(43)), one(6000, &two_lines)),
        (Rule::LineCount, Error, one(6000, "ا\nب\nج"), one(6000, "ا\nب")),
        (Rule::Duration, Warn, one(999, "نص"), one(1000, "نص")),
        (Rule::Duration, Error, one(832, "نص"), one(833, "نص")),
        (Rule::Duration, Error, one(7001, "نص"), one(7000, "نص")),
        (Rule::Gap, Warn, pair(2000, 2082), pair(2000, 2083)),
        (Rule::Overlap, Error, pair(2000, 1999), pair(2000, 2000)),
        (Rule::BeyondEnd, Error, vec![cue(58_000, 60_101, "نص")], vec![cue(58_000, 60_100, "نص")]),
        (Rule::Uncovered, Error, pair(2000, 5001), pair(2000, 5000)),
        (Rule::EmptyCue, Error, one(2000, " "), one(2000, "نص")),
        (Rule::ControlCharacter, Error, one(2000, "نص\u{7}"), one(2000, "نص\nنص")),
        (Rule::BrokenCharacter, Error, one(2000, "ن\u{fffd}ص"), one(2000, "نص")),
        (Rule::ThreeDots, Warn, one(2000, "انتظر..."), one(2000, "انتظر…")),
        (Rule::LatinPunctuation, Warn, one(2000, "كيف أجدد هويتي?"), one(2000, "الرسم 1,000 ريال؟")),
        (Rule::LatinPunctuation, Warn, one(2000, "أولًا, ثم"), one(2000, "أولًا، ثم")),
        (Rule::MixedDigits, Warn, one(3000, "٣ أيام أو 4"), one(3000, "3 أيام أو 4")),
        (Rule::Tatweel, Warn, one(2000, "الهويـــة"), one(2000, "الهوية")),
        (Rule::Dialect, Warn, one(2000, "وش المطلوب"), one(2000, "ما المطلوب")),
        (Rule::CallOnly, Warn, one(3000, "اتصل على الرقم 1966"), one(3000, "اتصل أو أرسل رسالة")),
        (Rule::CallOnly, Warn, one(3000, "رقمنا ٩٢٠٠٠٠٥٦٠"), one(3000, "رقمنا ٩٢٠٠٠٠٥٦٠ أو بالواتساب")),
        (Rule::ReversedPunctuation, Warn, one(2000, "؟كيف أجدد"), one(2000, "كيف أجدد؟")),
        (Rule::Wording, Error, one(2000, "الصم والبكم"), one(2000, "الصم وضعاف السمع")),
        (Rule::NoArabic, Error, one(2000, "Hello"), one(2000, "مرحبا Hello")),
    ];
    let about = About { duration_ms: Some(60_000), frames_per_second: None };
    for (rule, level, failing, passing) in table {
        let found = |cues: &[Cue]| {
            check(cues, about).iter().any(|finding| finding.rule == rule && finding.level == level)
        };
        assert!(found(&failing), "{rule:?} {level:?} not found in {failing:?}: {:?}", check(&failing, about));
        assert!(!found(&passing), "{rule:?} {level:?} wrongly found in {passing:?}");
    }
}

#[test]
fn vowel_signs_and_tatweel_are_not_counted_as_characters() {
    let cues = [cue(0, 2000, "هُوِيَّةٌ وَطَنِيَّةٌ جَدِيدَةٌ لِلْمُوَاطِنِ")];
    assert!(check(&cues, About { duration_ms: None, frames_per_second: None }).is_empty());
}

#[test]
fn every_finding_speaks_both_languages() {
    let cues = [cue(0, 100, "؟وش ...اتصل, ـ\u{7}\u{fffd} البكم 1 ١"), cue(50, 9000, "Hello\nx\ny")];
    for finding in check(&cues, About { duration_ms: Some(10), frames_per_second: Some(25.0) }) {
        assert!(finding.message_ar.chars().any(crate::text::is_arabic_letter), "{finding:?}");
        assert!(finding.message_en.is_ascii() || finding.message_en.chars().any(|c| c.is_ascii_alphabetic()));
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400), kind in 0..5usize) {
        let kinds = [None, Some(CaptionFormat::WebVtt), Some(CaptionFormat::SubRip), Some(CaptionFormat::Ttml), Some(CaptionFormat::Ass)];
        let _ = parse(&bytes, kinds[kind]);
    }

    #[test]
    fn any_text_survives_writing_and_reading(text in "[ا-ي a-z<>&;\\n-]{1,60}") {
        let cues = [Cue { start_ms: 0, end_ms: 1000, text }];
        let read = parse(to_vtt(&cues).as_bytes(), None).unwrap();
        let again = parse(to_vtt(&read).as_bytes(), None).unwrap();
        prop_assert_eq!(read, again);
    }
}
