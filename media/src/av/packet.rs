use super::{AvError, Ratio, out_of_memory, sys};
use std::ptr::NonNull;

/// One encoded piece of a stream.
pub(crate) struct Packet(NonNull<sys::AVPacket>);

// SAFETY: a packet owns its buffer by an atomic reference count and is used by one thread at a time.
unsafe impl Send for Packet {}

impl Packet {
    pub(crate) fn new() -> Result<Self, AvError> {
        // SAFETY: allocation only; null is handled.
        NonNull::new(unsafe { sys::av_packet_alloc() }).map(Packet).ok_or_else(out_of_memory)
    }

    /// Another handle on the same bytes.
    pub(crate) fn share(&self) -> Result<Self, AvError> {
        // SAFETY: the source is a valid packet; null means out of memory.
        NonNull::new(unsafe { sys::av_packet_clone(self.0.as_ptr()) }).map(Packet).ok_or_else(out_of_memory)
    }

    pub(crate) fn clear(&mut self) {
        // SAFETY: valid packet.
        unsafe { sys::av_packet_unref(self.0.as_ptr()) };
    }

    pub(crate) fn stream(&self) -> usize {
        usize::try_from(self.raw().stream_index).unwrap_or(usize::MAX)
    }

    pub(crate) fn set_stream(&mut self, index: usize) {
        // SAFETY: valid packet, exclusive access.
        unsafe { (*self.0.as_ptr()).stream_index = index as i32 };
    }

    pub(crate) fn pts(&self) -> Option<i64> {
        (self.raw().pts != sys::AV_NOPTS_VALUE).then_some(self.raw().pts)
    }

    pub(crate) fn dts(&self) -> Option<i64> {
        (self.raw().dts != sys::AV_NOPTS_VALUE).then_some(self.raw().dts)
    }

    pub(crate) fn duration(&self) -> i64 {
        self.raw().duration
    }

    pub(crate) fn set_duration(&mut self, duration: i64) {
        // SAFETY: valid packet, exclusive access.
        unsafe { (*self.0.as_ptr()).duration = duration };
    }

    /// Shifts both timestamps, as when a piece is cut out of a longer stream.
    pub(crate) fn shift(&mut self, by: i64) {
        // SAFETY: valid packet, exclusive access.
        let raw = unsafe { &mut *self.0.as_ptr() };
        if raw.pts != sys::AV_NOPTS_VALUE {
            raw.pts = raw.pts.saturating_add(by);
        }
        if raw.dts != sys::AV_NOPTS_VALUE {
            raw.dts = raw.dts.saturating_add(by);
        }
    }

    pub(crate) fn is_key(&self) -> bool {
        self.raw().flags & sys::AV_PKT_FLAG_KEY != 0
    }

    /// Outside the edit list: decoded but never shown.
    pub(crate) fn is_discarded(&self) -> bool {
        self.raw().flags & sys::AV_PKT_FLAG_DISCARD != 0
    }

    pub(crate) fn len(&self) -> usize {
        usize::try_from(self.raw().size).unwrap_or(0)
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        let raw = self.raw();
        if raw.data.is_null() {
            return &[];
        }
        // SAFETY: FFmpeg keeps `size` readable bytes behind `data` as long as the packet lives.
        unsafe { std::slice::from_raw_parts(raw.data, self.len()) }
    }

    pub(crate) fn rescale(&mut self, from: Ratio, to: Ratio) {
        // SAFETY: valid packet; both ratios come from opened streams.
        unsafe { sys::av_packet_rescale_ts(self.0.as_ptr(), from.raw(), to.raw()) };
    }

    pub(super) fn as_ptr(&self) -> *const sys::AVPacket {
        self.0.as_ptr()
    }

    pub(super) fn as_mut_ptr(&mut self) -> *mut sys::AVPacket {
        self.0.as_ptr()
    }

    fn raw(&self) -> &sys::AVPacket {
        // SAFETY: allocated in `new`, freed only in `drop`.
        unsafe { self.0.as_ref() }
    }
}

impl Drop for Packet {
    fn drop(&mut self) {
        let mut raw = self.0.as_ptr();
        // SAFETY: owned, freed once.
        unsafe { sys::av_packet_free(&mut raw) };
    }
}
