-- What a citizen does after an answer, where staff chose it for a service; at most three, in their order.
CREATE TABLE next_link (
  service_id BLOB NOT NULL REFERENCES service (id),
  -- From 1.
  n INTEGER NOT NULL,
  -- 'absher', 'appointment', 'office_finder', 'taqdeer', 'tahseen' or 'ashsher'.
  kind TEXT NOT NULL,
  -- An https address; without one the house's own explanation.
  url TEXT,
  PRIMARY KEY (service_id, n)
) STRICT;
