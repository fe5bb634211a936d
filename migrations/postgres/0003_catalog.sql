-- Signed clips: what they answer, their versions, renditions, captions, reviews and publication.

CREATE TABLE service (
  id UUID PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  parent_id UUID REFERENCES service (id),
  -- Which of the at most eight topics of the home page it belongs to.
  topic TEXT NOT NULL,
  name_ar TEXT NOT NULL,
  name_en TEXT NOT NULL,
  -- 'information', 'transaction' or 'channel'.
  kind TEXT NOT NULL,
  icon TEXT NOT NULL,
  sort BIGINT NOT NULL,
  department_id UUID NOT NULL REFERENCES department (id),
  active BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL,
  row_version BIGINT NOT NULL
);

CREATE TABLE signer (
  id UUID PRIMARY KEY,
  display_name TEXT NOT NULL,
  -- 'deaf_presenter' or 'interpreter'.
  role TEXT NOT NULL,
  sign_language TEXT NOT NULL,
  consent_from BIGINT,
  consent_until BIGINT,
  consent_withdrawn_at BIGINT,
  active BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL,
  row_version BIGINT NOT NULL
);

-- Bytes that are safely in storage. The row is written after the blob, and deleted before it.
CREATE TABLE blob (
  storage_key TEXT PRIMARY KEY,
  sha256 BYTEA NOT NULL,
  bytes BIGINT NOT NULL,
  mime TEXT NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE TABLE upload (
  id UUID PRIMARY KEY,
  -- 'staff' or 'ticket'; only the owner may see, continue, finish or end it.
  owner_kind TEXT NOT NULL,
  owner_id UUID NOT NULL,
  state TEXT NOT NULL,
  length BIGINT,
  received BIGINT NOT NULL,
  max_bytes BIGINT NOT NULL,
  metadata TEXT NOT NULL,
  file_name TEXT NOT NULL,
  storage_key TEXT REFERENCES blob (storage_key),
  expires_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  completed_at BIGINT
);
CREATE INDEX upload_by_state ON upload (state, expires_at);

CREATE TABLE upload_ticket (
  id UUID PRIMARY KEY,
  secret_hash BYTEA NOT NULL UNIQUE,
  max_bytes BIGINT NOT NULL,
  max_seconds BIGINT NOT NULL,
  upload_id UUID,
  expires_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE TABLE clip (
  id UUID PRIMARY KEY,
  slug TEXT NOT NULL UNIQUE,
  -- The importing system's own id; imports are idempotent by it.
  external_id TEXT UNIQUE,
  kind TEXT NOT NULL,
  service_id UUID NOT NULL REFERENCES service (id),
  signer_id UUID REFERENCES signer (id),
  title_ar TEXT NOT NULL,
  title_en TEXT NOT NULL,
  question_ar TEXT NOT NULL,
  summary_ar TEXT NOT NULL,
  alt_ar TEXT NOT NULL,
  sign_language TEXT NOT NULL,
  sources TEXT NOT NULL,
  sample BOOLEAN NOT NULL,
  -- The version the public sees, if any.
  published_version_id UUID,
  first_published_at BIGINT,
  review_by BIGINT,
  replaced_by UUID REFERENCES clip (id),
  created_by UUID,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  row_version BIGINT NOT NULL
);
CREATE INDEX clip_by_service ON clip (service_id, first_published_at);
CREATE INDEX clip_by_published ON clip (published_version_id);

CREATE TABLE clip_alias (
  id UUID PRIMARY KEY,
  clip_id UUID NOT NULL REFERENCES clip (id),
  text_ar TEXT NOT NULL,
  -- 'editor' or 'citizen' (a redacted wording that an agent confirmed).
  origin TEXT NOT NULL,
  created_by UUID,
  created_at BIGINT NOT NULL,
  UNIQUE (clip_id, text_ar)
);

CREATE TABLE clip_version (
  id UUID PRIMARY KEY,
  clip_id UUID NOT NULL REFERENCES clip (id),
  n BIGINT NOT NULL,
  state TEXT NOT NULL,
  state_since BIGINT NOT NULL,
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
  media_progress BIGINT NOT NULL,
  media_eta_ms BIGINT,
  media_error_code TEXT,
  media_error_ar TEXT,
  media_error_en TEXT,
  duration_ms BIGINT,
  width BIGINT,
  height BIGINT,
  fps_milli BIGINT,
  has_audio BOOLEAN NOT NULL,
  -- JSON: the probe's facts and the upload checks.
  probe TEXT NOT NULL,
  checks TEXT NOT NULL,
  -- Why a warning or missing part was accepted, and by whom.
  override_reason TEXT,
  override_by UUID,
  publish_at BIGINT,
  unpublish_at BIGINT,
  published_at BIGINT,
  withdrawn_reason TEXT,
  created_by UUID,
  submitted_by UUID,
  created_at BIGINT NOT NULL,
  row_version BIGINT NOT NULL,
  UNIQUE (clip_id, n)
);
CREATE INDEX clip_version_by_state ON clip_version (state, state_since);

-- Everybody who made the video, wrote captions or changed text. None of them may approve it.
CREATE TABLE version_author (
  version_id UUID NOT NULL REFERENCES clip_version (id),
  staff_id UUID NOT NULL,
  PRIMARY KEY (version_id, staff_id)
);

CREATE TABLE rendition (
  id UUID PRIMARY KEY,
  version_id UUID NOT NULL REFERENCES clip_version (id),
  -- 'saver', 'normal', 'clear', 'full' or 'source'.
  rung TEXT NOT NULL,
  storage_key TEXT NOT NULL REFERENCES blob (storage_key),
  mime TEXT NOT NULL,
  width BIGINT NOT NULL,
  height BIGINT NOT NULL,
  fps_milli BIGINT NOT NULL,
  frames BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  bitrate BIGINT NOT NULL,
  UNIQUE (version_id, rung)
);
CREATE INDEX rendition_by_key ON rendition (storage_key);

CREATE TABLE picture (
  id UUID PRIMARY KEY,
  version_id UUID NOT NULL REFERENCES clip_version (id),
  -- 'poster', 'poster_small', 'preview', 'storyboard', 'storyboard_map', 'graphic'.
  role TEXT NOT NULL,
  n BIGINT NOT NULL,
  storage_key TEXT NOT NULL REFERENCES blob (storage_key),
  mime TEXT NOT NULL,
  width BIGINT NOT NULL,
  height BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  UNIQUE (version_id, role, n)
);
CREATE INDEX picture_by_key ON picture (storage_key);

-- Captions are kept as revisions; the highest n of a language is the current one.
CREATE TABLE caption_revision (
  id UUID PRIMARY KEY,
  version_id UUID NOT NULL REFERENCES clip_version (id),
  lang TEXT NOT NULL,
  n BIGINT NOT NULL,
  -- 'editor', 'vtt', 'srt', 'ttml', 'ass' or 'copied' from the version before.
  origin TEXT NOT NULL,
  -- Lower-case hex SHA-256 of the cues.
  hash TEXT NOT NULL,
  -- JSON list of the findings when it was saved.
  findings TEXT NOT NULL,
  errors BIGINT NOT NULL,
  created_by UUID,
  created_at BIGINT NOT NULL,
  UNIQUE (version_id, lang, n)
);

CREATE TABLE cue (
  revision_id UUID NOT NULL REFERENCES caption_revision (id),
  seq BIGINT NOT NULL,
  start_ms BIGINT NOT NULL,
  end_ms BIGINT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (revision_id, seq)
);

-- Decisions are final; a change voids them and a new round is a new row.
CREATE TABLE approval (
  id UUID PRIMARY KEY,
  version_id UUID NOT NULL REFERENCES clip_version (id),
  -- 'linguistic' or 'factual'.
  lane TEXT NOT NULL,
  -- 'approved', 'returned' or 'waived'.
  decision TEXT NOT NULL,
  staff_id UUID NOT NULL REFERENCES staff (id),
  department_id UUID,
  video_hash TEXT NOT NULL,
  captions_hash TEXT NOT NULL,
  text_hash TEXT NOT NULL,
  reason TEXT NOT NULL,
  at_ms BIGINT,
  decided_at BIGINT NOT NULL,
  voided_at BIGINT
);
CREATE UNIQUE INDEX approval_current ON approval (version_id, lane) WHERE voided_at IS NULL;

-- One row per answer to "is the signing clear?"; nobody is remembered.
CREATE TABLE clip_feedback (
  id UUID PRIMARY KEY,
  version_id UUID NOT NULL REFERENCES clip_version (id),
  understood BOOLEAN NOT NULL,
  day BIGINT NOT NULL
);
CREATE INDEX clip_feedback_by_version ON clip_feedback (version_id);
