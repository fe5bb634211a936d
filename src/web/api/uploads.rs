//! Uploads by the tus protocol 1.0.0, <https://tus.io/protocols/resumable-upload>: creation, creation-with-upload,
//! checksum, expiration, termination, creation-defer-length.

mod headers;
mod sender;
mod tickets;

use super::super::AppError;
use crate::app::App;
use crate::ids::UploadId;
use crate::refusal::{Refusal, RefusalKind};
use crate::uploads::{ALGORITHMS, Begun, Incoming, Metadata, NewUpload, Piece, Upload};
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use futures::{StreamExt as _, TryStreamExt as _};
use headers::{TUS_RESUMABLE, TUS_VERSION, UPLOAD_LENGTH, UPLOAD_METADATA, UPLOAD_OFFSET};
use sender::Sender;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

const VERSION: &str = "1.0.0";
const EXTENSIONS: &str =
    "creation,creation-with-upload,checksum,expiration,termination,creation-defer-length";
/// The content type of bytes that belong to an upload.
const PIECE_TYPE: &str = "application/offset+octet-stream";

/// The upload routes with their descriptions.
pub(super) fn described() -> OpenApiRouter<App> {
    let tus = OpenApiRouter::new()
        .routes(routes!(create, options))
        .routes(routes!(look, append, terminate, overridden))
        .layer(middleware::from_fn(speak_tus));
    tus.merge(tickets::described())
}

/// Refuses other versions of the protocol, and puts ours on every answer, refusals too.
async fn speak_tus(request: Request, next: Next) -> Response {
    let asks_options = request.method() == Method::OPTIONS;
    let understood = request.headers().get(TUS_RESUMABLE).is_some_and(|version| version == VERSION);
    let mut response = if asks_options || understood {
        next.run(request).await
    } else {
        let mut refused = AppError::from(wrong_version()).into_response();
        refused.headers_mut().insert(TUS_VERSION, HeaderValue::from_static(VERSION));
        refused
    };
    response.headers_mut().insert(TUS_RESUMABLE, HeaderValue::from_static(VERSION));
    response
}

fn wrong_version() -> Refusal {
    Refusal::new(
        RefusalKind::Stale,
        "upload.wrong_version",
        "يتطلب الرفع بروتوكول tus بالإصدار 1.0.0.",
        "Uploads need the tus protocol in version 1.0.0: send Tus-Resumable: 1.0.0.",
    )
}

/// What the server can do.
#[utoipa::path(options, path = "/uploads", tag = "uploads", responses((status = 204, description = "Tus-Version, Tus-Extension, Tus-Max-Size")))]
async fn options(State(app): State<App>) -> Response {
    let max = app.uploads.limits().staff_bytes.to_string();
    let answers = [
        ("tus-version", VERSION),
        ("tus-extension", EXTENSIONS),
        ("tus-max-size", &max),
        ("tus-checksum-algorithm", ALGORITHMS),
    ];
    (StatusCode::NO_CONTENT, answers).into_response()
}

/// Begins an upload; the first bytes may come along.
#[utoipa::path(
    post, path = "/uploads", tag = "uploads",
    params(("Upload-Length" = Option<u64>, Header), ("Upload-Defer-Length" = Option<u8>, Header), ("Upload-Metadata" = Option<String>, Header), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, description = "Location names the upload"), (status = 413), (status = 507))
)]
async fn create(State(app): State<App>, sender: Sender, request: Request) -> Result<Response, AppError> {
    let headers = request.headers();
    let metadata = Metadata::parse(headers::text(headers, UPLOAD_METADATA)?.unwrap_or_default())
        .map_err(Refusal::from)?;
    let length = headers::declared_length(headers)?;
    let checksum = headers::checksum(headers)?;
    let brings_bytes = brings_bytes(headers)?;
    let repeat_key = headers::repeat_key(headers)?;
    let new = NewUpload { owner: sender.owner, length, metadata, repeat_key };
    let upload = match app.uploads.create(new).await? {
        Begun::New(upload) if brings_bytes && !upload.has_all_bytes() => {
            let piece = Piece { checksum, ..Piece::default() };
            first_bytes(&app, upload, piece, request.into_body()).await?
        }
        // Asked again: the bytes of the first time count, the sender goes on from there.
        Begun::New(upload) | Begun::Before(upload) => upload,
    };
    let mut response = StatusCode::CREATED.into_response();
    let location = format!("/api/v1/uploads/{}", upload.id);
    response.headers_mut().insert(header::LOCATION, HeaderValue::try_from(location)?);
    headers::describe(&mut response, &upload);
    Ok(response)
}

/// Whether the creating request carries bytes of the file, and says so properly.
fn brings_bytes(headers: &HeaderMap) -> Result<bool, AppError> {
    if has_piece_type(headers) {
        return Ok(true);
    }
    let carries = headers.get(header::CONTENT_LENGTH).is_some_and(|length| length != "0")
        || headers.contains_key(header::TRANSFER_ENCODING);
    if carries { Err(wrong_type().into()) } else { Ok(false) }
}

/// The upload exists from here on: bytes that broke off are sent again later, but bytes that can never fit end it.
async fn first_bytes(app: &App, begun: Upload, piece: Piece, body: Body) -> Result<Upload, AppError> {
    let (id, owner) = (begun.id, begun.owner);
    match app.uploads.append(id, owner, piece, incoming(body)).await {
        Ok(upload) => Ok(upload),
        Err(why) if code_of(&why) == Some("upload.broke_off") => Ok(app.uploads.look(id, owner).await?),
        Err(why) => {
            app.uploads.terminate(id, owner).await?;
            Err(why.into())
        }
    }
}

/// How far an upload has come.
#[utoipa::path(head, path = "/uploads/{id}", tag = "uploads", params(("id" = UploadId, Path)), responses((status = 200), (status = 404), (status = 410)))]
async fn look(
    state: State<App>,
    sender: Sender,
    id: Path<String>,
    request: Request,
) -> Result<Response, AppError> {
    dispatch(state, sender, id, request).await
}

/// Adds the bytes at `Upload-Offset`.
#[utoipa::path(
    patch, path = "/uploads/{id}", tag = "uploads",
    params(("id" = UploadId, Path), ("Upload-Offset" = u64, Header), ("Upload-Checksum" = Option<String>, Header)),
    responses((status = 204), (status = 404), (status = 409), (status = 410), (status = 415), (status = 460, description = "The checksum does not fit"))
)]
async fn append(
    state: State<App>,
    sender: Sender,
    id: Path<String>,
    request: Request,
) -> Result<Response, AppError> {
    dispatch(state, sender, id, request).await
}

/// Gives an upload up.
#[utoipa::path(delete, path = "/uploads/{id}", tag = "uploads", params(("id" = UploadId, Path)), responses((status = 204), (status = 404), (status = 409)))]
async fn terminate(
    state: State<App>,
    sender: Sender,
    id: Path<String>,
    request: Request,
) -> Result<Response, AppError> {
    dispatch(state, sender, id, request).await
}

/// For clients that can only POST: the method in `X-HTTP-Method-Override`.
#[utoipa::path(post, path = "/uploads/{id}", tag = "uploads", params(("id" = UploadId, Path), ("X-HTTP-Method-Override" = String, Header)), responses((status = 204), (status = 405)))]
async fn overridden(
    state: State<App>,
    sender: Sender,
    id: Path<String>,
    request: Request,
) -> Result<Response, AppError> {
    dispatch(state, sender, id, request).await
}

/// The override header wins over the method of the request (tus, "X-HTTP-Method-Override").
async fn dispatch(
    State(app): State<App>,
    sender: Sender,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, AppError> {
    let method = match request.headers().get("x-http-method-override") {
        Some(name) => Method::from_bytes(name.as_bytes()).unwrap_or(Method::TRACE),
        None => request.method().clone(),
    };
    let Ok(id) = id.parse::<UploadId>() else {
        return Err(Refusal::from(crate::uploads::UploadProblem::NotFound).into());
    };
    match method {
        Method::HEAD => look_now(&app, &sender, id).await,
        Method::PATCH => append_now(&app, &sender, id, request).await,
        Method::DELETE => {
            app.uploads.terminate(id, sender.owner).await?;
            Ok(StatusCode::NO_CONTENT.into_response())
        }
        _ => Ok(StatusCode::METHOD_NOT_ALLOWED.into_response()),
    }
}

async fn look_now(app: &App, sender: &Sender, id: UploadId) -> Result<Response, AppError> {
    let upload = app.uploads.look(id, sender.owner).await?;
    let mut response = StatusCode::OK.into_response();
    headers::describe(&mut response, &upload);
    headers::describe_whole(&mut response, &upload);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

async fn append_now(
    app: &App,
    sender: &Sender,
    id: UploadId,
    request: Request,
) -> Result<Response, AppError> {
    let headers = request.headers();
    if !has_piece_type(headers) {
        return Err(wrong_type().into());
    }
    let Some(offset) = headers::number(headers, UPLOAD_OFFSET)? else {
        return Err(headers::malformed(UPLOAD_OFFSET.as_str()).into());
    };
    let length = headers::number(headers, UPLOAD_LENGTH)?;
    let piece = Piece { offset, length, checksum: headers::checksum(headers)? };
    let upload = app.uploads.append(id, sender.owner, piece, incoming(request.into_body())).await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    headers::describe(&mut response, &upload);
    Ok(response)
}

fn has_piece_type(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == PIECE_TYPE)
}

fn wrong_type() -> Refusal {
    Refusal::new(
        RefusalKind::Unsupported,
        "upload.wrong_type",
        "نوع المحتوى يجب أن يكون application/offset+octet-stream.",
        "The content type must be application/offset+octet-stream.",
    )
}

fn incoming(body: Body) -> Incoming {
    body.into_data_stream().map_err(std::io::Error::other).boxed()
}

fn code_of(why: &anyhow::Error) -> Option<&'static str> {
    why.downcast_ref::<Refusal>().map(|refusal| refusal.code)
}
