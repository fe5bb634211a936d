//! The fragmented copies of a long clip, for HLS.

use super::files::{Rendition, renditions};
use crate::db::{Conn, Tx, query};
use crate::ids::{RenditionId, VersionId};
use crate::store::BlobKey;

/// In a stored playlist this stands for the address of the fragmented file.
pub(super) const FILE_MARK: &str = "{file}";

/// One rendition in fragments.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Stream {
    /// Which rendition.
    pub rung: String,
    /// Where it lies.
    pub storage_key: BlobKey,
    /// Its media playlist, with a mark where the address belongs.
    playlist: String,
    /// The highest rate of any segment, bits per second.
    pub peak: i64,
}

impl Stream {
    /// The media playlist of byte ranges.
    pub fn media_playlist(&self) -> String {
        self.playlist.replace(FILE_MARK, &super::media_url(self.storage_key))
    }
}

/// The streams of a version with their renditions, smallest first; none for clips of up to ninety seconds.
pub async fn streams(conn: &mut impl Conn, version: VersionId) -> sqlx::Result<Vec<(Stream, Rendition)>> {
    let kept: Vec<Stream> =
        query("SELECT rung, storage_key, playlist, peak FROM stream WHERE version_id = $1 ORDER BY rung")
            .bind(version)
            .all(conn)
            .await?;
    let sizes = renditions(conn, version).await?;
    let of_size = |size: Rendition| {
        let stream = kept.iter().find(|stream| stream.rung == size.rung)?.clone();
        Some((stream, size))
    };
    Ok(sizes.into_iter().filter_map(of_size).collect())
}

/// The address of the playlist over all sizes, for a version that has streams.
pub async fn stream_url(conn: &mut impl Conn, version: VersionId) -> sqlx::Result<Option<String>> {
    let count: i64 =
        query("SELECT COUNT(*) FROM stream WHERE version_id = $1").bind(version).value(conn).await?;
    Ok((count > 0).then(|| format!("/media/streams/{version}/main.m3u8")))
}

/// A stream that waits for its row.
pub(super) struct NewStream {
    pub(super) rung: String,
    pub(super) storage_key: BlobKey,
    pub(super) playlist: String,
    pub(super) peak: i64,
}

pub(super) async fn insert_stream(tx: &mut Tx, version: VersionId, stream: NewStream) -> sqlx::Result<()> {
    let now = tx.now();
    query(
        "INSERT INTO stream (id, version_id, rung, storage_key, playlist, peak) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(RenditionId::new(now))
    .bind(version)
    .bind(stream.rung)
    .bind(stream.storage_key)
    .bind(stream.playlist)
    .bind(stream.peak)
    .execute(tx)
    .await?;
    Ok(())
}

/// Gives a version the streams of another whose video it shares.
pub(super) async fn copy_streams(tx: &mut Tx, from: VersionId, to: VersionId) -> sqlx::Result<()> {
    for (stream, _) in streams(tx, from).await? {
        let Stream { rung, storage_key, playlist, peak } = stream;
        insert_stream(tx, to, NewStream { rung, storage_key, playlist, peak }).await?;
    }
    Ok(())
}
