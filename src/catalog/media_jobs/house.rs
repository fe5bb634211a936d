//! What the house's own approved clips say about how sharp a picture should be.

use crate::db::{Conn, query};
use media::ProbeReport;

/// A young house has no measure: below this many clips the lowest twentieth is nobody.
const AT_LEAST: usize = 20;
/// Published versions looked at, latest first.
const AT_MOST: i64 = 400;

/// The sharpness that nineteen of twenty published clips reach (`reference/deaf-users.md` 1.1); nothing while there are
/// too few of them.
pub(super) async fn sharpness_floor(conn: &mut impl Conn) -> sqlx::Result<Option<f64>> {
    let probes: Vec<(String,)> =
        query("SELECT probe FROM clip_version WHERE state = 'published' ORDER BY id DESC LIMIT $1")
            .bind(AT_MOST)
            .all(conn)
            .await?;
    let videos = probes.iter().filter_map(|(probe,)| serde_json::from_str::<ProbeReport>(probe).ok()?.video);
    Ok(lowest_twentieth(videos.map(|video| video.sharpness).collect()))
}

fn lowest_twentieth(mut sharpness: Vec<f64>) -> Option<f64> {
    sharpness.sort_by(f64::total_cmp);
    (sharpness.len() >= AT_LEAST).then(|| sharpness[sharpness.len() / 20])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_floor_is_the_lowest_twentieth_of_enough_clips() {
        assert_eq!(lowest_twentieth((0..19).map(f64::from).collect()), None);
        assert_eq!(lowest_twentieth((0..20).rev().map(f64::from).collect()), Some(1.0));
        assert_eq!(lowest_twentieth((0..100).map(f64::from).collect()), Some(5.0));
    }
}
