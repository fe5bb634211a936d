//! Keeps the house in order: which room may use which, and which crate belongs to which room.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Rooms by floor. A room may use rooms of lower floors and of its own floor where [`SAME_FLOOR`] says so.
const FLOORS: &[&[&str]] = &[
    &["ids", "clock", "refusal", "text", "config", "memory", "cage"],
    &["seal", "sentence"],
    &["db", "audit"],
    &["jobs", "people", "store", "search", "channels"],
    &["uploads", "matching"],
    &["app"],
    &["catalog", "questions"],
    &["web"],
    &["cli"],
];

/// Pairs on one floor that may use each other in the given direction.
const SAME_FLOOR: &[(&str, &str)] =
    &[("ids", "clock"), ("db", "audit"), ("audit", "db"), ("questions", "catalog"), ("search", "text")];

/// A crate and the only room that may name it.
const OWNED_CRATES: &[(&str, &[&str])] = &[
    ("axum", &["web"]),
    ("tower_http", &["web"]),
    ("object_store", &["store"]),
    ("tantivy", &["search"]),
    ("encoder", &["sentence"]),
    ("safetensors", &["sentence"]),
    ("tokenizers", &["sentence"]),
    ("argon2", &["people"]),
    ("SqlitePool", &["db"]),
    ("PgPool", &["db"]),
    ("ffmpeg_next", &[]),
];

fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the source folder is readable") {
        let path = entry.expect("the entry is readable").path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.push(path);
        }
    }
}

/// Each source file with its room and text.
fn rooms() -> BTreeMap<PathBuf, (String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    let mut rooms = BTreeMap::new();
    for file in files {
        let inside = file.strip_prefix(&root).expect("the file is in the source folder");
        let first = inside.components().next().expect("the path has a part");
        let room = Path::new(first.as_os_str()).with_extension("").display().to_string();
        let text = std::fs::read_to_string(&file).expect("the file is text");
        rooms.insert(inside.to_owned(), (room, text));
    }
    rooms
}

fn floor_of(room: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&room))
}

fn used_rooms(text: &str) -> Vec<String> {
    let mut used = Vec::new();
    for part in text.split("crate::").skip(1) {
        if let Some(group) = part.strip_prefix('{') {
            let names = group.split('}').next().unwrap_or_default();
            used.extend(names.split(',').map(|name| first_word(name.trim())));
        } else {
            used.push(first_word(part));
        }
    }
    used
}

fn first_word(text: &str) -> String {
    text.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
}

#[test]
fn rooms_use_only_rooms_below_them() {
    let mut wrong = Vec::new();
    for (file, (room, text)) in rooms() {
        let Some(floor) = floor_of(&room) else { continue };
        for used in used_rooms(&text) {
            let Some(below) = floor_of(&used) else { continue };
            let allowed =
                below < floor || used == room || SAME_FLOOR.contains(&(room.as_str(), used.as_str()));
            if !allowed {
                wrong.push(format!("{}: `{room}` must not use `{used}`", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_room_has_its_floor() {
    let roomless = ["lib", "main"];
    for (file, (room, _)) in rooms() {
        let placed = floor_of(&room).is_some() || roomless.contains(&room.as_str());
        assert!(
            placed,
            "{}: give the room `{room}` a floor in tests/house.rs and ARCHITECTURE.md",
            file.display()
        );
    }
}

#[test]
fn crates_stay_in_their_rooms() {
    let mut wrong = Vec::new();
    for (file, (room, text)) in rooms() {
        for (name, owners) in OWNED_CRATES {
            let code_only = text.lines().filter(|line| !line.trim_start().starts_with("//"));
            let names_it = code_only.clone().any(|line| {
                line.contains(&format!("use {name}"))
                    || line.contains(&format!("{name}::")) && !name.contains("Pool")
            });
            if names_it && !owners.contains(&room.as_str()) {
                wrong.push(format!("{}: `{name}` belongs to {owners:?}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn both_engines_have_the_same_migrations() {
    let names = |engine: &str| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(engine);
        let entries = std::fs::read_dir(folder).expect("the folder is there");
        let mut names: Vec<String> = entries
            .map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    };
    assert_eq!(names("sqlite"), names("postgres"));
}
