//! The words of every page, in Arabic and English.
//!
//! Sentences live in Fluent files, one per subject, in a folder per language; the six Arabic plural classes come from
//! CLDR through Fluent. A test holds both languages to the same keys, and every key to a use.

mod lang;

#[cfg(test)]
mod tests;

pub use lang::Lang;

use crate::web::present::digits;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use std::fmt::Display;
use std::sync::LazyLock;

/// The files of one language; add a subject here in both lists.
macro_rules! subjects {
    ($lang:literal) => {
        &[
            include_str!(concat!($lang, "/common.ftl")),
            include_str!(concat!($lang, "/player.ftl")),
            include_str!(concat!($lang, "/gallery.ftl")),
            include_str!(concat!($lang, "/ask.ftl")),
            include_str!(concat!($lang, "/errors.ftl")),
            include_str!(concat!($lang, "/staff.ftl")),
            include_str!(concat!($lang, "/studio.ftl")),
            include_str!(concat!($lang, "/desk.ftl")),
            include_str!(concat!($lang, "/admin.ftl")),
            include_str!(concat!($lang, "/learning.ftl")),
        ]
    };
}

const ARABIC: &[&str] = subjects!("ar");
const ENGLISH: &[&str] = subjects!("en");

type Bundle = FluentBundle<FluentResource>;

static ARABIC_WORDS: LazyLock<Bundle> = LazyLock::new(|| read(Lang::Ar, ARABIC));
static ENGLISH_WORDS: LazyLock<Bundle> = LazyLock::new(|| read(Lang::En, ENGLISH));

/// A broken line loses its own sentence only; the tests hold every line to be readable.
fn read(lang: Lang, subjects: &[&str]) -> Bundle {
    // The language chooses the plural rules; "ar" and "en" always parse.
    let language = lang.code().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    // The pages isolate user text with <bdi>; invisible marks inside attributes would only disturb copying.
    bundle.set_use_isolating(false);
    for text in subjects {
        let resource = FluentResource::try_new((*text).to_owned()).unwrap_or_else(|(readable, _)| readable);
        bundle.add_resource_overriding(resource);
    }
    bundle
}

/// The words of one language, as templates use them: `{{ t.get("home-title") }}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    lang: Lang,
}

/// A whole number that counts something, from whatever number type a page holds.
#[derive(Debug, Clone, Copy)]
pub struct Count(i64);

macro_rules! counts {
    ($($number:ty),*) => {$(
        impl From<$number> for Count {
            fn from(number: $number) -> Self {
                Self(i64::try_from(number).unwrap_or(i64::MAX))
            }
        }
        impl From<&$number> for Count {
            fn from(number: &$number) -> Self {
                Self::from(*number)
            }
        }
    )*};
}
counts!(i64, u64, u32, i32, usize);

impl Words {
    /// The words of `lang`.
    pub const fn of(lang: Lang) -> Self {
        Self { lang }
    }

    /// The language of these words.
    pub fn lang(self) -> Lang {
        self.lang
    }

    /// Whether there is a sentence of that name.
    pub fn has(self, key: &str) -> bool {
        self.bundle().has_message(key)
    }

    /// The sentence named `key`.
    pub fn get(self, key: &str) -> String {
        self.format(key, None)
    }

    /// A sentence that counts: `$count` chooses the plural class, `$n` is the number in the language's digits.
    pub fn count(self, key: &str, count: impl Into<Count>) -> String {
        let Count(number) = count.into();
        let mut args = FluentArgs::new();
        args.set("count", FluentValue::from(number));
        args.set("n", digits(self.lang, number));
        self.format(key, Some(&args))
    }

    /// A sentence with one named value in it; numbers are written in the language's digits by the caller.
    pub fn with(self, key: &str, name: &str, value: impl Display) -> String {
        let mut args = FluentArgs::new();
        args.set(name.to_owned(), FluentValue::from(value.to_string()));
        self.format(key, Some(&args))
    }

    /// A sentence with two named values in it.
    pub fn with_two(self, key: &str, first: (&str, &str), second: (&str, &str)) -> String {
        let mut args = FluentArgs::new();
        args.set(first.0.to_owned(), FluentValue::from(first.1.to_owned()));
        args.set(second.0.to_owned(), FluentValue::from(second.1.to_owned()));
        self.format(key, Some(&args))
    }

    /// A missing key shows its own name: a test keeps that from happening, and a page must not fail for a word.
    fn format(self, key: &str, args: Option<&FluentArgs<'_>>) -> String {
        let bundle = self.bundle();
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            return key.to_owned();
        };
        bundle.format_pattern(pattern, args, &mut Vec::new()).into_owned()
    }

    fn bundle(self) -> &'static Bundle {
        match self.lang {
            Lang::Ar => &ARABIC_WORDS,
            Lang::En => &ENGLISH_WORDS,
        }
    }
}
