//! `Upload-Metadata`: kept exactly as it was sent, checked, and used only for a name to show.

use super::UploadProblem;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Longer metadata is refused.
const MAX_BYTES: usize = 4 * 1024;
/// A longer name is cut.
const MAX_NAME_BYTES: usize = 200;

/// Checked metadata of an upload.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Metadata {
    /// As it was sent.
    pub raw: String,
    /// A name to show; never part of a path.
    pub file_name: String,
}

impl Metadata {
    /// Reads the header: `key base64` pairs separated by commas; a value may be missing. Keys must be there, be ASCII and
    /// not repeat.
    pub fn parse(raw: &str) -> Result<Self, UploadProblem> {
        if raw.len() > MAX_BYTES || raw.bytes().any(|byte| !(b' '..=b'~').contains(&byte)) {
            return Err(UploadProblem::BadMetadata);
        }
        let mut keys: Vec<&str> = Vec::new();
        let mut name = Vec::new();
        for pair in raw.split(',').filter(|_| !raw.trim().is_empty()) {
            let (key, value) = pair.trim().split_once(' ').unwrap_or((pair.trim(), ""));
            let value = STANDARD.decode(value.trim()).map_err(|_| UploadProblem::BadMetadata)?;
            if key.is_empty() || keys.contains(&key) {
                return Err(UploadProblem::BadMetadata);
            }
            keys.push(key);
            // `filename` is what tus clients send, `name` what Uppy sends.
            if key == "filename" || (key == "name" && name.is_empty()) {
                name = value;
            }
        }
        Ok(Self { raw: raw.to_owned(), file_name: shown_name(&String::from_utf8_lossy(&name)) })
    }

    /// Metadata of a file that came with a form.
    pub fn of_form_file(name: &str) -> Self {
        let raw = if name.is_empty() { String::new() } else { format!("filename {}", STANDARD.encode(name)) };
        Self { raw, file_name: shown_name(name) }
    }
}

/// A name that is safe to show: the last part of a path, without control characters or marks that turn the writing
/// direction, and not too long.
fn shown_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let shown: String = last.chars().filter(|c| !c.is_control() && !turns_direction(*c)).collect();
    let shown = shown.trim();
    let mut end = shown.len().min(MAX_NAME_BYTES);
    while !shown.is_char_boundary(end) {
        end -= 1;
    }
    shown[..end].to_owned()
}

fn turns_direction(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &[u8]) -> String {
        Metadata::parse(&format!("filename {}", STANDARD.encode(name))).unwrap().file_name
    }

    #[test]
    fn it_is_kept_as_sent() {
        let raw = "filename d29ybGQ=,is_confidential, other  YQ==";
        let metadata = Metadata::parse(raw).unwrap();
        assert_eq!(metadata.raw, raw);
        assert_eq!(metadata.file_name, "world");
        assert_eq!(Metadata::parse("").unwrap(), Metadata::default());
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        let long = format!("filename {}", "A".repeat(MAX_BYTES));
        for raw in [
            "filename YQ==,filename Yg==",
            "filename %%%",
            ",",
            "a YQ==,",
            "k\u{e9}y YQ==",
            "a\r\nb YQ==",
            &long,
        ] {
            assert_eq!(Metadata::parse(raw), Err(UploadProblem::BadMetadata), "{raw}");
        }
    }

    #[test]
    fn a_name_is_only_a_name() {
        assert_eq!(named(b"../../etc/passwd"), "passwd");
        assert_eq!(named(b"C:\\films\\a.mp4"), "a.mp4");
        assert_eq!(named("جواب\r\nX: y.mp4".as_bytes()), "جوابX: y.mp4");
        assert_eq!(named("a\u{202e}4pm.exe".as_bytes()), "a4pm.exe");
        assert_eq!(named(b"\xff\xfe.mp4"), "\u{fffd}\u{fffd}.mp4");
        assert!(named("م".repeat(500).as_bytes()).len() <= MAX_NAME_BYTES);
    }
}
