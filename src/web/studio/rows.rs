//! The caption editor's rows as they were typed, and what its buttons do to them without script.

use crate::catalog::captions::Cue;
use crate::text::ascii_digit;
use unicode_segmentation::UnicodeSegmentation as _;

/// A new row lasts this long where there is room.
const NEW_ROW_MS: i64 = 2_500;
/// The shortest row that can be read (`reference/deaf-users.md` section 3).
const SHORTEST_MS: i64 = 834;
/// Two frames at 24 a second: the smallest gap between rows.
const GAP_MS: i64 = 84;
/// Characters a second that are comfortable to read.
const COMFORTABLE_CPS: i64 = 15;
/// Longer rows are errors.
const LONGEST_MS: i64 = 7_000;

/// One row as it stands in the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) start: String,
    pub(super) end: String,
    pub(super) text: String,
}

impl Row {
    pub(super) fn of_cue(cue: &Cue) -> Self {
        Self {
            start: write(i64::from(cue.start_ms)),
            end: write(i64::from(cue.end_ms)),
            text: cue.text.clone(),
        }
    }

    fn at(start: i64, end: i64, text: String) -> Self {
        Self { start: write(start), end: write(end), text }
    }

    /// Nothing was typed into it.
    pub(super) fn is_blank(&self) -> bool {
        self.text.trim().is_empty() && self.start.trim().is_empty() && self.end.trim().is_empty()
    }

    /// The row as a cue; `None` when a time cannot be read or it ends before it starts.
    pub(super) fn cue(&self) -> Option<Cue> {
        let (start, end) = (read(&self.start)?, read(&self.end)?);
        let text = self.text.replace("\r\n", "\n").trim().to_owned();
        (end > start).then_some(())?;
        Some(Cue { start_ms: u32::try_from(start).ok()?, end_ms: u32::try_from(end).ok()?, text })
    }
}

/// `MM:SS.mmm`; minutes go on past 59.
pub(super) fn write(ms: i64) -> String {
    let ms = ms.max(0);
    format!("{:02}:{:02}.{:03}", ms / 60_000, ms / 1_000 % 60, ms % 1_000)
}

/// Reads `[H:]MM:SS[.mmm]` with digits of any script.
pub(super) fn read(text: &str) -> Option<i64> {
    let text: String = text.trim().chars().map(|c| ascii_digit(c).unwrap_or(c)).collect();
    let text = text.replace([',', '٫'], ".");
    let parts: Vec<&str> = text.split(':').collect();
    let (hours, minutes, seconds) = match parts.as_slice() {
        [minutes, seconds] => ("0", *minutes, *seconds),
        [hours, minutes, seconds] => (*hours, *minutes, *seconds),
        _ => return None,
    };
    let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
    let seconds: f64 = seconds.parse().ok().filter(|s: &f64| (0.0..60.0).contains(s))?;
    let in_range = (0..100).contains(&hours) && (0..6_000).contains(&minutes);
    in_range.then(|| (hours * 60 + minutes) * 60_000 + (seconds * 1_000.0).round() as i64)
}

/// What a button of the form does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deed {
    Save,
    Add,
    Split(usize),
    Merge(usize),
    Delete(usize),
    Wrap(usize),
    Extend(usize),
}

impl Deed {
    /// Reads the value of the pressed button; whatever else was sent saves.
    pub(super) fn parse(word: &str) -> Self {
        let (verb, at) = word.split_once('-').unwrap_or((word, ""));
        let at = at.parse().ok();
        match (verb, at) {
            ("add", _) => Self::Add,
            ("split", Some(at)) => Self::Split(at),
            ("merge", Some(at)) => Self::Merge(at),
            ("delete", Some(at)) => Self::Delete(at),
            ("wrap", Some(at)) => Self::Wrap(at),
            ("extend", Some(at)) => Self::Extend(at),
            _ => Self::Save,
        }
    }
}

/// The rows after a deed. A deed on a row that is not there changes nothing.
pub(super) fn after(mut rows: Vec<Row>, deed: Deed) -> Vec<Row> {
    match deed {
        Deed::Save => {}
        Deed::Add => rows.push(next_row(&rows)),
        Deed::Split(at) => split(&mut rows, at),
        Deed::Merge(at) => merge(&mut rows, at),
        Deed::Delete(at) => {
            if at < rows.len() {
                rows.remove(at);
            }
        }
        Deed::Wrap(at) => {
            if let Some(row) = rows.get_mut(at) {
                row.text = wrapped(&row.text);
            }
        }
        Deed::Extend(at) => {
            if let Some(until) = extend_to(&rows, at) {
                rows[at].end = write(until);
            }
        }
    }
    rows
}

/// A fresh row after the last one.
pub(super) fn next_row(rows: &[Row]) -> Row {
    let start = rows.last().and_then(|row| read(&row.end)).map_or(0, |end| end + GAP_MS);
    Row::at(start, start + NEW_ROW_MS, String::new())
}

fn split(rows: &mut Vec<Row>, at: usize) {
    let Some(row) = rows.get(at) else { return };
    let (Some(start), Some(end)) = (read(&row.start), read(&row.end)) else { return };
    let (first, second) = halves(&row.text);
    let share = first.chars().count() as f64 / row.text.trim().chars().count().max(1) as f64;
    let middle = start + ((end - start) as f64 * share) as i64;
    rows[at] = Row::at(start, middle, first);
    rows.insert(at + 1, Row::at(middle, end, second));
}

fn merge(rows: &mut Vec<Row>, at: usize) {
    if at + 1 >= rows.len() {
        return;
    }
    let next = rows.remove(at + 1);
    let row = &mut rows[at];
    row.text = format!("{} {}", row.text.trim(), next.text.trim()).trim().to_owned();
    row.end = next.end;
}

/// A text in two lines of about the same length.
pub(super) fn wrapped(text: &str) -> String {
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let (first, second) = halves(&flat);
    if second.is_empty() { first } else { format!("{first}\n{second}") }
}

/// Both halves of a text, cut at the space nearest to its middle.
fn halves(text: &str) -> (String, String) {
    let text = text.trim();
    let middle = text.len() / 2;
    let spaces = text.char_indices().filter(|(_, c)| c.is_whitespace()).map(|(at, _)| at);
    match spaces.min_by_key(|at| at.abs_diff(middle)) {
        Some(at) => (text[..at].trim().to_owned(), text[at..].trim().to_owned()),
        None => (text.to_owned(), String::new()),
    }
}

/// How long row `at` may last so that it can be read, if there is room before the next one.
pub(super) fn extend_to(rows: &[Row], at: usize) -> Option<i64> {
    let row = rows.get(at)?;
    let (start, end) = (read(&row.start)?, read(&row.end)?);
    let letters = i64::try_from(row.text.trim().graphemes(true).filter(|g| *g != "\n").count()).ok()?;
    let wanted = start + (letters * 1_000 / COMFORTABLE_CPS).clamp(SHORTEST_MS, LONGEST_MS);
    let limit = rows.get(at + 1).and_then(|next| read(&next.start)).map_or(i64::MAX, |next| next - GAP_MS);
    let until = wanted.min(limit);
    (until > end).then_some(until)
}

/// Characters a second, rounded, for the meter of a row.
pub(super) fn reading_speed(row: &Row) -> Option<i64> {
    let cue = row.cue()?;
    let letters = cue.text.graphemes(true).filter(|g| *g != "\n").count() as f64;
    let seconds = f64::from(cue.end_ms - cue.start_ms) / 1_000.0;
    Some((letters / seconds).round() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(start: &str, end: &str, text: &str) -> Row {
        Row { start: start.into(), end: end.into(), text: text.into() }
    }

    #[test]
    fn times_are_read_as_people_write_them() {
        for (text, ms) in [
            ("00:02.900", Some(2_900)),
            ("0:2.9", Some(2_900)),
            ("٠٠:٠٢٫٩", Some(2_900)),
            ("1:00:00", Some(3_600_000)),
            ("00:61", None),
            ("x", None),
            ("", None),
            ("-1:00", None),
        ] {
            assert_eq!(read(text), ms, "{text:?}");
        }
        assert_eq!(write(3_661_005), "61:01.005");
        assert_eq!(read(&write(3_661_005)), Some(3_661_005));
    }

    #[test]
    fn a_row_is_split_at_a_word_and_put_together_again() {
        let rows = vec![row("00:00.000", "00:04.000", "ادخل إلى أبشر واختر البلاغ")];
        let two = after(rows.clone(), Deed::Split(0));
        assert_eq!(two.len(), 2);
        assert_eq!(two[0].end, two[1].start);
        assert_eq!(two[1].end, "00:04.000");
        let one = after(two, Deed::Merge(0));
        assert_eq!(one, rows);
    }

    #[test]
    fn a_row_is_extended_only_into_free_time() {
        let text = "أحضر صورة حديثة، واستلم هويتك الجديدة";
        let mut rows = vec![row("00:01.000", "00:02.000", text), row("00:05.000", "00:06.000", "نعم")];
        assert!(extend_to(&rows, 0).is_some_and(|until| until > 2_000 && until <= 5_000 - GAP_MS));
        rows[1].start = "00:02.000".into();
        assert_eq!(extend_to(&rows, 0), None);
    }

    #[test]
    fn buttons_on_rows_that_are_not_there_change_nothing() {
        let rows = vec![row("00:00.000", "00:01.000", "نعم")];
        for deed in [Deed::Split(7), Deed::Merge(0), Deed::Delete(7), Deed::Wrap(7), Deed::Extend(7)] {
            assert_eq!(after(rows.clone(), deed), rows);
        }
        assert_eq!(Deed::parse("split-x"), Deed::Save);
        assert_eq!(Deed::parse("merge-3"), Deed::Merge(3));
    }

    #[test]
    fn a_new_row_follows_the_last_one() {
        assert_eq!(next_row(&[]).start, "00:00.000");
        assert_eq!(next_row(&[row("00:00.000", "00:02.000", "نعم")]).start, "00:02.084");
    }
}
