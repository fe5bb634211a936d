//! Names of blobs: `{area}/{sha256 in hex}.{extension}`. Nothing a person typed is ever part of one.

use std::fmt;
use std::str::FromStr;

/// What a blob is for. The access rule starts from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Area {
    /// Files as staff uploaded them; they may hold places and names and are never served.
    Originals,
    /// Encoded sizes of a clip.
    Renditions,
    /// Posters, previews, storyboards, graphics.
    Pictures,
    /// Signed questions of citizens; never public.
    Questions,
}

impl Area {
    /// All areas.
    pub const ALL: [Self; 4] = [Self::Originals, Self::Renditions, Self::Pictures, Self::Questions];

    /// The folder's name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Originals => "originals",
            Self::Renditions => "renditions",
            Self::Pictures => "pictures",
            Self::Questions => "questions",
        }
    }

    /// Reads the folder's name.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|area| area.as_str() == word)
    }
}

macro_rules! file_types {
    ($($(#[$doc:meta])* $name:ident = $extension:literal, $mime:literal;)*) => {
        /// The kinds of files that can be kept. The extension decides what a browser is told; there is no HTML and
        /// no SVG among them, so that no stored file can act as a page.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum FileType {
            $($(#[$doc])* $name,)*
        }

        impl FileType {
            /// All kinds.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The extension, without a dot.
            pub fn extension(self) -> &'static str {
                match self { $(Self::$name => $extension,)* }
            }

            /// The media type.
            pub fn mime(self) -> &'static str {
                match self { $(Self::$name => $mime,)* }
            }
        }
    };
}

file_types! {
    /// MPEG-4.
    Mp4 = "mp4", "video/mp4";
    /// QuickTime.
    Mov = "mov", "video/quicktime";
    /// WebM.
    Webm = "webm", "video/webm";
    /// Matroska.
    Mkv = "mkv", "video/x-matroska";
    /// Audio Video Interleave.
    Avi = "avi", "video/x-msvideo";
    /// MPEG program stream.
    Mpeg = "mpg", "video/mpeg";
    /// Flash Video.
    Flv = "flv", "video/x-flv";
    /// JPEG picture.
    Jpeg = "jpg", "image/jpeg";
    /// PNG picture.
    Png = "png", "image/png";
    /// WebP picture.
    Webp = "webp", "image/webp";
    /// AVIF picture.
    Avif = "avif", "image/avif";
    /// WebVTT: captions and storyboard maps.
    Vtt = "vtt", "text/vtt; charset=utf-8";
    /// JSON: storyboard and probe facts.
    Json = "json", "application/json";
    /// Anything else; a browser may only download it.
    Other = "bin", "application/octet-stream";
}

impl FileType {
    /// The kind with this extension.
    pub fn from_extension(extension: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.extension() == extension)
    }

    /// The kind with this media type; parameters after `;` do not matter.
    pub fn from_mime(mime: &str) -> Option<Self> {
        let essence = |mime: &str| mime.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        Self::ALL.iter().copied().find(|kind| essence(kind.mime()) == essence(mime))
    }

    /// Guesses from the first bytes of a file, never from its name. Whether it really is one is for the prober.
    pub fn sniff(start: &[u8]) -> Self {
        match infer::get(start).map(|found| found.mime_type()) {
            // Players treat this family like MPEG-4.
            Some("video/x-m4v") => Self::Mp4,
            Some(mime) => Self::from_mime(mime).unwrap_or(Self::Other),
            None => Self::Other,
        }
    }
}

/// SHA-256 of the content.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ContentHash(pub [u8; 32]);

impl fmt::Display for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ContentHash({self})")
    }
}

impl FromStr for ContentHash {
    type Err = BadKey;
    fn from_str(hex: &str) -> Result<Self, BadKey> {
        let digits: &[u8; 64] = hex.as_bytes().try_into().map_err(|_| BadKey)?;
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = nibble(pair[0])? << 4 | nibble(pair[1])?;
        }
        Ok(Self(bytes))
    }
}

/// Lower case only: a blob has exactly one name.
fn nibble(digit: u8) -> Result<u8, BadKey> {
    match digit {
        b'0'..=b'9' => Ok(digit - b'0'),
        b'a'..=b'f' => Ok(digit - b'a' + 10),
        _ => Err(BadKey),
    }
}

/// The text does not name a blob.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the name of a stored file")]
pub struct BadKey;

/// The name of a blob.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BlobKey {
    /// What it is for.
    pub area: Area,
    /// What it contains.
    pub hash: ContentHash,
    /// Its kind.
    pub file_type: FileType,
}

impl fmt::Display for BlobKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}.{}", self.area.as_str(), self.hash, self.file_type.extension())
    }
}

impl FromStr for BlobKey {
    type Err = BadKey;
    fn from_str(text: &str) -> Result<Self, BadKey> {
        let (area, file) = text.split_once('/').ok_or(BadKey)?;
        let (hash, extension) = file.split_once('.').ok_or(BadKey)?;
        Ok(Self {
            area: Area::parse(area).ok_or(BadKey)?,
            hash: hash.parse()?,
            file_type: FileType::from_extension(extension).ok_or(BadKey)?,
        })
    }
}

impl serde::Serialize for BlobKey {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for BlobKey {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

// Stored as its text on both engines.
impl<D: sqlx::Database> sqlx::Type<D> for BlobKey
where
    String: sqlx::Type<D>,
{
    fn type_info() -> D::TypeInfo {
        String::type_info()
    }
    fn compatible(ty: &D::TypeInfo) -> bool {
        String::compatible(ty)
    }
}

impl<'q, D: sqlx::Database> sqlx::Encode<'q, D> for BlobKey
where
    String: sqlx::Encode<'q, D>,
{
    fn encode_by_ref(
        &self,
        buffer: &mut D::ArgumentBuffer,
    ) -> Result<sqlx::encode::IsNull, sqlx::error::BoxDynError> {
        self.to_string().encode(buffer)
    }
}

impl<'r, D: sqlx::Database> sqlx::Decode<'r, D> for BlobKey
where
    String: sqlx::Decode<'r, D>,
{
    fn decode(value: D::ValueRef<'r>) -> Result<Self, sqlx::error::BoxDynError> {
        Ok(String::decode(value)?.parse::<Self>()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_survives_text() {
        let key = BlobKey { area: Area::Renditions, hash: ContentHash([0xa7; 32]), file_type: FileType::Mp4 };
        assert_eq!(key.to_string(), format!("renditions/{}.mp4", "a7".repeat(32)));
        assert_eq!(key.to_string().parse(), Ok(key));
    }

    #[test]
    fn nothing_else_can_be_a_key() {
        let hex = "a7".repeat(32);
        for text in [
            format!("renditions/{}.mp4", "A7".repeat(32)),
            format!("renditions/{hex}.html"),
            format!("renditions/{hex}.svg"),
            format!("renditions/{hex}"),
            format!("renditions/../originals/{hex}.mp4"),
            format!("renditions//{hex}.mp4"),
            format!("/renditions/{hex}.mp4"),
            format!("renditions/{hex}.mp4/"),
            format!("renditions/{hex}.mp4\0"),
            format!("uploads/{hex}.mp4"),
            format!("renditions/{}.mp4", &hex[..62]),
            "renditions/%2e%2e.mp4".to_owned(),
            String::new(),
        ] {
            assert_eq!(text.parse::<BlobKey>(), Err(BadKey), "{text}");
        }
    }

    #[test]
    fn the_kind_is_guessed_from_the_bytes() {
        assert_eq!(FileType::sniff(b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom"), FileType::Mp4);
        assert_eq!(FileType::sniff(b"\x89PNG\r\n\x1a\n"), FileType::Png);
        assert_eq!(FileType::sniff(b"<svg xmlns='http://www.w3.org/2000/svg'>"), FileType::Other);
        assert_eq!(FileType::sniff(b""), FileType::Other);
    }
}
