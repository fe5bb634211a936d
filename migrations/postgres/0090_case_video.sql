-- What is signed in a case after the question itself: a message of the asker, or the desk's own reply. Never public.
CREATE TABLE case_video (
  id UUID PRIMARY KEY,
  question_id UUID NOT NULL REFERENCES question (id),
  -- One of the two.
  message_id UUID UNIQUE REFERENCES message (id),
  reply_id UUID UNIQUE REFERENCES reply (id),
  upload_id UUID NOT NULL UNIQUE REFERENCES upload (id),
  video_key TEXT REFERENCES blob (storage_key),
  -- 'waiting', 'kept', 'refused', 'failed' or 'deleted'.
  video_state TEXT NOT NULL,
  -- Of the encoded video; 0 until there is one.
  width BIGINT NOT NULL,
  height BIGINT NOT NULL,
  duration_ms BIGINT NOT NULL,
  fps DOUBLE PRECISION NOT NULL,
  created_at BIGINT NOT NULL,
  CHECK ((message_id IS NULL) <> (reply_id IS NULL))
);
CREATE INDEX case_video_by_question ON case_video (question_id);
CREATE INDEX case_video_by_key ON case_video (video_key);
