//! Vectors in the database, by the hash of their text and the name of the model: a rebuild computes none twice, and what
//! one node computed the others read.

use super::packed::Packed;
use crate::clock::Millis;
use crate::db::{Conn, Db, query};
use anyhow::Context;
use std::collections::{HashMap, HashSet};

/// BLAKE3 of a text.
pub(super) type TextHash = Vec<u8>;

/// Vectors read at once.
const PAGE: i64 = 2_000;
/// How long a vector that no published text has is kept: a withdrawn answer may return.
const UNUSED_MS: i64 = 30 * 24 * 3600 * 1000;

pub(super) fn hash(text: &str) -> TextHash {
    blake3::hash(text.as_bytes()).as_bytes().to_vec()
}

/// Which model's vectors, and how many numbers each has.
#[derive(Debug, Clone, Copy)]
pub(super) struct Of<'a> {
    pub(super) model: &'a str,
    pub(super) dimensions: usize,
}

impl Of<'_> {
    /// A row that is not a vector of the model counts as missing: it is computed and written anew.
    fn read(&self, hash: &TextHash, bytes: &[u8]) -> Option<Packed> {
        let vector = Packed::from_bytes(bytes, self.dimensions);
        if vector.is_none() {
            let text =
                blake3::Hash::from_slice(hash).map(|hash| hash.to_hex().to_string()).unwrap_or_default();
            tracing::warn!(text, bytes = bytes.len(), "a kept vector is damaged and will be computed anew");
        }
        vector
    }
}

/// All vectors of a model.
pub(super) async fn all(conn: &mut impl Conn, of: Of<'_>) -> anyhow::Result<HashMap<TextHash, Packed>> {
    let mut found = HashMap::new();
    let mut last: TextHash = Vec::new();
    loop {
        let rows: Vec<(Vec<u8>, Vec<u8>)> = query(
            "SELECT text_hash, vector FROM sentence_vector WHERE model = $1 AND text_hash > $2 ORDER BY text_hash LIMIT $3",
        )
        .bind(of.model.to_owned())
        .bind(last.clone())
        .bind(PAGE)
        .all(conn)
        .await
        .context("cannot read the kept vectors")?;
        let Some((newest, _)) = rows.last() else { return Ok(found) };
        last.clone_from(newest);
        found.extend(rows.into_iter().filter_map(|(hash, bytes)| {
            let vector = of.read(&hash, &bytes)?;
            Some((hash, vector))
        }));
    }
}

/// The vector of one text.
pub(super) async fn one(conn: &mut impl Conn, of: Of<'_>, hash: &TextHash) -> anyhow::Result<Option<Packed>> {
    let row: Option<(Vec<u8>,)> =
        query("SELECT vector FROM sentence_vector WHERE model = $1 AND text_hash = $2")
            .bind(of.model.to_owned())
            .bind(hash.clone())
            .optional(conn)
            .await
            .context("cannot read a kept vector")?;
    Ok(row.and_then(|(bytes,)| of.read(hash, &bytes)))
}

/// Keeps new vectors; another node may have been faster, with the same numbers, and a damaged row is
/// replaced.
pub(super) async fn keep(db: &Db, model: &str, new: &[(TextHash, Packed)]) -> anyhow::Result<()> {
    if new.is_empty() {
        return Ok(());
    }
    let mut tx = db.begin().await?;
    for (hash, vector) in new {
        query(
            "INSERT INTO sentence_vector (text_hash, model, vector, made_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (model, text_hash) DO UPDATE SET vector = excluded.vector, made_at = excluded.made_at",
        )
        .bind(hash.clone())
        .bind(model.to_owned())
        .bind(vector.to_bytes())
        .bind(tx.now())
        .execute(&mut tx)
        .await
        .context("cannot keep a vector")?;
    }
    tx.commit().await.context("cannot keep the vectors")
}

/// Drops old vectors whose texts are not published any more, and those of other models.
pub(super) async fn drop_unused(
    db: &Db,
    model: &str,
    kept: impl Iterator<Item = &TextHash>,
    used: &HashSet<TextHash>,
) -> anyhow::Result<()> {
    let mut tx = db.begin().await?;
    let before = Millis(tx.now().0 - UNUSED_MS);
    for hash in kept.filter(|hash| !used.contains(*hash)) {
        query("DELETE FROM sentence_vector WHERE model = $1 AND text_hash = $2 AND made_at < $3")
            .bind(model.to_owned())
            .bind(hash.clone())
            .bind(before)
            .execute(&mut tx)
            .await?;
    }
    query("DELETE FROM sentence_vector WHERE model <> $1 AND made_at < $2")
        .bind(model.to_owned())
        .bind(before)
        .execute(&mut tx)
        .await?;
    tx.commit().await.context("cannot drop unused vectors")
}
