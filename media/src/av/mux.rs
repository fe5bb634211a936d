use super::{
    AudioEncoder, AvError, Input, Options, Packet, Ratio, VideoEncoder, c_text, check, out_of_memory, sys,
};
use std::path::Path;

/// How an MP4 is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// One index in front of everything (`faststart`).
    Whole,
    /// An empty index, then one fragment for each group of pictures: CMAF, for HLS by byte ranges.
    Fragments,
}

/// An MP4 being written; nothing of the source's metadata is in it.
pub(crate) struct Mux {
    context: *mut sys::AVFormatContext,
    layout: Layout,
    /// The time base each stream's packets come in.
    sources: Vec<Ratio>,
}

// SAFETY: owned context, used by one thread at a time.
unsafe impl Send for Mux {}

impl Mux {
    pub(crate) fn create(path: &Path, layout: Layout) -> Result<Self, AvError> {
        let url = c_text(&format!("file:{}", path.to_str().unwrap_or("\0")))?;
        let format = c_text("mp4")?;
        let mut context = std::ptr::null_mut();
        // SAFETY: strings live through the calls; Drop closes and frees whatever was opened.
        unsafe {
            let alloc = sys::avformat_alloc_output_context2;
            check(alloc(&mut context, std::ptr::null(), format.as_ptr(), url.as_ptr()))?;
            let mux = Mux { context, layout, sources: Vec::new() };
            // No encoder name and no creation time: two runs give the same bytes.
            (*context).flags |= sys::AVFMT_FLAG_BITEXACT;
            check(sys::avio_open(&mut (*context).pb, url.as_ptr(), sys::AVIO_FLAG_WRITE))?;
            Ok(mux)
        }
    }

    pub(crate) fn add_video(&mut self, encoder: &VideoEncoder) -> Result<(), AvError> {
        // SAFETY: the encoder is open; its parameters are copied.
        unsafe {
            self.add(encoder.time_base(), |to| sys::avcodec_parameters_from_context(to, encoder.as_ptr()))
        }
    }

    pub(crate) fn add_audio(&mut self, encoder: &AudioEncoder) -> Result<(), AvError> {
        // SAFETY: the encoder is open; its parameters are copied.
        unsafe {
            self.add(encoder.time_base(), |to| sys::avcodec_parameters_from_context(to, encoder.as_ptr()))
        }
    }

    /// Adds a stream whose packets are copied from an opened file.
    pub(crate) fn add_copy(&mut self, input: &Input, stream: usize) -> Result<(), AvError> {
        let (parameters, time_base) = input.parameters(stream)?;
        // SAFETY: the parameters belong to the open input and are copied.
        unsafe {
            self.add(time_base, |to| {
                let code = sys::avcodec_parameters_copy(to, parameters);
                (*to).codec_tag = 0;
                code
            })
        }
    }

    /// # Safety
    /// `fill` writes valid parameters into the pointer it gets.
    unsafe fn add(
        &mut self,
        source: Ratio,
        fill: impl FnOnce(*mut sys::AVCodecParameters) -> i32,
    ) -> Result<(), AvError> {
        // SAFETY: the stream is owned by our context.
        unsafe {
            let stream = sys::avformat_new_stream(self.context, std::ptr::null());
            if stream.is_null() {
                return Err(out_of_memory());
            }
            check(fill((*stream).codecpar))?;
            (*stream).time_base = source.raw();
        }
        self.sources.push(source);
        Ok(())
    }

    pub(crate) fn start(&mut self) -> Result<(), AvError> {
        let flags = match self.layout {
            Layout::Whole => "+faststart",
            Layout::Fragments => "+frag_keyframe+empty_moov+default_base_moof+cmaf",
        };
        let mut options = Options::new(&[("movflags", flags)])?;
        // SAFETY: streams were added; options live through the call.
        check(unsafe { sys::avformat_write_header(self.context, &mut options.0) }).map(|_| ())
    }

    /// Writes one packet whose timestamps are in its encoder's time base.
    pub(crate) fn write(&mut self, stream: usize, mut packet: Packet) -> Result<(), AvError> {
        // SAFETY: `stream` was added before the header was written.
        let target = unsafe { (**(*self.context).streams.add(stream)).time_base };
        packet.rescale(self.sources[stream], target.into());
        packet.set_stream(stream);
        // SAFETY: started context; FFmpeg takes the packet's reference.
        check(unsafe { sys::av_interleaved_write_frame(self.context, packet.as_mut_ptr()) }).map(|_| ())
    }

    /// Writes the index and moves it to the front.
    pub(crate) fn finish(self) -> Result<(), AvError> {
        // SAFETY: started context; Drop closes the file afterwards.
        check(unsafe { sys::av_write_trailer(self.context) }).map(|_| ())
    }
}

impl Drop for Mux {
    fn drop(&mut self) {
        // SAFETY: closes what `create` opened; both calls accept null.
        unsafe {
            if !self.context.is_null() {
                sys::avio_closep(&mut (*self.context).pb);
                sys::avformat_free_context(self.context);
            }
        }
    }
}
