-- What is signed in a case after the question itself: a message of the asker, or the desk's own reply. Never public.
CREATE TABLE case_video (
  id BLOB PRIMARY KEY,
  question_id BLOB NOT NULL REFERENCES question (id),
  -- One of the two.
  message_id BLOB UNIQUE REFERENCES message (id),
  reply_id BLOB UNIQUE REFERENCES reply (id),
  upload_id BLOB NOT NULL UNIQUE REFERENCES upload (id),
  video_key TEXT REFERENCES blob (storage_key),
  -- 'waiting', 'kept', 'refused', 'failed' or 'deleted'.
  video_state TEXT NOT NULL,
  -- Of the encoded video; 0 until there is one.
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  duration_ms INTEGER NOT NULL,
  fps REAL NOT NULL,
  created_at INTEGER NOT NULL,
  CHECK ((message_id IS NULL) <> (reply_id IS NULL))
) STRICT;
CREATE INDEX case_video_by_question ON case_video (question_id);
CREATE INDEX case_video_by_key ON case_video (video_key);
