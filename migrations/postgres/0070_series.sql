-- Clips that are the steps of one errand, such as: apply, book, collect.
CREATE TABLE series (
  id UUID PRIMARY KEY,
  -- On this service's page it is shown.
  service_id UUID NOT NULL REFERENCES service (id),
  title_ar TEXT NOT NULL,
  title_en TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  row_version BIGINT NOT NULL
);
CREATE INDEX series_by_service ON series (service_id);

CREATE TABLE series_step (
  series_id UUID NOT NULL REFERENCES series (id),
  -- From 1.
  n BIGINT NOT NULL,
  -- A clip is a step of one series at most.
  clip_id UUID NOT NULL UNIQUE REFERENCES clip (id),
  PRIMARY KEY (series_id, n)
);
