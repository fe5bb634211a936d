//! ARCHITECTURE.md draws the state machines as the code has them. `UPDATE_DIAGRAMS=1` writes them anew.

use ishara::catalog::{media_state, state as version_state};
use ishara::questions::state::{DeliveryState, QuestionState, ReplyState};
use std::path::Path;

fn diagrams() -> [(&'static str, String); 5] {
    [
        ("clip version", version_state::diagram()),
        ("media", media_state::diagram()),
        ("question", QuestionState::diagram()),
        ("reply", ReplyState::diagram()),
        ("delivery", DeliveryState::diagram()),
    ]
}

const HEADING: &str = "## State machines\n";

/// The section as the code has it.
fn section() -> String {
    let mut text = format!(
        "{HEADING}\nGenerated from the code; `tests/architecture.rs` fails when a diagram here is not the one the code \
         draws\n(`UPDATE_DIAGRAMS=1 cargo nextest run --test architecture` rewrites them).\n"
    );
    for (name, diagram) in diagrams() {
        text.push_str(&format!("\n### A {name}\n\n```mermaid\n{}\n```\n", diagram.trim_end()));
    }
    text
}

#[test]
fn the_diagrams_are_those_of_the_code() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("ARCHITECTURE.md");
    let text = std::fs::read_to_string(&path).expect("the document is readable");
    let (before, drawn) = text.split_at(text.find(HEADING).expect("the document has the section"));
    if update_wanted() {
        std::fs::write(&path, format!("{before}{}", section())).expect("the document is writable");
        return;
    }
    assert_eq!(drawn, section(), "run UPDATE_DIAGRAMS=1 cargo nextest run --test architecture");
}

fn update_wanted() -> bool {
    std::env::var_os("UPDATE_DIAGRAMS").is_some()
}
