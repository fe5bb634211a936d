-- Work that outlives a request. A row is written in the transaction of the fact that needs it.

CREATE TABLE job (
  id BLOB PRIMARY KEY,
  kind TEXT NOT NULL,
  queue TEXT NOT NULL,
  -- JSON object of ids only.
  payload TEXT NOT NULL,
  -- Which thing the job works on, for the pages that show its progress.
  subject_id BLOB,
  -- Smaller runs first.
  priority INTEGER NOT NULL,
  state TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  max_attempts INTEGER NOT NULL,
  crashes INTEGER NOT NULL,
  run_after INTEGER NOT NULL,
  lease_owner BLOB,
  lease_until INTEGER,
  fence INTEGER NOT NULL,
  heartbeat_at INTEGER,
  -- Thousandths done.
  progress INTEGER NOT NULL,
  error TEXT,
  dedupe_key TEXT,
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  finished_at INTEGER
) STRICT;
CREATE INDEX job_claimable ON job (queue, state, priority, run_after);
CREATE INDEX job_by_subject ON job (subject_id, created_at);
CREATE UNIQUE INDEX job_dedupe ON job (dedupe_key) WHERE state IN ('queued', 'running', 'retry_at');
