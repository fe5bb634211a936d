-- Clips that are the steps of one errand, such as: apply, book, collect.
CREATE TABLE series (
  id BLOB PRIMARY KEY,
  -- On this service's page it is shown.
  service_id BLOB NOT NULL REFERENCES service (id),
  title_ar TEXT NOT NULL,
  title_en TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  row_version INTEGER NOT NULL
) STRICT;
CREATE INDEX series_by_service ON series (service_id);

CREATE TABLE series_step (
  series_id BLOB NOT NULL REFERENCES series (id),
  -- From 1.
  n INTEGER NOT NULL,
  -- A clip is a step of one series at most.
  clip_id BLOB NOT NULL UNIQUE REFERENCES clip (id),
  PRIMARY KEY (series_id, n)
) STRICT;
