//! Lengths of time: a clip's, how long ago, how long is left.

use super::digits;
use crate::clock::Millis;
use crate::web::i18n::{Lang, Words};

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;

/// The length of a clip or a moment in it, `٠٠:٤٢`; hours appear only when there are any. Begun seconds do not count.
pub fn duration(lang: Lang, ms: i64) -> String {
    let seconds = ms.max(0) / 1000;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let text = match hours {
        0 => format!("{minutes:02}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    };
    digits(lang, text)
}

/// A length of time in words, in its two largest units: "٣ ساعات و١٢ دقيقة". In Arabic in the genitive, as it stands
/// after "خلال" and "قبل".
pub fn span(t: Words, ms: i64) -> String {
    let ms = ms.max(0);
    let (days, hours, minutes) = (ms / DAY_MS, ms % DAY_MS / HOUR_MS, ms % HOUR_MS / MINUTE_MS);
    let pair = |first: String, second: Option<String>| match second {
        Some(second) => t.with_two("span-and", ("first", &first), ("second", &second)),
        None => first,
    };
    if days > 0 {
        let hours = (hours > 0).then(|| t.count("span-hours", hours));
        return pair(t.count("span-days", days), hours);
    }
    if hours > 0 {
        let minutes = (minutes > 0).then(|| t.count("span-minutes", minutes));
        return pair(t.count("span-hours", hours), minutes);
    }
    match minutes {
        0 => t.get("span-moment"),
        _ => t.count("span-minutes", minutes),
    }
}

/// "قبل ٣ ساعات".
pub fn ago(t: Words, moment: Millis, now: Millis) -> String {
    t.with("ago", "span", span(t, now.since(moment)))
}

/// "بقيت ٥٠ دقيقة" before the deadline, "متأخر ساعتين" after it: one unit, because a deadline is read at a glance.
pub fn time_left(t: Words, deadline: Millis, now: Millis) -> String {
    let left = deadline.since(now);
    let keys = if left >= 0 { LEFT } else { LATE };
    match left.abs() {
        ms if ms >= 2 * DAY_MS => t.count(keys[0], ms / DAY_MS),
        ms if ms >= HOUR_MS => t.count(keys[1], ms / HOUR_MS),
        ms if ms >= MINUTE_MS => t.count(keys[2], ms / MINUTE_MS),
        _ => t.get(keys[3]),
    }
}

const LEFT: [&str; 4] = ["left-days", "left-hours", "left-minutes", "left-moment"];
const LATE: [&str; 4] = ["late-days", "late-hours", "late-minutes", "late-moment"];

#[cfg(test)]
mod tests {
    use super::*;

    const AR: Words = Words::of(Lang::Ar);
    const EN: Words = Words::of(Lang::En);

    #[test]
    fn clip_lengths_have_two_places_each() {
        assert_eq!(duration(Lang::Ar, 42_900), "٠٠:٤٢");
        assert_eq!(duration(Lang::En, 3_725_000), "1:02:05");
        assert_eq!(duration(Lang::En, -5), "00:00");
    }

    #[test]
    fn spans_name_their_two_largest_units() {
        assert_eq!(span(AR, 3 * HOUR_MS + 12 * MINUTE_MS), "٣ ساعات و١٢ دقيقة");
        assert_eq!(span(AR, 2 * HOUR_MS), "ساعتين");
        assert_eq!(span(EN, DAY_MS + HOUR_MS), "1 day and 1 hour");
        assert_eq!(span(EN, 20_000), "less than a minute");
    }

    #[test]
    fn deadlines_say_what_is_left_or_how_late_it_is() {
        let now = Millis(1_000_000_000);
        assert_eq!(time_left(AR, Millis(now.0 + 50 * MINUTE_MS), now), "بقيت ٥٠ دقيقة");
        assert_eq!(time_left(AR, Millis(now.0 + 2 * HOUR_MS), now), "بقيت ساعتان");
        assert_eq!(time_left(EN, Millis(now.0 - 2 * HOUR_MS), now), "2 hours late");
    }
}
