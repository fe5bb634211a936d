//! Sample pages of clips that are taken along, embedded, or taken back, and of everything that does not work.

use super::{NOW, cards, player, reader, shell};
use crate::ids::RequestId;
use crate::refusal::{Refusal, RefusalKind};
use crate::web::error_page::ErrorPage;
use crate::web::gallery::{ask::QrPath, gone, outside, take};
use crate::web::i18n::{Lang, Words};
use crate::web::layout::Look;
use askama::Template;
use axum::http::StatusCode;

/// The name and the HTML of each page.
pub(super) fn pages(lang: Lang) -> Vec<(String, askama::Result<String>)> {
    let taken = [
        ("saved", take::SavedPage { t: Words::of(lang), shell: shell(lang) }.render()),
        ("card", card(lang).render()),
        ("gone", gone_page(lang).render()),
        ("embed", embed(lang).render()),
    ];
    let taken = taken.into_iter().map(|(name, html)| (name.to_owned(), html));
    let errors = [400, 403, 404, 410, 413, 429, 500, 503];
    let errors = errors.map(|status| (format!("error-{status}"), error(lang, status).render()));
    taken.chain(errors).collect()
}

fn card(lang: Lang) -> take::CardPage {
    let url = "https://ishara.example.org/clips/lost-id";
    take::CardPage {
        t: Words::of(lang),
        shell: shell(lang),
        title: "ضاعت هويتي الوطنية، ماذا أفعل؟".into(),
        slug: "lost-id".into(),
        poster: "/media/s1-book.jpg".into(),
        url: url.into(),
        qr: QrPath::of(url),
    }
}

fn gone_page(lang: Lang) -> gone::GonePage {
    gone::GonePage {
        t: Words::of(lang),
        shell: shell(lang),
        title: "ضاعت هويتي الوطنية، ماذا أفعل؟".into(),
        service: Some(("/services/lost".into(), lang.pick("بدل فاقد", "Replacement for lost").into())),
        others: cards(lang),
    }
}

fn embed(lang: Lang) -> outside::EmbedPage {
    outside::EmbedPage {
        t: Words::of(lang),
        look: Look::System,
        title: "ضاعت هويتي الوطنية، ماذا أفعل؟".into(),
        url: "https://ishara.example.org/clips/lost-id".into(),
        player: player(lang, "player"),
    }
}

fn error(lang: Lang, status: u16) -> ErrorPage {
    let ar = "طلبت أكثر من المسموح. انتظر قليلًا ثم أعد المحاولة.";
    let refusal = Refusal::new(
        RefusalKind::TooMany,
        "sample",
        ar,
        "You asked too often. Wait a moment, then try again.",
    );
    let status = StatusCode::from_u16(status).unwrap();
    ErrorPage::new(status, &refusal, RequestId::new(NOW), &reader(lang))
}
