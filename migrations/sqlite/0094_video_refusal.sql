-- Why what was signed could not be used: the code of the media job; empty while it can be used.
ALTER TABLE question ADD COLUMN video_refusal TEXT NOT NULL DEFAULT '';
ALTER TABLE case_video ADD COLUMN video_refusal TEXT NOT NULL DEFAULT '';
