//! Every public page with sample values, in both languages: what the tests render and people look at.

mod asking;
mod taken;

use super::gallery::{clip, help, home, outside, privacy, search, service, views};
use super::i18n::{Lang, Words};
use super::layout::{Section, Shell, SignClip, StaffSection, StaffShell};
use super::player::{CuePiece, Player, PlayerCue, PlayerRendition, SignedTerm, Sound};
use super::present;
use super::who::Reader;
use crate::clock::Millis;
use crate::people::Role;
use askama::Template;
use std::collections::BTreeMap;
use std::sync::Arc;

/// 2026-11-22 09:10 in Riyadh.
const NOW: Millis = Millis(1_795_327_800_000);
const DAY_MS: i64 = 86_400_000;

/// The name and the HTML of every page in a language.
pub(super) fn pages(lang: Lang) -> Vec<(String, String)> {
    let named = |name: &str, html: askama::Result<String>| (name.to_owned(), html.unwrap());
    let mut pages = vec![
        named("home", home(lang).render()),
        named("home-empty", home_empty(lang).render()),
        named("service", service(lang).render()),
        named("search", search(lang, "هويه ضايع", hits(lang)).render()),
        named("search-empty", search(lang, "جواز سفر", vec![]).render()),
        named("search-fresh", search(lang, "", vec![]).render()),
        named("clip", clip(lang).render()),
        named("help", help::HelpPage { t: Words::of(lang), shell: shell(lang) }.render()),
        named("privacy", privacy::PrivacyPage { t: Words::of(lang), shell: shell(lang) }.render()),
        named("staff", staff(lang).render()),
    ];
    pages.extend(asking::pages(lang).into_iter().map(|(name, html)| named(&name, html)));
    pages.extend(taken::pages(lang).into_iter().map(|(name, html)| named(&name, html)));
    pages
}

#[derive(Template)]
#[template(
    source = r#"{% extends "staff.html" %}{% block title %}x{% endblock %}{% block main %}<div class="wrap wrap--desk"><div class="page-h"><h1>{{ t.get("staff-desk") }}</h1></div></div>{% endblock %}"#,
    ext = "html"
)]
struct StaffSample {
    t: Words,
    shell: StaffShell,
}

fn staff(lang: Lang) -> StaffSample {
    let bare = StaffShell::new(&reader(lang), "هند العتيبي", Role::Administrator, StaffSection::Desk);
    let shell = StaffShell { handed_up: 3, ..bare };
    StaffSample { t: shell.t, shell }
}

fn reader(lang: Lang) -> Reader {
    Reader { lang, address: "/search?q=x".into(), ..Reader::default() }
}

fn shell(lang: Lang) -> Shell {
    let signed = [
        "home-topics",
        "home-newest",
        "home-ask",
        "clip-understood",
        "ask-title",
        "privacy-title",
        "help-title",
        "help-find",
    ];
    let signs: BTreeMap<_, _> = signed.into_iter().map(|key| (key, sign("t-thanks", "s2-thanks"))).collect();
    Shell { sample: true, signs: Arc::new(signs), ..Shell::new(&reader(lang), Section::Answers) }
}

fn sign(video: &str, poster: &str) -> SignClip {
    SignClip {
        video: format!("/media/{video}.mp4"),
        poster: format!("/media/{poster}.jpg"),
        language: "ase".into(),
    }
}

fn card(lang: Lang, title: &str, poster: &str, days_ago: i64) -> views::ClipCard {
    views::ClipCard {
        href: "/clips/lost-id".into(),
        title: title.into(),
        poster: if poster.is_empty() { String::new() } else { format!("/media/{poster}.jpg") },
        length: present::duration(lang, 42_000),
        service: lang.pick("بدل فاقد", "Replacement for lost").into(),
        published: Some(present::date(Words::of(lang), Millis(NOW.0 - days_ago * DAY_MS))),
        moments: (NOW.0 - days_ago * DAY_MS, NOW.0 - days_ago * DAY_MS),
        matched: None,
        sign: (!poster.is_empty()).then(|| sign("t-thanks", poster)),
    }
}

fn cards(lang: Lang) -> Vec<views::ClipCard> {
    vec![
        card(lang, "كيف أجدّد هويتي الوطنية؟", "s1-learn", 1),
        card(lang, "وُلد لي طفل، ما مهلة التسجيل؟", "s2-bird", 3),
        card(lang, "في أي مكتب أجد مترجم إشارة؟", "s3-sister2", 4),
        card(lang, "انكسرت هويتي، كيف أطلب بدلها؟", "s4-want", 7),
        card(lang, "كيف تحصل الأم على سجل الأسرة؟", "s1-school", 12),
        card(lang, "والدتي مريضة، هل تأتون إلى البيت؟", "", 19),
    ]
}

fn steps(lang: Lang, here: Option<usize>) -> views::Steps {
    let steps = cards(lang).into_iter().take(3).collect();
    views::Steps {
        title: lang.pick("بدل الهوية المفقودة", "Replace a lost ID").into(), steps, here
    }
}

fn actions(lang: Lang) -> Vec<views::NextAction> {
    let label = lang.pick("بلّغ في أبشر", "Report in Absher").into();
    vec![views::NextAction { href: "https://example.org/".into(), icon: "phone", label }]
}

fn hits(lang: Lang) -> Vec<views::ClipCard> {
    let line = "أبلغ أولًا عن فقدان الهوية في منصة أبشر، ثم اطلب بدلًا عنها.";
    let matched = views::MatchedLine {
        pieces: views::line_pieces(line, &[(14, 26)]),
        starts_at: present::duration(lang, 3_200),
    };
    let mut hits = cards(lang);
    for hit in hits.iter_mut().take(4) {
        hit.matched = Some(matched.clone());
    }
    hits
}

fn topics(lang: Lang) -> Vec<views::TopicTile> {
    let topic = |icon, ar: &str, en: &str, answers, video, poster| views::TopicTile {
        href: "/services/lost".into(),
        name: lang.pick(ar, en).into(),
        icon,
        answers,
        plays: Some(views::TilePlays::Name(sign(video, poster))),
    };
    let mut topics = vec![
        topic("card", "الهوية الوطنية", "National ID", 14, "t-docs", "s1-book"),
        topic("card-lost", "وثيقة ضائعة أو تالفة", "Lost or damaged document", 9, "t-welcome", "s4-want"),
        topic("family", "المواليد والأسرة", "Births and family", 11, "t-family", "s1-school"),
        topic("calendar", "المواعيد والمكاتب", "Appointments and offices", 12, "t-time", "s3-night"),
        topic("phone", "حساب أبشر", "Absher account", 2, "t-learn", "s1-learn"),
        topic("home", "الخدمة في البيت", "Service at home", 1, "t-welcome", "s2-please"),
        topic("shield", "احمِ نفسك", "Protect yourself", 3, "t-person", "s3-sister"),
        topic("message", "تواصل معنا", "Contact us", 0, "t-office", "s1-walk"),
    ];
    // A topic without a name in sign plays its newest answer.
    let title = "وُلد لي طفل، ما مهلة التسجيل؟".into();
    topics[2].plays = Some(views::TilePlays::NewestAnswer(sign("t-family", "s1-school"), title));
    topics
}

fn home(lang: Lang) -> home::HomePage {
    let t = Words::of(lang);
    let mut shell = shell(lang);
    shell.here = Section::Home;
    shell.notice = Some(t.get("notice-thanks"));
    home::HomePage {
        t,
        shell,
        lead: Some((sign("t-office", "s1-walk2"), "/clips/office".into(), "كيف أحجز موعدًا؟".into())),
        promise: home::Promise { median_answer: Some(present::span(t, 11_520_000)), waiting: 14 },
        topics: topics(lang),
        newest: cards(lang),
        aware: cards(lang).into_iter().take(2).collect(),
        awareness: Some(home::Awareness {
            href: "/clips/otp".into(),
            title: "رمز التحقق لك وحدك".into(),
            text: "لا تعطِ الرمز لأي شخص. لن نطلبه منك أبدًا.".into(),
            poster: "/media/s2-sorry.jpg".into(),
        }),
    }
}

fn home_empty(lang: Lang) -> home::HomePage {
    let mut topics = topics(lang);
    for topic in &mut topics {
        topic.plays = None;
        topic.answers = 0;
    }
    home::HomePage {
        t: Words::of(lang),
        shell: Shell::new(&reader(lang), Section::Home),
        lead: None,
        promise: home::Promise { median_answer: None, waiting: 0 },
        topics,
        newest: vec![],
        aware: vec![],
        awareness: None,
    }
}

fn service(lang: Lang) -> service::ServicePage {
    let link = |ar: &str, en: &str, answers| views::ServiceLink {
        href: "/services/id.damaged".into(),
        name: lang.pick(ar, en).into(),
        answers,
        sign: (answers > 2).then(|| sign("t-thanks", "s2-thanks")),
    };
    service::ServicePage {
        t: Words::of(lang),
        shell: shell(lang),
        title: lang.pick("وثيقة ضائعة أو تالفة", "Lost or damaged document").into(),
        icon: "card-lost",
        sign: Some(sign("t-docs", "s1-book")),
        topic: Some(("/services/identity".into(), lang.pick("الهوية الوطنية", "National ID").into())),
        services: vec![
            link("الإبلاغ عن وثيقة مفقودة", "Report a lost document", 3),
            link("بدل فاقد", "Replacement for lost", 2),
            link("بدل تالف", "Replacement for damaged", 1),
        ],
        keep: Some("/services/id.damaged".into()),
        actions: actions(lang),
        series: vec![steps(lang, None)],
        clips: cards(lang),
        pages: views::Pages { previous: String::new(), next: "/services/lost?after=x".into() },
    }
}

fn search(lang: Lang, query: &str, hits: Vec<views::ClipCard>) -> search::SearchPage {
    let filter =
        |label: &str, current| search::FilterLink { href: "/search".into(), label: label.into(), current };
    search::SearchPage {
        t: Words::of(lang),
        shell: shell(lang),
        query: query.into(),
        total: hits.len() as u64,
        hits,
        filters: vec![filter("الكل (٦)", true), filter("بدل فاقد (٣)", false)],
        pages: views::Pages { previous: "/search?q=x".into(), next: "/search?q=x&after=y".into() },
        topics: topics(lang),
    }
}

fn player(lang: Lang, id: &str) -> Player {
    let cue = |from_ms, to_ms, text: &str| PlayerCue { from_ms, to_ms, text: text.into(), pieces: vec![] };
    let term = SignedTerm {
        words: "منصة أبشر".into(),
        name: "أبشر".into(),
        href: "/clips/absher".into(),
        video: "/media/t-learn.mp4".into(),
        sign_language: "ase".into(),
    };
    let mut second = cue(2900, 5600, "أبلغ أولًا عن فقدان الهوية في منصة أبشر.");
    second.pieces = vec![
        CuePiece::Words("أبلغ أولًا عن فقدان الهوية في ".into()),
        CuePiece::Term(term),
        CuePiece::Words(".".into()),
    ];
    let rendition = |height: u32| PlayerRendition {
        url: format!("/media/answer.mp4?h={height}"),
        width: height * 4 / 5,
        height,
        bytes: 380_044,
    };
    Player {
        id: id.into(),
        t: Words::of(lang),
        title: "ضاعت هويتي الوطنية، ماذا أفعل؟".into(),
        sign_language: "ase".into(),
        poster: "/media/s1-book.jpg".into(),
        length_ms: 11_030,
        fps: 30.0,
        renditions: vec![rendition(360), rendition(720), rendition(1080)],
        stream: String::new(),
        captions_url: "/media/answer.vtt".into(),
        cues: vec![
            cue(0, 2900, "ضاعت هويتك؟ لا تقلق، الحل بسيط."),
            second,
            cue(5600, 8200, "ثم احجز موعدًا في أقرب مكتب."),
            cue(8200, 11_030, "أحضر صورة حديثة، واستلم هويتك الجديدة."),
        ],
        storyboard: "/media/board.vtt".into(),
        sound: Sound::Silent,
        start_ms: Some(3_200),
        graphic: None,
    }
}

fn clip(lang: Lang) -> clip::ClipPage {
    let t = Words::of(lang);
    clip::ClipPage {
        t,
        shell: shell(lang),
        title: "ضاعت هويتي الوطنية، ماذا أفعل؟".into(),
        slug: "lost-id".into(),
        player: player(lang, "p1"),
        service: Some(("/services/lost".into(), lang.pick("بدل فاقد", "Replacement for lost").into())),
        sentences: vec![
            "أبلغ عن الفقدان في أبشر.".into(),
            "احجز موعدًا في أقرب مكتب.".into(),
            "أحضر صورة حديثة، واستلم الهوية.".into(),
        ],
        news: vec![clip::News { title: t.get("news-changed"), text: t.get("news-review-text") }],
        series: Some(steps(lang, Some(1))),
        actions: actions(lang),
        facts: clip::ClipFacts {
            fees: lang.pick("تظهر في أبشر قبل الدفع", "Shown in Absher before you pay").into(),
            deadline: "خلال ٣٠ يومًا من الفقدان".into(),
            as_of: t.with("fact-as-of", "date", present::date(t, Millis(NOW.0 - 3 * DAY_MS)).both()),
            signer: "نورة الحربي".into(),
            owner: lang.pick("إدارة الوثائق", "Documents").into(),
            published: Some(present::date(t, Millis(NOW.0 - 3 * DAY_MS))),
            review_by: Some(present::date(t, Millis(NOW.0 + 180 * DAY_MS))),
            sign_language: lang.pick("السعودية", "Saudi").into(),
            approval: clip::Approval::Waived,
        },
        related: cards(lang).into_iter().take(3).collect(),
        outside: outside::Outside {
            url: "https://ishara.example.org/clips/lost-id".into(),
            description: "أبلغ عن الفقدان في أبشر.".into(),
            json_ld: "{}".into(),
            ..outside::Outside::default()
        },
        card_poster: "/media/s1-book.jpg".into(),
        download: Some(("/media/answer.mp4".into(), present::file_size(t, 380_044))),
    }
}
