-- Questions of deaf citizens, the answers that were suggested, and the replies.

CREATE TABLE channel (
  id BLOB PRIMARY KEY,
  -- 'web' (the public form and API) or 'webhook'.
  kind TEXT NOT NULL,
  name TEXT NOT NULL UNIQUE,
  -- The webhook secret, sealed with the server's key; NULL for the web form.
  secret_sealed BLOB,
  active INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE question (
  id BLOB PRIMARY KEY,
  -- Short code that a person can type; shows the status only.
  code TEXT NOT NULL UNIQUE,
  -- SHA-256 of the secret in the asker's own link.
  secret_hash BLOB NOT NULL UNIQUE,
  channel_id BLOB NOT NULL REFERENCES channel (id),
  external_id TEXT NOT NULL,
  -- Thread and sender as the channel names them, sealed: they are personal.
  thread_sealed BLOB,
  contact_sealed BLOB,
  -- The clear text without one-time codes and passwords, sealed; NULL once it has expired.
  clear_sealed BLOB,
  clear_until INTEGER NOT NULL,
  -- What everything else sees.
  redacted TEXT NOT NULL,
  video_key TEXT REFERENCES blob (storage_key),
  video_upload_id BLOB REFERENCES upload (id),
  video_state TEXT NOT NULL,
  intent TEXT NOT NULL,
  privacy TEXT NOT NULL,
  -- JSON list of reason codes.
  route_reasons TEXT NOT NULL,
  urgent INTEGER NOT NULL,
  wants_woman INTEGER NOT NULL,
  had_secret INTEGER NOT NULL,
  service_id BLOB REFERENCES service (id),
  state TEXT NOT NULL,
  state_since INTEGER NOT NULL,
  -- The matcher's calibrated probability that its first suggestion is right, in thousandths.
  confidence INTEGER,
  claimed_by BLOB REFERENCES staff (id),
  claim_until INTEGER,
  duplicate_of BLOB REFERENCES question (id),
  -- Counts up each time the asker reopens; each cycle has its own clock.
  cycle INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  first_reply_at INTEGER,
  resolved_at INTEGER,
  row_version INTEGER NOT NULL,
  UNIQUE (channel_id, external_id)
) STRICT;
CREATE INDEX question_by_state ON question (state, due_at);

CREATE TABLE redaction (
  question_id BLOB NOT NULL REFERENCES question (id),
  seq INTEGER NOT NULL,
  kind TEXT NOT NULL,
  PRIMARY KEY (question_id, seq)
) STRICT;

CREATE TABLE suggestion (
  question_id BLOB NOT NULL REFERENCES question (id),
  place INTEGER NOT NULL,
  clip_id BLOB NOT NULL REFERENCES clip (id),
  score REAL NOT NULL,
  -- JSON list of reasons (matching words, synonym, field).
  reasons TEXT NOT NULL,
  cue_start_ms INTEGER,
  cue_end_ms INTEGER,
  cue_text TEXT,
  matcher TEXT NOT NULL,
  -- 'none', 'accepted' or 'rejected'.
  verdict TEXT NOT NULL,
  decided_by BLOB,
  decided_at INTEGER,
  PRIMARY KEY (question_id, place)
) STRICT;
CREATE INDEX suggestion_by_clip ON suggestion (clip_id);

CREATE TABLE reply (
  id BLOB PRIMARY KEY,
  question_id BLOB NOT NULL REFERENCES question (id),
  cycle INTEGER NOT NULL,
  clip_id BLOB REFERENCES clip (id),
  version_id BLOB REFERENCES clip_version (id),
  body TEXT NOT NULL,
  privacy TEXT NOT NULL,
  -- Why the agent chose another privacy than the rule proposed.
  override_reason TEXT NOT NULL,
  author_id BLOB NOT NULL REFERENCES staff (id),
  state TEXT NOT NULL,
  state_since INTEGER NOT NULL,
  needs_approval INTEGER NOT NULL,
  department_id BLOB,
  -- Sending waits until then so that it can be undone.
  not_before INTEGER,
  decided_by BLOB REFERENCES staff (id),
  decision_reason TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  sent_at INTEGER,
  row_version INTEGER NOT NULL
) STRICT;
CREATE INDEX reply_by_question ON reply (question_id, created_at);
CREATE INDEX reply_by_state ON reply (state, state_since);

CREATE TABLE delivery (
  id BLOB PRIMARY KEY,
  reply_id BLOB NOT NULL REFERENCES reply (id),
  channel_id BLOB NOT NULL REFERENCES channel (id),
  state TEXT NOT NULL,
  external_id TEXT,
  attempts INTEGER NOT NULL,
  last_error TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (reply_id, channel_id)
) STRICT;

CREATE TABLE reply_feedback (
  id BLOB PRIMARY KEY,
  reply_id BLOB NOT NULL UNIQUE REFERENCES reply (id),
  understood INTEGER NOT NULL,
  at INTEGER NOT NULL
) STRICT;

-- What the studio is asked to sign because no answer exists yet.
CREATE TABLE brief (
  id BLOB PRIMARY KEY,
  question_id BLOB NOT NULL UNIQUE REFERENCES question (id),
  service_id BLOB REFERENCES service (id),
  note TEXT NOT NULL,
  state TEXT NOT NULL,
  clip_id BLOB REFERENCES clip (id),
  created_by BLOB NOT NULL REFERENCES staff (id),
  created_at INTEGER NOT NULL,
  row_version INTEGER NOT NULL
) STRICT;
CREATE INDEX brief_by_state ON brief (state, created_at);
