use super::{AvError, Frame, Geometry, Pull, Ratio, c_text, check, out_of_memory, pulled, sys};
use std::ptr::NonNull;

/// A filter graph with one input named `in` and outputs named `out0`, `out1` and so on.
struct Graph {
    graph: NonNull<sys::AVFilterGraph>,
    source: *mut sys::AVFilterContext,
    sinks: Vec<*mut sys::AVFilterContext>,
}

// SAFETY: the graph and all it points to are owned here and used by one thread at a time.
unsafe impl Send for Graph {}

/// Which pair of FFmpeg end points a graph has.
struct Ends {
    source: &'static str,
    sink: &'static str,
}

impl Graph {
    fn build(
        ends: &Ends,
        source_arguments: &str,
        text: &str,
        outputs: usize,
        threads: i32,
    ) -> Result<Self, AvError> {
        // SAFETY: plain allocation; freed by Drop on every later path.
        let raw = unsafe { sys::avfilter_graph_alloc() };
        let graph = NonNull::new(raw).ok_or_else(out_of_memory)?;
        let mut built = Graph { graph, source: std::ptr::null_mut(), sinks: Vec::new() };
        // SAFETY: exclusive access to the new graph.
        unsafe { (*raw).nb_threads = threads };
        built.source = built.create(ends.source, "in", source_arguments)?;
        for index in 0..outputs {
            let sink = built.create(ends.sink, &format!("out{index}"), "")?;
            built.sinks.push(sink);
        }
        built.connect(text)?;
        // SAFETY: all filters belong to this graph.
        check(unsafe { sys::avfilter_graph_config(raw, std::ptr::null_mut()) })?;
        Ok(built)
    }

    fn create(
        &mut self,
        filter: &str,
        name: &str,
        arguments: &str,
    ) -> Result<*mut sys::AVFilterContext, AvError> {
        let (filter, name, arguments) = (c_text(filter)?, c_text(name)?, c_text(arguments)?);
        let mut context = std::ptr::null_mut();
        // SAFETY: strings live through the call; the new filter is owned by the graph.
        unsafe {
            let kind = sys::avfilter_get_by_name(filter.as_ptr());
            if kind.is_null() {
                return Err(AvError(sys::AVERROR_FILTER_NOT_FOUND));
            }
            check(sys::avfilter_graph_create_filter(
                &mut context,
                kind,
                name.as_ptr(),
                arguments.as_ptr(),
                std::ptr::null_mut(),
                self.graph.as_ptr(),
            ))?;
        }
        Ok(context)
    }

    /// Parses the text with the source as its `[in]` and the sinks as its `[outN]`.
    fn connect(&mut self, text: &str) -> Result<(), AvError> {
        let text = c_text(text)?;
        // SAFETY: the end-point lists are freed whatever the parser says; the filters stay owned by the graph.
        unsafe {
            let mut from = end_point("in", self.source, std::ptr::null_mut())?;
            let mut to = std::ptr::null_mut();
            for (index, sink) in self.sinks.iter().enumerate().rev() {
                to = end_point(&format!("out{index}"), *sink, to)?;
            }
            let parse = sys::avfilter_graph_parse_ptr;
            let code = parse(self.graph.as_ptr(), text.as_ptr(), &mut to, &mut from, std::ptr::null_mut());
            sys::avfilter_inout_free(&mut from);
            sys::avfilter_inout_free(&mut to);
            check(code).map(|_| ())
        }
    }

    fn push(&mut self, frame: &Frame) -> Result<(), AvError> {
        // SAFETY: KEEP_REF leaves the caller's frame untouched, so a shared reference is enough.
        let flags = sys::AV_BUFFERSRC_FLAG_KEEP_REF as i32;
        check(unsafe { sys::av_buffersrc_add_frame_flags(self.source, frame.as_ptr().cast_mut(), flags) })
            .map(|_| ())
    }

    fn close(&mut self, end: i64) -> Result<(), AvError> {
        // SAFETY: the source belongs to this graph. The end time keeps the last picture's duration.
        check(unsafe { sys::av_buffersrc_close(self.source, end, 0) }).map(|_| ())
    }

    fn pull(&mut self, output: usize, frame: &mut Frame) -> Result<Pull, AvError> {
        frame.clear();
        // SAFETY: the sink belongs to this graph, the frame is valid.
        pulled(unsafe { sys::av_buffersink_get_frame(self.sinks[output], frame.as_mut_ptr()) })
    }

    fn time_base(&self, output: usize) -> Ratio {
        // SAFETY: the sink belongs to this configured graph.
        unsafe { sys::av_buffersink_get_time_base(self.sinks[output]) }.into()
    }
}

impl Drop for Graph {
    fn drop(&mut self) {
        let mut raw = self.graph.as_ptr();
        // SAFETY: owned, freed once, with all its filters.
        unsafe { sys::avfilter_graph_free(&mut raw) };
    }
}

/// # Safety
/// `filter` belongs to a live graph; the returned list is freed by the caller.
unsafe fn end_point(
    name: &str,
    filter: *mut sys::AVFilterContext,
    next: *mut sys::AVFilterInOut,
) -> Result<*mut sys::AVFilterInOut, AvError> {
    let name = c_text(name)?;
    // SAFETY: allocation is checked; the name is copied by FFmpeg.
    unsafe {
        let end = sys::avfilter_inout_alloc();
        if end.is_null() {
            return Err(out_of_memory());
        }
        (*end).name = sys::av_strdup(name.as_ptr());
        (*end).filter_ctx = filter;
        (*end).pad_idx = 0;
        (*end).next = next;
        Ok(end)
    }
}

/// Pictures through filters. Timestamps go in as microseconds.
pub(crate) struct VideoGraph(Graph);

impl VideoGraph {
    /// Builds the graph for pictures of this geometry, taken from a decoded frame and never from the header.
    pub(crate) fn build(of: Geometry, text: &str, outputs: usize, threads: usize) -> Result<Self, AvError> {
        let ends = Ends { source: "buffer", sink: "buffersink" };
        let sar = if of.sar.num > 0 && of.sar.den > 0 { of.sar } else { Ratio { num: 1, den: 1 } };
        let arguments = format!(
            "video_size={}x{}:pix_fmt={}:time_base=1/1000000:pixel_aspect={}/{}",
            of.width, of.height, of.format, sar.num, sar.den
        );
        Graph::build(&ends, &arguments, text, outputs, threads as i32).map(VideoGraph)
    }

    pub(crate) fn push(&mut self, frame: &Frame) -> Result<(), AvError> {
        self.0.push(frame)
    }

    /// Ends the input at a time in microseconds.
    pub(crate) fn close(&mut self, end: i64) -> Result<(), AvError> {
        self.0.close(end)
    }

    pub(crate) fn pull(&mut self, output: usize, frame: &mut Frame) -> Result<Pull, AvError> {
        self.0.pull(output, frame)
    }

    pub(crate) fn time_base(&self, output: usize) -> Ratio {
        self.0.time_base(output)
    }
}

/// Sound through filters, always to mono planar float.
pub(crate) struct AudioGraph(Graph);

impl AudioGraph {
    /// Builds the graph for sound shaped like this decoded frame. `time_base` is that of the frame's timestamps.
    pub(crate) fn build(of: &Frame, time_base: Ratio, text: &str) -> Result<Self, AvError> {
        let raw = of.raw();
        let channels = raw.ch_layout.nb_channels;
        let arguments = format!(
            "sample_rate={}:sample_fmt={}:channels={channels}:time_base={}/{}",
            raw.sample_rate, raw.format, time_base.num, time_base.den
        );
        let ends = Ends { source: "abuffer", sink: "abuffersink" };
        // SAFETY: reads the layout of a valid frame; the text buffer is sized and ended by FFmpeg.
        let layout = unsafe {
            let mut text = [0 as libc::c_char; 128];
            let native = sys::av_channel_layout_check(&raw.ch_layout) == 1
                && sys::av_channel_layout_describe(&raw.ch_layout, text.as_mut_ptr(), text.len()) > 0;
            native.then(|| std::ffi::CStr::from_ptr(text.as_ptr()).to_string_lossy().into_owned())
        };
        let arguments = match layout {
            Some(layout) if !layout.contains("channels") => format!("{arguments}:channel_layout={layout}"),
            Some(_) | None => arguments,
        };
        Graph::build(&ends, &arguments, text, 1, 1).map(AudioGraph)
    }

    /// Makes each output exactly as long as the encoder wants it.
    pub(crate) fn set_frame_size(&mut self, samples: u32) {
        // SAFETY: the sink belongs to this graph.
        unsafe { sys::av_buffersink_set_frame_size(self.0.sinks[0], samples) };
    }

    pub(crate) fn push(&mut self, frame: &Frame) -> Result<(), AvError> {
        self.0.push(frame)
    }

    pub(crate) fn close(&mut self, end: i64) -> Result<(), AvError> {
        self.0.close(end)
    }

    pub(crate) fn pull(&mut self, frame: &mut Frame) -> Result<Pull, AvError> {
        self.0.pull(0, frame)
    }
}
