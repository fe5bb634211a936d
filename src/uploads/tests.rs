//! The promises of uploads, on a real folder and a real database.

mod limits;

use super::*;
use crate::clock::{Clock, Millis};
use crate::ids::StaffId;
use crate::refusal::Refusal;
use crate::store::{Area, Condition, ContentHash, FileType};
use bytes::Bytes;
use futures::StreamExt as _;
use sha2::{Digest as _, Sha256};
use std::io;
use std::time::Duration;

struct Desk {
    anna: Owner,
    badr: Owner,
    uploads: Uploads,
    db: Db,
    store: Store,
    clock: Clock,
    folder: tempfile::TempDir,
}

async fn desk() -> Desk {
    desk_with(Limits::default()).await
}

async fn desk_with(limits: Limits) -> Desk {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::manual(Millis(1_790_000_000_000));
    let url = format!("sqlite://{}", folder.path().join("db").display());
    let db = Db::connect(&url, clock.clone()).await.unwrap();
    db.migrate().await.unwrap();
    let store = Store::open_folder(&folder.path().join("blobs")).unwrap();
    let uploads = Uploads::open(db.clone(), store.clone(), &folder.path().join("uploads"), limits).unwrap();
    let (anna, badr) = (staff(), staff());
    Desk { anna, badr, uploads, db, store, clock, folder }
}

fn staff() -> Owner {
    Owner::Staff(StaffId::new(Millis(1)))
}

fn body(pieces: &[&'static str]) -> Incoming {
    let pieces: Vec<io::Result<Bytes>> = pieces.iter().map(|piece| Ok(Bytes::from(*piece))).collect();
    futures::stream::iter(pieces).boxed()
}

fn broken_after(piece: &'static str) -> Incoming {
    body(&[piece]).chain(futures::stream::iter([Err(io::ErrorKind::ConnectionReset.into())])).boxed()
}

fn new(owner: Owner, length: Option<u64>) -> NewUpload {
    NewUpload { owner, length, metadata: Metadata::of_form_file("clip.mp4"), repeat_key: None }
}

fn at(offset: u64) -> Piece {
    Piece { offset, ..Piece::default() }
}

fn sha256(bytes: &str) -> ContentHash {
    ContentHash(Sha256::digest(bytes).into())
}

fn code<T: std::fmt::Debug>(outcome: anyhow::Result<T>) -> &'static str {
    outcome.unwrap_err().downcast::<Refusal>().unwrap().code
}

impl Desk {
    async fn create(&self, new: NewUpload) -> anyhow::Result<Upload> {
        match self.uploads.create(new).await? {
            Begun::New(upload) => Ok(upload),
            Begun::Before(upload) => panic!("{} was begun before", upload.id),
        }
    }

    async fn begin(&self, owner: Owner, length: u64) -> UploadId {
        self.create(new(owner, Some(length))).await.unwrap().id
    }

    async fn complete(&self, owner: Owner, content: &'static str) -> Upload {
        let id = self.begin(owner, content.len() as u64).await;
        self.uploads.append(id, owner, at(0), body(&[content])).await.unwrap()
    }

    async fn received(&self, id: UploadId, owner: Owner) -> u64 {
        self.uploads.look(id, owner).await.unwrap().received
    }

    async fn consume(&self, id: UploadId, owner: Owner) -> anyhow::Result<CompletedUpload> {
        let mut tx = self.db.begin().await?;
        let taken = consume(&mut tx, id, owner).await?;
        tx.commit().await?;
        Ok(taken)
    }

    fn partial_files(&self) -> usize {
        std::fs::read_dir(self.folder.path().join("uploads")).unwrap().count()
    }
}

#[tokio::test]
async fn pieces_add_up_to_a_stored_file_that_its_owner_takes_once() {
    let desk = desk().await;
    let id = desk.begin(desk.anna, 10).await;
    assert_eq!(desk.uploads.append(id, desk.anna, at(0), body(&["01", "23"])).await.unwrap().received, 4);
    assert_eq!(code(desk.consume(id, desk.anna).await), "upload.incomplete");
    let done = desk.uploads.append(id, desk.anna, at(4), body(&["456789"])).await.unwrap();
    assert_eq!(done.state, UploadState::Complete);
    assert_eq!(code(desk.consume(id, desk.badr).await), "upload.not_found");
    let taken = desk.consume(id, desk.anna).await.unwrap();
    assert_eq!(taken.sha256, sha256("0123456789"));
    assert_eq!((taken.bytes, taken.file_name.as_str(), taken.max_seconds), (10, "clip.mp4", None));
    assert_eq!(taken.storage_key.area, Area::Originals);
    assert_eq!(desk.store.condition(taken.storage_key).await.unwrap(), Condition::Sound);
    assert_eq!(code(desk.consume(id, desk.anna).await), "upload.consumed");
    assert_eq!(code(desk.uploads.terminate(id, desk.anna).await), "upload.consumed");
    assert_eq!(desk.partial_files(), 0);
}

#[tokio::test]
async fn only_the_owner_sees_continues_or_ends_an_upload() {
    let desk = desk().await;
    let id = desk.begin(desk.anna, 10).await;
    assert_eq!(code(desk.uploads.look(id, desk.badr).await), "upload.not_found");
    assert_eq!(code(desk.uploads.append(id, desk.badr, at(0), body(&["x"])).await), "upload.not_found");
    assert_eq!(code(desk.uploads.terminate(id, desk.badr).await), "upload.not_found");
    assert_eq!(desk.received(id, desk.anna).await, 0);
}

#[tokio::test]
async fn a_piece_at_the_wrong_offset_changes_nothing() {
    let desk = desk().await;
    let id = desk.begin(desk.anna, 10).await;
    desk.uploads.append(id, desk.anna, at(0), body(&["0123"])).await.unwrap();
    for wrong in [0, 3, 5, 10] {
        assert_eq!(
            code(desk.uploads.append(id, desk.anna, at(wrong), body(&["x"])).await),
            "upload.wrong_offset"
        );
    }
    assert_eq!(desk.received(id, desk.anna).await, 4);
}

#[tokio::test]
async fn a_piece_with_a_wrong_checksum_is_thrown_away_and_can_be_sent_again() {
    let desk = desk().await;
    let id = desk.begin(desk.anna, 15).await;
    desk.uploads.append(id, desk.anna, at(0), body(&["0123"])).await.unwrap();
    let piece = || Piece { checksum: Checksum::parse("sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0="), ..at(4) };
    let altered = desk.uploads.append(id, desk.anna, piece(), body(&["hello w0rld"])).await;
    assert_eq!(code(altered), "upload.checksum_mismatch");
    assert_eq!(desk.received(id, desk.anna).await, 4);
    // A piece that broke off cannot be checked, so none of it counts.
    let broken = desk.uploads.append(id, desk.anna, piece(), broken_after("hello")).await;
    assert_eq!(code(broken), "upload.broke_off");
    assert_eq!(desk.received(id, desk.anna).await, 4);
    desk.uploads.append(id, desk.anna, piece(), body(&["hello ", "world"])).await.unwrap();
    assert_eq!(desk.consume(id, desk.anna).await.unwrap().sha256, sha256("0123hello world"));
}

#[tokio::test]
async fn what_arrived_before_the_connection_broke_is_kept() {
    let desk = desk().await;
    let id = desk.begin(desk.anna, 10).await;
    assert_eq!(
        code(desk.uploads.append(id, desk.anna, at(0), broken_after("01234")).await),
        "upload.broke_off"
    );
    assert_eq!(desk.received(id, desk.anna).await, 5);
    desk.uploads.append(id, desk.anna, at(5), body(&["56789"])).await.unwrap();
    assert_eq!(desk.consume(id, desk.anna).await.unwrap().sha256, sha256("0123456789"));
}

#[tokio::test]
async fn a_caller_that_goes_away_does_not_take_its_bytes_along() {
    let desk = desk().await;
    let id = desk.begin(desk.anna, 5).await;
    let (send, receive) = tokio::sync::oneshot::channel();
    let late = futures::stream::once(async move {
        receive.await.unwrap();
        Ok(Bytes::from("01234"))
    });
    let mut request = Box::pin(desk.uploads.append(id, desk.anna, at(0), late.boxed()));
    assert!(futures::poll!(&mut request).is_pending());
    drop(request);
    send.send(()).unwrap();
    desk.uploads.tasks.close();
    desk.uploads.tasks.wait().await;
    assert_eq!(desk.uploads.look(id, desk.anna).await.unwrap().state, UploadState::Complete);
}

#[tokio::test]
async fn of_two_pieces_at_one_offset_exactly_one_wins() {
    let desk = desk().await;
    let id = desk.begin(desk.anna, 8).await;
    let (one, two) = tokio::join!(
        desk.uploads.append(id, desk.anna, at(0), body(&["aaaa"])),
        desk.uploads.append(id, desk.anna, at(0), body(&["bbbb"])),
    );
    assert_eq!([one.is_ok(), two.is_ok()].iter().filter(|won| **won).count(), 1);
    let lost = if one.is_ok() { two } else { one };
    assert_eq!(code(lost), "upload.wrong_offset");
    assert_eq!(desk.received(id, desk.anna).await, 4);
}

#[tokio::test]
async fn a_request_that_stands_still_gives_way_and_its_bytes_count() {
    let desk = desk().await;
    let id = desk.begin(desk.anna, 10).await;
    let silent = body(&["0123"]).chain(futures::stream::pending()).boxed();
    let first = tokio::spawn({
        let (uploads, anna) = (desk.uploads.clone(), desk.anna);
        async move { uploads.append(id, anna, at(0), silent).await }
    });
    while desk.uploads.slots.is_free(id) {
        tokio::task::yield_now().await;
    }
    assert_eq!(desk.received(id, desk.anna).await, 4);
    assert_eq!(code(first.await.unwrap()), "upload.broke_off");
    desk.uploads.append(id, desk.anna, at(4), body(&["456789"])).await.unwrap();
    assert_eq!(desk.consume(id, desk.anna).await.unwrap().sha256, sha256("0123456789"));
}

#[tokio::test]
async fn a_length_may_be_said_later_but_only_once() {
    let desk = desk_with(Limits { staff_bytes: 20, ..Limits::default() }).await;
    let id = desk.create(new(desk.anna, None)).await.unwrap().id;
    desk.uploads.append(id, desk.anna, at(0), body(&["0123"])).await.unwrap();
    let say = |length| Piece { length: Some(length), ..at(4) };
    assert_eq!(code(desk.uploads.append(id, desk.anna, say(3), body(&[])).await), "upload.bad_length");
    assert_eq!(code(desk.uploads.append(id, desk.anna, say(21), body(&[])).await), "upload.too_large");
    desk.uploads.append(id, desk.anna, say(6), body(&[])).await.unwrap();
    assert_eq!(code(desk.uploads.append(id, desk.anna, say(7), body(&[])).await), "upload.bad_length");
    let done =
        desk.uploads.append(id, desk.anna, say(6), body(&["45 and more that is ignored"])).await.unwrap();
    assert_eq!((done.received, done.state), (6, UploadState::Complete));
}

#[tokio::test]
async fn an_empty_file_is_complete_at_once() {
    let desk = desk().await;
    let upload = desk.create(new(desk.anna, Some(0))).await.unwrap();
    assert_eq!(upload.state, UploadState::Complete);
    assert_eq!(desk.consume(upload.id, desk.anna).await.unwrap().sha256, sha256(""));
}

#[tokio::test]
async fn content_that_something_else_uses_outlives_an_expired_upload() {
    let desk = desk().await;
    let first = desk.complete(desk.anna, "same film").await;
    let second = desk.complete(desk.badr, "same film").await;
    assert_eq!(first.storage_key, second.storage_key);
    desk.uploads.terminate(first.id, desk.anna).await.unwrap();
    assert_eq!(code(desk.uploads.look(first.id, desk.anna).await), "upload.gone");
    let key = desk.consume(second.id, desk.badr).await.unwrap().storage_key;
    assert_eq!(desk.store.condition(key).await.unwrap(), Condition::Sound);
}

#[tokio::test]
async fn after_a_restart_an_upload_goes_on_where_it_was_safe() {
    let desk = desk().await;
    let id = desk.begin(desk.anna, 10).await;
    desk.uploads.append(id, desk.anna, at(0), body(&["0123"])).await.unwrap();
    // Bytes that were written but never acknowledged.
    let path = desk.uploads.partial_path(id);
    std::fs::write(&path, "0123garbage").unwrap();
    let limits = Limits::default();
    let again =
        Uploads::open(desk.db.clone(), desk.store.clone(), &desk.folder.path().join("uploads"), limits)
            .unwrap();
    assert_eq!(again.look(id, desk.anna).await.unwrap().received, 4);
    again.append(id, desk.anna, at(4), body(&["456789"])).await.unwrap();
    assert_eq!(desk.consume(id, desk.anna).await.unwrap().sha256, sha256("0123456789"));
}

#[tokio::test]
async fn an_upload_that_was_cut_off_after_its_last_byte_is_completed() {
    let desk = desk().await;
    let ids = [desk.begin(desk.anna, 4).await, desk.begin(desk.anna, 4).await];
    for id in ids {
        std::fs::write(desk.uploads.partial_path(id), "0123").unwrap();
        let mut tx = desk.db.begin().await.unwrap();
        crate::db::query("UPDATE upload SET received = 4 WHERE id = $1")
            .bind(id)
            .execute(&mut tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }
    assert_eq!(desk.uploads.look(ids[0], desk.anna).await.unwrap().state, UploadState::Complete);
    assert_eq!(desk.uploads.sweep().await.unwrap().completed, 1);
    assert_eq!(desk.consume(ids[1], desk.anna).await.unwrap().sha256, sha256("0123"));
}

#[tokio::test]
async fn files_without_a_row_are_swept_once_they_are_old() {
    let desk = desk().await;
    let stray = UploadId::new(desk.clock.now());
    std::fs::write(desk.uploads.partial_path(stray), "lost").unwrap();
    assert_eq!(desk.uploads.sweep().await.unwrap().stray, 0);
    desk.clock.advance(Duration::from_secs(2 * 60 * 60));
    let open = desk.begin(desk.anna, 4).await;
    assert_eq!(desk.uploads.sweep().await.unwrap().stray, 1);
    assert_eq!(desk.received(open, desk.anna).await, 0);
}

#[tokio::test]
async fn a_form_file_is_taken_whole_or_not_at_all() {
    let desk = desk_with(Limits { staff_bytes: 10, ..Limits::default() }).await;
    let receive = |body| desk.uploads.receive_form_file(desk.anna, "جواب.mp4", body);
    let upload = receive(body(&["\0\0\0\x18ft", "yp"])).await.unwrap();
    assert_eq!((upload.state, upload.file_name.as_str()), (UploadState::Complete, "جواب.mp4"));
    assert_eq!(upload.storage_key.unwrap().file_type, FileType::Other);
    assert_eq!(code(receive(body(&["more than ten bytes"])).await), "upload.too_large");
    assert_eq!(code(receive(broken_after("half")).await), "upload.broke_off");
    assert_eq!(code(receive(body(&[])).await), "upload.empty");
    assert_eq!(desk.partial_files(), 0, "nothing is left behind");
}

#[tokio::test]
async fn draining_makes_safe_what_has_arrived() {
    let desk = desk().await;
    let id = desk.begin(desk.anna, 10).await;
    let silent = body(&["0123"]).chain(futures::stream::pending()).boxed();
    let mut request = Box::pin(desk.uploads.append(id, desk.anna, at(0), silent));
    assert!(futures::poll!(&mut request).is_pending());
    while desk.uploads.slots.is_free(id) {
        tokio::task::yield_now().await;
    }
    desk.uploads.drain().await;
    assert_eq!(code(request.await), "upload.broke_off");
}
