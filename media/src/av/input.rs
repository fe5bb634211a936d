use super::{
    AvError, Colour, Options, Packet, Pull, Ratio, c_text, check, out_of_memory, pulled, rescale, sys,
};
use std::ffi::CStr;
use std::path::Path;

/// What a stream carries; anything that is neither picture nor sound is never read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StreamKind {
    Video,
    Audio,
    Other,
}

/// The container's own words about one stream. Not yet trusted.
#[derive(Debug, Clone)]
pub(crate) struct StreamParameters {
    pub(crate) index: usize,
    pub(crate) kind: StreamKind,
    pub(crate) codec: String,
    pub(crate) time_base: Ratio,
    pub(crate) width: i32,
    pub(crate) height: i32,
    pub(crate) sar: Ratio,
    pub(crate) colour: Colour,
    pub(crate) bit_depth: i32,
    /// The stream header says fields, not frames.
    pub(crate) interlaced: bool,
    /// Cover art: one still picture beside sound.
    pub(crate) attached_picture: bool,
    pub(crate) display_matrix: Option<[i32; 9]>,
    pub(crate) sample_rate: i32,
    pub(crate) channels: i32,
}

/// An opened file, read by one named demuxer only.
pub(crate) struct Input(*mut sys::AVFormatContext);

/// What FFmpeg may do while it opens a file.
pub(crate) struct OpenRules<'a> {
    /// The one demuxer that our own look at the first bytes chose.
    pub(crate) demuxer: &'a str,
    /// Decoder names, comma separated, that may run while stream parameters are found.
    pub(crate) decoders: &'a str,
    /// Pixels in one picture.
    pub(crate) max_pixels: u64,
}

impl Input {
    /// Opens a local file with one demuxer and reads its header. No other protocol, format or file is reachable.
    pub(crate) fn open(path: &Path, rules: &OpenRules<'_>) -> Result<Self, AvError> {
        super::prepare();
        let url = c_text(&format!("file:{}", path.to_str().unwrap_or("\0")))?;
        let name = c_text(rules.demuxer)?;
        let mut options = Options::new(&[
            ("format_whitelist", rules.demuxer),
            ("codec_whitelist", rules.decoders),
            ("protocol_whitelist", "file"),
            ("max_streams", "64"),
            ("probesize", "5000000"),
            ("analyzeduration", "5000000"),
            ("enable_drefs", "0"),
        ])?;
        let mut context = std::ptr::null_mut();
        // SAFETY: all strings live through the call; on failure FFmpeg frees the context and leaves null.
        unsafe {
            let format = sys::av_find_input_format(name.as_ptr());
            if format.is_null() {
                return Err(AvError(sys::AVERROR_DEMUXER_NOT_FOUND));
            }
            check(sys::avformat_open_input(&mut context, url.as_ptr(), format, &mut options.0))?;
        }
        Ok(Input(context))
    }

    /// Reads a little of the file to complete what the header left out. Decoders run single-threaded and within the
    /// pixel limit.
    pub(crate) fn complete_parameters(&mut self, rules: &OpenRules<'_>) -> Result<(), AvError> {
        let pixels = rules.max_pixels.to_string();
        let mut per_stream = Vec::new();
        for _ in 0..self.stream_count() {
            per_stream.push(Options::new(&[("max_pixels", &pixels), ("threads", "1")])?);
        }
        let mut raw: Vec<*mut sys::AVDictionary> = per_stream.iter().map(|options| options.0).collect();
        // SAFETY: one dictionary pointer for each stream known at this moment, as FFmpeg requires.
        let code = unsafe { sys::avformat_find_stream_info(self.0, raw.as_mut_ptr()) };
        // FFmpeg may have replaced the dictionaries: take the current pointers back so that each is freed once.
        for (options, pointer) in per_stream.iter_mut().zip(raw) {
            options.0 = pointer;
        }
        check(code).map(|_| ())
    }

    pub(crate) fn stream_count(&self) -> usize {
        // SAFETY: open context.
        unsafe { (*self.0).nb_streams as usize }
    }

    pub(crate) fn streams(&self) -> Vec<StreamParameters> {
        (0..self.stream_count()).map(|index| self.stream(index)).collect()
    }

    fn stream(&self, index: usize) -> StreamParameters {
        // SAFETY: `index` is below the stream count; parameters live as long as the context. C enums are read as
        // integers because a damaged file may hold any value.
        unsafe {
            let stream = *(*self.0).streams.add(index);
            let par = (*stream).codecpar;
            let media = (&raw const (*par).codec_type).cast::<i32>().read();
            let field_order = (&raw const (*par).field_order).cast::<i32>().read();
            StreamParameters {
                index,
                kind: match media {
                    0 => StreamKind::Video,
                    1 => StreamKind::Audio,
                    _ => StreamKind::Other,
                },
                codec: CStr::from_ptr(sys::avcodec_get_name((*par).codec_id)).to_string_lossy().into_owned(),
                time_base: (*stream).time_base.into(),
                width: (*par).width,
                height: (*par).height,
                sar: (*par).sample_aspect_ratio.into(),
                colour: Colour {
                    range: (&raw const (*par).color_range).cast::<i32>().read(),
                    primaries: (&raw const (*par).color_primaries).cast::<i32>().read(),
                    transfer: (&raw const (*par).color_trc).cast::<i32>().read(),
                    matrix: (&raw const (*par).color_space).cast::<i32>().read(),
                },
                bit_depth: bit_depth((*par).format, media),
                interlaced: (2..=5).contains(&field_order),
                attached_picture: (*stream).disposition & sys::AV_DISPOSITION_ATTACHED_PIC != 0,
                display_matrix: display_matrix(stream),
                sample_rate: (*par).sample_rate,
                channels: (*par).ch_layout.nb_channels,
            }
        }
    }

    /// The time of the last picture or sound that the index names, in the stream's own time base. Of a file in fragments
    /// the index grows with reading; nothing is said of what was not read yet.
    pub(crate) fn indexed_end(&self, index: usize) -> Option<i64> {
        if index >= self.stream_count() {
            return None;
        }
        // SAFETY: `index` is below the stream count; the entry belongs to the open input and is read at once.
        unsafe {
            let stream = *(*self.0).streams.add(index);
            let last = sys::avformat_index_get_entries_count(stream).checked_sub(1)?;
            let entry = sys::avformat_index_get_entry(stream, last).as_ref()?;
            Some(entry.timestamp)
        }
    }

    /// How long the header says that a stream is, or else the file, in microseconds. Later FFmpeg puts its own estimate
    /// there, so this means the header only before `complete_parameters`.
    pub(crate) fn declared_us(&self, index: usize) -> Option<i64> {
        if index >= self.stream_count() {
            return None;
        }
        // SAFETY: `index` is below the stream count.
        let (of_stream, time_base, of_file) = unsafe {
            let stream = *(*self.0).streams.add(index);
            ((*stream).duration, (*stream).time_base.into(), (*self.0).duration)
        };
        let known = |duration: i64| Some(duration).filter(|d| *d != sys::AV_NOPTS_VALUE && *d > 0);
        let of_stream = known(of_stream).and_then(|d| rescale(d, time_base, Ratio::MICROSECONDS));
        of_stream.or(known(of_file))
    }

    /// Profile, constraints and level of an H.264 stream from the header that MP4 keeps for it.
    pub(crate) fn h264_coding(&self, index: usize) -> Option<[u8; 3]> {
        let (parameters, _) = self.parameters(index).ok()?;
        // SAFETY: the extra data belongs to the open input; its size is checked before it is read.
        unsafe {
            let data = (*parameters).extradata;
            if data.is_null() || (*parameters).extradata_size < 4 || *data != 1 {
                return None;
            }
            Some([*data.add(1), *data.add(2), *data.add(3)])
        }
    }

    /// Tells the demuxer to skip every stream except these.
    pub(crate) fn keep_only(&mut self, wanted: &[usize]) {
        for index in 0..self.stream_count() {
            let keep = wanted.contains(&index);
            // SAFETY: `index` is below the stream count.
            unsafe {
                let stream = *(*self.0).streams.add(index);
                (*stream).discard =
                    if keep { sys::AVDiscard::AVDISCARD_DEFAULT } else { sys::AVDiscard::AVDISCARD_ALL };
            }
        }
    }

    /// Reads the next packet. A read error is an error, never the end.
    pub(crate) fn read(&mut self, packet: &mut Packet) -> Result<Pull, AvError> {
        packet.clear();
        // SAFETY: open context, valid packet.
        pulled(unsafe { sys::av_read_frame(self.0, packet.as_mut_ptr()) })
    }

    pub(super) fn parameters(&self, index: usize) -> Result<(*const sys::AVCodecParameters, Ratio), AvError> {
        if index >= self.stream_count() {
            return Err(out_of_memory());
        }
        // SAFETY: `index` is below the stream count.
        unsafe {
            let stream = *(*self.0).streams.add(index);
            Ok(((*stream).codecpar, (*stream).time_base.into()))
        }
    }
}

impl Drop for Input {
    fn drop(&mut self) {
        // SAFETY: opened once, closed once.
        unsafe { sys::avformat_close_input(&mut self.0) };
    }
}

/// Bits in one brightness sample, 8 when the file does not say.
///
/// # Safety
/// Reads FFmpeg's static table of pixel formats.
unsafe fn bit_depth(format: i32, media: i32) -> i32 {
    let known = media == 0 && (0..sys::AVPixelFormat::AV_PIX_FMT_NB as i32).contains(&format);
    if !known {
        return 8;
    }
    // SAFETY: the number was just checked to be one of the enum's own values.
    unsafe {
        let format: sys::AVPixelFormat = std::mem::transmute(format);
        sys::av_pix_fmt_desc_get(format).as_ref().map_or(8, |description| description.comp[0].depth)
    }
}

/// # Safety
/// `stream` belongs to an open context.
unsafe fn display_matrix(stream: *const sys::AVStream) -> Option<[i32; 9]> {
    let mut size = 0;
    // SAFETY: FFmpeg gives null or a buffer of `size` bytes; the size is checked before reading.
    unsafe {
        let kind = sys::AVPacketSideDataType::AV_PKT_DATA_DISPLAYMATRIX;
        let data = sys::av_stream_get_side_data(stream, kind, &mut size);
        if data.is_null() || size < 36 {
            return None;
        }
        let mut matrix = [0; 9];
        for (i, cell) in matrix.iter_mut().enumerate() {
            *cell = data.cast::<i32>().add(i).read_unaligned();
        }
        Some(matrix)
    }
}
