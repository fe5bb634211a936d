//! Graphics: a picture from staff becomes stripped JPEGs of our own making. Never SVG, which is a program.

use crate::refusal::{MediaError, Refusal};
use crate::result::Card;
use crate::transcode::{cards, jpeg};
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, RgbImage, imageops};
use serde::{Deserialize, Serialize};
use std::io::Cursor;
use std::path::Path;

/// 30 megapixels as stored; a 30000 x 30000 PNG of 109 kB is refused from its header.
const MAX_SIDE: u32 = 12_000;
const MAX_BYTES_DECODED: u64 = 200 * 1024 * 1024;
const MAX_FILE: u64 = 30 * 1024 * 1024;
const LARGE_SIDE: u32 = 1600;

/// The pictures made from a graphic.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StillResult {
    /// At most 1600 pixels on the longer side.
    pub picture: String,
    pub width: u32,
    pub height: u32,
    /// At most 15 KB, for cards.
    pub picture_small: String,
    /// For cards, in two sizes, each as WebP and JPEG.
    pub cards: Vec<Card>,
}

/// Decodes a JPEG, PNG or WebP and writes `picture.jpg` and its cards, upright and without metadata.
///
/// # Errors
/// `Refused` for anything else, for animations' hidden frames (only the first is read), and for pictures too large.
pub fn make(path: &Path, out_dir: &Path) -> Result<StillResult, MediaError> {
    if std::fs::metadata(path)?.len() > MAX_FILE {
        return Err(Refusal::TooManyPixels.into());
    }
    let bytes = std::fs::read(path)?;
    let picture = flatten(decode(&bytes)?);
    let large = shrink(picture, LARGE_SIDE);
    std::fs::write(out_dir.join("picture.jpg"), jpeg(&large, 85)?)?;
    let cards = cards::CardMaker::default().make(&large)?.save("picture", out_dir)?;
    Ok(StillResult {
        picture: "picture.jpg".to_owned(),
        picture_small: "picture-small.jpg".to_owned(),
        width: large.width(),
        height: large.height(),
        cards,
    })
}

fn decode(bytes: &[u8]) -> Result<DynamicImage, MediaError> {
    let format = image::guess_format(bytes).map_err(|_| Refusal::NotAPicture)?;
    if !matches!(format, ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP) {
        return Err(Refusal::NotAPicture.into());
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_BYTES_DECODED);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(refusal_of)?;
    let turn = decoder.orientation().unwrap_or(image::metadata::Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(refusal_of)?;
    picture.apply_orientation(turn);
    if picture.width().min(picture.height()) < 16 {
        return Err(Refusal::TooSmall.into());
    }
    Ok(picture)
}

fn refusal_of(error: image::ImageError) -> Refusal {
    match error {
        image::ImageError::Limits(_) => Refusal::TooManyPixels,
        _ => Refusal::Undecodable,
    }
}

/// Transparent parts become white: JPEG has none.
fn flatten(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let source = picture.into_rgba8();
    RgbImage::from_fn(source.width(), source.height(), |x, y| {
        let [r, g, b, alpha] = source.get_pixel(x, y).0;
        let over_white =
            |c: u8| ((u16::from(c) * u16::from(alpha) + 255 * (255 - u16::from(alpha))) / 255) as u8;
        image::Rgb([over_white(r), over_white(g), over_white(b)])
    })
}

fn shrink(picture: RgbImage, long: u32) -> RgbImage {
    let longest = picture.width().max(picture.height());
    if longest <= long {
        return picture;
    }
    let side = |pixels: u32| ((u64::from(pixels) * u64::from(long) / u64::from(longest)) as u32).max(1);
    let (width, height) = (side(picture.width()), side(picture.height()));
    imageops::resize(&picture, width, height, imageops::FilterType::CatmullRom)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(format: ImageFormat, width: u32, height: u32) -> Vec<u8> {
        let picture = RgbImage::from_fn(width, height, |x, y| image::Rgb([x as u8, y as u8, 90]));
        let mut bytes = Cursor::new(Vec::new());
        DynamicImage::from(picture).write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    fn make_from(bytes: &[u8]) -> Result<(StillResult, tempfile::TempDir), MediaError> {
        let dir = tempfile::tempdir().unwrap();
        let input = dir.path().join("upload");
        std::fs::write(&input, bytes).unwrap();
        make(&input, dir.path()).map(|result| (result, dir))
    }

    fn refusal(bytes: &[u8]) -> String {
        match make_from(bytes) {
            Err(MediaError::Refused(reason)) => reason.code,
            other => panic!("expected a refusal, got {:?}", other.map(|(result, _)| result)),
        }
    }

    #[test]
    fn jpeg_png_and_webp_become_small_and_large_jpegs() {
        for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
            let (result, dir) = make_from(&encoded(format, 2000, 1000)).unwrap();
            assert_eq!((result.width, result.height), (1600, 800));
            let small = std::fs::read(dir.path().join(&result.picture_small)).unwrap();
            assert!(small.len() <= 15 * 1024 && small.starts_with(&[0xff, 0xd8]));
        }
    }

    #[test]
    fn svg_gif_text_and_damage_are_refused() {
        assert_eq!(refusal(b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script/></svg>"), "not_a_picture");
        assert_eq!(refusal(b"GIF89a\x01\0\x01\0"), "not_a_picture");
        assert_eq!(refusal(b"hello"), "not_a_picture");
        let whole = encoded(ImageFormat::Png, 200, 200);
        assert_eq!(refusal(&whole[..whole.len() / 2]), "undecodable");
    }

    #[test]
    fn a_bomb_is_refused_from_its_header() {
        let mut bomb = encoded(ImageFormat::Png, 64, 64);
        bomb[16..24].copy_from_slice(&[0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30]);
        assert!(matches!(refusal(&bomb).as_str(), "too_many_pixels" | "undecodable"));
    }
}
