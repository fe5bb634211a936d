//! `Idempotency-Key`: the same request again gets the first answer again, another request under the same key is refused.
//!
//! The record is written in the transaction of the effect itself: a crash leaves both or neither, and two requests at
//! the same moment wait for each other at the record's row. Only answers that changed something are kept (24 hours and
//! more); a refusal changes nothing and may be tried again.

use super::super::AppError;
use super::super::who::Caller;
use crate::db::{Tx, query};
use crate::refusal::{Refusal, RefusalKind};
use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};

/// The header's name.
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// Longest key.
const KEY_LIMIT: usize = 200;

/// A creating request: its bytes, and the key under which its answer is kept.
pub(super) struct Creating {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
}

impl<S: Send + Sync> FromRequest<S> for Creating {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let (method, uri, headers) =
            (request.method().clone(), request.uri().clone(), request.headers().clone());
        let body = Bytes::from_request(request, state).await.map_err(IntoResponse::into_response)?;
        Ok(Self { method, uri, headers, body })
    }
}

impl Creating {
    /// The headers of the request.
    pub(super) fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Reads the JSON body; an empty body counts as `{}`.
    pub(super) fn json<T: DeserializeOwned>(&self) -> Result<T, AppError> {
        read_json(&self.body)
    }

    /// Opens the record in the transaction; an answer means that the request was done before.
    pub(super) async fn begin(
        &self,
        tx: &mut Tx,
        caller: &Caller,
    ) -> Result<Result<Record, Response>, AppError> {
        let Some(key) = self.key()? else { return Ok(Ok(Record(None))) };
        let scope = format!("{} {}", caller.staff.id, self.method);
        let request_hash = self.hash();
        let now = tx.now();
        let fresh = query(
            "INSERT INTO idempotency (scope, idem_key, request_hash, status, content_type, body, created_at)
             VALUES ($1, $2, $3, 0, '', $4, $5) ON CONFLICT DO NOTHING",
        )
        .bind(scope.clone())
        .bind(key.clone())
        .bind(request_hash.clone())
        .bind(Vec::<u8>::new())
        .bind(now)
        .execute(tx)
        .await?;
        if fresh == 1 {
            return Ok(Ok(Record(Some((scope, key)))));
        }
        let (earlier_hash, status, content_type, location, body): Earlier = query(
            "SELECT request_hash, status, content_type, location, body FROM idempotency
             WHERE scope = $1 AND idem_key = $2",
        )
        .bind(scope)
        .bind(key)
        .one(tx)
        .await?;
        if earlier_hash != request_hash {
            let ar = "استُخدم مفتاح Idempotency-Key هذا لطلب آخر.";
            let en = "This Idempotency-Key was used for another request.";
            return Err(Refusal::new(RefusalKind::Invalid, "idempotency.other_request", ar, en).into());
        }
        Ok(Err(replay(status, &content_type, location, body)?))
    }

    fn key(&self) -> Result<Option<String>, AppError> {
        let Some(value) = self.headers.get(IDEMPOTENCY_KEY) else { return Ok(None) };
        let key = value.to_str().unwrap_or_default();
        if key.is_empty() || key.len() > KEY_LIMIT {
            let ar = "مفتاح Idempotency-Key من حرف إلى ٢٠٠ حرف لاتيني ظاهر.";
            let en = "This Idempotency-Key must have 1 to 200 visible ASCII characters.";
            return Err(Refusal::new(RefusalKind::Malformed, "idempotency.bad_key", ar, en).into());
        }
        Ok(Some(key.to_owned()))
    }

    fn hash(&self) -> Vec<u8> {
        let kind = self.headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
        let mut hasher = Sha256::new();
        for part in [self.method.as_str().as_bytes(), self.uri.path().as_bytes(), kind, &self.body] {
            hasher.update((part.len() as u64).to_be_bytes());
            hasher.update(part);
        }
        hasher.finalize().to_vec()
    }
}

type Earlier = (Vec<u8>, i64, String, Option<String>, Vec<u8>);

/// The open record of a request; nothing without a key.
pub(super) struct Record(Option<(String, String)>);

impl Record {
    /// Keeps the answer in the same transaction, commits, and answers.
    pub(super) async fn commit(self, mut tx: Tx, answer: Answer) -> Result<Response, AppError> {
        if let Some((scope, key)) = self.0 {
            query(
                "UPDATE idempotency SET status = $1, content_type = $2, location = $3, body = $4
                 WHERE scope = $5 AND idem_key = $6",
            )
            .bind(i64::from(answer.status.as_u16()))
            .bind("application/json")
            .bind(answer.location.clone())
            .bind(answer.body.clone())
            .bind(scope)
            .bind(key)
            .execute(&mut tx)
            .await?;
        }
        tx.commit().await?;
        let mut response =
            replay(i64::from(answer.status.as_u16()), "application/json", answer.location, answer.body)?;
        if let Some(etag) = answer.etag {
            response.headers_mut().insert(header::ETAG, etag);
        }
        Ok(response)
    }
}

/// What a creating request is answered with.
pub(super) struct Answer {
    status: StatusCode,
    location: Option<String>,
    etag: Option<HeaderValue>,
    body: Vec<u8>,
}

impl Answer {
    /// 201 with where the new thing is.
    pub(super) fn created(location: String, body: &impl Serialize) -> Result<Self, AppError> {
        let body = serde_json::to_vec(body)?;
        Ok(Self { status: StatusCode::CREATED, location: Some(location), etag: None, body })
    }

    /// 200.
    pub(super) fn ok(body: &impl Serialize) -> Result<Self, AppError> {
        Ok(Self { status: StatusCode::OK, location: None, etag: None, body: serde_json::to_vec(body)? })
    }

    /// Adds the tag of the object in the body.
    #[must_use]
    pub(super) fn with_etag(mut self, etag: HeaderValue) -> Self {
        self.etag = Some(etag);
        self
    }
}

fn replay(
    status: i64,
    content_type: &str,
    location: Option<String>,
    body: Vec<u8>,
) -> Result<Response, AppError> {
    let status = StatusCode::from_u16(u16::try_from(status)?)?;
    let mut response = (status, Body::from(body)).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::try_from(content_type)?);
    if let Some(location) = location {
        response.headers_mut().insert(header::LOCATION, HeaderValue::try_from(location)?);
    }
    Ok(response)
}

/// Reads a JSON body; what is wrong is said with its place.
pub(super) fn read_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, AppError> {
    let body = if body.is_empty() { b"{}" } else { body };
    serde_json::from_slice(body).map_err(|wrong| {
        let kind = match wrong.classify() {
            serde_json::error::Category::Data => RefusalKind::Invalid,
            serde_json::error::Category::Io
            | serde_json::error::Category::Syntax
            | serde_json::error::Category::Eof => RefusalKind::Malformed,
        };
        let ar = "لم نفهم محتوى الطلب. تحقّق من الحقول وأنواعها.";
        Refusal::new(kind, "bad_json", ar, format!("The JSON body cannot be read: {wrong}.")).into()
    })
}
