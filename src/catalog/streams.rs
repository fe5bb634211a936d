//! The fragmented copies of a long clip, for HLS and DASH.

use super::files::{Rendition, renditions};
use crate::db::{Conn, Tx, query};
use crate::ids::{RenditionId, VersionId};
use crate::store::BlobKey;
use anyhow::{Context as _, ensure};
use std::ops::Range;

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

/// What a player fetches at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// Its bytes in the file.
    pub bytes: Range<u64>,
    /// How long it is shown, in microseconds.
    pub length_us: u64,
}

impl Stream {
    /// The address of the fragmented file.
    pub fn url(&self) -> String {
        super::media_url(self.storage_key)
    }

    /// The media playlist of byte ranges.
    pub fn media_playlist(&self) -> String {
        self.playlist.replace(FILE_MARK, &self.url())
    }

    /// The head of the file, which a player needs first, and its segments in order.
    ///
    /// # Errors
    /// A playlist that the media crate did not write.
    pub fn segments(&self) -> anyhow::Result<(Range<u64>, Vec<Segment>)> {
        segments(&self.playlist).with_context(|| format!("the playlist of {} is unreadable", self.rung))
    }
}

/// Reads the playlist of `media/src/transcode/stream.rs`.
fn segments(playlist: &str) -> anyhow::Result<(Range<u64>, Vec<Segment>)> {
    let (mut head, mut length_us, mut found) = (None, None, Vec::new());
    for line in playlist.lines() {
        if let Some((_, range)) =
            line.strip_prefix("#EXT-X-MAP:").and_then(|rest| rest.split_once("BYTERANGE="))
        {
            head = Some(byte_range(range.trim_matches('"'))?);
        } else if let Some(seconds) = line.strip_prefix("#EXTINF:") {
            let seconds: f64 = seconds.trim_end_matches(',').parse()?;
            length_us = Some((seconds * 1e6).round() as u64);
        } else if let Some(range) = line.strip_prefix("#EXT-X-BYTERANGE:") {
            let length_us = length_us.take().context("a segment without its length")?;
            found.push(Segment { bytes: byte_range(range)?, length_us });
        }
    }
    Ok((head.context("no head")?, found))
}

/// `length@offset`, as RFC 8216 writes ranges.
fn byte_range(text: &str) -> anyhow::Result<Range<u64>> {
    let (length, offset) = text.split_once('@').context("a range without its offset")?;
    let (length, offset): (u64, u64) = (length.parse()?, offset.parse()?);
    ensure!(length > 0, "a range of no bytes");
    Ok(offset..offset.checked_add(length).context("a range that has no end")?)
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

/// The address of the DASH manifest, for a version that has streams without sound.
pub fn dash_url(version: VersionId) -> String {
    format!("/media/streams/{version}/main.mpd")
}

/// The sign language of a version's clip.
pub async fn signed_in(conn: &mut impl Conn, version: VersionId) -> sqlx::Result<String> {
    query(
        "SELECT clip.sign_language FROM clip JOIN clip_version ON clip_version.clip_id = clip.id
         WHERE clip_version.id = $1",
    )
    .bind(version)
    .value(conn)
    .await
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_are_read_from_their_playlist() {
        let playlist = "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXT-X-MAP:URI=\"{file}\",BYTERANGE=\"100@0\"\n\
                        #EXTINF:4.000000,\n#EXT-X-BYTERANGE:200@100\n{file}\n#EXTINF:1.533333,\n\
                        #EXT-X-BYTERANGE:50@300\n{file}\n#EXT-X-ENDLIST\n";
        let segment = |bytes: Range<u64>, length_us| Segment { bytes, length_us };
        let both = vec![segment(100..300, 4_000_000), segment(300..350, 1_533_333)];
        assert_eq!(segments(playlist).unwrap(), (0..100, both));
        assert!(segments("#EXTM3U\n#EXT-X-BYTERANGE:200@100\n").is_err());
    }
}
