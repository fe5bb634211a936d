//! The pages of asking and of the asker's own case.

use super::{DAY_MS, NOW, player, shell, sign};
use crate::clock::Millis;
use crate::questions::VideoLoss;
use crate::web::forms::FormErrors;
use crate::web::gallery::ask;
use crate::web::gallery::asker::{self, Feedback, Standing};
use crate::web::gallery::safety::Warning;
use crate::web::i18n::{Lang, Words};
use crate::web::present::{self, masked_pieces};
use askama::Template;

/// The name and the rendered page of each.
pub(super) fn pages(lang: Lang) -> Vec<(String, askama::Result<String>)> {
    let t = Words::of(lang);
    let named = |name: &str, html| (name.to_owned(), html);
    let due = present::day_and_time(t, Millis(NOW.0 + DAY_MS), NOW);
    let awaited = || Standing::Awaited(t.with("sent-expected", "when", &due));
    let same = Standing::Same(t.with("asker-same-code", "code", "K7M-4QXP"));
    let case = |feedback, standing| asker(lang, feedback, standing).render();
    vec![
        named("ask", ask(lang, FormErrors::none()).render()),
        named("ask-error", ask(lang, empty_text(lang)).render()),
        named("ask-sent", ask_sent(lang).render()),
        named("asker-waiting", case(Feedback::NotYet, awaited())),
        named("asker-late", case(Feedback::NotYet, Standing::Late(t.get("asker-late-handed-up")))),
        named("asker-video-lost", case(Feedback::NotYet, Standing::VideoLost(VideoLoss::TooLong))),
        named("asker-answered", case(Feedback::Open, Standing::Answered)),
        named("asker-understood", case(Feedback::Understood, Standing::Answered)),
        named("asker-reopened", case(Feedback::Reopened, awaited())),
        named("asker-asked", case(Feedback::Asked, Standing::YourTurn)),
        named("asker-same", case(Feedback::Closed, same)),
        named("asker-closed", case(Feedback::Closed, Standing::Closed)),
        named("status", status(lang, FormErrors::none(), journey(lang)).render()),
        named("status-unknown", status(lang, unknown_code(lang), vec![]).render()),
    ]
}

fn empty_text(lang: Lang) -> FormErrors {
    let mut errors = FormErrors::none();
    errors.add("text", Words::of(lang).get("ask-text-empty"));
    errors
}

fn ask(lang: Lang, errors: FormErrors) -> ask::AskPage {
    let draft =
        ask::AskDraft { text: String::new(), contact: "someone@example.org".into(), wants_woman: true };
    let limits = ask::VideoLimits { megabytes: 200, seconds: 90 };
    ask::AskPage {
        t: Words::of(lang),
        shell: shell(lang),
        errors,
        draft,
        limits,
        safety: Some(sign("t-safe", "s2-sorry")),
        safety_href: "/clips/otp".into(),
    }
}

fn ask_sent(lang: Lang) -> ask::AskSentPage {
    let t = Words::of(lang);
    let url = "https://ishara.example.org/questions/3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    ask::AskSentPage {
        t,
        shell: shell(lang),
        code: "K7M-4QXP".into(),
        url: url.into(),
        qr: ask::QrPath::of(url),
        expected: t.with("sent-expected", "when", present::day_and_time(t, Millis(NOW.0 + DAY_MS), NOW)),
        safety: Some(Warning { player: Some(player(lang, "safety")), href: "/clips/otp".into() }),
    }
}

fn journey(lang: Lang) -> Vec<asker::JourneyStep> {
    use asker::StepProgress::{Done, Late, Now, Waiting};
    let t = Words::of(lang);
    let step = |mark, minutes: i64, progress| asker::JourneyStep {
        mark,
        when: match progress {
            Waiting => String::new(),
            Done | Now | Late => present::day_and_time(t, Millis(NOW.0 + minutes * 60_000), NOW),
        },
        progress,
    };
    vec![
        step(asker::JourneyMark::Arrived, 0, Done),
        step(asker::JourneyMark::Claimed, 8, Done),
        step(asker::JourneyMark::Late, 100, Late),
        step(asker::JourneyMark::Claimed, 145, Now),
        step(asker::JourneyMark::Awaited, 0, Waiting),
    ]
}

fn asker(lang: Lang, feedback: Feedback, standing: asker::Standing) -> asker::AskerPage {
    let t = Words::of(lang);
    let answered = matches!(feedback, Feedback::Open | Feedback::Understood | Feedback::Reopened);
    let reply = answered.then(|| asker::AskerReply {
        own: matches!(feedback, Feedback::Understood).then(|| player(lang, "own")),
        own_gone: false,
        player: Some(player(lang, "reply")),
        sentences: vec!["نعم، نأتي إلى البيت بخدمة «تقدير».".into(), "قدّم الطلب من حسابك في أبشر.".into()],
        took: t.with("asker-took", "span", present::span(t, 9_600_000)),
        clip_href: "/clips/taqdeer".into(),
    });
    asker::AskerPage {
        t,
        shell: shell(lang),
        secret: "3q2-7w".into(),
        code: "K7M-4QXP".into(),
        question: masked_pieces("والدتي مريضة وهويتها [رقم هوية]، هل تأتون إلى البيت؟"),
        journey: journey(lang),
        reply,
        standing,
        messages: messages(t, feedback),
        limits: ask::VideoLimits { megabytes: 200, seconds: 90 },
        typed: String::new(),
        feedback,
        safety: Some(Warning { player: Some(player(lang, "safety")), href: "/clips/otp".into() }),
        errors: FormErrors::none(),
    }
}

fn messages(t: Words, feedback: Feedback) -> Vec<asker::Line> {
    match feedback {
        Feedback::Asked => {
            let text = masked_pieces("في أي مدينة تسكن والدتك؟");
            vec![asker::Line { who: t.get("asker-we"), text, signed: String::new() }]
        }
        Feedback::Reopened => {
            vec![asker::Line { who: t.get("asker-you"), text: Vec::new(), signed: t.get("asker-in-sign") }]
        }
        _ => Vec::new(),
    }
}

fn unknown_code(lang: Lang) -> FormErrors {
    let mut errors = FormErrors::none();
    errors.add("code", Words::of(lang).get("status-code-unknown"));
    errors
}

fn status(lang: Lang, errors: FormErrors, journey: Vec<asker::JourneyStep>) -> asker::StatusPage {
    asker::StatusPage { t: Words::of(lang), shell: shell(lang), code: "K7M-4QXP".into(), errors, journey }
}
