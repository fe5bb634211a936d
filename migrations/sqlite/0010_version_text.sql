-- What a version says beside its video. The columns of the same names in `clip` are what the public sees; until the
-- first publication they follow the draft.
CREATE TABLE version_text (
  version_id BLOB PRIMARY KEY REFERENCES clip_version (id),
  service_id BLOB NOT NULL REFERENCES service (id),
  signer_id BLOB REFERENCES signer (id),
  sign_language TEXT NOT NULL,
  title_ar TEXT NOT NULL,
  title_en TEXT NOT NULL,
  question_ar TEXT NOT NULL,
  summary_ar TEXT NOT NULL,
  alt_ar TEXT NOT NULL,
  sources TEXT NOT NULL
) STRICT;

-- An import at the command line waives reviews without a staff account: staff_id may be NULL for waivers.
CREATE TABLE approval_wider (
  id BLOB PRIMARY KEY,
  version_id BLOB NOT NULL REFERENCES clip_version (id),
  -- 'linguistic' or 'factual'.
  lane TEXT NOT NULL,
  -- 'approved', 'returned' or 'waived'.
  decision TEXT NOT NULL,
  staff_id BLOB REFERENCES staff (id),
  department_id BLOB,
  video_hash TEXT NOT NULL,
  captions_hash TEXT NOT NULL,
  text_hash TEXT NOT NULL,
  reason TEXT NOT NULL,
  at_ms INTEGER,
  decided_at INTEGER NOT NULL,
  voided_at INTEGER,
  CHECK (staff_id IS NOT NULL OR decision = 'waived')
) STRICT;
INSERT INTO approval_wider SELECT id, version_id, lane, decision, staff_id, department_id, video_hash, captions_hash,
  text_hash, reason, at_ms, decided_at, voided_at FROM approval;
DROP TABLE approval;
ALTER TABLE approval_wider RENAME TO approval;
CREATE UNIQUE INDEX approval_current ON approval (version_id, lane) WHERE voided_at IS NULL;
