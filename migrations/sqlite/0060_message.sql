-- What asker and desk write to each other about a question, beside the question itself and the replies.
CREATE TABLE message (
  id BLOB PRIMARY KEY,
  question_id BLOB NOT NULL REFERENCES question (id),
  -- Their order within the question, from 1.
  seq INTEGER NOT NULL,
  -- The cycle of the question in which it was written.
  cycle INTEGER NOT NULL,
  -- 'asker' or 'desk'.
  author TEXT NOT NULL,
  staff_id BLOB REFERENCES staff (id),
  -- The asker's clear text without one-time codes and passwords, sealed; NULL once it has expired, and for the desk.
  clear_sealed BLOB,
  -- What everything else sees.
  redacted TEXT NOT NULL,
  -- JSON list of the kinds of what was masked, in the order of the text.
  masked TEXT NOT NULL,
  at INTEGER NOT NULL,
  UNIQUE (question_id, seq),
  CHECK (author IN ('asker', 'desk'))
) STRICT;
