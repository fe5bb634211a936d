//! Saving the words of a clip.

use super::editor::{Overlay, parse, render};
use super::fields::{Offer, TextForm};
use super::upload::change_of;
use crate::catalog::{self, AliasOrigin, By};
use crate::db::Tx;
use crate::ids::ClipId;
use crate::people::Permission;
use crate::refusal::{Refusal, refuse};
use crate::web::AppError;
use crate::web::preferences::see_other;
use crate::web::staff::{Visit, ruled};
use axum::extract::{Form, Path};
use axum::response::Response;

/// `POST /studio/clips/{id}/text`.
pub(super) async fn save(
    visit: Visit,
    Path(id): Path<String>,
    Form(form): Form<TextForm>,
) -> Result<Response, AppError> {
    visit.require(Permission::Produce)?;
    let id = parse(&id)?;
    let mut tx = visit.app.db.begin().await?;
    let offer = Offer::load(&mut tx, visit.app.clock.now()).await?;
    match ruled(write(&mut tx, &visit, id, &form, &offer).await)? {
        Ok(()) => {
            tx.commit().await?;
            Ok(see_other(&format!("/studio/clips/{id}#texts"), "notice-edit-text-saved"))
        }
        Err(refusal) => {
            drop(tx);
            let overlay = Overlay { text: Some(form), ..Overlay::refused(&visit, &refusal) };
            render(&visit, id, overlay).await
        }
    }
}

async fn write(tx: &mut Tx, visit: &Visit, id: ClipId, form: &TextForm, offer: &Offer) -> anyhow::Result<()> {
    let by = By::Staff(&visit.caller.staff);
    if catalog::clip(tx, id).await?.is_none() {
        return Err(refuse(Refusal::not_found()));
    }
    // The words that the editor saw, not the clip's counter: processing goes on while somebody writes.
    let present = catalog::latest_version(tx, id).await?;
    if present.hashes.text != form.seen {
        return Err(refuse(Refusal::stale()));
    }
    if form.service_id(&offer.services).is_none() {
        let ar = "اختر الخدمة.";
        return Err(refuse(Refusal::invalid("service", "service.missing", ar, "Choose the service.")));
    }
    catalog::edit_text(tx, by, id, None, change_of(form, offer)).await?;
    write_aliases(tx, by, id, &form.aliases).await
}

/// The list becomes what the form says: new lines are added, missing ones removed.
async fn write_aliases(tx: &mut Tx, by: By<'_>, id: ClipId, text: &str) -> anyhow::Result<()> {
    let wanted: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let present = catalog::aliases(tx, id).await?;
    for alias in present.iter().filter(|alias| !wanted.contains(&alias.text_ar.as_str())) {
        catalog::remove_alias(tx, by, id, alias.id).await?;
    }
    for line in wanted.into_iter().filter(|line| present.iter().all(|alias| alias.text_ar != **line)) {
        catalog::add_alias(tx, by, id, line, AliasOrigin::Editor).await?;
    }
    Ok(())
}
