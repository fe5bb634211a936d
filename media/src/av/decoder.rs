use super::{AvError, Frame, Input, Options, Packet, Pull, c_text, check, out_of_memory, pulled, sys};
use std::ptr::NonNull;

/// How much of a stream a decoder turns into pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DecodeScope {
    Everything,
    /// Only pictures that need no other picture: enough to prove that each seek point decodes.
    KeyPictures,
}

/// A decoder for one stream, chosen by name.
pub(crate) struct Decoder(NonNull<sys::AVCodecContext>);

impl Decoder {
    /// Opens the named decoder for one stream of `input`. Threads and the pixel limit are set before opening.
    pub(crate) fn open(
        input: &Input,
        stream: usize,
        decoder: &str,
        threads: usize,
        max_pixels: u64,
    ) -> Result<Self, AvError> {
        let (parameters, time_base) = input.parameters(stream)?;
        let name = c_text(decoder)?;
        let mut options = Options::new(&[
            ("threads", &threads.to_string()),
            ("max_pixels", &max_pixels.to_string()),
            ("max_samples", "1000000"),
        ])?;
        // SAFETY: the parameters belong to the open input; the context is freed by Drop on every path after `wrapped`.
        unsafe {
            let codec = sys::avcodec_find_decoder_by_name(name.as_ptr());
            if codec.is_null() {
                return Err(AvError(sys::AVERROR_DECODER_NOT_FOUND));
            }
            let context = sys::avcodec_alloc_context3(codec);
            let wrapped = Decoder(NonNull::new(context).ok_or_else(out_of_memory)?);
            check(sys::avcodec_parameters_to_context(context, parameters))?;
            (*context).pkt_timebase = time_base.raw();
            check(sys::avcodec_open2(context, codec, &mut options.0))?;
            Ok(wrapped)
        }
    }

    pub(crate) fn limit_to(&mut self, scope: DecodeScope) {
        let skip = match scope {
            DecodeScope::Everything => sys::AVDiscard::AVDISCARD_DEFAULT,
            DecodeScope::KeyPictures => sys::AVDiscard::AVDISCARD_NONKEY,
        };
        // SAFETY: open context, exclusive access.
        unsafe { self.0.as_mut().skip_frame = skip };
    }

    /// Hands over one packet. `NeedsInput` here means "full: take pictures out first".
    pub(crate) fn send(&mut self, packet: &Packet) -> Result<Pull, AvError> {
        // SAFETY: open context, valid packet.
        pulled(unsafe { sys::avcodec_send_packet(self.0.as_ptr(), packet.as_ptr()) })
    }

    /// Says that no packet follows; the pictures still inside can be taken out until `Ended`.
    pub(crate) fn finish(&mut self) -> Result<Pull, AvError> {
        // SAFETY: a null packet starts draining.
        pulled(unsafe { sys::avcodec_send_packet(self.0.as_ptr(), std::ptr::null()) })
    }

    pub(crate) fn receive(&mut self, frame: &mut Frame) -> Result<Pull, AvError> {
        frame.clear();
        // SAFETY: open context, valid frame.
        pulled(unsafe { sys::avcodec_receive_frame(self.0.as_ptr(), frame.as_mut_ptr()) })
    }
}

impl Drop for Decoder {
    fn drop(&mut self) {
        let mut raw = self.0.as_ptr();
        // SAFETY: owned, freed once.
        unsafe { sys::avcodec_free_context(&mut raw) };
    }
}
