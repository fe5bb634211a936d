//! The versions of a clip and what happened to it, newest first.

use super::editor::Loaded;
use super::words::state_chip;
use crate::web::i18n::Words;
use crate::web::present::{day_and_time, digits};
use crate::web::staff::Visit;

/// Pairs of what and by whom, when.
pub(super) fn history(visit: &Visit, t: Words, loaded: &Loaded) -> Vec<(String, String)> {
    let now = visit.app.clock.now();
    let comma = t.lang().pick("، ", ", ");
    let by = |name: String, at| {
        t.with_two("edit-history-by", ("name", &name), ("when", &day_and_time(t, at, now)))
    };
    let mut steps = Vec::new();
    if let Some(track) = &loaded.track {
        let words = format!("{} ({})", t.get("edit-history-captions"), digits(t.lang(), track.revision));
        steps.push((words, by(loaded.name_of(t, track.created_by), track.created_at)));
    }
    for version in &loaded.versions {
        let number = t.with("edit-history-version", "n", digits(t.lang(), version.n));
        let mut words = format!("{number}{comma}{}", state_chip(t, version.state).text);
        if !version.change_note.is_empty() {
            words = format!("{words}: {}", version.change_note);
        }
        if let Some(reason) = &version.withdrawn_reason {
            words = format!("{words}: {reason}");
        }
        steps.push((words, by(loaded.name_of(t, version.created_by), version.created_at)));
    }
    steps
}
