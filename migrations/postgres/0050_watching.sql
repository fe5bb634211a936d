-- How published versions are watched: counts for each day and caption line, with nothing about a person.
CREATE TABLE clip_watching (
  version_id UUID NOT NULL REFERENCES clip_version (id),
  -- Days since 1970.
  day BIGINT NOT NULL,
  -- The caption line from 0; -1 counts clips begun, -2 clips watched to the end.
  part BIGINT NOT NULL,
  plays BIGINT NOT NULL,
  -- Further times that the same visitor saw the same line in one visit.
  replays BIGINT NOT NULL,
  PRIMARY KEY (version_id, day, part)
);
