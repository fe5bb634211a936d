-- What the matcher learns from the team, and how it is taken back.

-- A learned wording that a person took back: it is never learned for this clip again.
CREATE TABLE wording_undone (
  clip_id UUID NOT NULL REFERENCES clip (id),
  text_ar TEXT NOT NULL,
  undone_by UUID NOT NULL REFERENCES staff (id),
  undone_at BIGINT NOT NULL,
  PRIMARY KEY (clip_id, text_ar)
);

-- How far a background follower of the matching has come, in milliseconds since 1970.
CREATE TABLE matching_position (
  name TEXT PRIMARY KEY,
  at BIGINT NOT NULL
);

-- The team's lexicon: every version as a whole; the highest number is in use.
CREATE TABLE lexicon_version (
  n BIGINT PRIMARY KEY,
  body TEXT NOT NULL,
  note TEXT NOT NULL,
  created_by UUID NOT NULL REFERENCES staff (id),
  created_at BIGINT NOT NULL
);

-- Questions that ask the same: each keeps its asker, thread and reply.
CREATE TABLE question_likeness (
  question_id UUID PRIMARY KEY REFERENCES question (id),
  -- The first question of the group.
  leader_id UUID NOT NULL REFERENCES question (id),
  -- In thousandths.
  likeness BIGINT NOT NULL,
  -- JSON list of the words that both have.
  shared TEXT NOT NULL,
  joined_at BIGINT NOT NULL
);
CREATE INDEX question_likeness_by_leader ON question_likeness (leader_id);

-- Rejections are counted against a clip, newest first.
CREATE INDEX suggestion_by_verdict ON suggestion (verdict, decided_at);
