use super::*;
use crate::search::ClipDocument;

fn clip(id: &str, title: &str, question: &str, caption: &str) -> ClipDocument {
    ClipDocument {
        clip_id: id.into(),
        kind: "answer".into(),
        service: id.split('-').next().unwrap().into(),
        title: title.into(),
        question: question.into(),
        cues: CueText::sentences(caption),
        ..ClipDocument::default()
    }
}

fn library() -> Vec<ClipDocument> {
    vec![
        clip(
            "id-lost",
            "بدل فاقد للهوية الوطنية",
            "كيف أستخرج بدل فاقد؟",
            "أبلغ عن الفقدان. ثم اطلب بطاقة بديلة.",
        ),
        clip("id-damaged", "بدل تالف للهوية الوطنية", "كيف أستبدل الهوية التالفة؟", "أحضر البطاقة القديمة."),
        clip("id-renew", "تجديد الهوية الوطنية", "كيف أجدد هويتي؟", "قدّم طلب التجديد. سدّد الرسوم."),
        clip("birth-report", "تسجيل مولود جديد", "كيف أسجل مولودًا؟", "سجّل المولود خلال المدة."),
        clip("apt-book", "حجز موعد", "كيف أحجز موعدًا؟", "اختر المكتب. ثم اختر الوقت."),
        clip("fr-lost", "بدل فاقد لسجل الأسرة", "ماذا أفعل إذا فقدت سجل الأسرة؟", "أبلغ ثم اطلب بدلًا."),
    ]
}

fn matcher() -> Matcher {
    let index = SearchIndex::in_memory().unwrap();
    index.rebuild(library().into_iter().map(Ok), 1).unwrap();
    Matcher::shipped(Arc::new(index)).unwrap()
}

fn ask(matcher: &Matcher, text: &str) -> Matching {
    matcher.match_question(&Asked { text, filter: Filter::default(), limit: 5 }).unwrap()
}

fn best(text: &str) -> String {
    ask(&matcher(), text).suggestions[0].clip_id.clone()
}

#[test]
fn dialect_and_deaf_writing_reach_the_standard_answer() {
    let table = [
        ("هويتي ضاعت وش اسوي", "id-lost"),
        ("هويه ضايع انا اسوي ايش", "id-lost"),
        ("بطاقتي انكسرت ابي بدلها", "id-damaged"),
        ("هويه خلص", "id-renew"),
        ("جانا بيبي امس كيف نسجله", "birth-report"),
        ("كرت العايله ضايع", "fr-lost"),
        ("ابغى اجيكم متى فيه موعد", "apt-book"),
    ];
    for (question, answer) in table {
        assert_eq!(best(question), answer, "{question}");
    }
}

#[test]
fn spelling_variants_give_identical_results() {
    let matcher = matcher();
    let plain = ask(&matcher, "تجديد الهويه الوطنيه");
    for text in ["تجديد الهُوِيَّة الوطنيّة", "تجديد الهـــوية الوطنية", "تجديد الهوية الوطنية"]
    {
        let other = ask(&matcher, text);
        let ids = |matching: &Matching| {
            matching.suggestions.iter().map(|one| one.clip_id.clone()).collect::<Vec<_>>()
        };
        assert_eq!((ids(&plain), plain.confidence), (ids(&other), other.confidence), "{text}");
    }
}

#[test]
fn reasons_name_the_words_on_the_original_texts() {
    let text = "هُويتي ضاعت";
    let matching = ask(&matcher(), text);
    let reasons = &matching.suggestions[0].reasons;
    let lost = reasons.iter().find(|reason| reason.asked == "ضاعت").unwrap();
    assert_eq!((lost.kinship, lost.place, lost.asked_span), (Kinship::Synonym, Place::Title, [7, 11]));
    assert_eq!(lost.found, "فاقد");
    assert!(reasons.iter().any(|reason| reason.asked == "هُويتي"));
}

#[test]
fn a_question_about_something_else_is_left_unanswered() {
    let matcher = matcher();
    for text in ["", "؟؟", "xyzzy"] {
        let matching = ask(&matcher, text);
        assert!(matching.abstain && !matching.may_offer && matching.confidence == 0.0, "{text}");
    }
    let strange = ask(&matcher, "من فاز في مباراة كرة القدم أمس");
    let plain = ask(&matcher, "كيف أجدد الهوية الوطنية؟");
    assert!(strange.answerable < plain.answerable && strange.confidence < plain.confidence);
}

#[test]
fn the_question_behind_a_long_story_is_found() {
    let story = "رحت أمس إلى المكتب وانتظرت ساعة ثم رجعت إلى البيت مع أخي. ".repeat(30);
    assert_eq!(best(&format!("السلام عليكم. {story} كيف أسجل المولود الجديد؟")), "birth-report");
}

#[test]
fn work_is_bounded_whatever_the_text() {
    let matcher = matcher();
    let lexicon = Lexicon::shipped().unwrap();
    let different: String = (0..20_000).map(|number| format!("كلمة{number} هوية ")).collect();
    let texts = [
        String::new(),
        "🙂🙏".repeat(50_000),
        "ا".repeat(100_000),
        "هويتي ضاعت ".repeat(9_000),
        different,
        "漢字".repeat(50_000),
        "[(<b>{".repeat(20_000),
        "\u{202e}\u{0}\u{7}".repeat(30_000),
        "ا\u{64b}\u{64c}".repeat(30_000),
    ];
    for text in texts {
        let gist = gist(&text, MAX_CHARS);
        assert!(gist.chars().count() <= MAX_CHARS);
        let weighed = matcher.weigh(&gist, None, &Filter::default(), &lexicon).unwrap();
        assert!(weighed.question.asked.len() <= compare::MOST_WORDS);
        assert!(weighed.candidates.len() <= crate::search::VIEWS.len() * DEPTH);
        let page = matcher.search(&Query { text: text.clone(), limit: 5, ..Query::default() }).unwrap();
        assert!(page.hits.len() <= 5);
        assert!(ask(&matcher, &text).suggestions.len() <= 5);
    }
}

#[test]
fn the_explanation_names_the_wording_and_the_lessons_that_lifted_an_answer() {
    let matcher = matcher();
    let wordings = ["طارت بطاقتي وانا بالسوق", "بطاقتي طارت وش الحل", "طارت البطاقة"];
    let mut clips = library();
    clips[0].aliases = wordings.map(str::to_owned).to_vec();
    matcher.index.rebuild(clips.into_iter().map(Ok), 2).unwrap();
    let pair = |wording: &str| learned::Pair {
        wording: wording.into(),
        clip_id: "id-lost".into(),
        verdict: learned::PairVerdict::Confirmed,
    };
    matcher.tuition().use_learned(learned::Learned::train(&wordings.map(pair)));
    let explained = matcher
        .explain(&Asked {
            text: "بطاقتي طارت في السوق", filter: Filter::default(), limit: 5
        })
        .unwrap();
    let first = &explained.candidates[0];
    assert_eq!((first.clip_id.as_str(), first.lessons > 0.0), ("id-lost", true));
    assert_eq!(first.wording.as_ref().map(|wording| wording.text.as_str()), Some(wordings[0]));
    assert!(explained.candidates[1..].iter().all(|other| other.wording.is_none() && other.lessons == 0.0));
}

#[test]
fn a_filter_keeps_other_clips_out() {
    let filter = Filter { service: Some("fr".into()), ..Filter::default() };
    let matching = matcher().match_question(&Asked { text: "بدل فاقد", filter, limit: 5 }).unwrap();
    assert_eq!(matching.suggestions.iter().map(|one| one.clip_id.as_str()).collect::<Vec<_>>(), ["fr-lost"]);
}

#[test]
fn matching_twice_gives_the_same_result() {
    let matcher = matcher();
    assert_eq!(ask(&matcher, "هويتي ضاعت"), ask(&matcher, "هويتي ضاعت"));
}

#[test]
fn fitting_learns_to_prefer_the_right_candidate() {
    let matcher = matcher();
    let pairs =
        [("هويتي ضاعت", "id-lost"), ("هويه خلص", "id-renew"), ("بيبي", "birth-report"), ("موعد", "apt-book")];
    let examples: Vec<fit::Example> =
        pairs.iter().map(|(text, id)| matcher.example(text, &[(*id).to_owned()]).unwrap()).collect();
    let lists: Vec<&fit::Example> = examples.iter().collect();
    let free = |strength: f32| fit::Pull { strength, towards: None };
    let ranker = fit::fit_ranker(&lists, free(0.01));
    assert!(examples.iter().all(|example| example.ranked(&ranker).right_at == Some(1)));
    let point = |i: usize| fit::Point {
        signs: std::array::from_fn(|at| if at == 0 { i as f32 } else { 0.0 }),
        good: i >= 20,
        weight: 1.0,
    };
    let points: Vec<fit::Point> = (0..40).map(point).collect();
    let confidence = fit::fit_confidence(&points, free(0.001));
    assert!(confidence.probability(&points[39].signs) > 0.9);
    assert!(confidence.probability(&points[0].signs) < 0.1);
    // Held fast to what was known, a few contrary examples change next to nothing.
    let contrary: Vec<fit::Point> =
        points.iter().map(|point| fit::Point { good: !point.good, ..*point }).collect();
    let held = fit::fit_confidence(&contrary, fit::Pull { strength: 1.0, towards: Some(&confidence) });
    assert!(held.probability(&points[39].signs) > 0.6);
}
