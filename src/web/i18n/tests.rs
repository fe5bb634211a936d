//! Both languages have the same sentences, every sentence is used, and the Arabic plurals are right.

use super::*;
use std::collections::BTreeSet;
use std::path::Path;

fn keys(subjects: &[&str]) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for line in subjects.iter().flat_map(|text| text.lines()) {
        let Some((key, _)) = line.split_once(" =") else { continue };
        if line.starts_with(|first: char| first.is_ascii_lowercase()) {
            assert!(keys.insert(key.to_owned()), "{key} is there twice");
        }
    }
    keys
}

/// The text of all templates and web sources, but not of the languages themselves.
fn pages() -> Vec<(String, String)> {
    let mut found = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web"), &mut found);
    found
}

fn collect(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        let name = path.to_string_lossy().into_owned();
        if path.is_dir() {
            collect(&path, found);
        } else if name.ends_with(".html") || (name.ends_with(".rs") && !name.contains("/i18n/")) {
            found.push((name, std::fs::read_to_string(path).unwrap()));
        }
    }
}

#[test]
fn every_line_of_both_languages_is_readable() {
    for text in ARABIC.iter().chain(ENGLISH) {
        let errors = FluentResource::try_new((*text).to_owned()).err().map(|(_, errors)| errors);
        assert_eq!(errors, None);
    }
}

#[test]
fn both_languages_have_the_same_sentences() {
    assert_eq!(keys(ARABIC), keys(ENGLISH));
}

#[test]
fn every_sentence_is_used_and_every_used_sentence_exists() {
    let known = keys(ARABIC);
    let pages = pages();
    let is_used = |key: &String| pages.iter().any(|(_, text)| text.contains(&format!("\"{key}\"")));
    let unused: Vec<_> = known.iter().filter(|key| !is_used(key)).collect();
    assert!(unused.is_empty(), "nothing uses {unused:?}");
    for (name, text) in &pages {
        for call in ["t.get(\"", "t.count(\"", "t.with(\"", "t.with_two(\""] {
            for key in text.split(call).skip(1).filter_map(|rest| rest.split('"').next()) {
                assert!(known.contains(key), "{name} asks for {key}, which no language has");
            }
        }
    }
}

#[test]
fn arabic_counts_in_six_classes() {
    let t = Words::of(Lang::Ar);
    let said = |count: i64| t.count("answers", count);
    assert_eq!(said(0), "لا إجابات بعد");
    assert_eq!(said(1), "إجابة واحدة");
    assert_eq!(said(2), "إجابتان");
    assert_eq!(said(3), "٣ إجابات");
    assert_eq!(said(11), "١١ إجابة");
    assert_eq!(said(100), "١٠٠ إجابة");
}

/// Messages that count, with the lines of their classes.
fn counted(subjects: &[&str]) -> Vec<(String, Vec<String>)> {
    let mut found: Vec<(String, Vec<String>)> = Vec::new();
    let mut inside = false;
    for line in subjects.iter().flat_map(|text| text.lines()) {
        if let Some((key, _)) = line.split_once(" = { $count ->") {
            found.push((key.to_owned(), Vec::new()));
            inside = true;
        } else if line == "}" {
            inside = false;
        } else if let (true, Some((_, classes))) = (inside, found.last_mut()) {
            classes.push(line.trim().trim_start_matches('*').to_owned());
        }
    }
    found
}

#[test]
fn every_arabic_count_has_its_six_classes_and_says_something_for_each() {
    let t = Words::of(Lang::Ar);
    let counted = counted(ARABIC);
    assert!(counted.len() > 5);
    for (key, classes) in counted {
        for class in ["[zero]", "[one]", "[two]", "[few]", "[many]", "[other]"] {
            assert!(classes.iter().any(|line| line.starts_with(class)), "{key} has no {class}");
        }
        for (number, written) in [(0, ""), (1, ""), (2, ""), (3, "٣"), (11, "١١"), (100, "١٠٠")] {
            let said = t.count(&key, number);
            assert!(!said.contains('{') && said.contains(written), "{key} for {number}: {said}");
        }
    }
}

#[test]
fn english_counts_in_two_classes() {
    let t = Words::of(Lang::En);
    assert_eq!(t.count("answers", 0_i64), "No answers yet");
    assert_eq!(t.count("answers", 1_i64), "1 answer");
    assert_eq!(t.count("answers", 14_i64), "14 answers");
}
