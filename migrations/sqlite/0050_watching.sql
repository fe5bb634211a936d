-- How published versions are watched: counts for each day and caption line, with nothing about a person.
CREATE TABLE clip_watching (
  version_id BLOB NOT NULL REFERENCES clip_version (id),
  -- Days since 1970.
  day INTEGER NOT NULL,
  -- The caption line from 0; -1 counts clips begun, -2 clips watched to the end.
  part INTEGER NOT NULL,
  plays INTEGER NOT NULL,
  -- Further times that the same visitor saw the same line in one visit.
  replays INTEGER NOT NULL,
  PRIMARY KEY (version_id, day, part)
) STRICT;
