//! Where the signer stands in the picture, from the faces that were found.

use super::{Finding, Level, Thresholds, finding};
use crate::faces::{Framing, Seen};

/// Advice alone. A covered face is not found, so its absence is no more than a note.
pub(super) fn check(seen: Seen, limits: &Thresholds, found: &mut Vec<Finding>) {
    let Framing { crowded, height, headroom, off_centre, contrast } = match seen {
        Seen::Unknown => return,
        Seen::None => return found.push(finding("no_face", Level::Info, 0.0)),
        Seen::Face(framing) => framing,
    };
    if crowded {
        found.push(finding("many_faces", Level::Warn, 2.0));
    }
    if height < limits.face_height_least {
        found.push(finding("face_far", Level::Warn, height * 100.0));
    } else if height > limits.face_height_most {
        found.push(finding("face_near", Level::Warn, height * 100.0));
    }
    if headroom < limits.headroom_least {
        found.push(finding("headroom", Level::Warn, headroom * 100.0));
    }
    if off_centre > limits.off_centre_most {
        found.push(finding("off_centre", Level::Warn, off_centre * 100.0));
    }
    if contrast < limits.face_contrast_least {
        found.push(finding("face_contrast", Level::Warn, contrast));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn framing_is_advice() {
        let good = Framing { crowded: false, height: 0.15, headroom: 0.12, off_centre: 0.05, contrast: 60.0 };
        let see = |seen| {
            let mut found = Vec::new();
            check(seen, &Thresholds::default(), &mut found);
            found.into_iter().map(|finding| (finding.code, finding.level)).collect::<Vec<_>>()
        };
        let one = |code: &str, level| vec![(code.to_owned(), level)];
        let framed = |framing| see(Seen::Face(framing));
        assert_eq!(see(Seen::Unknown), []);
        assert_eq!(framed(good), []);
        assert_eq!(see(Seen::None), one("no_face", Level::Info));
        assert_eq!(framed(Framing { crowded: true, ..good }), one("many_faces", Level::Warn));
        assert_eq!(framed(Framing { height: 0.07, ..good }), one("face_far", Level::Warn));
        assert_eq!(framed(Framing { height: 0.31, ..good }), one("face_near", Level::Warn));
        assert_eq!(framed(Framing { headroom: 0.04, ..good }), one("headroom", Level::Warn));
        assert_eq!(framed(Framing { off_centre: 0.21, ..good }), one("off_centre", Level::Warn));
        assert_eq!(framed(Framing { contrast: 24.0, ..good }), one("face_contrast", Level::Warn));
    }
}
