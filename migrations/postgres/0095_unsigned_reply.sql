-- Why a question that was asked in sign is answered in writing alone; empty for every other reply.
ALTER TABLE reply ADD COLUMN unsigned_reason TEXT NOT NULL DEFAULT '';
