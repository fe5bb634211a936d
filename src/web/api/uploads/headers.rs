//! Reading and writing the headers of tus.

use crate::clock::Millis;
use crate::refusal::{Refusal, RefusalKind};
use crate::uploads::{Checksum, RepeatKey, Upload, UploadState};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;
use time::OffsetDateTime;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

pub(super) const TUS_RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
pub(super) const TUS_VERSION: HeaderName = HeaderName::from_static("tus-version");
pub(super) const UPLOAD_OFFSET: HeaderName = HeaderName::from_static("upload-offset");
pub(super) const UPLOAD_LENGTH: HeaderName = HeaderName::from_static("upload-length");
pub(super) const UPLOAD_METADATA: HeaderName = HeaderName::from_static("upload-metadata");
const UPLOAD_DEFER_LENGTH: HeaderName = HeaderName::from_static("upload-defer-length");
const UPLOAD_CHECKSUM: HeaderName = HeaderName::from_static("upload-checksum");
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const UPLOAD_EXPIRES: HeaderName = HeaderName::from_static("upload-expires");

/// RFC 9110, IMF-fixdate.
const HTTP_DATE: &[BorrowedFormatItem<'_>] =
    format_description!("[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT");

/// A header that we cannot read.
pub(super) fn malformed(name: &str) -> Refusal {
    Refusal::new(
        RefusalKind::Malformed,
        "upload.bad_header",
        format!("الترويسة {name} ناقصة أو غير صحيحة."),
        format!("The header {name} is missing or cannot be read."),
    )
}

/// A header as text; one that is repeated or not ASCII is refused.
pub(super) fn text(headers: &HeaderMap, name: HeaderName) -> Result<Option<&str>, Refusal> {
    let mut values = headers.get_all(&name).iter();
    let Some(value) = values.next() else { return Ok(None) };
    match (value.to_str(), values.next()) {
        (Ok(text), None) => Ok(Some(text)),
        _ => Err(malformed(name.as_str())),
    }
}

/// A header as a whole number of bytes: digits only.
pub(super) fn number(headers: &HeaderMap, name: HeaderName) -> Result<Option<u64>, Refusal> {
    let Some(text) = text(headers, name.clone())? else { return Ok(None) };
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse() {
        Ok(number) if is_number && i64::try_from(number).is_ok() => Ok(Some(number)),
        // More digits than a number can have: larger than any limit, and said so further on.
        Err(_) if is_number => Ok(Some(i64::MAX.unsigned_abs())),
        _ => Err(malformed(name.as_str())),
    }
}

/// The length of a new upload: exactly one of `Upload-Length` and `Upload-Defer-Length: 1`.
pub(super) fn declared_length(headers: &HeaderMap) -> Result<Option<u64>, Refusal> {
    match (number(headers, UPLOAD_LENGTH)?, text(headers, UPLOAD_DEFER_LENGTH)?) {
        (Some(length), None) => Ok(Some(length)),
        (None, Some("1")) => Ok(None),
        (None, Some(_)) => Err(malformed(UPLOAD_DEFER_LENGTH.as_str())),
        (None, None) | (Some(_), Some(_)) => Err(malformed(UPLOAD_LENGTH.as_str())),
    }
}

/// The checksum of a piece, if one was sent.
pub(super) fn checksum(headers: &HeaderMap) -> Result<Option<Checksum>, Refusal> {
    let Some(text) = text(headers, UPLOAD_CHECKSUM)? else { return Ok(None) };
    Checksum::parse(text).map(Some).ok_or_else(|| malformed(UPLOAD_CHECKSUM.as_str()))
}

/// The sender's name for this creation, if it gave one.
pub(super) fn repeat_key(headers: &HeaderMap) -> Result<Option<RepeatKey>, Refusal> {
    let Some(text) = text(headers, IDEMPOTENCY_KEY)? else { return Ok(None) };
    RepeatKey::parse(text).map(Some).ok_or_else(|| malformed(IDEMPOTENCY_KEY.as_str()))
}

/// Where the upload stands and, while bytes or a use are missing, when it expires.
pub(super) fn describe(response: &mut Response, upload: &Upload) {
    let headers = response.headers_mut();
    headers.insert(UPLOAD_OFFSET, HeaderValue::from(upload.received));
    let expires = matches!(upload.state, UploadState::Open | UploadState::Complete);
    if let Some(date) = http_date(upload.expires_at).filter(|_| expires) {
        headers.insert(UPLOAD_EXPIRES, date);
    }
}

/// Length and metadata, exactly as they were sent.
pub(super) fn describe_whole(response: &mut Response, upload: &Upload) {
    let headers = response.headers_mut();
    match upload.length {
        Some(length) => headers.insert(UPLOAD_LENGTH, HeaderValue::from(length)),
        None => headers.insert(UPLOAD_DEFER_LENGTH, HeaderValue::from_static("1")),
    };
    if !upload.metadata.is_empty()
        && let Ok(metadata) = HeaderValue::from_str(&upload.metadata)
    {
        headers.insert(UPLOAD_METADATA, metadata);
    }
}

fn http_date(at: Millis) -> Option<HeaderValue> {
    let moment = OffsetDateTime::from_unix_timestamp(at.0.div_euclid(1000)).ok()?;
    HeaderValue::try_from(moment.format(HTTP_DATE).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_as_http_wants_them() {
        assert_eq!(http_date(Millis(784_111_777_000)).unwrap(), "Sun, 06 Nov 1994 08:49:37 GMT");
    }

    #[test]
    fn numbers_are_digits_only() {
        let read = |text: &'static str| {
            number(&HeaderMap::from_iter([(UPLOAD_OFFSET, HeaderValue::from_static(text))]), UPLOAD_OFFSET)
        };
        assert_eq!(read("0").unwrap(), Some(0));
        assert_eq!(read("99999999999999999999999").unwrap(), Some(i64::MAX.unsigned_abs()));
        for wrong in ["", "-1", "+1", "1.5", "0x10", "1 ", " "] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
