//! Numbers, times and dates as people read them. The only place that formats any of them.

mod date;
mod mask;
mod number;
mod span;

pub use date::{DateText, clock_time, date, day_and_time};
pub use mask::{MaskedPiece, masked_pieces};
pub use number::{decimal, digits, file_size, percent};
pub use span::{ago, duration, span, time_left};
