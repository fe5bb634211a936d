//! The child names the files it made. A child that was taken over could name any file: only plain names of regular
//! files in its own folder are believed.

use media::job::Outcome;
use std::path::Path;

/// Checks every file that an outcome names.
pub(super) fn check(outcome: &Outcome, folder: &Path) -> anyhow::Result<()> {
    match outcome {
        Outcome::Probe(_) | Outcome::Walls(_) => Ok(()),
        Outcome::Still(still) => {
            [&still.picture, &still.picture_small].into_iter().try_for_each(|name| check_one(name, folder))
        }
        Outcome::Transcoded(result) => {
            let renditions = result.renditions.iter().map(|rendition| &rendition.file);
            let candidates = result.poster_candidates.iter().map(|candidate| &candidate.file);
            let fixed = [
                &result.poster,
                &result.poster_small,
                &result.preview,
                &result.storyboard,
                &result.storyboard_vtt,
            ];
            renditions.chain(candidates).chain(fixed).try_for_each(|name| check_one(name, folder))
        }
    }
}

fn check_one(name: &str, folder: &Path) -> anyhow::Result<()> {
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
