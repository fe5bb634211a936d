use super::encoder::Encoder;
use super::{AvError, Frame, Options, Packet, Pull, check, sys};

/// One lossy WebP picture from rows of red, green and blue; `quality` from 0 to 100.
///
/// # Errors
/// When FFmpeg has no libwebp, or memory ran out.
pub(crate) fn webp(rgb: &[u8], width: u32, height: u32, quality: u8) -> Result<Vec<u8>, AvError> {
    let frame = bgra_frame(rgb, width, height)?;
    let (mut encoder, codec) = Encoder::allocate("libwebp")?;
    let context = encoder.context();
    (context.width, context.height) = (width as i32, height as i32);
    context.pix_fmt = sys::AVPixelFormat::AV_PIX_FMT_BGRA;
    context.time_base = sys::AVRational { num: 1, den: 1 };
    let quality = quality.to_string();
    // Method 2 of 6: a card is made in ten milliseconds and is three per cent larger than with the slowest.
    let mut options = Options::new(&[("quality", &quality), ("compression_level", "2")])?;
    // SAFETY: context and codec belong together; options live through the call.
    check(unsafe { sys::avcodec_open2(context, codec, &mut options.0) })?;
    encoder.send(Some(&frame))?;
    encoder.send(None)?;
    let mut packet = Packet::new()?;
    match encoder.receive(&mut packet)? {
        Pull::Ready => Ok(packet.bytes().to_vec()),
        Pull::NeedsInput | Pull::Ended => Err(AvError(sys::AVERROR_UNKNOWN)),
    }
}

fn bgra_frame(rgb: &[u8], width: u32, height: u32) -> Result<Frame, AvError> {
    let mut frame = Frame::new()?;
    // SAFETY: a new frame gets its own buffer of the size just written; each row stays within its line size.
    unsafe {
        let raw = &mut *frame.as_mut_ptr();
        (raw.width, raw.height) = (width as i32, height as i32);
        raw.format = sys::AVPixelFormat::AV_PIX_FMT_BGRA as i32;
        check(sys::av_frame_get_buffer(raw, 0))?;
        for (y, row) in rgb.chunks_exact(width as usize * 3).take(height as usize).enumerate() {
            let line = raw.data[0].add(y * raw.linesize[0] as usize);
            let out = std::slice::from_raw_parts_mut(line, width as usize * 4);
            for (pixel, rgb) in out.chunks_exact_mut(4).zip(row.chunks_exact(3)) {
                pixel.copy_from_slice(&[rgb[2], rgb[1], rgb[0], 255]);
            }
        }
    }
    Ok(frame)
}
