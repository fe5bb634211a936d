//! Whether the page of a clip offers its file for keeping: decided for each clip, for example as its signer wishes.

use super::by::By;
use super::clip::take_clip;
use crate::audit::Entry;
use crate::db::{Tx, query};
use crate::ids::ClipId;
use serde_json::json;

/// What a page offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Downloads {
    /// The file, for keeping.
    Offered,
    /// Watching only.
    NotOffered,
}

/// Says whether the file is offered. It shows at once and needs no review: nothing that was approved changes.
pub async fn set_downloads(tx: &mut Tx, by: By<'_>, id: ClipId, downloads: Downloads) -> anyhow::Result<()> {
    let clip = take_clip(tx, id, None).await?;
    let offered = downloads == Downloads::Offered;
    if clip.may_download == offered {
        return Ok(());
    }
    query("UPDATE clip SET may_download = $1 WHERE id = $2").bind(offered).bind(id).execute(tx).await?;
    tx.record(Entry::new(by.actor(), "clip.downloads", "clip", id).with(json!({ "offered": offered })));
    tx.changed("clip", id);
    Ok(())
}
