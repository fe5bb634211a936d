-- How often the program ended, or lost the job's lease, while the job ran.
ALTER TABLE job ADD COLUMN deaths BIGINT NOT NULL DEFAULT 0;
-- 1 while a person's cancellation waits to be told to the feature that asked for the job.
ALTER TABLE job ADD COLUMN burial BIGINT NOT NULL DEFAULT 0;
CREATE INDEX job_burial ON job (queue) WHERE burial = 1;
