//! Byte ranges (RFC 9110, section 14): one range, or the whole.

use std::ops::Range;

/// Which bytes a request wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wanted {
    /// All.
    Whole,
    /// These.
    Part(Range<u64>),
    /// None that exist: 416.
    Nothing,
}

/// Reads the `Range` header for a file of `length` bytes. What cannot be read, other units and lists of several ranges
/// are ignored, as the standard allows: a list is a cheap way to make a server work hard.
pub(super) fn wanted(header: Option<&str>, length: u64) -> Wanted {
    let Some(set) = header.and_then(|text| text.trim().strip_prefix("bytes=")) else { return Wanted::Whole };
    let Some((first, last)) = set.trim().split_once('-') else { return Wanted::Whole };
    match (number(first), number(last)) {
        (Some(first), _) if last.is_empty() => part(first, length, length),
        (Some(first), Some(last)) if first <= last => part(first, last.saturating_add(1), length),
        (None, Some(suffix)) if first.is_empty() && suffix > 0 => {
            part(length.saturating_sub(suffix), length, length)
        }
        (None, Some(_)) if first.is_empty() => Wanted::Nothing,
        _ => Wanted::Whole,
    }
}

fn part(start: u64, end: u64, length: u64) -> Wanted {
    if start < length { Wanted::Part(start..end.min(length)) } else { Wanted::Nothing }
}

/// Digits only; more digits than fit count as very large.
fn number(text: &str) -> Option<u64> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_range_is_served() {
        for (header, range) in [
            ("bytes=0-0", 0..1),
            ("bytes=0-99", 0..100),
            ("bytes=5-9", 5..10),
            ("bytes=90-", 90..100),
            ("bytes=-10", 90..100),
            ("bytes=-1000", 0..100),
            ("bytes=99-1000", 99..100),
            ("bytes=0-99999999999999999999999", 0..100),
            (" bytes=1-2 ", 1..3),
        ] {
            assert_eq!(wanted(Some(header), 100), Wanted::Part(range), "{header}");
        }
    }

    #[test]
    fn a_range_past_the_end_is_refused() {
        for header in ["bytes=100-", "bytes=100-200", "bytes=99999999999999999999999-", "bytes=-0"] {
            assert_eq!(wanted(Some(header), 100), Wanted::Nothing, "{header}");
        }
        assert_eq!(wanted(Some("bytes=0-"), 0), Wanted::Nothing);
        assert_eq!(wanted(Some("bytes=-5"), 0), Wanted::Nothing);
    }

    #[test]
    fn what_is_not_one_range_of_bytes_is_ignored() {
        let many = format!("bytes={}", vec!["0-0"; 500].join(","));
        for header in [
            "",
            "bytes",
            "bytes=",
            "bytes=-",
            "bytes=9-5",
            "bytes=a-b",
            "items=0-5",
            "bytes=0-1,5-6",
            "bytes=+1-2",
            &many,
        ] {
            assert_eq!(wanted(Some(header), 100), Wanted::Whole, "{header}");
        }
        assert_eq!(wanted(None, 100), Wanted::Whole);
    }
}
