-- Staff accounts, what they may do, and the append-only record of what was done.

CREATE TABLE department (
  id BLOB PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  name_ar TEXT NOT NULL,
  name_en TEXT NOT NULL,
  -- How long the department has to approve a reply, in minutes.
  approval_minutes INTEGER NOT NULL,
  active INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  row_version INTEGER NOT NULL
) STRICT;

CREATE TABLE staff (
  id BLOB PRIMARY KEY,
  email TEXT NOT NULL UNIQUE,
  display_name TEXT NOT NULL,
  role TEXT NOT NULL,
  department_id BLOB REFERENCES department (id),
  -- NULL until the person has chosen a password with an invitation.
  password_hash TEXT,
  active INTEGER NOT NULL,
  woman INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  row_version INTEGER NOT NULL
) STRICT;

CREATE TABLE session (
  -- SHA-256 of the cookie's secret: the table alone opens no session.
  secret_hash BLOB PRIMARY KEY,
  staff_id BLOB NOT NULL REFERENCES staff (id),
  created_at INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX session_by_staff ON session (staff_id);

CREATE TABLE api_token (
  id BLOB PRIMARY KEY,
  staff_id BLOB NOT NULL REFERENCES staff (id),
  secret_hash BLOB NOT NULL UNIQUE,
  -- Space-separated scopes: read write review desk admin.
  scopes TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  revoked_at INTEGER
) STRICT;

CREATE TABLE audit (
  seq INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  -- 'staff', 'citizen', 'channel' or 'system'.
  actor_kind TEXT NOT NULL,
  actor_id BLOB,
  verb TEXT NOT NULL,
  subject_kind TEXT NOT NULL,
  subject_id BLOB NOT NULL,
  -- JSON object without personal data.
  detail TEXT NOT NULL,
  prev_hash BLOB NOT NULL,
  hash BLOB NOT NULL
) STRICT;
CREATE INDEX audit_by_subject ON audit (subject_id, seq);

-- What followers read: one row per change of something that is indexed.
CREATE TABLE changes (
  seq INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  subject_id BLOB NOT NULL,
  at INTEGER NOT NULL
) STRICT;

-- The heads of the two numbered logs; one row each, taken under a lock in the writing transaction.
CREATE TABLE log_head (
  log TEXT PRIMARY KEY,
  seq INTEGER NOT NULL,
  hash BLOB NOT NULL
) STRICT;

CREATE TABLE idempotency (
  scope TEXT NOT NULL,
  idem_key TEXT NOT NULL,
  request_hash BLOB NOT NULL,
  -- 0 while the first request is still running.
  status INTEGER NOT NULL,
  content_type TEXT NOT NULL,
  location TEXT,
  body BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (scope, idem_key)
) STRICT;
CREATE INDEX idempotency_by_age ON idempotency (created_at);
