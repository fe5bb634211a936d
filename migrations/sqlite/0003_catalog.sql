-- Signed clips: what they answer, their versions, renditions, captions, reviews and publication.

CREATE TABLE service (
  id BLOB PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  parent_id BLOB REFERENCES service (id),
  -- Which of the at most eight topics of the home page it belongs to.
  topic TEXT NOT NULL,
  name_ar TEXT NOT NULL,
  name_en TEXT NOT NULL,
  -- 'information', 'transaction' or 'channel'.
  kind TEXT NOT NULL,
  icon TEXT NOT NULL,
  sort INTEGER NOT NULL,
  department_id BLOB NOT NULL REFERENCES department (id),
  active INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  row_version INTEGER NOT NULL
) STRICT;

CREATE TABLE signer (
  id BLOB PRIMARY KEY,
  display_name TEXT NOT NULL,
  -- 'deaf_presenter' or 'interpreter'.
  role TEXT NOT NULL,
  sign_language TEXT NOT NULL,
  consent_from INTEGER,
  consent_until INTEGER,
  consent_withdrawn_at INTEGER,
  active INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  row_version INTEGER NOT NULL
) STRICT;

-- Bytes that are safely in storage. The row is written after the blob, and deleted before it.
CREATE TABLE blob (
  storage_key TEXT PRIMARY KEY,
  sha256 BLOB NOT NULL,
  bytes INTEGER NOT NULL,
  mime TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE upload (
  id BLOB PRIMARY KEY,
  -- 'staff' or 'ticket'; only the owner may see, continue, finish or end it.
  owner_kind TEXT NOT NULL,
  owner_id BLOB NOT NULL,
  state TEXT NOT NULL,
  length INTEGER,
  received INTEGER NOT NULL,
  max_bytes INTEGER NOT NULL,
  metadata TEXT NOT NULL,
  file_name TEXT NOT NULL,
  storage_key TEXT REFERENCES blob (storage_key),
  expires_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  completed_at INTEGER
) STRICT;
CREATE INDEX upload_by_state ON upload (state, expires_at);

CREATE TABLE upload_ticket (
  id BLOB PRIMARY KEY,
  secret_hash BLOB NOT NULL UNIQUE,
  max_bytes INTEGER NOT NULL,
  max_seconds INTEGER NOT NULL,
  upload_id BLOB,
  expires_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE clip (
  id BLOB PRIMARY KEY,
  slug TEXT NOT NULL UNIQUE,
  -- The importing system's own id; imports are idempotent by it.
  external_id TEXT UNIQUE,
  kind TEXT NOT NULL,
  service_id BLOB NOT NULL REFERENCES service (id),
  signer_id BLOB REFERENCES signer (id),
  title_ar TEXT NOT NULL,
  title_en TEXT NOT NULL,
  question_ar TEXT NOT NULL,
  summary_ar TEXT NOT NULL,
  alt_ar TEXT NOT NULL,
  sign_language TEXT NOT NULL,
  sources TEXT NOT NULL,
  sample INTEGER NOT NULL,
  -- The version the public sees, if any.
  published_version_id BLOB,
  first_published_at INTEGER,
  review_by INTEGER,
  replaced_by BLOB REFERENCES clip (id),
  created_by BLOB,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  row_version INTEGER NOT NULL
) STRICT;
CREATE INDEX clip_by_service ON clip (service_id, first_published_at);
CREATE INDEX clip_by_published ON clip (published_version_id);

CREATE TABLE clip_alias (
  id BLOB PRIMARY KEY,
  clip_id BLOB NOT NULL REFERENCES clip (id),
  text_ar TEXT NOT NULL,
  -- 'editor' or 'citizen' (a redacted wording that an agent confirmed).
  origin TEXT NOT NULL,
  created_by BLOB,
  created_at INTEGER NOT NULL,
  UNIQUE (clip_id, text_ar)
) STRICT;

CREATE TABLE clip_version (
  id BLOB PRIMARY KEY,
  clip_id BLOB NOT NULL REFERENCES clip (id),
  n INTEGER NOT NULL,
  state TEXT NOT NULL,
  state_since INTEGER NOT NULL,
  change_note TEXT NOT NULL,
  -- The uploaded original; a version may reuse the video of the one before.
  original_key TEXT REFERENCES blob (storage_key),
  original_name TEXT NOT NULL,
  -- Lower-case hex SHA-256 of what reviewers see; approvals name these.
  video_hash TEXT NOT NULL,
  captions_hash TEXT NOT NULL,
  text_hash TEXT NOT NULL,
  media_state TEXT NOT NULL,
  -- Thousandths done, and the estimated milliseconds left.
  media_progress INTEGER NOT NULL,
  media_eta_ms INTEGER,
  media_error_code TEXT,
  media_error_ar TEXT,
  media_error_en TEXT,
  duration_ms INTEGER,
  width INTEGER,
  height INTEGER,
  fps_milli INTEGER,
  has_audio INTEGER NOT NULL,
  -- JSON: the probe's facts and the upload checks.
  probe TEXT NOT NULL,
  checks TEXT NOT NULL,
  -- Why a warning or missing part was accepted, and by whom.
  override_reason TEXT,
  override_by BLOB,
  publish_at INTEGER,
  unpublish_at INTEGER,
  published_at INTEGER,
  withdrawn_reason TEXT,
  created_by BLOB,
  submitted_by BLOB,
  created_at INTEGER NOT NULL,
  row_version INTEGER NOT NULL,
  UNIQUE (clip_id, n)
) STRICT;
CREATE INDEX clip_version_by_state ON clip_version (state, state_since);

-- Everybody who made the video, wrote captions or changed text. None of them may approve it.
CREATE TABLE version_author (
  version_id BLOB NOT NULL REFERENCES clip_version (id),
  staff_id BLOB NOT NULL,
  PRIMARY KEY (version_id, staff_id)
) STRICT;

CREATE TABLE rendition (
  id BLOB PRIMARY KEY,
  version_id BLOB NOT NULL REFERENCES clip_version (id),
  -- 'saver', 'normal', 'clear', 'full' or 'source'.
  rung TEXT NOT NULL,
  storage_key TEXT NOT NULL REFERENCES blob (storage_key),
  mime TEXT NOT NULL,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  fps_milli INTEGER NOT NULL,
  frames INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  bitrate INTEGER NOT NULL,
  UNIQUE (version_id, rung)
) STRICT;
CREATE INDEX rendition_by_key ON rendition (storage_key);

CREATE TABLE picture (
  id BLOB PRIMARY KEY,
  version_id BLOB NOT NULL REFERENCES clip_version (id),
  -- 'poster', 'poster_small', 'preview', 'storyboard', 'storyboard_map', 'graphic'.
  role TEXT NOT NULL,
  n INTEGER NOT NULL,
  storage_key TEXT NOT NULL REFERENCES blob (storage_key),
  mime TEXT NOT NULL,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  UNIQUE (version_id, role, n)
) STRICT;
CREATE INDEX picture_by_key ON picture (storage_key);

-- Captions are kept as revisions; the highest n of a language is the current one.
CREATE TABLE caption_revision (
  id BLOB PRIMARY KEY,
  version_id BLOB NOT NULL REFERENCES clip_version (id),
  lang TEXT NOT NULL,
  n INTEGER NOT NULL,
  -- 'editor', 'vtt', 'srt', 'ttml', 'ass' or 'copied' from the version before.
  origin TEXT NOT NULL,
  -- Lower-case hex SHA-256 of the cues.
  hash TEXT NOT NULL,
  -- JSON list of the findings when it was saved.
  findings TEXT NOT NULL,
  errors INTEGER NOT NULL,
  created_by BLOB,
  created_at INTEGER NOT NULL,
  UNIQUE (version_id, lang, n)
) STRICT;

CREATE TABLE cue (
  revision_id BLOB NOT NULL REFERENCES caption_revision (id),
  seq INTEGER NOT NULL,
  start_ms INTEGER NOT NULL,
  end_ms INTEGER NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (revision_id, seq)
) STRICT;

-- Decisions are final; a change voids them and a new round is a new row.
CREATE TABLE approval (
  id BLOB PRIMARY KEY,
  version_id BLOB NOT NULL REFERENCES clip_version (id),
  -- 'linguistic' or 'factual'.
  lane TEXT NOT NULL,
  -- 'approved', 'returned' or 'waived'.
  decision TEXT NOT NULL,
  staff_id BLOB NOT NULL REFERENCES staff (id),
  department_id BLOB,
  video_hash TEXT NOT NULL,
  captions_hash TEXT NOT NULL,
  text_hash TEXT NOT NULL,
  reason TEXT NOT NULL,
  at_ms INTEGER,
  decided_at INTEGER NOT NULL,
  voided_at INTEGER
) STRICT;
CREATE UNIQUE INDEX approval_current ON approval (version_id, lane) WHERE voided_at IS NULL;

-- One row per answer to "is the signing clear?"; nobody is remembered.
CREATE TABLE clip_feedback (
  id BLOB PRIMARY KEY,
  version_id BLOB NOT NULL REFERENCES clip_version (id),
  understood INTEGER NOT NULL,
  day INTEGER NOT NULL
) STRICT;
CREATE INDEX clip_feedback_by_version ON clip_feedback (version_id);
