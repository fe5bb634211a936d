-- Long clips once more in fragments, for HLS. The playlist names byte ranges of the blob; `{file}` in it stands for the
-- blob's address.
CREATE TABLE stream (
  id BLOB PRIMARY KEY,
  version_id BLOB NOT NULL REFERENCES clip_version (id),
  rung TEXT NOT NULL,
  storage_key TEXT NOT NULL REFERENCES blob (storage_key),
  playlist TEXT NOT NULL,
  -- The highest rate of any segment, bits per second.
  peak INTEGER NOT NULL,
  UNIQUE (version_id, rung)
) STRICT;
CREATE INDEX stream_by_key ON stream (storage_key);

-- Only this part of the original is shown, where a person trimmed it.
ALTER TABLE clip_version ADD COLUMN trim_from_ms INTEGER;
ALTER TABLE clip_version ADD COLUMN trim_to_ms INTEGER;

-- Whose work a job is, and how much: a full queue of one owner must not hold up the others.
ALTER TABLE job ADD COLUMN owner_id BLOB;
ALTER TABLE job ADD COLUMN cost INTEGER NOT NULL DEFAULT 1;
