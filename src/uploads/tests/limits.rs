//! What is refused, and what ends by itself.

use super::*;

#[tokio::test]
async fn limits_are_checked_before_a_byte_is_sent() {
    let small = Limits { staff_bytes: 10, staff_open: 2, staff_stored: 15, ..Limits::default() };
    let desk = desk_with(small).await;
    assert_eq!(code(desk.create(new(desk.anna, Some(11))).await), "upload.too_large");
    desk.begin(desk.anna, 10).await;
    assert_eq!(code(desk.create(new(desk.anna, Some(6))).await), "upload.quota_full");
    desk.begin(desk.anna, 5).await;
    assert_eq!(code(desk.create(new(desk.anna, Some(0))).await), "upload.too_many_open");
    desk.begin(desk.badr, 10).await;
    assert_eq!(desk.partial_files(), 3, "a refused upload leaves nothing behind");
}

#[tokio::test]
async fn a_full_disk_refuses_new_uploads() {
    let nearly_full = |_: &Path| Ok(Disk { size: 1_000, free: 60 });
    let desk = desk_with(Limits { disk: nearly_full, ..Limits::default() }).await;
    assert_eq!(code(desk.create(new(desk.anna, Some(11))).await), "upload.disk_full");
    desk.begin(desk.anna, 10).await;
}

#[tokio::test]
async fn a_ticket_is_good_for_one_upload() {
    let desk = desk().await;
    let made = desk.uploads.create_ticket().await.unwrap();
    assert_eq!((made.max_bytes, made.max_seconds), (200 * 1024 * 1024, 90));
    assert_eq!(desk.uploads.find_ticket("something else").await.unwrap(), None);
    let owner = Owner::Ticket(desk.uploads.find_ticket(&made.secret).await.unwrap().unwrap());
    assert_eq!(code(desk.create(new(owner, Some(made.max_bytes + 1))).await), "upload.too_large");
    let upload = desk.complete(owner, "a question in sign").await;
    assert_eq!(code(desk.create(new(owner, Some(1))).await), "upload.bad_ticket");
    assert_eq!(upload.storage_key.unwrap().area, Area::Questions);
    let mut tx = desk.db.begin().await.unwrap();
    let taken = consume_from_citizen(&mut tx, upload.id).await.unwrap();
    assert_eq!(taken.max_seconds, Some(90));
    drop(tx);
    let staff = desk.complete(desk.anna, "a clip").await;
    let mut tx = desk.db.begin().await.unwrap();
    assert_eq!(code(consume_from_citizen(&mut tx, staff.id).await), "upload.not_found");
}

#[tokio::test]
async fn an_unused_ticket_ends_but_a_used_one_lasts_as_long_as_its_upload() {
    let desk = desk().await;
    let used = desk.uploads.create_ticket().await.unwrap();
    let unused = desk.uploads.create_ticket().await.unwrap();
    let id = desk.begin(Owner::Ticket(used.id), 10).await;
    desk.clock.advance(TICKET_FOR);
    desk.uploads.sweep().await.unwrap();
    assert_eq!(desk.uploads.find_ticket(&unused.secret).await.unwrap(), None);
    assert_eq!(desk.uploads.find_ticket(&used.secret).await.unwrap(), Some(used.id));
    assert_eq!(desk.received(id, Owner::Ticket(used.id)).await, 0);
}

#[tokio::test]
async fn what_expires_gives_its_room_back() {
    let desk = desk().await;
    let open = desk.begin(desk.anna, 10).await;
    desk.uploads.append(open, desk.anna, at(0), body(&["0123"])).await.unwrap();
    let done = desk.complete(desk.anna, "never used").await;
    let key = done.storage_key.unwrap();
    desk.clock.advance(UNUSED_FOR + Duration::from_secs(1));
    assert_eq!(code(desk.uploads.look(open, desk.anna).await), "upload.gone");
    assert_eq!(code(desk.uploads.append(open, desk.anna, at(4), body(&["456789"])).await), "upload.gone");
    assert_eq!(desk.uploads.sweep().await.unwrap().expired, 2);
    assert_eq!(desk.store.condition(key).await.unwrap(), Condition::Missing);
    assert_eq!(desk.partial_files(), 0);
    assert_eq!(code(desk.consume(done.id, desk.anna).await), "upload.gone");
}
