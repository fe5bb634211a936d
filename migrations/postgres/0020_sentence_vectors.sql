-- The vectors of published texts, so that rebuilding never computes one twice. A cache: every row can be made again.
CREATE TABLE sentence_vector (
  -- BLAKE3 of the text.
  text_hash BYTEA NOT NULL,
  -- Names the weights and the tokenizer; vectors of different models are not comparable.
  model TEXT NOT NULL,
  -- A 32-bit little-endian scale, then one signed byte for each number.
  vector BYTEA NOT NULL,
  made_at BIGINT NOT NULL,
  PRIMARY KEY (model, text_hash)
);
