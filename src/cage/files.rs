//! The child names the files it made. A child that was taken over could name any file: only plain names of regular
//! files in its own folder are believed.

use media::job::Outcome;
use std::path::Path;

/// Checks every file that an outcome names.
pub(super) fn check(outcome: &Outcome, folder: &Path) -> anyhow::Result<()> {
    match outcome {
        Outcome::Walls(_) => Ok(()),
        Outcome::Probe(report) => pictures_of(&report.checks).try_for_each(|name| check_one(name, folder)),
        Outcome::Package(made) => check_one(&made.file, folder),
        Outcome::Still(still) => {
            let cards = still.cards.iter().map(|card| &card.file);
            cards.chain([&still.picture, &still.picture_small]).try_for_each(|name| check_one(name, folder))
        }
        Outcome::Transcoded(result) => {
            let renditions = result.renditions.iter().map(|rendition| &rendition.file);
            let streams = result.renditions.iter().filter_map(|rendition| rendition.stream.as_ref());
            let streams = streams.flat_map(|stream| [&stream.file, &stream.playlist]);
            let candidates = result.poster_candidates.iter().map(|candidate| &candidate.file);
            let cards = result.poster_candidates.iter().flat_map(|candidate| &candidate.cards);
            let cards = cards.chain(&result.cards).map(|card| &card.file);
            let fixed = [
                &result.poster,
                &result.poster_small,
                &result.preview,
                &result.storyboard,
                &result.storyboard_vtt,
            ];
            let pictures = candidates.chain(cards).chain(pictures_of(&result.checks)).chain(fixed);
            renditions.chain(streams).chain(pictures).try_for_each(|name| check_one(name, folder))
        }
    }
}

fn pictures_of(checks: &[media::Finding]) -> impl Iterator<Item = &String> {
    checks.iter().filter_map(|finding| finding.picture.as_ref())
}

pub(super) fn check_one(name: &str, folder: &Path) -> anyhow::Result<()> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.');
    anyhow::ensure!(
        name.chars().all(plain) && !name.starts_with('.') && (1..=64).contains(&name.len()),
        "the media job named a file that is not its own"
    );
    let kind = std::fs::symlink_metadata(folder.join(name))?.file_type();
    anyhow::ensure!(kind.is_file(), "the media job named something that is not a file");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_outside_the_folder_and_links_are_not_believed() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("saver-360.mp4"), b"x").unwrap();
        std::os::unix::fs::symlink("/etc/hostname", folder.path().join("link.mp4")).unwrap();
        assert!(check_one("saver-360.mp4", folder.path()).is_ok());
        for name in ["../saver-360.mp4", "/etc/hostname", "link.mp4", "", ".hidden", "missing.mp4", "a/b.mp4"]
        {
            assert!(check_one(name, folder.path()).is_err(), "{name}");
        }
    }
}
