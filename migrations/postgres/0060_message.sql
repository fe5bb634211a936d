-- What asker and desk write to each other about a question, beside the question itself and the replies.
CREATE TABLE message (
  id UUID PRIMARY KEY,
  question_id UUID NOT NULL REFERENCES question (id),
  -- Their order within the question, from 1.
  seq BIGINT NOT NULL,
  -- The cycle of the question in which it was written.
  cycle BIGINT NOT NULL,
  -- 'asker' or 'desk'.
  author TEXT NOT NULL,
  staff_id UUID REFERENCES staff (id),
  -- The asker's clear text without one-time codes and passwords, sealed; NULL once it has expired, and for the desk.
  clear_sealed BYTEA,
  -- What everything else sees.
  redacted TEXT NOT NULL,
  -- JSON list of the kinds of what was masked, in the order of the text.
  masked TEXT NOT NULL,
  at BIGINT NOT NULL,
  UNIQUE (question_id, seq),
  CHECK (author IN ('asker', 'desk'))
);
