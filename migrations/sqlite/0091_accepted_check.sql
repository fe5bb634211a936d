-- A warning of the upload checks that somebody accepts for this video, with the reason.
CREATE TABLE accepted_check (
  version_id BLOB NOT NULL REFERENCES clip_version (id),
  -- The stable name of the check.
  code TEXT NOT NULL,
  reason TEXT NOT NULL,
  accepted_by BLOB NOT NULL REFERENCES staff (id),
  accepted_at INTEGER NOT NULL,
  PRIMARY KEY (version_id, code)
) STRICT;
