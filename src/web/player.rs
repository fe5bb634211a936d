//! What the player shows: renditions, captions under the picture, transcript.

use super::i18n::{Lang, Words};
use super::present;

/// Up to this height a rendition is the automatic choice: sharp hands on every screen, bearable on a phone's network.
const AUTOMATIC_HEIGHT: u32 = 720;

/// One size of the video.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlayerRendition {
    /// The address of the file.
    pub url: String,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// The size of the file.
    pub bytes: u64,
}

/// One caption line and its place in the video.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlayerCue {
    /// Begins at, in milliseconds.
    pub from_ms: i64,
    /// Ends before, in milliseconds.
    pub to_ms: i64,
    /// The words.
    pub text: String,
    /// The same words cut at the terms that have a sign of their own; empty where there are none.
    pub pieces: Vec<CuePiece>,
}

/// A run of a caption line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CuePiece {
    /// Plain words.
    Words(String),
    /// A term.
    Term(SignedTerm),
}

/// A word that opens its sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedTerm {
    /// The word as the line has it.
    pub words: String,
    /// The term by its own name.
    pub name: String,
    /// The page of its clip.
    pub href: String,
    /// The address of its video.
    pub video: String,
    /// The language of the signing.
    pub sign_language: String,
}

/// Whether the clip has anything to hear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sound {
    /// Nothing: no volume control, no muted icon.
    Silent,
    /// There is an audio track.
    Audible,
}

/// A speed as a page writes it: "٠٫٥".
pub fn speed_words(lang: Lang, speed: &str) -> String {
    match lang {
        Lang::Ar => present::digits(Lang::Ar, speed.replace('.', "٫")),
        Lang::En => speed.to_owned(),
    }
}

/// A video with its controls.
#[derive(Debug, Clone, PartialEq)]
pub struct Player {
    /// Unique in the page; starts the ids of its parts.
    pub id: String,
    /// The words of the page.
    pub t: Words,
    /// Says what the video is about.
    pub title: String,
    /// The language of the signing for `<video lang>`: `sdl`, `ase`, …
    pub sign_language: String,
    /// The address of the still picture; may be empty.
    pub poster: String,
    /// How long it is, in milliseconds.
    pub length_ms: i64,
    /// Frames a second, for stepping by exactly one.
    pub fps: f64,
    /// All sizes, in any order; at least one.
    pub renditions: Vec<PlayerRendition>,
    /// The address of the HLS playlist over all sizes; empty for short clips, which have none.
    pub stream: String,
    /// The address of the WebVTT captions; empty when there are none.
    pub captions_url: String,
    /// The caption lines, in order.
    pub cues: Vec<PlayerCue>,
    /// The address of the storyboard's map (WebVTT naming parts of a picture); empty when there is none.
    pub storyboard: String,
    /// Whether there is anything to hear.
    pub sound: Sound,
    /// Opens at this moment.
    pub start_ms: Option<i64>,
    /// The picture of a graphic, which has no video.
    pub graphic: Option<PlayerPicture>,
}

/// A designed picture that stands where other clips have their video.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlayerPicture {
    /// Its address.
    pub url: String,
    /// Pixels across.
    pub width: i64,
    /// Pixels down.
    pub height: i64,
    /// What it shows and says, in words.
    pub alt: String,
}

impl Player {
    /// The sizes from small to large.
    fn by_height(&self) -> Vec<&PlayerRendition> {
        let mut sorted: Vec<_> = self.renditions.iter().collect();
        sorted.sort_by_key(|rendition| rendition.width.min(rendition.height));
        sorted
    }

    /// The automatic size, which also plays without script.
    pub fn main(&self) -> Option<&PlayerRendition> {
        let sorted = self.by_height();
        let fits = |rendition: &&&PlayerRendition| rendition.width.min(rendition.height) <= AUTOMATIC_HEIGHT;
        sorted.iter().rev().find(fits).or(sorted.first()).copied()
    }

    /// The smallest size.
    pub fn saver(&self) -> Option<&PlayerRendition> {
        self.by_height().first().copied()
    }

    /// The largest size.
    pub fn clear(&self) -> Option<&PlayerRendition> {
        self.by_height().last().copied()
    }

    /// Whether there is a choice of sizes to offer.
    pub fn has_choice(&self) -> bool {
        self.renditions.len() > 1
    }

    /// Whether the clip has no sound.
    pub fn is_silent(&self) -> bool {
        self.sound == Sound::Silent
    }

    /// The media fragment that makes the video open at its moment, also without script: `#t=3.2`, or nothing.
    pub fn fragment(&self) -> String {
        self.start_ms.map(|ms| format!("#t={}", seconds(ms))).unwrap_or_default()
    }

    /// The moment at which it opens, in seconds; empty for the beginning.
    pub fn start(&self) -> String {
        self.start_ms.map(seconds).unwrap_or_default()
    }

    /// The length in seconds, for scripts.
    pub fn length_seconds(&self) -> String {
        seconds(self.length_ms)
    }

    /// The length for people.
    pub fn length(&self) -> String {
        present::duration(self.lang(), self.length_ms)
    }

    /// The speeds, as scripts and as people read them.
    pub fn speeds(&self) -> [(&'static str, String); 7] {
        ["0.25", "0.5", "0.75", "1", "1.25", "1.5", "2"].map(|speed| (speed, speed_words(self.lang(), speed)))
    }

    /// The caption that stands under the picture before playback.
    pub fn first_line(&self) -> &str {
        let start = self.start_ms.unwrap_or(0);
        let at_start = self.cues.iter().find(|cue| cue.to_ms > start).or(self.cues.first());
        at_start.map(|cue| cue.text.as_str()).unwrap_or_default()
    }

    fn lang(&self) -> Lang {
        self.t.lang()
    }
}

impl PlayerCue {
    /// Begins at, in seconds, for scripts.
    pub fn from(&self) -> String {
        seconds(self.from_ms)
    }

    /// Ends before, in seconds, for scripts.
    pub fn to(&self) -> String {
        seconds(self.to_ms)
    }

    /// Begins at, for people.
    pub fn at(&self, lang: Lang) -> String {
        present::duration(lang, self.from_ms)
    }
}

/// Milliseconds as seconds with as many places as they need: `3.2`.
pub fn seconds(ms: i64) -> String {
    let text = format!("{}.{:03}", ms.max(0) / 1000, ms.max(0) % 1000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn player(heights: &[u32]) -> Player {
        let rendition = |&height: &u32| PlayerRendition {
            url: format!("/media/{height}.mp4"),
            width: height * 4 / 5,
            height,
            bytes: 1,
        };
        Player {
            id: "p".into(),
            t: Words::of(Lang::Ar),
            title: "x".into(),
            sign_language: "sdl".into(),
            poster: String::new(),
            length_ms: 11_030,
            fps: 30.0,
            renditions: heights.iter().map(rendition).collect(),
            stream: String::new(),
            captions_url: String::new(),
            cues: Vec::new(),
            storyboard: String::new(),
            sound: Sound::Silent,
            start_ms: Some(3_200),
            graphic: None,
        }
    }

    #[test]
    fn the_automatic_size_is_the_largest_that_a_phone_bears() {
        let player = player(&[1350, 450, 900, 675]);
        assert_eq!(player.main().map(|size| size.height), Some(900));
        assert_eq!(player.saver().map(|size| size.height), Some(450));
        assert_eq!(player.clear().map(|size| size.height), Some(1350));
    }

    #[test]
    fn a_moment_is_written_without_needless_places() {
        let player = player(&[450]);
        assert_eq!(player.fragment(), "#t=3.2");
        assert_eq!(player.length_seconds(), "11.03");
        assert_eq!(seconds(5_000), "5");
        assert_eq!(seconds(-1), "0");
    }
}
