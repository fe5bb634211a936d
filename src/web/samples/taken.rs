//! Sample pages of clips that are taken along, embedded, or taken back.

use super::{cards, player, shell};
use crate::web::gallery::{ask::QrPath, gone, outside, take};
use crate::web::i18n::{Lang, Words};
use crate::web::layout::Look;
use askama::Template;

/// The name and the HTML of each page.
pub(super) fn pages(lang: Lang) -> Vec<(&'static str, askama::Result<String>)> {
    vec![
        ("saved", take::SavedPage { t: Words::of(lang), shell: shell(lang) }.render()),
        ("card", card(lang).render()),
        ("gone", gone_page(lang).render()),
        ("embed", embed(lang).render()),
    ]
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
