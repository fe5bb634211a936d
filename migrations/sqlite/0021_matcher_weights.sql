-- Weights of the matcher fitted to the team's own decisions; the newest is used, none means those of the program.
CREATE TABLE matcher_weights (
  version INTEGER PRIMARY KEY,
  -- JSON as in the program's own file.
  body TEXT NOT NULL,
  -- JSON: the cross-validated figures before and after.
  report TEXT NOT NULL,
  made_at INTEGER NOT NULL
) STRICT;
