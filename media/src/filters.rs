//! The text of the picture filter graph: interlacing, colour, uprightness, then one branch for each size.

use crate::av::{Colour, Geometry};
use crate::fields::Fields;
use crate::geometry::{Size, Turn};

/// SMPTE ST 2084 (PQ) and ARIB STD-B67 (HLG): the two transfer curves of HDR video.
const PQ: i32 = 16;
const HLG: i32 = 18;

/// What must happen to every picture before it is scaled.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Treatment {
    pub(crate) fields: Fields,
    pub(crate) colour: Colour,
    pub(crate) turn: Turn,
}

pub(crate) fn is_hdr(colour: Colour) -> bool {
    matches!(colour.transfer, PQ | HLG)
}

/// Where a picture goes: it fills a size, or stands in the middle of it between black bars.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) size: Size,
    pub(crate) picture: Size,
}

impl Place {
    pub(crate) fn whole(size: Size) -> Place {
        Place { size, picture: size }
    }

    /// For a picture of this shape.
    pub(crate) fn fitting(size: Size, picture: Size) -> Place {
        Place { size, picture: size.fitted(picture) }
    }

    fn bars(self) -> String {
        let Place { size, picture } = self;
        let (left, top) = ((size.width - picture.width) / 4 * 2, (size.height - picture.height) / 4 * 2);
        let bars = format!(",pad={}:{}:{left}:{top}:black", size.width, size.height);
        if picture == size { String::new() } else { bars }
    }
}

/// The whole graph, from `[in]` to `[out0]`, `[out1]` and so on, one for each place, all BT.709 limited 4:2:0.
pub(crate) fn graph(treatment: &Treatment, of: Geometry, places: &[Place]) -> String {
    let sizes: Vec<Size> = places.iter().map(|place| place.picture).collect();
    let mut text = String::from("[in]");
    if treatment.fields.interlaced() {
        // One picture for each field: 50i becomes 50p, so no movement is lost.
        let parity = treatment.fields.parity();
        text.push_str(&format!("bwdif=mode=send_field:parity={parity}:deint=all,"));
    }
    if is_hdr(treatment.colour) {
        text.push_str(&tone_mapping(treatment, &sizes));
    }
    text.push_str(treatment.turn.filters());
    let mut colours = scale_colour(treatment.colour, of);
    if sizes.len() > 1 && source_matrix(treatment.colour, of) != BT709 {
        // The scaler goes through RGB to change the matrix, which costs more than all scaling: once, at the largest size.
        let Size { width, height } = largest(&sizes);
        text.push_str(&format!("scale={width}:{height}:flags=bicubic:{colours},format=yuv420p,"));
        colours = format!("in_color_matrix={BT709}:out_color_matrix={BT709}:in_range=tv:out_range=tv");
    }
    let branches: String = (0..sizes.len()).map(|n| format!("[s{n}]")).collect();
    text.push_str(&format!("split={}{branches}", sizes.len()));
    for (n, place) in places.iter().enumerate() {
        let Size { width, height } = place.picture;
        let bars = place.bars();
        text.push_str(&format!(
            ";[s{n}]scale={width}:{height}:flags=bicubic:{colours},setsar=1,format=yuv420p{bars}[out{n}]"
        ));
    }
    text
}

fn largest(sizes: &[Size]) -> Size {
    let largest = sizes.iter().max_by_key(|size| size.short_side()).copied();
    largest.unwrap_or(Size { width: 1920, height: 1080 })
}

/// The graph of the probe: one small picture is enough to judge by.
pub(crate) fn small_graph(treatment: &Treatment, of: Geometry, size: Size) -> String {
    let colour = scale_colour(treatment.colour, of);
    let turn = treatment.turn.filters();
    let (width, height) = stored_way_round(treatment.turn, size);
    // Small first: turning costs by the pixel.
    format!("[in]scale={width}:{height}:flags=fast_bilinear:{colour},{turn}setsar=1,format=yuv420p[out0]")
}

/// Width and height of an upright size before it is turned.
fn stored_way_round(turn: Turn, size: Size) -> (u32, u32) {
    if turn.swaps_sides() { (size.height, size.width) } else { (size.width, size.height) }
}

/// The light of a white wall or a sheet of paper in HDR video (ITU-R BT.2408), in candela per square metre.
const REFERENCE_WHITE: f64 = 203.0;
/// The brightest light that is still told apart; what is brighter is white.
const BRIGHTEST: f64 = 1000.0;
/// Up to this share of white nothing is changed, above it highlights are drawn together: faces and hands keep the light
/// that they were recorded with.
const UNCHANGED: f64 = 0.5;

/// Reduces to the largest size first: tone mapping works in floating point and costs by the pixel.
fn tone_mapping(treatment: &Treatment, sizes: &[Size]) -> String {
    let (width, height) = stored_way_round(treatment.turn, largest(sizes));
    let transfer = if treatment.colour.transfer == HLG { "arib-std-b67" } else { "smpte2084" };
    let range = if treatment.colour.range == 2 { "full" } else { "limited" };
    let peak = BRIGHTEST / REFERENCE_WHITE;
    format!(
        "zscale=w={width}:h={height}:tin={transfer}:pin=bt2020:min=bt2020nc:rin={range}:t=linear:npl={REFERENCE_WHITE},\
         format=gbrpf32le,zscale=p=bt709,tonemap=tonemap=mobius:param={UNCHANGED}:peak={peak:.3}:desat=0,\
         zscale=t=bt709:m=bt709:p=bt709:r=limited,format=yuv420p,"
    )
}

/// What the scaler is told about colours, so that every output is BT.709 in limited range.
fn scale_colour(colour: Colour, of: Geometry) -> String {
    let matrix = source_matrix(colour, of);
    // The scaler knows full-range pixel formats (yuvj420p) by itself; a tag on a plain format must be passed on. Tone
    // mapping has left limited range.
    let range = match colour.range {
        _ if is_hdr(colour) => ":in_range=tv",
        2 => ":in_range=pc",
        _ => "",
    };
    format!("in_color_matrix={matrix}:out_color_matrix={BT709}{range}:out_range=tv")
}

const BT709: &str = "bt709";

/// The scaler's name for the matrix of the pictures that reach it.
fn source_matrix(colour: Colour, of: Geometry) -> &'static str {
    match colour.matrix {
        _ if is_hdr(colour) => BT709,
        1 => BT709,
        4 => "fcc",
        5 | 6 => "bt601",
        7 => "smpte240m",
        9 | 10 => "bt2020",
        // Not said: what players assume, by size.
        _ if of.width >= 1280 || of.height > 576 => BT709,
        _ => "bt601",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::av::Ratio;

    const SD: Geometry = Geometry { width: 640, height: 480, format: 0, sar: Ratio { num: 1, den: 1 } };

    fn plain() -> Treatment {
        Treatment { fields: Fields::Progressive, colour: Colour::default(), turn: Turn::None }
    }

    #[test]
    fn one_decode_feeds_every_size() {
        let sizes = [Size { width: 480, height: 360 }, Size { width: 640, height: 480 }];
        let text = graph(&plain(), SD, &sizes.map(Place::whole));
        let start =
            "[in]scale=640:480:flags=bicubic:in_color_matrix=bt601:out_color_matrix=bt709:out_range=tv,";
        assert!(text.starts_with(start), "{text}");
        assert!(text.contains(",split=2[s0][s1];[s0]scale=480:360") && text.contains("[out1]"), "{text}");
        assert_eq!(text.matches("bt601").count(), 1, "the matrix is changed once: {text}");
    }

    #[test]
    fn high_definition_needs_no_change_of_colours() {
        let full = Geometry { width: 1920, height: 1080, ..SD };
        let sizes = [Size { width: 640, height: 360 }, Size { width: 1920, height: 1080 }];
        let text = graph(&plain(), full, &sizes.map(Place::whole));
        assert!(text.starts_with("[in]split=2[s0][s1];[s0]scale=640:360"), "{text}");
    }

    #[test]
    fn only_what_a_source_needs_is_in_its_graph() {
        let sizes = [Place::whole(Size { width: 360, height: 640 })];
        let hdr = Colour { transfer: PQ, ..Colour::default() };
        let all =
            graph(&Treatment { fields: Fields::TopFirst, colour: hdr, turn: Turn::Clockwise90 }, SD, &sizes);
        assert!(
            all.contains("bwdif=mode=send_field")
                && all.contains("tonemap")
                && all.contains("transpose=clock")
        );
        assert!(all.contains("zscale=w=640:h=360"), "scaled before it is turned: {all}");
        let none = graph(&plain(), SD, &sizes);
        assert!(!none.contains("pad="));
        let tall = Place::fitting(Size { width: 640, height: 480 }, Size { width: 480, height: 640 });
        let barred = graph(&plain(), SD, &[tall]);
        assert!(
            barred.contains("scale=360:480") && barred.contains("pad=640:480:140:0:black[out0]"),
            "{barred}"
        );
        assert!(!none.contains("bwdif") && !none.contains("tonemap") && !none.contains("transpose"));
    }
}
