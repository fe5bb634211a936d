//! `ETag` and `If-Match`: the number of changes of a thing, so that an old page cannot overwrite a newer change.

use super::super::AppError;
use crate::refusal::{Refusal, RefusalKind};
use axum::http::{HeaderMap, HeaderValue, header};

/// The tag of a thing that was changed `row_version` times; `part` distinguishes what changes without being edited.
pub(super) fn etag(row_version: i64, part: &str) -> Result<HeaderValue, AppError> {
    let dash = if part.is_empty() { "" } else { "-" };
    Ok(HeaderValue::try_from(format!("\"{row_version}{dash}{part}\""))?)
}

/// The change that the caller saw; `None` without `If-Match` or with `*`.
pub(super) fn if_match(headers: &HeaderMap) -> Result<Option<i64>, AppError> {
    let Some(value) = headers.get(header::IF_MATCH) else { return Ok(None) };
    let text = value.to_str().unwrap_or_default().trim();
    if text == "*" {
        return Ok(None);
    }
    let tag = text.trim_start_matches("W/").trim_matches('"');
    let number = tag.split('-').next().and_then(|number| number.parse().ok());
    number.map(Some).ok_or_else(|| {
        let ar = "قيمة If-Match غير صحيحة.";
        let en = "If-Match must hold an ETag of this object.";
        Refusal::new(RefusalKind::Stale, "bad_if_match", ar, en).into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sent_as_a_tag_is_read_back() {
        let mut headers = HeaderMap::new();
        assert_eq!(if_match(&headers).unwrap(), None);
        headers.insert(header::IF_MATCH, etag(17, "450").unwrap());
        assert_eq!(if_match(&headers).unwrap(), Some(17));
        headers.insert(header::IF_MATCH, HeaderValue::from_static("\"yesterday\""));
        assert!(if_match(&headers).is_err());
    }
}
