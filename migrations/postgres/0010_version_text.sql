-- What a version says beside its video. The columns of the same names in `clip` are what the public sees; until the
-- first publication they follow the draft.
CREATE TABLE version_text (
  version_id UUID PRIMARY KEY REFERENCES clip_version (id),
  service_id UUID NOT NULL REFERENCES service (id),
  signer_id UUID REFERENCES signer (id),
  sign_language TEXT NOT NULL,
  title_ar TEXT NOT NULL,
  title_en TEXT NOT NULL,
  question_ar TEXT NOT NULL,
  summary_ar TEXT NOT NULL,
  alt_ar TEXT NOT NULL,
  sources TEXT NOT NULL
);

-- An import at the command line waives reviews without a staff account: staff_id may be NULL for waivers.
ALTER TABLE approval ALTER COLUMN staff_id DROP NOT NULL;
ALTER TABLE approval ADD CHECK (staff_id IS NOT NULL OR decision = 'waived');
