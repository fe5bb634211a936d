//! The only place that calls FFmpeg. Everything above works with the safe types of this module.
//!
//! Why own types over the `ffmpeg-next` wrappers: a hostile file may put any number into a colour tag, so tags are
//! read as plain integers, never as Rust enums; frames are shared by reference instead of copied; and "needs more",
//! "ended" and "failed" are three different answers everywhere.
#![allow(unsafe_code)]

mod decoder;
mod encoder;
mod frame;
mod graph;
mod input;
mod mux;
mod packet;
mod picture;

pub(crate) use decoder::{DecodeScope, Decoder};
pub(crate) use encoder::{AudioEncoder, VideoEncoder, VideoSettings};
pub(crate) use frame::{Colour, Frame, Geometry, Plane, Planes};
pub(crate) use graph::{AudioGraph, VideoGraph};
pub(crate) use input::{Input, OpenRules, StreamKind, StreamParameters};
pub(crate) use mux::{Layout, Mux};
pub(crate) use packet::Packet;
pub(crate) use picture::webp;

use ffmpeg_next::ffi as sys;
use std::ffi::{CStr, CString};
use std::sync::Once;

/// A number FFmpeg returned instead of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AvError(i32);

impl std::fmt::Display for AvError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut text = [0 as libc::c_char; 128];
        // SAFETY: the buffer outlives the call and its length is passed; FFmpeg always ends it with a zero.
        let text = unsafe {
            sys::av_strerror(self.0, text.as_mut_ptr(), text.len());
            CStr::from_ptr(text.as_ptr()).to_string_lossy().into_owned()
        };
        write!(f, "ffmpeg: {text}")
    }
}

impl std::error::Error for AvError {}

/// What a decoder, filter or encoder answers when asked for its next output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pull {
    Ready,
    NeedsInput,
    Ended,
}

/// A fraction as FFmpeg uses it for time bases, frame rates and pixel shapes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ratio {
    pub(crate) num: i32,
    pub(crate) den: i32,
}

impl Ratio {
    pub(crate) const MICROSECONDS: Ratio = Ratio { num: 1, den: 1_000_000 };

    pub(crate) fn value(self) -> f64 {
        if self.den == 0 { 0.0 } else { f64::from(self.num) / f64::from(self.den) }
    }

    fn raw(self) -> sys::AVRational {
        sys::AVRational { num: self.num, den: self.den }
    }
}

impl From<sys::AVRational> for Ratio {
    fn from(raw: sys::AVRational) -> Self {
        Ratio { num: raw.num, den: raw.den }
    }
}

/// Moves a timestamp between time bases. A time base of zero, as damaged files have, gives `None`.
pub(crate) fn rescale(value: i64, from: Ratio, to: Ratio) -> Option<i64> {
    if from.num <= 0 || from.den <= 0 || to.num <= 0 || to.den <= 0 {
        return None;
    }
    let scaled = i128::from(value) * i128::from(from.num) * i128::from(to.den);
    let divisor = i128::from(from.den) * i128::from(to.num);
    let half = if scaled < 0 { -divisor / 2 } else { divisor / 2 };
    i64::try_from((scaled + half) / divisor).ok()
}

/// Makes FFmpeg quiet. Its messages may quote a file's own metadata, which has no place in our logs.
pub(crate) fn prepare() {
    static QUIET: Once = Once::new();
    // SAFETY: sets one global integer inside FFmpeg.
    QUIET.call_once(|| unsafe { sys::av_log_set_level(sys::AV_LOG_QUIET) });
}

/// The version text of the FFmpeg in use, for example `5.1.9-0+deb12u1`.
pub(crate) fn version() -> String {
    // SAFETY: a static string owned by FFmpeg.
    unsafe { CStr::from_ptr(sys::av_version_info()).to_string_lossy().into_owned() }
}

fn check(code: libc::c_int) -> Result<libc::c_int, AvError> {
    if code < 0 { Err(AvError(code)) } else { Ok(code) }
}

fn pulled(code: libc::c_int) -> Result<Pull, AvError> {
    match code {
        code if code >= 0 => Ok(Pull::Ready),
        code if code == sys::AVERROR(libc::EAGAIN) => Ok(Pull::NeedsInput),
        sys::AVERROR_EOF => Ok(Pull::Ended),
        code => Err(AvError(code)),
    }
}

fn out_of_memory() -> AvError {
    AvError(sys::AVERROR(libc::ENOMEM))
}

fn c_text(text: &str) -> Result<CString, AvError> {
    CString::new(text).map_err(|_| AvError(sys::AVERROR(libc::EINVAL)))
}

/// An option list that is freed whatever happens.
struct Options(*mut sys::AVDictionary);

impl Options {
    fn new(pairs: &[(&str, &str)]) -> Result<Self, AvError> {
        let mut options = Options(std::ptr::null_mut());
        for (name, value) in pairs {
            let (name, value) = (c_text(name)?, c_text(value)?);
            // SAFETY: both strings live through the call; FFmpeg copies them.
            check(unsafe { sys::av_dict_set(&mut options.0, name.as_ptr(), value.as_ptr(), 0) })?;
        }
        Ok(options)
    }
}

impl Drop for Options {
    fn drop(&mut self) {
        // SAFETY: the list is ours and freed once.
        unsafe { sys::av_dict_free(&mut self.0) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_move_between_time_bases_without_overflow() {
        let ms = Ratio { num: 1, den: 1000 };
        assert_eq!(rescale(33, ms, Ratio::MICROSECONDS), Some(33_000));
        assert_eq!(rescale(-33, ms, Ratio::MICROSECONDS), Some(-33_000));
        assert_eq!(rescale(i64::MAX, Ratio { num: i32::MAX, den: 1 }, Ratio::MICROSECONDS), None);
        assert_eq!(rescale(5, Ratio { num: 0, den: 1 }, ms), None);
    }

    #[test]
    fn an_error_number_reads_as_a_sentence() {
        assert!(AvError(sys::AVERROR_INVALIDDATA).to_string().contains("Invalid data"));
    }
}
