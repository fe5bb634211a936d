-- When the supervisors were told that the answer is late; each cycle of a question begins without.
ALTER TABLE question ADD COLUMN escalated_at BIGINT;
