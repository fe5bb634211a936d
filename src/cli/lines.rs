//! Reading and writing JSON lines for the offline verbs.

use anyhow::Context;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;

/// Reads one value a line; empty lines are passed over. The error names the file and the line.
pub(super) fn read<T: DeserializeOwned>(path: &Path) -> anyhow::Result<Vec<T>> {
    let file = std::fs::File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
    let mut values = Vec::new();
    for (index, line) in BufReader::new(file).lines().enumerate() {
        let place = || format!("{}, line {}", path.display(), index + 1);
        let line = line.with_context(place)?;
        if !line.trim().is_empty() {
            values.push(serde_json::from_str(&line).with_context(place)?);
        }
    }
    Ok(values)
}

/// Writes one value a line.
pub(super) fn write<T: Serialize>(path: &Path, values: &[T]) -> anyhow::Result<()> {
    let file = std::fs::File::create(path).with_context(|| format!("cannot create {}", path.display()))?;
    let mut out = BufWriter::new(file);
    for value in values {
        serde_json::to_writer(&mut out, value).context("cannot write a result")?;
        out.write_all(b"\n").context("cannot write a result")?;
    }
    out.flush().context("cannot write the results")
}
