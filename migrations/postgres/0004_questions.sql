-- Questions of deaf citizens, the answers that were suggested, and the replies.

CREATE TABLE channel (
  id UUID PRIMARY KEY,
  -- 'web' (the public form and API) or 'webhook'.
  kind TEXT NOT NULL,
  name TEXT NOT NULL UNIQUE,
  -- The webhook secret, sealed with the server's key; NULL for the web form.
  secret_sealed BYTEA,
  active BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE TABLE question (
  id UUID PRIMARY KEY,
  -- Short code that a person can type; shows the status only.
  code TEXT NOT NULL UNIQUE,
  -- SHA-256 of the secret in the asker's own link.
  secret_hash BYTEA NOT NULL UNIQUE,
  channel_id UUID NOT NULL REFERENCES channel (id),
  external_id TEXT NOT NULL,
  -- Thread and sender as the channel names them, sealed: they are personal.
  thread_sealed BYTEA,
  contact_sealed BYTEA,
  -- The clear text without one-time codes and passwords, sealed; NULL once it has expired.
  clear_sealed BYTEA,
  clear_until BIGINT NOT NULL,
  -- What everything else sees.
  redacted TEXT NOT NULL,
  video_key TEXT REFERENCES blob (storage_key),
  video_upload_id UUID REFERENCES upload (id),
  video_state TEXT NOT NULL,
  intent TEXT NOT NULL,
  privacy TEXT NOT NULL,
  -- JSON list of reason codes.
  route_reasons TEXT NOT NULL,
  urgent BOOLEAN NOT NULL,
  wants_woman BOOLEAN NOT NULL,
  had_secret BOOLEAN NOT NULL,
  service_id UUID REFERENCES service (id),
  state TEXT NOT NULL,
  state_since BIGINT NOT NULL,
  -- The matcher's calibrated probability that its first suggestion is right, in thousandths.
  confidence BIGINT,
  claimed_by UUID REFERENCES staff (id),
  claim_until BIGINT,
  duplicate_of UUID REFERENCES question (id),
  -- Counts up each time the asker reopens; each cycle has its own clock.
  cycle BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  first_reply_at BIGINT,
  resolved_at BIGINT,
  row_version BIGINT NOT NULL,
  UNIQUE (channel_id, external_id)
);
CREATE INDEX question_by_state ON question (state, due_at);

CREATE TABLE redaction (
  question_id UUID NOT NULL REFERENCES question (id),
  seq BIGINT NOT NULL,
  kind TEXT NOT NULL,
  PRIMARY KEY (question_id, seq)
);

CREATE TABLE suggestion (
  question_id UUID NOT NULL REFERENCES question (id),
  place BIGINT NOT NULL,
  clip_id UUID NOT NULL REFERENCES clip (id),
  score DOUBLE PRECISION NOT NULL,
  -- JSON list of reasons (matching words, synonym, field).
  reasons TEXT NOT NULL,
  cue_start_ms BIGINT,
  cue_end_ms BIGINT,
  cue_text TEXT,
  matcher TEXT NOT NULL,
  -- 'none', 'accepted' or 'rejected'.
  verdict TEXT NOT NULL,
  decided_by UUID,
  decided_at BIGINT,
  PRIMARY KEY (question_id, place)
);
CREATE INDEX suggestion_by_clip ON suggestion (clip_id);

CREATE TABLE reply (
  id UUID PRIMARY KEY,
  question_id UUID NOT NULL REFERENCES question (id),
  cycle BIGINT NOT NULL,
  clip_id UUID REFERENCES clip (id),
  version_id UUID REFERENCES clip_version (id),
  body TEXT NOT NULL,
  privacy TEXT NOT NULL,
  -- Why the agent chose another privacy than the rule proposed.
  override_reason TEXT NOT NULL,
  author_id UUID NOT NULL REFERENCES staff (id),
  state TEXT NOT NULL,
  state_since BIGINT NOT NULL,
  needs_approval BOOLEAN NOT NULL,
  department_id UUID,
  -- Sending waits until then so that it can be undone.
  not_before BIGINT,
  decided_by UUID REFERENCES staff (id),
  decision_reason TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  sent_at BIGINT,
  row_version BIGINT NOT NULL
);
CREATE INDEX reply_by_question ON reply (question_id, created_at);
CREATE INDEX reply_by_state ON reply (state, state_since);

CREATE TABLE delivery (
  id UUID PRIMARY KEY,
  reply_id UUID NOT NULL REFERENCES reply (id),
  channel_id UUID NOT NULL REFERENCES channel (id),
  state TEXT NOT NULL,
  external_id TEXT,
  attempts BIGINT NOT NULL,
  last_error TEXT,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  UNIQUE (reply_id, channel_id)
);

CREATE TABLE reply_feedback (
  id UUID PRIMARY KEY,
  reply_id UUID NOT NULL UNIQUE REFERENCES reply (id),
  understood BOOLEAN NOT NULL,
  at BIGINT NOT NULL
);

-- What the studio is asked to sign because no answer exists yet.
CREATE TABLE brief (
  id UUID PRIMARY KEY,
  question_id UUID NOT NULL UNIQUE REFERENCES question (id),
  service_id UUID REFERENCES service (id),
  note TEXT NOT NULL,
  state TEXT NOT NULL,
  clip_id UUID REFERENCES clip (id),
  created_by UUID NOT NULL REFERENCES staff (id),
  created_at BIGINT NOT NULL,
  row_version BIGINT NOT NULL
);
CREATE INDEX brief_by_state ON brief (state, created_at);
