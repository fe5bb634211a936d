//! "Give your code to nobody": the warning with its signed clip, playable where it stands.

use super::visitor::Visitor;
use super::{shown, watch};
use crate::questions::Safety;
use crate::web::AppError;
use crate::web::player::Player;

/// The warning for somebody who wrote a code or tells of a fraud.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Warning {
    /// The signed warning, if one is published.
    pub(crate) player: Option<Player>,
    /// The page of the clip; empty without one.
    pub(crate) href: String,
}

impl Warning {
    /// The warning that a question asks for; none for most.
    pub(super) async fn of(visitor: &Visitor, safety: Option<Safety>) -> Result<Option<Self>, AppError> {
        let Some(safety) = safety else { return Ok(None) };
        let Some(slug) = safety.clip_slug else {
            return Ok(Some(Self { player: None, href: String::new() }));
        };
        let mut read = visitor.app.db.read().await?;
        let clip = shown::current(&mut read, &slug).await?;
        let mut player = watch::player(visitor.t(), &clip, None);
        // An address of its own, beside the player of the answer.
        player.id = "safety".to_owned();
        Ok(Some(Self { player: Some(player), href: format!("/clips/{slug}") }))
    }
}
