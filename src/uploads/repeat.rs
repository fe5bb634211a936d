//! `Idempotency-Key` for the creation of uploads: a sender that did not hear our answer asks again with the same key and
//! gets the upload that it began the first time.

use super::{NewUpload, UploadProblem};
use crate::db::{Tx, query};
use crate::ids::UploadId;
use crate::refusal::refuse;
use sha2::{Digest as _, Sha256};

/// A sender's name for one creation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepeatKey(String);

impl RepeatKey {
    /// 1 to 200 visible ASCII characters.
    pub fn parse(text: &str) -> Option<Self> {
        let fits = (1..=200).contains(&text.len()) && text.bytes().all(|byte| (b'!'..=b'~').contains(&byte));
        fits.then(|| Self(text.to_owned()))
    }
}

/// Notes under the sender's key that `id` begins; or finds the upload that began with it before. The same key for
/// something else is refused.
pub(super) async fn begin(tx: &mut Tx, new: &NewUpload, id: UploadId) -> anyhow::Result<Option<UploadId>> {
    let Some(key) = &new.repeat_key else { return Ok(None) };
    let now = tx.now();
    let scope = format!("upload:{}:{}", new.owner.kind(), new.owner.uuid().simple());
    let asked = Sha256::digest(format!("{:?}|{}", new.length, new.metadata.raw)).to_vec();
    let noted = query(
        "INSERT INTO idempotency (scope, idem_key, request_hash, status, content_type, location, body, created_at)
         VALUES ($1, $2, $3, 201, '', $4, $5, $6) ON CONFLICT (scope, idem_key) DO NOTHING",
    )
    .bind(scope.clone())
    .bind(key.0.clone())
    .bind(asked.clone())
    .bind(id.to_string())
    .bind(Vec::<u8>::new())
    .bind(now)
    .execute(tx)
    .await?;
    if noted == 1 {
        return Ok(None);
    }
    let (before, first): (Vec<u8>, String) =
        query("SELECT request_hash, location FROM idempotency WHERE scope = $1 AND idem_key = $2")
            .bind(scope)
            .bind(key.0.clone())
            .one(tx)
            .await?;
    if before != asked {
        return Err(refuse(UploadProblem::KeyReused));
    }
    Ok(Some(first.parse()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_short_visible_text() {
        assert!(RepeatKey::parse("c0ffee-1").is_some());
        for wrong in ["", "with space", "عربي", "line\nbreak", &"k".repeat(201)] {
            assert!(RepeatKey::parse(wrong).is_none(), "{wrong}");
        }
    }
}
