//! Dates in both calendars, in Riyadh, where the time is three hours ahead of UTC all year.

use super::digits;
use crate::clock::Millis;
use crate::web::i18n::{Lang, Words};
use icu_calendar::types::{RataDie, Weekday};
use icu_calendar::{Date, Gregorian, cal::Hijri};

const RIYADH_OFFSET_MS: i64 = 3 * 60 * 60 * 1000;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// 1970-01-01 as days since the epoch of Reingold and Dershowitz, which `icu_calendar` counts from.
const UNIX_EPOCH_DAY: i64 = 719_163;

/// One day in both calendars: the reader's own first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateText {
    /// Hijri in Arabic, Gregorian in English.
    pub first: String,
    /// The other calendar.
    pub second: String,
    /// `2026-11-22`, for `<time datetime>`.
    pub machine: String,
}

impl DateText {
    /// Both calendars in one line, the reader's own first.
    pub fn both(&self) -> String {
        format!("{} ({})", self.first, self.second)
    }
}

/// The day of a moment in Riyadh, with its weekday. Hijri is the Umm al-Qura calendar.
pub fn date(t: Words, moment: Millis) -> DateText {
    let day = riyadh_day(moment);
    let gregorian = Date::from_rata_die(RataDie::new(day), Gregorian);
    let hijri = Date::from_rata_die(RataDie::new(day), Hijri::new_umm_al_qura());
    let lang = t.lang();
    let comma = match lang {
        Lang::Ar => "،",
        Lang::En => ",",
    };
    let weekday = weekday(t, gregorian.weekday());
    let hijri_words = format!(
        "{} {} {} {}",
        digits(lang, hijri.day_of_month().0),
        t.get(HIJRI_MONTHS[month_index(hijri.month().ordinal)]),
        digits(lang, hijri.year().era_year_or_related_iso()),
        t.get("hijri-era"),
    );
    let mut gregorian_words = format!(
        "{} {} {}",
        digits(lang, gregorian.day_of_month().0),
        t.get(GREGORIAN_MONTHS[month_index(gregorian.month().ordinal)]),
        digits(lang, gregorian.year().era_year_or_related_iso()),
    );
    let machine = format!(
        "{:04}-{:02}-{:02}",
        gregorian.year().era_year_or_related_iso(),
        gregorian.month().ordinal,
        gregorian.day_of_month().0
    );
    let (first, second) = match lang {
        Lang::Ar => {
            gregorian_words.push_str(" م");
            (hijri_words, gregorian_words)
        }
        Lang::En => (gregorian_words, hijri_words),
    };
    DateText { first: format!("{weekday}{comma} {first}"), second, machine }
}

/// The time of day in Riyadh, on the clock of twelve that people say: "٩:١٠ صباحًا".
pub fn clock_time(t: Words, moment: Millis) -> String {
    let minutes = (moment.0 + RIYADH_OFFSET_MS).rem_euclid(DAY_MS) / 60_000;
    let (hour, minute) = (minutes / 60, minutes % 60);
    let twelve = if hour % 12 == 0 { 12 } else { hour % 12 };
    let key = if hour < 12 { "time-morning" } else { "time-evening" };
    t.with(key, "time", digits(t.lang(), format!("{twelve}:{minute:02}")))
}

/// "اليوم، ٩:١٠ صباحًا", "غدًا، …", "أمس، …", or the date in both calendars and the time.
pub fn day_and_time(t: Words, moment: Millis, now: Millis) -> String {
    let time = clock_time(t, moment);
    match riyadh_day(now) - riyadh_day(moment) {
        0 => t.with("day-today", "time", time),
        1 => t.with("day-yesterday", "time", time),
        -1 => t.with("day-tomorrow", "time", time),
        _ => t.with_two("day-other", ("date", &date(t, moment).both()), ("time", &time)),
    }
}

fn riyadh_day(moment: Millis) -> i64 {
    (moment.0 + RIYADH_OFFSET_MS).div_euclid(DAY_MS) + UNIX_EPOCH_DAY
}

fn month_index(ordinal: u8) -> usize {
    usize::from(ordinal.clamp(1, 12) - 1)
}

fn weekday(t: Words, day: Weekday) -> String {
    t.get(match day {
        Weekday::Sunday => "weekday-sunday",
        Weekday::Monday => "weekday-monday",
        Weekday::Tuesday => "weekday-tuesday",
        Weekday::Wednesday => "weekday-wednesday",
        Weekday::Thursday => "weekday-thursday",
        Weekday::Friday => "weekday-friday",
        Weekday::Saturday => "weekday-saturday",
    })
}

const HIJRI_MONTHS: [&str; 12] = [
    "hijri-muharram",
    "hijri-safar",
    "hijri-rabi-1",
    "hijri-rabi-2",
    "hijri-jumada-1",
    "hijri-jumada-2",
    "hijri-rajab",
    "hijri-shaban",
    "hijri-ramadan",
    "hijri-shawwal",
    "hijri-qada",
    "hijri-hijja",
];

const GREGORIAN_MONTHS: [&str; 12] = [
    "month-january",
    "month-february",
    "month-march",
    "month-april",
    "month-may",
    "month-june",
    "month-july",
    "month-august",
    "month-september",
    "month-october",
    "month-november",
    "month-december",
];

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-22 06:10:00 UTC, that is 9:10 in Riyadh.
    const MORNING: Millis = Millis(1_795_327_800_000);
    const AR: Words = Words::of(Lang::Ar);
    const EN: Words = Words::of(Lang::En);

    #[test]
    fn a_date_is_hijri_first_in_arabic() {
        let text = date(AR, MORNING);
        assert_eq!(text.first, "الأحد، ١٢ جمادى الآخرة ١٤٤٨ هـ");
        assert_eq!(text.second, "٢٢ نوفمبر ٢٠٢٦ م");
        assert_eq!(text.machine, "2026-11-22");
    }

    #[test]
    fn a_date_is_gregorian_first_in_english() {
        let text = date(EN, MORNING);
        assert_eq!(text.first, "Sunday, 22 November 2026");
        assert_eq!(text.second, "12 Jumada al-Akhirah 1448 AH");
    }

    #[test]
    fn the_day_changes_at_midnight_in_riyadh() {
        // 21:00 UTC is midnight there.
        let last_second = Millis(1_795_294_800_000 + 21 * 3_600_000 - 15 * 3_600_000 - 1 - 6 * 3_600_000);
        let first_second = Millis(last_second.0 + 1);
        assert_eq!(date(EN, last_second).machine, "2026-11-21");
        assert_eq!(date(EN, first_second).machine, "2026-11-22");
    }

    #[test]
    fn times_are_said_on_the_clock_of_twelve() {
        assert_eq!(clock_time(AR, MORNING), "٩:١٠ صباحًا");
        assert_eq!(clock_time(EN, Millis(MORNING.0 + 12 * 3_600_000)), "9:10 pm");
        assert_eq!(clock_time(EN, Millis(MORNING.0 + 3 * 3_600_000)), "12:10 pm");
    }

    #[test]
    fn recent_moments_are_named_by_their_day() {
        assert_eq!(day_and_time(AR, MORNING, MORNING), "اليوم، ٩:١٠ صباحًا");
        let tomorrow = Millis(MORNING.0 + DAY_MS);
        assert_eq!(day_and_time(EN, MORNING, tomorrow), "Yesterday, 9:10 am");
        let later = Millis(MORNING.0 + 3 * DAY_MS);
        let both = "الأحد، ١٢ جمادى الآخرة ١٤٤٨ هـ (٢٢ نوفمبر ٢٠٢٦ م)، ٩:١٠ صباحًا";
        assert_eq!(day_and_time(AR, MORNING, later), both);
        assert_eq!(
            day_and_time(EN, MORNING, later),
            "Sunday, 22 November 2026 (12 Jumada al-Akhirah 1448 AH), 9:10 am"
        );
    }
}
