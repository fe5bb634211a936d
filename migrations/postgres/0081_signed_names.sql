-- Which signed title says a page text, a topic or a service; without a row, a service is named by its newest signed title.
CREATE TABLE signed_name (
  -- 'text:…', 'topic:…' or 'service:…' with the name of the sentence or the code.
  subject TEXT PRIMARY KEY,
  clip_id UUID NOT NULL REFERENCES clip (id),
  set_at BIGINT NOT NULL
);
CREATE INDEX signed_name_by_clip ON signed_name (clip_id);
