//! The way into a staff page: who is signed in and how they read. Whoever is not signed in is shown the login form and
//! comes back to the page afterwards.

use crate::app::App;
use crate::audit::Actor;
use crate::ids::StaffId;
use crate::people::Permission;
use crate::questions;
use crate::refusal::{Refusal, RefusalKind};
use crate::web::AppError;
use crate::web::i18n::Words;
use crate::web::layout::{StaffSection, StaffShell};
use crate::web::who::{Caller, Reader};
use axum::extract::{FromRef, FromRequestParts, OptionalFromRequestParts};
use axum::http::Method;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};

/// A signed-in person on a staff page.
#[derive(Clone)]
pub(crate) struct Visit {
    pub(crate) app: App,
    pub(crate) caller: Caller,
    pub(crate) reader: Reader,
    /// Late questions that were handed up to the supervisors; counted for them alone.
    handed_up: i64,
}

impl Visit {
    /// The words of the reader's language.
    pub(crate) fn t(&self) -> Words {
        Words::of(self.reader.lang)
    }

    /// Who it is.
    pub(crate) fn id(&self) -> StaffId {
        self.caller.staff.id
    }

    /// For the audit chain.
    pub(crate) fn actor(&self) -> Actor {
        self.caller.actor()
    }

    /// Whether the person may.
    pub(crate) fn may(&self, permission: Permission) -> bool {
        self.caller.may(permission)
    }

    /// Refuses with 403 unless the person may.
    pub(crate) fn require(&self, permission: Permission) -> Result<(), AppError> {
        self.caller.require(permission)
    }

    /// The frame of a page in `here`.
    pub(crate) fn shell(&self, here: StaffSection) -> StaffShell {
        let name = &self.caller.staff.display_name;
        let handed_up = self.handed_up;
        StaffShell { handed_up, ..StaffShell::new(&self.reader, name, self.caller.role(), here) }
    }

    /// What a rule said, in the reader's language.
    pub(crate) fn words_of(&self, refusal: &Refusal) -> String {
        self.reader.lang.pick(&refusal.ar, &refusal.en).to_owned()
    }
}

impl<S> FromRequestParts<S> for Visit
where
    App: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let Ok(reader) = Reader::from_request_parts(parts, state).await;
        let caller = <Caller as OptionalFromRequestParts<S>>::from_request_parts(parts, state).await;
        match caller.map_err(IntoResponse::into_response)? {
            Some(caller) => {
                let app = App::from_ref(state);
                let handed_up = handed_up(&app, &caller).await.map_err(IntoResponse::into_response)?;
                Ok(Self { app, caller, reader, handed_up })
            }
            None => Err(to_login(&parts.method, &reader).into_response()),
        }
    }
}

/// Supervisors are told on every page, wherever they work.
async fn handed_up(app: &App, caller: &Caller) -> Result<i64, AppError> {
    if !caller.may(Permission::SuperviseDesk) {
        return Ok(0);
    }
    let mut read = app.db.read().await?;
    Ok(questions::handed_up(&mut read, app.clock.now()).await?)
}

/// A form that was sent after the session ended cannot be repeated; its page can only be opened again.
fn to_login(method: &Method, reader: &Reader) -> Redirect {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    if method == Method::GET {
        query.append_pair("next", &reader.address);
    } else {
        query.append_pair("ended", "yes");
    }
    Redirect::to(&format!("/login?{}", query.finish()))
}

/// Separates a rule's "no", which the page explains, from what broke.
pub(crate) fn ruled<T>(outcome: anyhow::Result<T>) -> Result<Result<T, Refusal>, AppError> {
    match outcome.map_err(AppError::from) {
        Ok(value) => Ok(Ok(value)),
        Err(AppError::Refused(refusal)) if is_explained(refusal.kind) => Ok(Err(refusal)),
        Err(other) => Err(other),
    }
}

/// "Not for you" and "not there" are pages of their own.
fn is_explained(kind: RefusalKind) -> bool {
    !matches!(
        kind,
        RefusalKind::SignIn | RefusalKind::Forbidden | RefusalKind::NotFound | RefusalKind::Unavailable
    )
}
