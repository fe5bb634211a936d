-- What an answer costs and until when, as fields of their own: reviewed like every other word of a version.
ALTER TABLE version_text ADD COLUMN fees_ar TEXT NOT NULL DEFAULT '';
ALTER TABLE version_text ADD COLUMN deadline_ar TEXT NOT NULL DEFAULT '';
ALTER TABLE clip ADD COLUMN fees_ar TEXT NOT NULL DEFAULT '';
ALTER TABLE clip ADD COLUMN deadline_ar TEXT NOT NULL DEFAULT '';

-- Whether its page offers the file for keeping.
ALTER TABLE clip ADD COLUMN may_download INTEGER NOT NULL DEFAULT 1;
