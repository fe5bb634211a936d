//! The reliability curve as an SVG: what the matcher promised against what people found.

use crate::questions::Bin;
use crate::web::i18n::Lang;
use crate::web::present::percent;

/// The plot's square in SVG units, and the room for the numbers around it.
const SIDE: f64 = 300.0;
const MARGIN: f64 = 52.0;

/// One point of the curve, ready to be drawn. A larger circle stands for more questions.
pub(super) struct Point {
    pub(super) x: String,
    pub(super) y: String,
    pub(super) radius: String,
    /// For people who do not see the plot.
    pub(super) text: String,
}

/// A line of the grid with its number.
pub(super) struct Tick {
    pub(super) at: String,
    pub(super) across: String,
    pub(super) text: String,
}

/// The whole plot.
pub(super) struct Curve {
    pub(super) points: Vec<Point>,
    pub(super) line: String,
    pub(super) ticks: Vec<Tick>,
}

/// Draws the bars that hold questions. The plot is not mirrored in Arabic: numbers grow to the right.
pub(super) fn curve(lang: Lang, bins: &[Bin]) -> Curve {
    let most = bins.iter().map(|bin| bin.count).max().unwrap_or(1).max(1) as f64;
    let filled = bins.iter().filter(|bin| bin.count > 0);
    let points: Vec<Point> = filled
        .map(|bin| Point {
            x: number(across(bin.promised)),
            y: number(down(bin.kept)),
            radius: number(4.0 + 8.0 * (bin.count as f64 / most).sqrt()),
            text: format!("{} ← {} ({})", percent(lang, bin.promised), percent(lang, bin.kept), bin.count),
        })
        .collect();
    let line = points.iter().map(|point| format!("{},{}", point.x, point.y)).collect::<Vec<_>>().join(" ");
    let ticks = [0.0, 0.25, 0.5, 0.75, 1.0].map(|share| Tick {
        at: number(down(share)),
        across: number(across(share)),
        text: percent(lang, share),
    });
    Curve { points, line, ticks: ticks.into_iter().collect() }
}

fn across(share: f64) -> f64 {
    MARGIN + share * SIDE
}

fn down(share: f64) -> f64 {
    12.0 + (1.0 - share) * SIDE
}

fn number(value: f64) -> String {
    format!("{value:.1}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_perfect_promise_lies_on_the_diagonal_and_empty_bars_are_left_out() {
        let bins = [
            Bin { count: 4, promised: 0.25, kept: 0.25 },
            Bin::default(),
            Bin { count: 1, promised: 1.0, kept: 1.0 },
        ];
        let curve = curve(Lang::En, &bins);
        assert_eq!(curve.points.len(), 2);
        assert_eq!((curve.points[1].x.as_str(), curve.points[1].y.as_str()), ("352.0", "12.0"));
        assert_eq!((curve.ticks[1].across.as_str(), curve.ticks[1].at.as_str()), ("127.0", "237.0"));
        assert_eq!(curve.line, "127.0,237.0 352.0,12.0");
    }
}
