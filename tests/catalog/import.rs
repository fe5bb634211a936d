//! `ishara import` and the checks around it, as the program itself.

use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

const TWO_LINES: &str = concat!(
    r#"{"id":"with-video","kind":"answer","service":"id.renew","title_ar":"انتهت هويتي","summary_ar":"جدّدها في أبشر.","captions":"جدّدها في أبشر.","media":"book.mkv","aliases":["هويه خلصت"],"state":"published"}"#,
    "\n",
    r#"{"id":"text-only","kind":"answer","service":"tahseen","title_ar":"أين أشتكي؟","summary_ar":"في تحسين.","captions":"اكتب شكواك في تحسين.","state":"published"}"#,
    "\n",
);

fn ishara(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ishara"))
        .args(arguments)
        .env_clear()
        .env("ISHARA_DATA", folder.join("data"))
        .output()
        .unwrap()
}

fn stage(manifest: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let clip = concat!(env!("CARGO_MANIFEST_DIR"), "/media/fixtures/signing/book.mkv");
    std::fs::copy(clip, folder.path().join("book.mkv")).unwrap();
    std::fs::write(folder.path().join("library.jsonl"), manifest).unwrap();
    folder
}

fn import(folder: &TempDir) -> (serde_json::Value, Option<i32>) {
    let manifest = folder.path().join("library.jsonl");
    let output = ishara(folder.path(), &["import", manifest.to_str().unwrap(), "--json"]);
    let counts = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    (counts, output.status.code())
}

#[test]
fn a_library_is_loaded_once_and_verifies() {
    let folder = stage(TWO_LINES);
    let (counts, code) = import(&folder);
    assert_eq!((counts["loaded"].as_i64(), counts["unchanged"].as_i64(), code), (Some(2), Some(0), Some(0)));
    let (counts, _) = import(&folder);
    assert_eq!((counts["loaded"].as_i64(), counts["unchanged"].as_i64()), (Some(0), Some(2)));
    let output = ishara(folder.path(), &["verify", "--json"]);
    let verdict: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((verdict["ok"].as_bool(), output.status.code()), (Some(true), Some(0)), "{verdict}");
    let reindexed = ishara(folder.path(), &["reindex"]);
    assert_eq!(String::from_utf8_lossy(&reindexed.stdout), "2 clips are in the index\n");
    assert_eq!(ishara(folder.path(), &["verify"]).status.code(), Some(0));
    let chain = ishara(folder.path(), &["audit", "export"]);
    let rows = String::from_utf8(chain.stdout).unwrap();
    assert_eq!(rows.lines().filter(|row| row.contains("review.waived")).count(), 2);
    assert!(!rows.contains("review.approved"), "a waiver is never a review");
}

#[test]
fn a_changed_line_makes_a_new_version_and_the_rest_stays() {
    let folder = stage(TWO_LINES);
    import(&folder);
    let manifest = TWO_LINES.replace("في تحسين.\",\"captions", "في خدمة تحسين.\",\"captions");
    std::fs::write(folder.path().join("library.jsonl"), manifest).unwrap();
    let (counts, _) = import(&folder);
    assert_eq!((counts["loaded"].as_i64(), counts["unchanged"].as_i64()), (Some(1), Some(1)));
}

#[test]
fn bad_lines_are_named_and_the_good_ones_are_loaded() {
    let manifest = format!(
        "{TWO_LINES}nonsense\n{{\"id\":\"x\",\"kind\":\"answer\",\"service\":\"nope\",\"title_ar\":\"س\"}}\n"
    );
    let folder = stage(&manifest);
    let (counts, code) = import(&folder);
    assert_eq!((counts["loaded"].as_i64(), code), (Some(2), Some(3)));
    let lines: Vec<i64> =
        counts["refused"].as_array().unwrap().iter().map(|row| row["line"].as_i64().unwrap()).collect();
    assert_eq!(lines, [3, 4]);
}

#[test]
fn a_damaged_file_is_found() {
    let folder = stage(TWO_LINES);
    import(&folder);
    let renditions = folder.path().join("data/blobs/renditions");
    let victim = std::fs::read_dir(renditions).unwrap().next().unwrap().unwrap().path();
    std::fs::write(victim, b"something else").unwrap();
    let output = ishara(folder.path(), &["verify", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let verdict: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(verdict["problems"][0]["check"], "blob");
}
