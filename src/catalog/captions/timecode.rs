//! Reading and writing times of captions.

use crate::text::ascii_digit;

/// No clip is longer than this, in milliseconds: a time beyond it is an error in the file.
const LONGEST_MS: u64 = 100 * 3_600_000;

/// Reads `[H:]MM:SS[.,]mmm` with digits of any script; a fraction of one to nine digits. `None` when malformed.
pub(super) fn read_clock(text: &str) -> Option<u32> {
    let text: String = text.trim().chars().map(|c| ascii_digit(c).unwrap_or(c)).collect();
    let (clock, fraction) = text.split_once(['.', ',']).unwrap_or((&text, "0"));
    let parts: Vec<&str> = clock.split(':').collect();
    let (hours, minutes, seconds) = match parts.as_slice() {
        [minutes, seconds] => (0, number(minutes, 2)?, number(seconds, 2)?),
        [hours, minutes, seconds] => (number(hours, 4)?, number(minutes, 2)?, number(seconds, 2)?),
        _ => return None,
    };
    if minutes > 59 || seconds > 59 {
        return None;
    }
    limited(hours * 3_600_000 + minutes * 60_000 + seconds * 1000 + thousandths(fraction)?)
}

pub(super) fn limited(milliseconds: u64) -> Option<u32> {
    if milliseconds > LONGEST_MS { None } else { u32::try_from(milliseconds).ok() }
}

fn number(text: &str, most_digits: usize) -> Option<u64> {
    let fits = (1..=most_digits).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if fits { text.parse().ok() } else { None }
}

/// The first three digits of a fraction of a second.
fn thousandths(fraction: &str) -> Option<u64> {
    number(fraction, 9)?;
    format!("{fraction:0<3}").get(..3)?.parse().ok()
}

/// Writes `HH:MM:SS.mmm` with the given separator before the milliseconds.
pub(super) fn write_clock(milliseconds: u32, separator: char) -> String {
    let (seconds, thousandth) = (milliseconds / 1000, milliseconds % 1000);
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    format!("{hours:02}:{minutes:02}:{:02}{separator}{thousandth:03}", seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_of_all_formats_are_read() {
        let table = [
            ("00:00:01.500", Some(1500)),
            ("00:01,5", Some(1500)),
            ("1:02:03.25", Some(3_723_250)),
            ("٠٠:٠٠:٠٢,٠٤٠", Some(2040)),
            ("00:60:00.000", None),
            ("00:00:61.000", None),
            ("abc", None),
            ("00:00:-1.000", None),
            ("999999:00:00.000", None),
            ("", None),
        ];
        for (text, milliseconds) in table {
            assert_eq!(read_clock(text), milliseconds, "{text}");
        }
        assert_eq!(write_clock(3_723_250, ','), "01:02:03,250");
    }
}
