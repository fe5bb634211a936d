//! Opening the clear text: possible while it is kept, for those who need it, and always on record.

use super::claim;
use super::intake::purpose;
use super::row::{self};
use super::{QuestionProblem, access, message};
use crate::app::App;
use crate::audit::{Actor, Entry};
use crate::db::{Tx, query};
use crate::ids::QuestionId;
use crate::people::{Permission, Staff};
use crate::refusal::refuse;
use serde_json::json;

/// What was sealed. Never logged, stored or put into a URL.
#[derive(Clone, PartialEq, Eq)]
pub struct Clear {
    /// What the asker wrote, without codes and passwords.
    pub text: Option<String>,
    /// What the asker wrote later, oldest first.
    pub later: Vec<String>,
    /// How to reach the asker.
    pub contact: Option<String>,
    /// The thread, as the channel names it.
    pub thread: Option<String>,
}

/// Opens the sealed parts for whoever works on the question, or a supervisor. The record is written first: what could
/// not be recorded is not shown.
pub async fn reveal(app: &App, staff: &Staff, id: QuestionId) -> anyhow::Result<Clear> {
    let mut tx = app.db.begin().await?;
    if staff.role.may(Permission::SuperviseDesk) {
        let question = row::get(&mut tx, id).await?;
        access::check(&mut tx, staff, &question).await?;
    } else {
        claim::mine(&mut tx, staff, id).await?;
    }
    let clear = open(&mut tx, app, id).await?;
    tx.record(Entry::new(Actor::Staff(staff.id), "question.revealed", "question", id).with(json!({})));
    tx.commit().await?;
    Ok(clear)
}

async fn open(tx: &mut Tx, app: &App, id: QuestionId) -> anyhow::Result<Clear> {
    type Sealed = Option<Vec<u8>>;
    let (text, contact, thread): (Sealed, Sealed, Sealed) =
        query("SELECT clear_sealed, contact_sealed, thread_sealed FROM question WHERE id = $1")
            .bind(id)
            .one(tx)
            .await?;
    let later = message::clear(tx, &app.sealer, id).await?;
    if text.is_none() && contact.is_none() && thread.is_none() && later.is_empty() {
        return Err(refuse(QuestionProblem::ClearTextGone));
    }
    let unseal = |part: &str, sealed: Sealed| -> anyhow::Result<Option<String>> {
        let opened = sealed.map(|sealed| app.sealer.open(&purpose(part, id), &sealed)).transpose()?;
        Ok(opened.map(String::from_utf8).transpose()?)
    };
    Ok(Clear {
        text: unseal("text", text)?,
        later,
        contact: unseal("contact", contact)?,
        thread: unseal("thread", thread)?,
    })
}
