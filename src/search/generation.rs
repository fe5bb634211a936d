//! The index folder: numbered generations and a small file that names the current one.
//!
//! A damaged or outdated generation is moved aside and replaced; a rebuild fills the next one while the old still
//! answers. Only the renaming of `CURRENT` makes a generation count.

use super::schema;
use super::tokenize::tokenizers;
use anyhow::{Context, bail};
use std::fs;
use std::path::{Path, PathBuf};
use tantivy::Index;

const CURRENT: &str = "CURRENT";
/// A file in each generation that says by which rules it was filled.
const CONTENT: &str = "CONTENT";
/// Raised when another choice of clips or texts is indexed: an index of other content is filled anew, like a damaged one.
/// 2: signed titles are left out.
const CONTENT_VERSION: &str = "2";

/// Opens the current generation, checked byte by byte. An error says why it cannot be trusted.
pub(super) fn open_current(home: &Path) -> anyhow::Result<(u64, Index)> {
    let name = fs::read_to_string(home.join(CURRENT)).context("no current generation")?;
    let number: u64 = name.trim().parse().context("unreadable name of the current generation")?;
    let mut index = Index::open_in_dir(folder(home, number)).context("cannot open the index")?;
    if index.schema() != schema::build().0 {
        bail!("the index was written by another version");
    }
    if fs::read_to_string(folder(home, number).join(CONTENT)).ok().as_deref() != Some(CONTENT_VERSION) {
        bail!("the index holds what another version chose");
    }
    let damaged = index.validate_checksum().context("cannot check the index")?;
    if !damaged.is_empty() {
        bail!("{} damaged index files", damaged.len());
    }
    index.set_tokenizers(tokenizers());
    Ok((number, index))
}

/// Creates the next generation, empty, without making it the current one.
pub(super) fn create_next(home: &Path) -> anyhow::Result<(u64, Index)> {
    fs::create_dir_all(home).context("cannot create the index folder")?;
    let number = highest(home)? + 1;
    let path = folder(home, number);
    fs::create_dir_all(&path).context("cannot create an index generation")?;
    let index = Index::builder()
        .schema(schema::build().0)
        .tokenizers(tokenizers())
        .create_in_dir(&path)
        .context("cannot create the index")?;
    fs::write(path.join(CONTENT), CONTENT_VERSION).context("cannot mark the index generation")?;
    Ok((number, index))
}

/// Makes a generation the current one, durably, and removes those that no longer count.
pub(super) fn make_current(home: &Path, number: u64) -> anyhow::Result<()> {
    let draft = home.join("CURRENT.new");
    fs::write(&draft, format!("{number}\n")).context("cannot name the index generation")?;
    fs::File::open(&draft)?.sync_all()?;
    fs::rename(&draft, home.join(CURRENT)).context("cannot switch the index generation")?;
    fs::File::open(home)?.sync_all()?;
    for old in numbers(home)?.filter(|old| *old != number) {
        // A reader may still hold files of the old one; on failure the next switch tries again.
        let _ = fs::remove_dir_all(folder(home, old));
    }
    Ok(())
}

/// Moves a generation that cannot be trusted out of the way; the last one is kept for inspection.
pub(super) fn move_aside(home: &Path) -> anyhow::Result<()> {
    let aside = home.join("damaged");
    if aside.exists() {
        fs::remove_dir_all(&aside).context("cannot remove an older damaged index")?;
    }
    let Some(number) = fs::read_to_string(home.join(CURRENT)).ok().and_then(|name| name.trim().parse().ok())
    else {
        return Ok(());
    };
    fs::remove_file(home.join(CURRENT)).context("cannot retire the damaged index")?;
    let path = folder(home, number);
    if path.exists() {
        fs::rename(path, aside).context("cannot move the damaged index aside")?;
    }
    Ok(())
}

fn folder(home: &Path, number: u64) -> PathBuf {
    home.join(format!("g{number:06}"))
}

fn highest(home: &Path) -> anyhow::Result<u64> {
    Ok(numbers(home)?.max().unwrap_or(0))
}

fn numbers(home: &Path) -> anyhow::Result<impl Iterator<Item = u64>> {
    let entries = fs::read_dir(home).context("cannot read the index folder")?;
    Ok(entries.flatten().filter_map(|entry| entry.file_name().to_str()?.strip_prefix('g')?.parse().ok()))
}
