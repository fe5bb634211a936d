//! The poster for cards in lists: two sizes, each as WebP and JPEG, each at most 15 KB. The first view of the gallery is
//! 300 KB with twenty cards on it (deaf-users.md, section 2).

use super::pictures::{jpeg, shrunk};
use crate::av;
use crate::refusal::MediaError;
use crate::result::Card;
use image::RgbImage;
use std::borrow::Cow;
use std::path::Path;

pub(crate) const CARD_BYTES: usize = 15 * 1024;
/// Longer sides for plain and for dense screens.
const SIDES: [u32; 2] = [400, 720];
const QUALITIES: [u8; 5] = [80, 70, 60, 50, 40];

/// Makes the cards of one clip's pictures, which are alike: where one fitted, the search for the next begins.
#[derive(Debug, Default)]
pub(crate) struct CardMaker {
    fitted: [[Option<Setting>; 2]; 2],
}

/// How a picture is made to fit.
#[derive(Debug, Clone, Copy)]
struct Setting {
    side: u32,
    /// Which of `QUALITIES`.
    quality: usize,
}

/// The cards of one picture, not yet in a file.
pub(crate) struct Cards(Vec<Fitted>);

impl CardMaker {
    /// All cards of one picture.
    pub(crate) fn make(&mut self, picture: &RgbImage) -> Result<Cards, MediaError> {
        let mut cards = Vec::new();
        for (settings, (side, word)) in self.fitted.iter_mut().zip(SIDES.into_iter().zip(["small", "medium"]))
        {
            let mut sized = Scaled::of(picture, side);
            for (setting, format) in settings.iter_mut().zip([Format::Webp, Format::Jpeg]) {
                let start = setting.unwrap_or(Setting { side, quality: 0 });
                let (fitted, with) = fit_bytes(&mut sized, start, format, word)?;
                *setting = Some(with);
                cards.push(fitted);
            }
        }
        Ok(Cards(cards))
    }
}

impl Cards {
    /// Writes `{name}-small.jpg`, `{name}-small.webp`, `{name}-medium.jpg` and `{name}-medium.webp`.
    pub(crate) fn save(&self, name: &str, out_dir: &Path) -> Result<Vec<Card>, MediaError> {
        let mut cards = Vec::new();
        for Fitted { word, format, bytes, width, height } in &self.0 {
            let file = format!("{name}-{word}.{}", format.extension());
            std::fs::write(out_dir.join(&file), bytes)?;
            let mime = format.mime().to_owned();
            cards.push(Card { file, width: *width, height: *height, bytes: bytes.len() as u64, mime });
        }
        Ok(cards)
    }
}

#[derive(Debug, Clone, Copy)]
enum Format {
    Webp,
    Jpeg,
}

impl Format {
    fn extension(self) -> &'static str {
        match self {
            Format::Webp => "webp",
            Format::Jpeg => "jpg",
        }
    }

    fn mime(self) -> &'static str {
        match self {
            Format::Webp => "image/webp",
            Format::Jpeg => "image/jpeg",
        }
    }

    fn encode(self, picture: &RgbImage, quality: u8) -> Result<Vec<u8>, MediaError> {
        match self {
            // The image crate's WebP is lossless only.
            Format::Webp => Ok(av::webp(picture.as_raw(), picture.width(), picture.height(), quality)?),
            Format::Jpeg => jpeg(picture, quality),
        }
    }
}

struct Fitted {
    word: &'static str,
    format: Format,
    bytes: Vec<u8>,
    width: u32,
    height: u32,
}

/// One picture at the longer side asked for last: both formats want the same.
struct Scaled<'a> {
    picture: &'a RgbImage,
    side: u32,
    small: Cow<'a, RgbImage>,
}

impl<'a> Scaled<'a> {
    fn of(picture: &'a RgbImage, side: u32) -> Self {
        Scaled { picture, side, small: shrunk(picture, side) }
    }

    fn at(&mut self, side: u32) -> &RgbImage {
        if side != self.side {
            *self = Scaled::of(self.picture, side);
        }
        &self.small
    }
}

/// Less quality first, then fewer pixels.
fn fit_bytes(
    sized: &mut Scaled<'_>,
    start: Setting,
    format: Format,
    word: &'static str,
) -> Result<(Fitted, Setting), MediaError> {
    let Setting { mut side, quality: mut first } = start;
    loop {
        let small = sized.at(side);
        for (quality, &value) in QUALITIES.iter().enumerate().skip(first) {
            let bytes = format.encode(small, value)?;
            if bytes.len() <= CARD_BYTES || (side <= 64 && quality + 1 == QUALITIES.len()) {
                let (width, height) = (small.width(), small.height());
                return Ok((Fitted { word, format, bytes, width, height }, Setting { side, quality }));
            }
        }
        (side, first) = (side * 3 / 4, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_noisy_card_still_fits_its_limit_in_both_formats() {
        let noisy = RgbImage::from_fn(1280, 720, |x, y| {
            let v = (x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(40_503)) >> 3;
            image::Rgb([v as u8, (v >> 8) as u8, (v >> 16) as u8])
        });
        let folder = tempfile::tempdir().unwrap();
        let mut maker = CardMaker::default();
        let first = maker.make(&noisy).unwrap().save("first", folder.path()).unwrap();
        let cards = maker.make(&noisy).unwrap().save("poster", folder.path()).unwrap();
        assert!(first.iter().zip(&cards).all(|(a, b)| (a.width, a.bytes) == (b.width, b.bytes)));
        assert_eq!(cards.len(), 4);
        for card in cards {
            let stored = image::open(folder.path().join(&card.file)).unwrap();
            assert_eq!((stored.width(), stored.height()), (card.width, card.height));
            assert!(card.bytes <= CARD_BYTES as u64, "{card:?}");
        }
    }
}
