-- What the matcher learns from the team, and how it is taken back.

-- A learned wording that a person took back: it is never learned for this clip again.
CREATE TABLE wording_undone (
  clip_id BLOB NOT NULL REFERENCES clip (id),
  text_ar TEXT NOT NULL,
  undone_by BLOB NOT NULL REFERENCES staff (id),
  undone_at INTEGER NOT NULL,
  PRIMARY KEY (clip_id, text_ar)
) STRICT;

-- How far a background follower of the matching has come, in milliseconds since 1970.
CREATE TABLE matching_position (
  name TEXT PRIMARY KEY,
  at INTEGER NOT NULL
) STRICT;

-- The team's lexicon: every version as a whole; the highest number is in use.
CREATE TABLE lexicon_version (
  n INTEGER PRIMARY KEY,
  body TEXT NOT NULL,
  note TEXT NOT NULL,
  created_by BLOB NOT NULL REFERENCES staff (id),
  created_at INTEGER NOT NULL
) STRICT;

-- Questions that ask the same: each keeps its asker, thread and reply.
CREATE TABLE question_likeness (
  question_id BLOB PRIMARY KEY REFERENCES question (id),
  -- The first question of the group.
  leader_id BLOB NOT NULL REFERENCES question (id),
  -- In thousandths.
  likeness INTEGER NOT NULL,
  -- JSON list of the words that both have.
  shared TEXT NOT NULL,
  joined_at INTEGER NOT NULL
) STRICT;
CREATE INDEX question_likeness_by_leader ON question_likeness (leader_id);

-- Rejections are counted against a clip, newest first.
CREATE INDEX suggestion_by_verdict ON suggestion (verdict, decided_at);
