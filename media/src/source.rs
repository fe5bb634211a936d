//! An opened upload: its container recognised, its one picture stream and at most one sound stream chosen, all limits
//! checked before anything is decoded.

use crate::av::{AvError, Decoder, Input, OpenRules, Packet, Pull, StreamKind, StreamParameters};
use crate::codecs;
use crate::container::{self, Container, Intake};
use crate::cut_off;
use crate::refusal::{MediaError, Refusal};
use crate::splice::Splice;
use std::cmp::Reverse;
use std::path::Path;

/// 4K with a little room; an 8K picture costs 745 MB before anything can be said about it (reliability.md, H5).
pub(crate) const MAX_PIXELS: u64 = 4096 * 2304;
/// Nothing smaller can show a hand. Also refuses 1x1 stand-ins.
const MIN_SIDE: i32 = 64;
const MAX_STREAMS: usize = 32;

/// A file ready to be read.
pub(crate) struct Source {
    input: Input,
    /// One for each stream of a container that is joined byte by byte.
    splices: Vec<Splice>,
    pub(crate) container: Container,
    pub(crate) video: StreamParameters,
    video_decoder: &'static str,
    pub(crate) audio: Option<StreamParameters>,
    /// When the pictures end on the file's own clock, where its header is to be believed.
    pub(crate) declared_end_us: Option<i64>,
}

impl Source {
    /// Opens a file for one intake.
    ///
    /// # Errors
    /// A refusal that names what is wrong, or a failure to read the file at all.
    pub(crate) fn open(path: &Path, intake: Intake) -> Result<Source, MediaError> {
        let container = container::recognise(path, intake)?;
        let decoders = codecs::decoder_list();
        let rules = OpenRules { demuxer: container.demuxer(), decoders: &decoders, max_pixels: MAX_PIXELS };
        let mut input = Input::open(path, &rules).map_err(|_| Refusal::Undecodable)?;
        check_headers(&input)?;
        let declared: Vec<_> = (0..input.stream_count()).map(|index| input.declared_us(index)).collect();
        input.complete_parameters(&rules).map_err(|_| Refusal::Undecodable)?;
        check_headers(&input)?;
        let streams = input.streams();
        let video = choose_video(&streams)?.clone();
        let video_decoder = codecs::video_decoder(&video.codec, intake).ok_or(unlisted(&video.codec))?;
        let audio = streams.into_iter().find(|s| s.kind == StreamKind::Audio && audio_is_usable(s));
        let wanted: Vec<usize> =
            [Some(video.index), audio.as_ref().map(|a| a.index)].into_iter().flatten().collect();
        input.keep_only(&wanted);
        let declared = declared.get(video.index).copied().flatten();
        let declared_end_us = cut_off::declared_end_us(path, container, &input, &video, declared);
        let splices = if container.is_joined_by_bytes() {
            [Some(&video), audio.as_ref()].into_iter().flatten().map(Splice::of).collect()
        } else {
            Vec::new()
        };
        Ok(Source { input, splices, container, video, video_decoder, audio, declared_end_us })
    }

    /// Reads the next packet. A read error is an error, never the end.
    pub(crate) fn read(&mut self, packet: &mut Packet) -> Result<Pull, AvError> {
        let pulled = self.input.read(packet)?;
        if pulled == Pull::Ready {
            self.splices.iter_mut().for_each(|splice| splice.mend(packet));
        }
        Ok(pulled)
    }

    /// Packets read ahead while parameters were completed come out even of streams that are switched off.
    pub(crate) fn is_sound(&self, packet: &Packet) -> bool {
        self.audio.as_ref().is_some_and(|audio| audio.index == packet.stream())
    }

    /// A decoder for the picture. Two threads on two cores; decoding is a tenth of the work.
    pub(crate) fn picture_decoder(&self, threads: usize) -> Result<Decoder, MediaError> {
        let opened = Decoder::open(&self.input, self.video.index, self.video_decoder, threads, MAX_PIXELS);
        opened.map_err(|_| Refusal::Undecodable.into())
    }

    /// A decoder for the sound, if there is sound that we decode. Sound never makes a file unusable.
    pub(crate) fn sound_decoder(&self) -> Option<Decoder> {
        let audio = self.audio.as_ref()?;
        let decoder = codecs::audio_decoder(&audio.codec)?;
        Decoder::open(&self.input, audio.index, decoder, 1, MAX_PIXELS).ok()
    }
}

fn unlisted(codec: &str) -> Refusal {
    // No name means that the header was too broken to say.
    if matches!(codec, "none" | "unknown_codec") { Refusal::Undecodable } else { Refusal::CodecNotAllowed }
}

fn audio_is_usable(stream: &StreamParameters) -> bool {
    codecs::audio_decoder(&stream.codec).is_some()
        && (1..=384_000).contains(&stream.sample_rate)
        && (1..=16).contains(&stream.channels)
}

/// Sizes that the container already states are judged before any decoder sees a byte.
fn check_headers(input: &Input) -> Result<(), Refusal> {
    if input.stream_count() > MAX_STREAMS {
        return Err(Refusal::TooManyStreams);
    }
    let pixels = |s: &StreamParameters| u64::try_from(i64::from(s.width) * i64::from(s.height)).unwrap_or(0);
    let oversized = input.streams().iter().any(|s| s.kind == StreamKind::Video && pixels(s) > MAX_PIXELS);
    if oversized { Err(Refusal::TooManyPixels) } else { Ok(()) }
}

fn choose_video(streams: &[StreamParameters]) -> Result<&StreamParameters, Refusal> {
    let pictures = || streams.iter().filter(|s| s.kind == StreamKind::Video);
    let moving = || pictures().filter(|s| !s.attached_picture);
    if pictures().next().is_none() {
        return Err(Refusal::NoPicture);
    }
    let listed = |s: &&StreamParameters| codecs::video_decoder(&s.codec, Intake::Staff).is_some();
    // A camera's small copy for its own screen may come first; of two equals the first is meant.
    let area = |s: &&StreamParameters| Reverse(i64::from(s.width) * i64::from(s.height));
    let largest = moving().filter(listed).min_by_key(area);
    let chosen = largest.or_else(|| moving().next()).ok_or(Refusal::StillPicture)?;
    // A size that is still unknown is left to the decoder, which finds it or fails.
    let known = chosen.width > 0 && chosen.height > 0;
    if known && chosen.width.min(chosen.height) < MIN_SIDE {
        return Err(Refusal::TooSmall);
    }
    Ok(chosen)
}
