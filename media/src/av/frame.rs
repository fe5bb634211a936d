use super::{AvError, Ratio, out_of_memory, sys};
use std::ptr::NonNull;

/// One decoded picture or piece of sound.
pub(crate) struct Frame(NonNull<sys::AVFrame>);

// SAFETY: a frame owns its buffers by atomic reference counts and is used by one thread at a time; shared handles
// only ever read the picture.
unsafe impl Send for Frame {}

/// What a filter graph is built for; a change in the middle of a stream means a new graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Geometry {
    pub(crate) width: i32,
    pub(crate) height: i32,
    pub(crate) format: i32,
    pub(crate) sar: Ratio,
}

/// Colour tags as the numbers of ISO/IEC 23091-2; range: 1 limited, 2 full, 0 not said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Colour {
    pub(crate) range: i32,
    pub(crate) primaries: i32,
    pub(crate) transfer: i32,
    pub(crate) matrix: i32,
}

/// One plane of an 8-bit picture; rows are `stride` bytes apart.
pub(crate) struct Plane<'a> {
    pub(crate) data: &'a [u8],
    pub(crate) stride: usize,
    pub(crate) width: usize,
    pub(crate) height: usize,
}

/// The three planes of a 4:2:0 picture.
pub(crate) struct Planes<'a> {
    pub(crate) luma: Plane<'a>,
    pub(crate) blue: Plane<'a>,
    pub(crate) red: Plane<'a>,
}

impl Plane<'_> {
    pub(crate) fn row(&self, y: usize) -> &[u8] {
        &self.data[y * self.stride..y * self.stride + self.width]
    }
}

impl Frame {
    pub(crate) fn new() -> Result<Self, AvError> {
        // SAFETY: allocation only; null is handled.
        NonNull::new(unsafe { sys::av_frame_alloc() }).map(Frame).ok_or_else(out_of_memory)
    }

    /// Mono sound that is all zeros, as the AAC encoder takes it.
    pub(crate) fn silent(samples: u32, rate: i32, pts: i64) -> Result<Self, AvError> {
        let mut frame = Frame::new()?;
        // SAFETY: a new frame gets its own buffer of the size just written, which is then cleared.
        unsafe {
            let raw = &mut *frame.as_mut_ptr();
            raw.nb_samples = samples as i32;
            raw.format = sys::AVSampleFormat::AV_SAMPLE_FMT_FLTP as i32;
            raw.sample_rate = rate;
            sys::av_channel_layout_default(&mut raw.ch_layout, 1);
            raw.pts = pts;
            super::check(sys::av_frame_get_buffer(raw, 0))?;
            std::ptr::write_bytes(raw.data[0], 0, samples as usize * 4);
        }
        Ok(frame)
    }

    /// Another handle on the same picture, without copying it.
    pub(crate) fn share(&self) -> Result<Self, AvError> {
        // SAFETY: the source is a valid frame; null means out of memory.
        NonNull::new(unsafe { sys::av_frame_clone(self.0.as_ptr()) }).map(Frame).ok_or_else(out_of_memory)
    }

    pub(crate) fn clear(&mut self) {
        // SAFETY: valid frame.
        unsafe { sys::av_frame_unref(self.0.as_ptr()) };
    }

    pub(crate) fn geometry(&self) -> Geometry {
        let raw = self.raw();
        Geometry {
            width: raw.width,
            height: raw.height,
            format: raw.format,
            sar: raw.sample_aspect_ratio.into(),
        }
    }

    pub(crate) fn colour(&self) -> Colour {
        let raw = self.raw();
        // SAFETY: the fields are C enums, four bytes each; read as integers because a file may hold any value.
        unsafe {
            Colour {
                range: (&raw const raw.color_range).cast::<i32>().read(),
                primaries: (&raw const raw.color_primaries).cast::<i32>().read(),
                transfer: (&raw const raw.color_trc).cast::<i32>().read(),
                matrix: (&raw const raw.colorspace).cast::<i32>().read(),
            }
        }
    }

    /// Tags the picture as BT.709, limited range, square pixels, and lets the encoder choose its own frame type.
    pub(crate) fn tag_for_encoding(&mut self, pts: i64) {
        // SAFETY: valid frame, exclusive access.
        let raw = unsafe { &mut *self.0.as_ptr() };
        raw.pts = pts;
        raw.pict_type = sys::AVPictureType::AV_PICTURE_TYPE_NONE;
        raw.key_frame = 0;
        raw.interlaced_frame = 0;
        raw.sample_aspect_ratio = sys::AVRational { num: 1, den: 1 };
        raw.color_range = sys::AVColorRange::AVCOL_RANGE_MPEG;
        raw.color_primaries = sys::AVColorPrimaries::AVCOL_PRI_BT709;
        raw.color_trc = sys::AVColorTransferCharacteristic::AVCOL_TRC_BT709;
        raw.colorspace = sys::AVColorSpace::AVCOL_SPC_BT709;
    }

    pub(crate) fn pts(&self) -> Option<i64> {
        (self.raw().pts != sys::AV_NOPTS_VALUE).then_some(self.raw().pts)
    }

    pub(crate) fn set_pts(&mut self, pts: i64) {
        // SAFETY: valid frame, exclusive access.
        unsafe { (*self.0.as_ptr()).pts = pts };
    }

    /// The decoder's best guess where the container's own timestamp is missing.
    pub(crate) fn timestamp(&self) -> Option<i64> {
        let guess = self.raw().best_effort_timestamp;
        (guess != sys::AV_NOPTS_VALUE).then_some(guess)
    }

    /// Whether the decoder met errors in this picture and filled what was missing with a guess.
    pub(crate) fn is_patched(&self) -> bool {
        self.raw().decode_error_flags != 0
    }

    pub(crate) fn is_interlaced(&self) -> bool {
        self.raw().interlaced_frame != 0
    }

    /// What a filter wrote about this picture under a name.
    pub(crate) fn note(&self, name: &str) -> Option<String> {
        let name = super::c_text(name).ok()?;
        // SAFETY: the dictionary belongs to the frame (null is allowed); the value is a C string owned by it.
        unsafe {
            let entry = sys::av_dict_get(self.raw().metadata, name.as_ptr(), std::ptr::null(), 0).as_ref()?;
            Some(std::ffi::CStr::from_ptr(entry.value).to_string_lossy().into_owned())
        }
    }

    /// The display matrix carried in the bit stream, where the container has none.
    pub(crate) fn display_matrix(&self) -> Option<[i32; 9]> {
        // SAFETY: the side data belongs to the frame; its size is checked before it is read.
        unsafe {
            let kind = sys::AVFrameSideDataType::AV_FRAME_DATA_DISPLAYMATRIX;
            let side = sys::av_frame_get_side_data(self.0.as_ptr(), kind).as_ref()?;
            if side.size < 36 {
                return None;
            }
            let mut matrix = [0; 9];
            for (i, cell) in matrix.iter_mut().enumerate() {
                *cell = side.data.cast::<i32>().add(i).read_unaligned();
            }
            Some(matrix)
        }
    }

    /// Brightness of an 8-bit planar picture.
    pub(crate) fn luma(&self) -> Plane<'_> {
        self.plane(0, self.raw().width, self.raw().height)
    }

    /// One of the two colour planes of a 4:2:0 picture: 1 or 2.
    pub(crate) fn chroma(&self, index: usize) -> Plane<'_> {
        self.plane(index, (self.raw().width + 1) / 2, (self.raw().height + 1) / 2)
    }

    pub(crate) fn planes(&self) -> Planes<'_> {
        Planes { luma: self.luma(), blue: self.chroma(1), red: self.chroma(2) }
    }

    fn plane(&self, index: usize, width: i32, height: i32) -> Plane<'_> {
        let raw = self.raw();
        let yuv420 = sys::AVPixelFormat::AV_PIX_FMT_YUV420P as i32;
        let gray = sys::AVPixelFormat::AV_PIX_FMT_GRAY8 as i32;
        let readable = raw.format == yuv420 || (raw.format == gray && index == 0);
        let stride = usize::try_from(raw.linesize[index]).unwrap_or(0);
        let (width, height) = (width.max(0) as usize, height.max(0) as usize);
        if !readable || raw.data[index].is_null() || stride < width || height == 0 {
            return Plane { data: &[], stride: 0, width: 0, height: 0 };
        }
        // SAFETY: FFmpeg allocated at least `stride` bytes for each row but may end after the last pixel of the last row.
        let data = unsafe { std::slice::from_raw_parts(raw.data[index], stride * (height - 1) + width) };
        Plane { data, stride, width, height }
    }

    /// The first channel of a sound frame in planar float, which is what our sound graph produces.
    pub(crate) fn samples(&self) -> &[f32] {
        let raw = self.raw();
        let float_planar = sys::AVSampleFormat::AV_SAMPLE_FMT_FLTP as i32;
        let count = usize::try_from(raw.nb_samples).unwrap_or(0);
        if raw.format != float_planar || raw.data[0].is_null() {
            return &[];
        }
        // SAFETY: planar float with `nb_samples` values in the first plane, aligned by FFmpeg's allocator.
        unsafe { std::slice::from_raw_parts(raw.data[0].cast::<f32>(), count) }
    }

    pub(crate) fn sample_rate(&self) -> i32 {
        self.raw().sample_rate
    }

    pub(super) fn raw(&self) -> &sys::AVFrame {
        // SAFETY: allocated in `new`, freed only in `drop`.
        unsafe { self.0.as_ref() }
    }

    pub(super) fn as_mut_ptr(&mut self) -> *mut sys::AVFrame {
        self.0.as_ptr()
    }

    pub(super) fn as_ptr(&self) -> *const sys::AVFrame {
        self.0.as_ptr()
    }
}

impl Drop for Frame {
    fn drop(&mut self) {
        let mut raw = self.0.as_ptr();
        // SAFETY: owned, freed once.
        unsafe { sys::av_frame_free(&mut raw) };
    }
}
