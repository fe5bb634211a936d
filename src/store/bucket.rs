//! The same storage in an S3 bucket.

use super::key::BlobKey;
use anyhow::{Context as _, bail};
use bytes::Bytes;
use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::path::Path as ObjectPath;
use object_store::prefix::PrefixStore;
use object_store::{Attribute, Attributes, ClientOptions, Error, ObjectStore, PutMode, PutOptions};
use object_store::{PutMultipartOptions, PutPayload, RetryConfig, WriteMultipart};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::AsyncReadExt as _;

/// Larger files go in parts of this size (S3 wants at least 5 MiB), so that memory stays bounded.
const PART: usize = 8 * 1024 * 1024;
/// Parts on their way at once.
const PARTS_AT_ONCE: usize = 3;

/// Opens `s3://bucket/prefix` with the usual `AWS_*` settings, given under their lower-case names.
pub(super) fn open(url: &url::Url, aws: &BTreeMap<String, String>) -> anyhow::Result<Arc<dyn ObjectStore>> {
    // The program builds TLS without a default provider; whoever comes first sets it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let Some(bucket) = url.host_str() else {
        bail!("ISHARA_STORAGE_URL needs a bucket: s3://bucket/prefix");
    };
    let endpoint = aws.get("aws_endpoint_url_s3").or_else(|| aws.get("aws_endpoint_url"));
    let allow_http = endpoint.is_some_and(|endpoint| endpoint.starts_with("http://"));
    let limits = ClientOptions::new()
        .with_connect_timeout(Duration::from_secs(5))
        .with_timeout(Duration::from_secs(120))
        .with_allow_http(allow_http);
    let retry = RetryConfig { max_retries: 4, retry_timeout: Duration::from_secs(30), ..Default::default() };
    let mut builder = AmazonS3Builder::new().with_client_options(limits).with_retry(retry);
    for (name, value) in aws {
        // AWS_PROFILE and other names that concern other programs are not an error.
        if let Ok(key) = name.parse::<AmazonS3ConfigKey>() {
            builder = builder.with_config(key, value);
        }
    }
    let store = builder.with_bucket_name(bucket).build().context("opening the S3 storage")?;
    Ok(Arc::new(PrefixStore::new(store, url.path())))
}

fn described(key: BlobKey) -> Attributes {
    Attributes::from_iter([(Attribute::ContentType, key.file_type.mime())])
}

/// Puts bytes under their key. A second put of the same content finds them there and changes nothing.
pub(super) async fn put_bytes(store: &dyn ObjectStore, key: BlobKey, bytes: Bytes) -> anyhow::Result<()> {
    let path = ObjectPath::from(key.to_string());
    let once = PutOptions { mode: PutMode::Create, attributes: described(key), ..Default::default() };
    match store.put_opts(&path, PutPayload::from(bytes.clone()), once).await {
        Ok(_) | Err(Error::AlreadyExists { .. }) => Ok(()),
        // Not every S3 look-alike knows conditional puts; the content is the name, so overwriting is harmless.
        Err(Error::NotImplemented { .. } | Error::NotSupported { .. }) => {
            let plain = PutOptions { attributes: described(key), ..Default::default() };
            store.put_opts(&path, PutPayload::from(bytes), plain).await.context("storing a blob")?;
            Ok(())
        }
        Err(other) => Err(other).context("storing a blob"),
    }
}

/// Puts the file at `source` under its key, in parts when it is large.
pub(super) async fn put_file(store: &dyn ObjectStore, key: BlobKey, source: &Path) -> anyhow::Result<()> {
    let mut file = tokio::fs::File::open(source).await.context("opening a file to store it")?;
    let size = file.metadata().await?.len();
    if size <= PART as u64 {
        let mut bytes = Vec::with_capacity(usize::try_from(size)?);
        file.read_to_end(&mut bytes).await?;
        return put_bytes(store, key, bytes.into()).await;
    }
    let path = ObjectPath::from(key.to_string());
    let options = PutMultipartOptions { attributes: described(key), ..Default::default() };
    let upload = store.put_multipart_opts(&path, options).await.context("starting a multipart upload")?;
    let mut parts = WriteMultipart::new_with_chunk_size(upload, PART);
    match send_parts(&mut file, &mut parts).await {
        Ok(()) => parts.finish().await.map(|_| ()).context("finishing a multipart upload"),
        Err(why) => {
            // Unfinished parts cost money and are invisible in listings.
            let _ = parts.abort().await;
            Err(why).context("storing a blob in parts")
        }
    }
}

async fn send_parts(file: &mut tokio::fs::File, parts: &mut WriteMultipart) -> anyhow::Result<()> {
    loop {
        parts.wait_for_capacity(PARTS_AT_ONCE).await?;
        let mut piece = Vec::with_capacity(PART);
        let read = file.take(PART as u64).read_to_end(&mut piece).await?;
        if read == 0 {
            return Ok(());
        }
        parts.put(piece.into());
    }
}
