-- A warning of the upload checks that somebody accepts for this video, with the reason.
CREATE TABLE accepted_check (
  version_id UUID NOT NULL REFERENCES clip_version (id),
  -- The stable name of the check.
  code TEXT NOT NULL,
  reason TEXT NOT NULL,
  accepted_by UUID NOT NULL REFERENCES staff (id),
  accepted_at BIGINT NOT NULL,
  PRIMARY KEY (version_id, code)
);
