use super::{AvError, Frame, Options, Packet, Pull, Ratio, c_text, check, out_of_memory, pulled, sys};
use std::ptr::NonNull;

/// How one rendition is encoded.
#[derive(Debug, Clone)]
pub(crate) struct VideoSettings {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) fps: Ratio,
    pub(crate) profile: &'static str,
    pub(crate) preset: &'static str,
    pub(crate) crf: f64,
    /// Bits per second.
    pub(crate) max_rate: u64,
    /// Bits.
    pub(crate) buffer_size: u64,
    /// Frames from one keyframe to the next, at most.
    pub(crate) keyframe_interval: u32,
    pub(crate) threads: usize,
}

pub(super) struct Encoder(NonNull<sys::AVCodecContext>);

// SAFETY: owned context, used by one thread at a time.
unsafe impl Send for Encoder {}

impl Encoder {
    pub(super) fn allocate(name: &str) -> Result<(Self, *const sys::AVCodec), AvError> {
        let name = c_text(name)?;
        // SAFETY: allocation is checked; freed by Drop.
        unsafe {
            let codec = sys::avcodec_find_encoder_by_name(name.as_ptr());
            if codec.is_null() {
                return Err(AvError(sys::AVERROR_ENCODER_NOT_FOUND));
            }
            let context = sys::avcodec_alloc_context3(codec);
            Ok((Encoder(NonNull::new(context).ok_or_else(out_of_memory)?), codec))
        }
    }

    pub(super) fn send(&mut self, frame: Option<&Frame>) -> Result<Pull, AvError> {
        let raw = frame.map_or(std::ptr::null(), Frame::as_ptr);
        // SAFETY: open context; null starts draining.
        pulled(unsafe { sys::avcodec_send_frame(self.0.as_ptr(), raw) })
    }

    pub(super) fn receive(&mut self, packet: &mut Packet) -> Result<Pull, AvError> {
        packet.clear();
        // SAFETY: open context, valid packet.
        pulled(unsafe { sys::avcodec_receive_packet(self.0.as_ptr(), packet.as_mut_ptr()) })
    }

    pub(super) fn context(&mut self) -> &mut sys::AVCodecContext {
        // SAFETY: owned and exclusive.
        unsafe { self.0.as_mut() }
    }
}

impl Drop for Encoder {
    fn drop(&mut self) {
        let mut raw = self.0.as_ptr();
        // SAFETY: owned, freed once.
        unsafe { sys::avcodec_free_context(&mut raw) };
    }
}

/// H.264 through libx264. One tick of its time base is one frame.
pub(crate) struct VideoEncoder(Encoder);

impl VideoEncoder {
    pub(crate) fn open(settings: &VideoSettings) -> Result<Self, AvError> {
        let (mut encoder, codec) = Encoder::allocate("libx264")?;
        let context = encoder.context();
        context.width = settings.width as i32;
        context.height = settings.height as i32;
        context.time_base = sys::AVRational { num: settings.fps.den, den: settings.fps.num };
        context.framerate = settings.fps.raw();
        context.pix_fmt = sys::AVPixelFormat::AV_PIX_FMT_YUV420P;
        context.sample_aspect_ratio = sys::AVRational { num: 1, den: 1 };
        context.color_range = sys::AVColorRange::AVCOL_RANGE_MPEG;
        context.color_primaries = sys::AVColorPrimaries::AVCOL_PRI_BT709;
        context.color_trc = sys::AVColorTransferCharacteristic::AVCOL_TRC_BT709;
        context.colorspace = sys::AVColorSpace::AVCOL_SPC_BT709;
        context.gop_size = settings.keyframe_interval as i32;
        context.rc_max_rate = settings.max_rate as i64;
        context.rc_buffer_size = settings.buffer_size as i32;
        // A quarter full at the start instead of nine tenths: a clip of five seconds then keeps to its cap as well.
        context.rc_initial_buffer_occupancy = (settings.buffer_size / 4) as i32;
        context.thread_count = settings.threads as i32;
        // Global headers alone would replace libx264's default closed groups, and Chromium then fails to seek.
        context.flags |= (sys::AV_CODEC_FLAG_GLOBAL_HEADER | sys::AV_CODEC_FLAG_CLOSED_GOP) as i32;
        let crf = settings.crf.to_string();
        // Keyframes only where the interval puts them: every rung then has them at the same pictures.
        let places = ("x264-params", "scenecut=0");
        let pairs = [("preset", settings.preset), ("profile", settings.profile), ("crf", &crf), places];
        let mut options = Options::new(&pairs)?;
        // SAFETY: context and codec belong together; options live through the call.
        check(unsafe { sys::avcodec_open2(encoder.0.as_ptr(), codec, &mut options.0) })?;
        Ok(VideoEncoder(encoder))
    }

    /// Hands over a frame, or `None` to say that no frame follows.
    pub(crate) fn send(&mut self, frame: Option<&Frame>) -> Result<Pull, AvError> {
        self.0.send(frame)
    }

    pub(crate) fn receive(&mut self, packet: &mut Packet) -> Result<Pull, AvError> {
        self.0.receive(packet)
    }

    pub(super) fn as_ptr(&self) -> *const sys::AVCodecContext {
        self.0.0.as_ptr()
    }

    pub(crate) fn time_base(&self) -> Ratio {
        // SAFETY: open context.
        unsafe { self.0.0.as_ref() }.time_base.into()
    }
}

/// AAC, mono, 64 kbit/s at 48 kHz: the only sound a rendition ever has.
pub(crate) struct AudioEncoder(Encoder);

impl AudioEncoder {
    pub(crate) const SAMPLE_RATE: i32 = 48_000;
    /// The FFmpeg filters that give sound this shape.
    pub(crate) const SHAPE: &'static str = "aformat=sample_fmts=fltp:sample_rates=48000:channel_layouts=mono";

    pub(crate) fn open() -> Result<Self, AvError> {
        let (mut encoder, codec) = Encoder::allocate("aac")?;
        let context = encoder.context();
        context.sample_fmt = sys::AVSampleFormat::AV_SAMPLE_FMT_FLTP;
        context.sample_rate = Self::SAMPLE_RATE;
        context.bit_rate = 64_000;
        context.time_base = sys::AVRational { num: 1, den: Self::SAMPLE_RATE };
        context.flags |= sys::AV_CODEC_FLAG_GLOBAL_HEADER as i32;
        // SAFETY: writes the layout of our own context; then opens it.
        unsafe {
            sys::av_channel_layout_default(&mut context.ch_layout, 1);
            check(sys::avcodec_open2(encoder.0.as_ptr(), codec, std::ptr::null_mut()))?;
        }
        Ok(AudioEncoder(encoder))
    }

    /// Samples in one frame.
    pub(crate) fn frame_size(&self) -> u32 {
        // SAFETY: open context.
        u32::try_from(unsafe { self.0.0.as_ref() }.frame_size).unwrap_or(1024)
    }

    pub(crate) fn time_base(&self) -> Ratio {
        Ratio { num: 1, den: Self::SAMPLE_RATE }
    }

    pub(crate) fn send(&mut self, frame: Option<&Frame>) -> Result<Pull, AvError> {
        self.0.send(frame)
    }

    pub(crate) fn receive(&mut self, packet: &mut Packet) -> Result<Pull, AvError> {
        self.0.receive(packet)
    }

    pub(super) fn as_ptr(&self) -> *const sys::AVCodecContext {
        self.0.0.as_ptr()
    }
}
