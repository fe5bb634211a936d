-- Copies of a version for channels: captions burned in below the picture, within the channels' size limit. Made on
-- demand; the hash of the captions says whether a kept one still fits.
CREATE TABLE package (
  id BLOB PRIMARY KEY,
  version_id BLOB NOT NULL REFERENCES clip_version (id),
  captions_hash TEXT NOT NULL,
  -- 'waiting', 'ready' or 'failed'.
  state TEXT NOT NULL,
  storage_key TEXT REFERENCES blob (storage_key),
  bytes INTEGER,
  width INTEGER,
  height INTEGER,
  duration_ms INTEGER,
  created_by BLOB,
  created_at INTEGER NOT NULL,
  finished_at INTEGER,
  UNIQUE (version_id, captions_hash)
) STRICT;
CREATE INDEX package_by_key ON package (storage_key);
