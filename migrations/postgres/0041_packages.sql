-- Copies of a version for channels: captions burned in below the picture, within the channels' size limit. Made on
-- demand; the hash of the captions says whether a kept one still fits.
CREATE TABLE package (
  id UUID PRIMARY KEY,
  version_id UUID NOT NULL REFERENCES clip_version (id),
  captions_hash TEXT NOT NULL,
  -- 'waiting', 'ready' or 'failed'.
  state TEXT NOT NULL,
  storage_key TEXT REFERENCES blob (storage_key),
  bytes BIGINT,
  width BIGINT,
  height BIGINT,
  duration_ms BIGINT,
  created_by UUID,
  created_at BIGINT NOT NULL,
  finished_at BIGINT,
  UNIQUE (version_id, captions_hash)
);
CREATE INDEX package_by_key ON package (storage_key);
