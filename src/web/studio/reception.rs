//! How the public received a version: said, watched to the end, and which sentences were seen again.

use super::editor::Loaded;
use crate::web::i18n::Words;
use crate::web::present::{digits, percent};

/// The sentences that were seen again most; these are where the signing or the sentence may be unclear.
const SENTENCES: usize = 5;

/// The panel; nothing is shown before anybody has watched.
pub(super) struct ReceptionView {
    /// Pairs of what and how many.
    pub(super) facts: Vec<(String, String)>,
    /// Sentences with how often they were seen again.
    pub(super) again: Vec<(String, String)>,
}

/// What is known about the version.
pub(super) fn reception_view(t: Words, loaded: &Loaded) -> Option<ReceptionView> {
    let seen = &loaded.reception;
    let said = seen.understood + seen.not_understood;
    if seen.begun == 0 && said == 0 {
        return None;
    }
    let number = |count: i64| digits(t.lang(), count);
    let share = |part: i64, whole: i64| match whole {
        0 => number(part),
        _ => format!("{} ({})", number(part), percent(t.lang(), part as f64 / whole as f64)),
    };
    let facts = vec![
        (t.get("reception-begun"), number(seen.begun)),
        (t.get("reception-to-the-end"), share(seen.to_the_end, seen.begun)),
        (t.get("understood-yes"), share(seen.understood, said)),
        (t.get("understood-no"), share(seen.not_understood, said)),
    ];
    let mut lines: Vec<_> = seen.lines.iter().filter(|(_, _, again)| *again > 0).collect();
    lines.sort_by_key(|(_, _, again)| std::cmp::Reverse(*again));
    let text_of = |line: i64| {
        let cues = loaded.track.as_ref().map(|track| track.cues.as_slice()).unwrap_or_default();
        usize::try_from(line).ok().and_then(|line| cues.get(line)).map(|cue| cue.text.clone())
    };
    let again = lines.into_iter().filter_map(|(line, _, again)| Some((text_of(*line)?, number(*again))));
    Some(ReceptionView { facts, again: again.take(SENTENCES).collect() })
}
