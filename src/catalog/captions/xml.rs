//! What the XML kinds of caption files share.

use quick_xml::events::BytesStart;

/// The line of the file, from 1, at a position in bytes.
pub(super) fn line_of(text: &str, position: u64) -> usize {
    let end = usize::try_from(position).unwrap_or(text.len()).min(text.len());
    text.as_bytes()[..end].iter().filter(|byte| **byte == b'\n').count() + 1
}

/// The value of an attribute, whatever its prefix, with references as they stand.
pub(super) fn attribute(element: &BytesStart, name: &str) -> Option<String> {
    let found = element
        .attributes()
        .flatten()
        .find(|attribute| attribute.key.local_name().as_ref() == name.as_bytes())?;
    String::from_utf8(found.value.into_owned()).ok()
}
