//! Rules that every page keeps: no inline script or style, unique ids, described pictures, known icons, one direction.

use super::assets;
use super::i18n::Lang;
use super::samples;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn all_pages() -> impl Iterator<Item = (String, String)> {
    [Lang::Ar, Lang::En].into_iter().flat_map(|lang| {
        samples::pages(lang).into_iter().map(move |(name, html)| (format!("{name}-{}", lang.code()), html))
    })
}

/// Every start tag: its name and the text up to `>`. Our templates never have `>` inside an attribute.
fn tags(html: &str) -> impl Iterator<Item = (&str, &str)> {
    html.split('<').skip(1).filter(|rest| rest.starts_with(|first: char| first.is_ascii_alphabetic())).map(
        |rest| {
            let tag = rest.split('>').next().unwrap_or(rest);
            (tag.split([' ', '\n', '/']).next().unwrap_or(tag), tag)
        },
    )
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let opening = format!(" {name}=\"");
    tag.split_once(&opening)?.1.split('"').next()
}

#[test]
fn no_page_has_inline_scripts_or_styles() {
    for (page, html) in all_pages() {
        for (name, tag) in tags(&html) {
            assert!(name != "style" && attribute(tag, "style").is_none(), "{page}: <{tag}>");
            // A data block is not run; nothing else may stand inline.
            let is_data = attribute(tag, "type") == Some("application/ld+json");
            assert!(name != "script" || is_data || attribute(tag, "src").is_some(), "{page}: <{tag}>");
            let event = |part: &str| part.starts_with("on") && part.contains("=\"");
            assert!(!tag.split_whitespace().any(event), "{page}: an event attribute in <{tag}>");
        }
    }
}

#[test]
fn ids_are_unique_and_what_points_to_them_arrives() {
    for (page, html) in all_pages() {
        let mut ids = BTreeSet::new();
        for (_, tag) in tags(&html) {
            if let Some(id) = attribute(tag, "id") {
                assert!(ids.insert(id.to_owned()), "{page}: two elements are called {id}");
            }
        }
        for (_, tag) in tags(&html) {
            let lists = ["for", "aria-labelledby", "aria-describedby", "popovertarget"];
            for name in lists.iter().filter_map(|name| attribute(tag, name)).flat_map(str::split_whitespace) {
                assert!(ids.contains(name), "{page}: nothing is called {name}, in <{tag}>");
            }
            if let Some(name) = attribute(tag, "href").and_then(|href| href.strip_prefix('#')) {
                assert!(ids.contains(name), "{page}: nothing is called {name}, in <{tag}>");
            }
        }
    }
}

#[test]
fn pictures_and_videos_are_described_and_nothing_comes_from_elsewhere() {
    for (page, html) in all_pages() {
        for (name, tag) in tags(&html) {
            assert!(name != "img" || attribute(tag, "alt").is_some(), "{page}: <{tag}>");
            let is_own = |address: &str| address.starts_with('/') && !address.starts_with("//");
            for address in ["src", "poster"].iter().filter_map(|name| attribute(tag, name)) {
                assert!(is_own(address), "{page}: <{tag}>");
            }
        }
    }
}

#[test]
fn every_page_says_its_language_and_has_one_main_heading() {
    for (page, html) in all_pages() {
        let whole = if page.ends_with("-ar") { r#"lang="ar" dir="rtl""# } else { r#"lang="en" dir="ltr""# };
        assert!(html.contains(whole), "{page}");
        assert_eq!(tags(&html).filter(|(name, _)| *name == "h1").count(), 1, "{page}");
        assert!(!html.contains("{{") && !html.contains("{%"), "{page} shows template marks");
    }
}

#[test]
fn every_icon_and_asset_that_a_page_names_exists() {
    let sprite = std::fs::read_to_string(source("assets/icons.svg")).unwrap();
    for (page, html) in all_pages() {
        for (name, tag) in tags(&html) {
            if name == "use" {
                let icon = tag.split('#').nth(1).and_then(|rest| rest.split('"').next()).unwrap();
                assert!(sprite.contains(&format!("<symbol id=\"{icon}\"")), "{page}: no icon {icon}");
            }
            let plain = |address: &&str| address.starts_with("/assets/") && address.split('.').count() < 3;
            let address = ["src", "href"].iter().filter_map(|name| attribute(tag, name)).find(plain);
            assert_eq!(address, None, "{page} names an asset that does not exist");
        }
    }
}

#[test]
fn styles_know_no_left_and_no_right() {
    let logical = |line: &str| {
        let text = line.split("/*").next().unwrap_or(line);
        !["left", "right"]
            .iter()
            .any(|side| text.split(|letter: char| !letter.is_ascii_alphanumeric()).any(|word| word == *side))
    };
    for sheet in ["assets/css", "assets/css-staff"] {
        for entry in std::fs::read_dir(source(sheet)).unwrap().map(Result::unwrap) {
            let text = std::fs::read_to_string(entry.path()).unwrap();
            let wrong = text.lines().find(|line| !logical(line));
            assert_eq!(wrong, None, "{}", entry.path().display());
        }
    }
}

#[test]
fn the_first_view_weighs_at_most_300_kilobytes() {
    let sizes = [
        "ishara.css",
        "icons.svg",
        "mark.svg",
        "arcs.svg",
        "js/early.js",
        "js/dom.js",
        "js/main.js",
        "js/theme.js",
        "js/titles.js",
        "js/signpop.js",
        "js/worker.js",
        "js/finder.js",
        "js/identifiers.js",
        "fonts/plex-arabic-400.woff2",
        "fonts/plex-arabic-600.woff2",
        "fonts/plex-latin-400.woff2",
        "fonts/plex-latin-600.woff2",
    ];
    let assets: usize = sizes.iter().map(|name| assets::size(name).unwrap()).sum();
    let (_, html) = samples::pages(Lang::Ar).into_iter().next().unwrap();
    // A home page shows nine stills above and around the fold, each at most 15 kB (deaf-users.md section 2).
    let total = assets + html.len() + 9 * 15_000;
    assert!(total <= 300_000, "{total} bytes before compression");
}

/// Writes the pages and their assets where any plain web server can show them.
#[test]
fn sample_pages_are_written_for_looking_at() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/sample-pages");
    for (page, html) in all_pages() {
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(format!("{page}.html")), &html).unwrap();
    }
    for (address, bytes) in assets::everything() {
        let path = folder.join(address.trim_start_matches('/'));
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    assert!(folder.join("home-ar.html").exists());
}

fn source(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web").join(path)
}

/// The texts that templates offer a signed twin for: the last words of `ui::head` and `ui::sign_chip`.
fn signed_in_templates() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for file in templates(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web/templates")) {
        let text = std::fs::read_to_string(&file).unwrap();
        for call in ["ui::head(t, shell, ", "ui::sign_chip(t, shell, "] {
            for rest in text.split(call).skip(1) {
                let arguments = rest.split(')').next().unwrap_or_default();
                found.extend(arguments.rsplit('"').nth(1).map(str::to_owned));
            }
        }
    }
    found
}

fn templates(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { templates(&path) } else { vec![path] }).collect()
}

#[test]
fn every_text_that_a_page_can_show_in_sign_is_offered_to_staff_and_no_other() {
    let offered: BTreeSet<String> = crate::catalog::SIGNED_TEXTS.map(str::to_owned).into();
    assert_eq!(offered, signed_in_templates());
}
