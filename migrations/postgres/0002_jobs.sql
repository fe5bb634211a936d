-- Work that outlives a request. A row is written in the transaction of the fact that needs it.

CREATE TABLE job (
  id UUID PRIMARY KEY,
  kind TEXT NOT NULL,
  queue TEXT NOT NULL,
  -- JSON object of ids only.
  payload TEXT NOT NULL,
  -- Which thing the job works on, for the pages that show its progress.
  subject_id UUID,
  -- Smaller runs first.
  priority BIGINT NOT NULL,
  state TEXT NOT NULL,
  attempt BIGINT NOT NULL,
  max_attempts BIGINT NOT NULL,
  crashes BIGINT NOT NULL,
  run_after BIGINT NOT NULL,
  lease_owner UUID,
  lease_until BIGINT,
  fence BIGINT NOT NULL,
  heartbeat_at BIGINT,
  -- Thousandths done.
  progress BIGINT NOT NULL,
  error TEXT,
  dedupe_key TEXT,
  created_at BIGINT NOT NULL,
  started_at BIGINT,
  finished_at BIGINT
);
CREATE INDEX job_claimable ON job (queue, state, priority, run_after);
CREATE INDEX job_by_subject ON job (subject_id, created_at);
CREATE UNIQUE INDEX job_dedupe ON job (dedupe_key) WHERE state IN ('queued', 'running', 'retry_at');
