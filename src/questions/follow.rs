//! Following what changes: publications that answer open questions, lessons and the lexicon that the matcher uses.

use super::{brief, lessons, rematch};
use crate::app::App;
use crate::db::{Conn, query};
use crate::ids::AliasId;
use crate::matching::lexicon_book;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tracing::warn;

/// Follows the change feed until `stop`: a change wakes it, and it also looks by itself, for other processes write too.
pub async fn follow_publications(app: App, stop: CancellationToken) {
    const LOOK: Duration = Duration::from_secs(15);
    let (mut trained, mut looked_twice) = (None, false);
    while !stop.is_cancelled() {
        let bell = app.db.bells().changes.notified();
        if let Err(trouble) = brief::answer_briefs(&app).await {
            warn!(error = %format!("{trouble:#}"), "could not look for finished briefs");
        }
        if let Err(trouble) = rematch::queue_rematches(&app).await {
            warn!(error = %format!("{trouble:#}"), "could not look for questions that a new clip answers");
        }
        if !looked_twice {
            match rematch::queue_second_look(&app).await {
                Ok(queued) => looked_twice = queued,
                Err(trouble) => {
                    warn!(error = %format!("{trouble:#}"), "could not look again at what was matched by words");
                }
            }
        }
        if let Err(trouble) = refresh_matcher(&app, &mut trained).await {
            warn!(error = %format!("{trouble:#}"), "could not refresh what the matcher was taught");
        }
        tokio::select! {
            () = bell => {}
            () = tokio::time::sleep(LOOK) => {}
            () = stop.cancelled() => {}
        }
    }
}

/// The newest lesson, the newest one taken back, and the newest rejection: training again is due when one moved.
pub type Mark = (Option<AliasId>, Option<i64>, Option<i64>);

/// Brings the matcher of this process up to date with the lexicon and the lessons of the database.
pub async fn refresh_matcher(app: &App, trained: &mut Option<Mark>) -> anyhow::Result<()> {
    lexicon_book::refresh(&app.db, app.matcher.tuition()).await?;
    let mut read = app.db.read().await?;
    let mark = mark(&mut read).await?;
    drop(read);
    if *trained != Some(mark) {
        lessons::retrain(app).await?;
        *trained = Some(mark);
    }
    Ok(())
}

async fn mark(conn: &mut impl Conn) -> sqlx::Result<Mark> {
    let newest: Option<(AliasId,)> =
        query("SELECT id FROM clip_alias ORDER BY id DESC LIMIT 1").optional(conn).await?;
    let undone: Option<i64> = query("SELECT MAX(undone_at) FROM wording_undone").value(conn).await?;
    let rejected: Option<i64> =
        query("SELECT MAX(decided_at) FROM suggestion WHERE verdict = 'rejected'").value(conn).await?;
    Ok((newest.map(|row| row.0), undone, rejected))
}
