//! Which containers are taken, decided by our own look at the first bytes. FFmpeg is then told to use exactly that
//! reader, so a playlist or script under a video's name is never opened as what it is.

use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};
use std::io::Read;
use std::path::Path;

/// Who brought the file. Camcorders of staff write more formats than phones do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Intake {
    Public,
    Staff,
}

/// A container that this house can read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Container {
    Mp4,
    Matroska,
    Avi,
    MpegTs,
    MpegPs,
    Flv,
    Ogg,
}

impl Container {
    /// The name shown in facts.
    pub fn name(self) -> &'static str {
        match self {
            Container::Mp4 => "mp4",
            Container::Matroska => "matroska",
            Container::Avi => "avi",
            Container::MpegTs => "mpegts",
            Container::MpegPs => "mpeg-ps",
            Container::Flv => "flv",
            Container::Ogg => "ogg",
        }
    }

    /// FFmpeg's one reader for it.
    pub(crate) fn demuxer(self) -> &'static str {
        match self {
            Container::Mp4 => "mov",
            Container::Matroska => "matroska",
            Container::Avi => "avi",
            Container::MpegTs => "mpegts",
            Container::MpegPs => "mpeg",
            Container::Flv => "flv",
            Container::Ogg => "ogg",
        }
    }

    /// Whether files of this kind that are put one behind the other are one file, with a clock that begins anew.
    pub(crate) fn is_joined_by_bytes(self) -> bool {
        match self {
            Container::MpegTs | Container::MpegPs => true,
            Container::Mp4 | Container::Matroska | Container::Avi | Container::Flv | Container::Ogg => false,
        }
    }

    fn allowed_for(self, intake: Intake) -> bool {
        match (self, intake) {
            (Container::Mp4 | Container::Matroska, Intake::Public | Intake::Staff) => true,
            (
                Container::Avi | Container::MpegTs | Container::MpegPs | Container::Flv | Container::Ogg,
                Intake::Staff,
            ) => true,
            (
                Container::Avi | Container::MpegTs | Container::MpegPs | Container::Flv | Container::Ogg,
                Intake::Public,
            ) => false,
        }
    }
}

/// Bytes looked at: enough for the first boxes, an EBML head and five transport packets.
const HEAD: usize = 4096;

/// Recognises the container of a file and checks that this intake takes it.
///
/// # Errors
/// A refusal for an empty file, an unknown or unlisted container, or a page hidden in a leading filler box.
pub fn recognise(path: &Path, intake: Intake) -> Result<Container, crate::MediaError> {
    let mut head = Vec::with_capacity(HEAD);
    std::fs::File::open(path)?.take(HEAD as u64).read_to_end(&mut head)?;
    if head.is_empty() {
        return Err(Refusal::EmptyFile.into());
    }
    let container = from_first_bytes(&head)?;
    if !container.allowed_for(intake) {
        return Err(Refusal::ContainerNotAllowed.into());
    }
    Ok(container)
}

fn from_first_bytes(head: &[u8]) -> Result<Container, Refusal> {
    if is_iso_media(head)? {
        return Ok(Container::Mp4);
    }
    if head.starts_with(&[0x1a, 0x45, 0xdf, 0xa3]) && ebml_document_is_video(head) {
        return Ok(Container::Matroska);
    }
    if head.starts_with(b"RIFF") && head.get(8..12) == Some(b"AVI ") {
        return Ok(Container::Avi);
    }
    if head.starts_with(b"FLV\x01") {
        return Ok(Container::Flv);
    }
    if head.starts_with(b"OggS") {
        return Ok(Container::Ogg);
    }
    if head.starts_with(&[0, 0, 1, 0xba]) {
        return Ok(Container::MpegPs);
    }
    if is_transport_stream(head) {
        return Ok(Container::MpegTs);
    }
    Err(Refusal::NotVideo)
}

/// Walks the first boxes of an MP4, MOV or 3GP. QuickTime files may begin with filler or with the media itself.
fn is_iso_media(head: &[u8]) -> Result<bool, Refusal> {
    let mut at = 0usize;
    for _ in 0..8 {
        let Some(header) = head.get(at..at + 8) else { return Ok(false) };
        let size = u32::from_be_bytes([header[0], header[1], header[2], header[3]]) as usize;
        match &header[4..8] {
            b"ftyp" => return Ok((8..=1024).contains(&size)),
            b"moov" | b"mdat" => return Ok(true),
            b"free" | b"skip" | b"wide" | b"pnot" => {}
            _ => return Ok(false),
        }
        if size < 8 {
            return Ok(false);
        }
        let filler = &head[at + 8..head.len().min(at.saturating_add(size))];
        if looks_like_a_page(filler) {
            return Err(Refusal::HiddenContent);
        }
        at = at.saturating_add(size);
    }
    Ok(false)
}

/// A filler box that a browser or a reader could take for a page makes one file mean two things.
fn looks_like_a_page(filler: &[u8]) -> bool {
    let text = String::from_utf8_lossy(filler).to_ascii_lowercase();
    ["<script", "<html", "<svg", "<!doctype", "%pdf-", "<?xml", "<?php", "#!/"]
        .iter()
        .any(|mark| text.contains(mark))
}

fn ebml_document_is_video(head: &[u8]) -> bool {
    let early = &head[..head.len().min(256)];
    early.windows(8).any(|bytes| bytes == b"matroska") || early.windows(4).any(|bytes| bytes == b"webm")
}

/// A sync byte every 188 bytes (or 192 with a time code in front), five times or to the end of a short head.
fn is_transport_stream(head: &[u8]) -> bool {
    [(0usize, 188usize), (4, 192)].iter().any(|&(start, step)| {
        let marks: Vec<_> = (0..5).map_while(|n| head.get(start + n * step)).collect();
        marks.len() >= 3 && marks.iter().all(|&&byte| byte == 0x47)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(head: &[u8]) -> Result<Container, Refusal> {
        from_first_bytes(head)
    }

    #[test]
    fn each_listed_container_is_known_by_its_first_bytes() {
        assert_eq!(kind(b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41"), Ok(Container::Mp4));
        assert_eq!(kind(b"\0\0\0\x08wide\0\0\x10\0mdat...."), Ok(Container::Mp4));
        assert_eq!(kind(b"\x1a\x45\xdf\xa3\x9fB\x82\x84webm"), Ok(Container::Matroska));
        assert_eq!(kind(b"RIFF\x10\0\0\0AVI LIST"), Ok(Container::Avi));
        assert_eq!(kind(b"FLV\x01\x05\0\0\0\x09"), Ok(Container::Flv));
        assert_eq!(kind(b"OggS\0\x02"), Ok(Container::Ogg));
        assert_eq!(kind(&[0, 0, 1, 0xba, 0x44]), Ok(Container::MpegPs));
        let mut transport = vec![0u8; 188 * 5];
        transport.iter_mut().step_by(188).for_each(|byte| *byte = 0x47);
        assert_eq!(kind(&transport), Ok(Container::MpegTs));
    }

    #[test]
    fn playlists_scripts_manifests_pages_and_pictures_are_not_video() {
        let heads: [&[u8]; 9] = [
            b"#EXTM3U\n#EXT-X-VERSION:3\nfile:///etc/hostname\n",
            b"ffconcat version 1.0\nfile /etc/hostname\n",
            b"<?xml version=\"1.0\"?><MPD></MPD>",
            b"v=0\no=- 0 0 IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n",
            b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
            b"\x89PNG\r\n\x1a\n",
            b"\xff\xd8\xff\xe0\0\x10JFIF",
            b"\x1f\x8b\x08\0\0",
            b"YUV4MPEG2 W100000 H100000 F25:1",
        ];
        for head in heads {
            assert_eq!(kind(head), Err(Refusal::NotVideo), "{}", String::from_utf8_lossy(head));
        }
    }

    #[test]
    fn a_page_in_a_filler_box_is_refused() {
        let head = b"\0\0\0\x20free<script>alert(1)</script>\0\0\0\x14ftypisom";
        assert_eq!(kind(head), Err(Refusal::HiddenContent));
    }

    #[test]
    fn citizens_send_phone_formats_only() {
        assert!(
            Container::Mp4.allowed_for(Intake::Public) && Container::Matroska.allowed_for(Intake::Public)
        );
        for camcorder in
            [Container::Avi, Container::MpegTs, Container::MpegPs, Container::Flv, Container::Ogg]
        {
            assert!(camcorder.allowed_for(Intake::Staff) && !camcorder.allowed_for(Intake::Public));
        }
    }
}
