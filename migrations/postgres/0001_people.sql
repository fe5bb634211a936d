-- Staff accounts, what they may do, and the append-only record of what was done.

CREATE TABLE department (
  id UUID PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  name_ar TEXT NOT NULL,
  name_en TEXT NOT NULL,
  -- How long the department has to approve a reply, in minutes.
  approval_minutes BIGINT NOT NULL,
  active BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL,
  row_version BIGINT NOT NULL
);

CREATE TABLE staff (
  id UUID PRIMARY KEY,
  email TEXT NOT NULL UNIQUE,
  display_name TEXT NOT NULL,
  role TEXT NOT NULL,
  department_id UUID REFERENCES department (id),
  -- NULL until the person has chosen a password with an invitation.
  password_hash TEXT,
  active BOOLEAN NOT NULL,
  woman BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL,
  row_version BIGINT NOT NULL
);

CREATE TABLE session (
  -- SHA-256 of the cookie's secret: the table alone opens no session.
  secret_hash BYTEA PRIMARY KEY,
  staff_id UUID NOT NULL REFERENCES staff (id),
  created_at BIGINT NOT NULL,
  last_seen_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX session_by_staff ON session (staff_id);

CREATE TABLE api_token (
  id UUID PRIMARY KEY,
  staff_id UUID NOT NULL REFERENCES staff (id),
  secret_hash BYTEA NOT NULL UNIQUE,
  -- Space-separated scopes: read write review desk admin.
  scopes TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT,
  revoked_at BIGINT
);

CREATE TABLE audit (
  seq BIGINT PRIMARY KEY,
  at BIGINT NOT NULL,
  -- 'staff', 'citizen', 'channel' or 'system'.
  actor_kind TEXT NOT NULL,
  actor_id UUID,
  verb TEXT NOT NULL,
  subject_kind TEXT NOT NULL,
  subject_id UUID NOT NULL,
  -- JSON object without personal data.
  detail TEXT NOT NULL,
  prev_hash BYTEA NOT NULL,
  hash BYTEA NOT NULL
);
CREATE INDEX audit_by_subject ON audit (subject_id, seq);

-- What followers read: one row per change of something that is indexed.
CREATE TABLE changes (
  seq BIGINT PRIMARY KEY,
  kind TEXT NOT NULL,
  subject_id UUID NOT NULL,
  at BIGINT NOT NULL
);

-- The heads of the two numbered logs; one row each, taken under a lock in the writing transaction.
CREATE TABLE log_head (
  log TEXT PRIMARY KEY,
  seq BIGINT NOT NULL,
  hash BYTEA NOT NULL
);

CREATE TABLE idempotency (
  scope TEXT NOT NULL,
  idem_key TEXT NOT NULL,
  request_hash BYTEA NOT NULL,
  -- 0 while the first request is still running.
  status BIGINT NOT NULL,
  content_type TEXT NOT NULL,
  location TEXT,
  body BYTEA NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (scope, idem_key)
);
CREATE INDEX idempotency_by_age ON idempotency (created_at);
