//! Who may see which blob. The answer from the rows is remembered for two seconds, and not beyond the next change that
//! this process commits.

use super::link;
use crate::app::App;
use crate::ids::StaffId;
use crate::people::Permission;
use crate::questions;
use crate::store::{Area, Audience, BlobKey, Reach, reach};
use crate::web::AppError;
use crate::web::who::Caller;
use axum::extract::OptionalFromRequestParts;
use axum::http::request::Parts;
use moka::future::Cache;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// Another process (PostgreSQL) may have withdrawn a clip: the answer is asked for again after this long.
const REMEMBERED: Duration = Duration::from_secs(2);
const REMEMBERED_BLOBS: u64 = 10_000;
/// A player asks for one video in many ranges: what one person asks for within this time is one viewing.
const ONE_VIEWING: Duration = Duration::from_secs(10 * 60);

/// How a blob may be handed out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Admission {
    /// To anybody; caches may keep it.
    Public,
    /// To this person only.
    Private,
}

/// Remembered answers, each with the count of changes at which it was read.
pub(super) struct Access {
    answers: Cache<BlobKey, (u64, Option<Reach>)>,
    viewings: Cache<(StaffId, BlobKey), ()>,
}

impl Access {
    pub(super) fn new() -> Self {
        let answers = Cache::builder().max_capacity(REMEMBERED_BLOBS).time_to_live(REMEMBERED).build();
        let viewings = Cache::builder().max_capacity(REMEMBERED_BLOBS).time_to_live(ONE_VIEWING).build();
        Self { answers, viewings }
    }

    /// Whether this request may have the blob, and how large it is; `None` hides even that it exists.
    pub(super) async fn admit(
        &self,
        app: &App,
        key: BlobKey,
        parts: &mut Parts,
    ) -> Result<Option<(Admission, u64)>, AppError> {
        let Some(reach) = self.reach_of(app, key).await? else { return Ok(None) };
        if reach.audience == Audience::Public {
            return Ok(Some((Admission::Public, reach.bytes)));
        }
        let admission = Some((Admission::Private, reach.bytes));
        if link::is_good(app, key, parts.uri.query()) {
            return Ok(admission);
        }
        let Some(caller) = caller(app, parts).await?.filter(|caller| is_insider(reach.audience, caller))
        else {
            return Ok(None);
        };
        if key.area == Area::Questions {
            self.record_viewing(app, caller.staff.id, key).await?;
        }
        Ok(admission)
    }

    /// Looking at a citizen's signed question goes on record, before the first byte: what cannot be recorded is not
    /// shown.
    async fn record_viewing(&self, app: &App, staff: StaffId, key: BlobKey) -> Result<(), AppError> {
        let recorded = questions::record_viewing(app, staff, key);
        let outcome = self.viewings.try_get_with((staff, key), recorded).await;
        outcome.map_err(|why| anyhow::anyhow!("a viewing was not recorded: {why:#}").into())
    }

    async fn reach_of(&self, app: &App, key: BlobKey) -> Result<Option<Reach>, AppError> {
        if key.area == Area::Originals {
            return Ok(None);
        }
        // Counted before the rows are read: a change in between makes the answer stale at once.
        let count = app.db.bells().changes_rung.load(Ordering::SeqCst);
        if let Some((at, answer)) = self.answers.get(&key).await
            && at == count
        {
            return Ok(answer);
        }
        let mut read = app.db.read().await?;
        let answer = reach(&mut read, key).await?;
        self.answers.insert(key, (count, answer)).await;
        Ok(answer)
    }
}

fn is_insider(audience: Audience, caller: &Caller) -> bool {
    match audience {
        Audience::Public => true,
        Audience::Studio => caller.may(Permission::ViewStudio),
        Audience::Desk => caller.may(Permission::ViewDesk),
        Audience::DeskWomen => caller.may(Permission::ViewDesk) && caller.staff.woman,
    }
}

/// A wrong token is nobody here: the answer must not tell that there is something to see.
async fn caller(app: &App, parts: &mut Parts) -> Result<Option<Caller>, AppError> {
    match <Caller as OptionalFromRequestParts<App>>::from_request_parts(parts, app).await {
        Ok(caller) => Ok(caller),
        Err(AppError::Refused(_)) => Ok(None),
        Err(broken @ AppError::Internal(_)) => Err(broken),
    }
}
