"""Puts one published clip into a fresh data folder, rows and file, without the pipeline: for benchmarks of serving."""

import hashlib
import time
import uuid


def shelve(database, blobs, content):
    """Returns the storage key of the clip's only rendition."""
    digest = hashlib.sha256(content).hexdigest()
    key = f"renditions/{digest}.mp4"
    (blobs / "renditions").mkdir(parents=True, exist_ok=True)
    (blobs / key).write_bytes(content)
    now = int(time.time() * 1000)
    department, service, clip, version = (uuid.uuid4().bytes for _ in range(4))

    def insert(table, **columns):
        names = ", ".join(columns)
        places = ", ".join("?" for _ in columns)
        database.execute(f"INSERT INTO {table} ({names}) VALUES ({places})", list(columns.values()))

    insert("blob", storage_key=key, sha256=bytes.fromhex(digest), bytes=len(content), mime="video/mp4", created_at=now)
    insert("department", id=department, code="bench", name_ar="قياس", name_en="Bench", approval_minutes=240, active=1,
           created_at=now, row_version=1)
    insert("service", id=service, code="bench", topic="bench", name_ar="قياس", name_en="Bench", kind="information",
           icon="id", sort=1, department_id=department, active=1, created_at=now, row_version=1)
    insert("clip", id=clip, slug="bench", kind="answer", service_id=service, title_ar="قياس", title_en="", question_ar="",
           summary_ar="", alt_ar="", sign_language="sdl", sources="", sample=0, published_version_id=version,
           created_at=now, updated_at=now, row_version=1)
    insert("clip_version", id=version, clip_id=clip, n=1, state="published", state_since=now, change_note="",
           original_name="", video_hash="", captions_hash="", text_hash="", media_state="ready", media_progress=1000,
           has_audio=0, probe="{}", checks="[]", created_at=now, row_version=1)
    insert("rendition", id=uuid.uuid4().bytes, version_id=version, rung="normal", storage_key=key, mime="video/mp4",
           width=960, height=540, fps_milli=25000, frames=250, bytes=len(content), bitrate=900000)
    database.commit()
    database.close()
    return key
