//! Who is asking: a visitor, signed-in staff, or a program with a token; and in which language they read.

use super::i18n::Lang;
use super::layout::{DigitShape, Look};
use super::{AppError, preferences};
use crate::app::App;
use crate::audit::Actor;
use crate::people::{self, Permission, Role, Scope, Staff};
use crate::refusal::{Refusal, RefusalKind};
use axum::extract::{FromRef, FromRequestParts, OptionalFromRequestParts, OriginalUri};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri, header};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use std::convert::Infallible;

/// Language and appearance of the reader, from the address and cookies.
#[derive(Debug, Clone, Default)]
pub struct Reader {
    /// The language of the page.
    pub lang: Lang,
    /// The colours of the page.
    pub look: Look,
    /// The digits of the page.
    pub digits: DigitShape,
    /// Path and query of the page without the language.
    pub address: String,
    /// A sentence to show once.
    pub notice: Option<String>,
    /// Whether a session cookie came with the request (not checked).
    pub has_session: bool,
}

impl Reader {
    /// Reads the address and cookies of a request.
    pub fn of(app: &App, uri: &Uri, headers: &HeaderMap) -> Self {
        let lang = preferences::language(uri.query(), headers);
        Self {
            lang,
            look: preferences::look(headers),
            digits: preferences::chosen_digits(headers),
            address: preferences::address(uri),
            notice: preferences::notice(lang, headers),
            has_session: CookieJar::from_headers(headers).get(session_cookie_name(app)).is_some(),
        }
    }
}

impl<S> FromRequestParts<S> for Reader
where
    App: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        // Inside a nested router the address is the rest of the path; links back need all of it.
        let uri = parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |whole| &whole.0);
        Ok(Self::of(&App::from_ref(state), uri, &parts.headers))
    }
}

/// On loopback without TLS the `__Host-` prefix and `Secure` would make browsers drop the cookie; nowhere else.
fn is_plain_loopback(app: &App) -> bool {
    let url = &app.config.base_url;
    url.scheme() == "http" && matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"))
}

/// The name of the session cookie at this base URL.
pub fn session_cookie_name(app: &App) -> &'static str {
    if is_plain_loopback(app) { "ishara_session" } else { "__Host-ishara_session" }
}

/// The session cookie with a secret; an empty secret removes it.
pub fn session_cookie(app: &App, secret: String) -> Cookie<'static> {
    let gone = secret.is_empty();
    let mut cookie = Cookie::build((session_cookie_name(app), secret))
        .path("/")
        .http_only(true)
        .secure(!is_plain_loopback(app))
        .same_site(SameSite::Lax)
        .build();
    if gone {
        cookie.make_removal();
    }
    cookie
}

/// A signed-in member of staff, or a program acting for one. Extracting it refuses everybody else with 401.
#[derive(Debug, Clone)]
pub struct Caller {
    /// On whose behalf.
    pub staff: Staff,
    /// A token's scopes; `None` for a session, which is limited by the role alone.
    pub scopes: Option<Vec<Scope>>,
}

impl Caller {
    /// For the audit chain.
    pub fn actor(&self) -> Actor {
        Actor::Staff(self.staff.id)
    }

    /// The person's role.
    pub fn role(&self) -> Role {
        self.staff.role
    }

    /// Whether the person's role and the token's scopes both allow it.
    pub fn may(&self, permission: Permission) -> bool {
        let in_scope =
            self.scopes.as_ref().is_none_or(|scopes| scopes.contains(&Scope::needed_for(permission)));
        in_scope && self.staff.role.may(permission)
    }

    /// Refuses with 403 unless the person may.
    pub fn require(&self, permission: Permission) -> Result<(), AppError> {
        if self.may(permission) { Ok(()) } else { Err(Refusal::forbidden().into()) }
    }
}

/// Nobody is signed in; pages redirect to the login form, programs get 401.
pub fn sign_in_first() -> Refusal {
    Refusal::new(RefusalKind::SignIn, "sign_in", "سجّل الدخول أولًا.", "Sign in first.")
}

async fn caller_of(app: &App, headers: &HeaderMap) -> Result<Option<Caller>, AppError> {
    if let Some(token) = bearer(headers) {
        let mut read = app.db.read().await?;
        let found = people::find_token(&mut read, token, app.clock.now()).await?;
        return match found {
            Some((staff, scopes)) => Ok(Some(Caller { staff, scopes: Some(scopes) })),
            None => Err(sign_in_first().into()),
        };
    }
    let jar = CookieJar::from_headers(headers);
    let Some(cookie) = jar.get(session_cookie_name(app)) else { return Ok(None) };
    let staff = people::find_session(&app.db, cookie.value()).await?;
    Ok(staff.map(|staff| Caller { staff, scopes: None }))
}

/// The text after `Authorization: Bearer `.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    value.strip_prefix("Bearer ").map(str::trim)
}

impl<S> FromRequestParts<S> for Caller
where
    App: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, AppError> {
        let app = App::from_ref(state);
        caller_of(&app, &parts.headers).await?.ok_or_else(|| sign_in_first().into())
    }
}

impl<S> OptionalFromRequestParts<S> for Caller
where
    App: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Option<Self>, AppError> {
        let app = App::from_ref(state);
        caller_of(&app, &parts.headers).await
    }
}
