//! The same promises for a local folder and for a bucket. The bucket half needs `ISHARA_TEST_S3_ENDPOINT`, which
//! `scripts/test` sets after it has started an S3 stand-in.

use super::*;
use crate::clock::Clock;
use crate::db::Db;

struct Place {
    store: Store,
    _folder: tempfile::TempDir,
}

fn folder() -> Place {
    let folder = tempfile::tempdir().unwrap();
    let url = url::Url::from_directory_path(folder.path().join("blobs")).unwrap();
    Place { store: Store::open(url.as_str(), &BTreeMap::new()).unwrap(), _folder: folder }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the test runner names the stand-in; there is no setting for it"
)]
async fn bucket() -> Option<Place> {
    let Ok(endpoint) = std::env::var("ISHARA_TEST_S3_ENDPOINT") else {
        eprintln!("ISHARA_TEST_S3_ENDPOINT is not set: only the local folder is tested");
        return None;
    };
    let name = format!("ishara-{}", u64::from_le_bytes(crate::ids::random_bytes()));
    let _ = rustls::crypto::ring::default_provider().install_default();
    let made = reqwest::Client::builder().build().unwrap().put(format!("{endpoint}/{name}")).send().await;
    assert!(made.unwrap().status().is_success(), "making the bucket");
    let aws = BTreeMap::from([
        ("aws_endpoint_url".to_owned(), endpoint),
        ("aws_access_key_id".to_owned(), "test".to_owned()),
        ("aws_secret_access_key".to_owned(), "test".to_owned()),
        ("aws_region".to_owned(), "us-east-1".to_owned()),
    ]);
    let store = Store::open(&format!("s3://{name}/some/prefix"), &aws).unwrap();
    Some(Place { store, _folder: tempfile::tempdir().unwrap() })
}

async fn places() -> Vec<Place> {
    std::iter::once(folder()).chain(bucket().await).collect()
}

async fn listed(store: &Store, area: Area) -> Vec<BlobKey> {
    let mut keys: Vec<_> = store.list(area).map_ok(|found| found.key).try_collect().await.unwrap();
    keys.sort();
    keys
}

#[tokio::test]
async fn what_is_put_is_read_back_whole_in_parts_and_as_a_stream() {
    for place in places().await {
        let store = place.store;
        let blob = store.put_bytes(Area::Pictures, Bytes::from("0123456789"), FileType::Png).await.unwrap();
        assert_eq!(blob.bytes, 10);
        assert_eq!(store.get(blob.key).await.unwrap(), "0123456789");
        assert_eq!(store.get_range(blob.key, 2..5).await.unwrap(), "234");
        let streamed: Vec<Bytes> = store.stream(blob.key, 1..9).await.unwrap().try_collect().await.unwrap();
        assert_eq!(streamed.concat(), b"12345678");
        assert_eq!(store.size(blob.key).await.unwrap(), Some(10));
        assert_eq!(listed(&store, Area::Pictures).await, [blob.key]);
        assert_eq!(listed(&store, Area::Renditions).await, []);
    }
}

#[tokio::test]
async fn a_file_larger_than_one_part_keeps_its_hash() {
    for place in places().await {
        let scratch = tempfile::tempdir().unwrap();
        let path = scratch.path().join("large");
        let content: Vec<u8> = (0..20_000_003_u32).map(|n| (n % 251) as u8).collect();
        std::fs::write(&path, &content).unwrap();
        let blob = place.store.put_file(Area::Originals, &path, FileType::Mp4).await.unwrap();
        assert_eq!(blob.bytes, content.len() as u64);
        assert_eq!(blob.key.hash, ContentHash(Sha256::digest(&content).into()));
        assert_eq!(place.store.condition(blob.key).await.unwrap(), Condition::Sound);
        let copy = scratch.path().join("copy");
        place.store.fetch_to_file(blob.key, &copy).await.unwrap();
        assert!(std::fs::read(&copy).unwrap() == content);
        assert!(path.exists(), "the source stays");
    }
}

#[tokio::test]
async fn the_same_content_twice_is_one_blob() {
    for place in places().await {
        let put = || place.store.put_bytes(Area::Renditions, Bytes::from("same"), FileType::Mp4);
        let (first, second) = (put().await.unwrap(), put().await.unwrap());
        assert_eq!(first, second);
        assert_eq!(listed(&place.store, Area::Renditions).await, [first.key]);
    }
}

#[tokio::test]
async fn a_deleted_blob_is_missing_and_deleting_it_again_is_no_error() {
    for place in places().await {
        let blob = place.store.put_bytes(Area::Pictures, Bytes::from("x"), FileType::Png).await.unwrap();
        place.store.delete(blob.key).await.unwrap();
        place.store.delete(blob.key).await.unwrap();
        assert_eq!(place.store.condition(blob.key).await.unwrap(), Condition::Missing);
        assert_eq!(place.store.size(blob.key).await.unwrap(), None);
        place.store.reachable().await.unwrap();
    }
}

#[tokio::test]
async fn one_changed_byte_is_noticed_and_a_new_put_repairs_it() {
    let place = folder();
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("film");
    std::fs::write(&path, "a film").unwrap();
    let blob = place.store.put_file(Area::Renditions, &path, FileType::Mp4).await.unwrap();
    let stored = place.store.local_path(blob.key).unwrap();
    std::fs::remove_file(&stored).unwrap();
    std::fs::write(&stored, "a fiLm").unwrap();
    assert_eq!(place.store.condition(blob.key).await.unwrap(), Condition::Damaged);
    assert!(place.store.fetch_to_file(blob.key, &scratch.path().join("copy")).await.is_err());
    place.store.put_file(Area::Renditions, &path, FileType::Mp4).await.unwrap();
    assert_eq!(place.store.condition(blob.key).await.unwrap(), Condition::Sound);
}

#[tokio::test]
async fn unfinished_and_foreign_files_are_not_listed() {
    let place = folder();
    let blob = place.store.put_bytes(Area::Pictures, Bytes::from("x"), FileType::Png).await.unwrap();
    let stored = place.store.local_path(blob.key).unwrap();
    std::fs::write(format!("{}#7", stored.display()), "half").unwrap();
    std::fs::write(stored.with_file_name("notes.txt"), "hello").unwrap();
    assert_eq!(listed(&place.store, Area::Pictures).await, [blob.key]);
}

#[tokio::test]
async fn a_blob_that_never_got_its_row_goes_after_a_day_and_two_looks() {
    let day = std::time::Duration::from_secs(25 * 60 * 60);
    for place in places().await {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("db").display());
        let clock = Clock::manual(Clock::system().now());
        let db = Db::connect(&url, clock.clone()).await.unwrap();
        db.migrate().await.unwrap();
        let store = place.store;
        let kept = store.put_bytes(Area::Pictures, Bytes::from("kept"), FileType::Png).await.unwrap();
        let lost = store.put_bytes(Area::Pictures, Bytes::from("lost"), FileType::Png).await.unwrap();
        let mut tx = db.begin().await.unwrap();
        record_blob(&mut tx, &kept).await.unwrap();
        tx.commit().await.unwrap();
        let mut unfinished = 0;
        if let Some(path) = store.local_path(lost.key) {
            std::fs::write(format!("{}#1", path.display()), "half").unwrap();
            unfinished = 1;
        }
        let mut sweep = Sweep::default();
        assert_eq!(sweep.run(&db, &store).await.unwrap(), 0, "too young");
        clock.advance(day);
        assert_eq!(sweep.run(&db, &store).await.unwrap(), unfinished, "seen once");
        clock.advance(day);
        assert_eq!(sweep.run(&db, &store).await.unwrap(), 1);
        assert_eq!(listed(&store, Area::Pictures).await, [kept.key]);
    }
}

#[test]
fn a_storage_url_that_cannot_work_is_refused_by_name() {
    for url in ["blobs", "ftp://host/x", "file://host/x", "s3:///x"] {
        let wrong = format!("{:#}", Store::open(url, &BTreeMap::new()).unwrap_err());
        assert!(wrong.contains("ISHARA_STORAGE_URL"), "{url}: {wrong}");
    }
}

#[tokio::test]
async fn a_row_is_written_once_and_forgotten_when_nothing_uses_the_blob() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("db").display());
    let db = Db::connect(&url, Clock::manual(crate::clock::Millis(1_000))).await.unwrap();
    db.migrate().await.unwrap();
    let key = BlobKey { area: Area::Pictures, hash: ContentHash([5; 32]), file_type: FileType::Png };
    let blob = Blob { key, bytes: 3 };
    let mut tx = db.begin().await.unwrap();
    record_blob(&mut tx, &blob).await.unwrap();
    record_blob(&mut tx, &blob).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = db.begin().await.unwrap();
    assert_eq!(find_blob(&mut tx, key).await.unwrap().map(|row| row.bytes), Some(3));
    assert_eq!(blobs_after(&mut tx, None, 10).await.unwrap().len(), 1);
    assert!(blobs_after(&mut tx, Some(key), 10).await.unwrap().is_empty());
    assert!(forget_unused_blob(&mut tx, key).await.unwrap());
    assert!(find_blob(&mut tx, key).await.unwrap().is_none());
}
