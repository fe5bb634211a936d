-- When the public version was published, beside the clip itself: the newest clips of the whole house, of a kind and of a
-- service are read along an index, however many there are.
ALTER TABLE clip ADD COLUMN published_at INTEGER;
UPDATE clip SET published_at = (SELECT v.published_at FROM clip_version v WHERE v.id = clip.published_version_id);
CREATE INDEX clip_newest ON clip (published_at, id);
CREATE INDEX clip_newest_of_kind ON clip (kind, published_at, id);
CREATE INDEX clip_newest_of_service ON clip (service_id, published_at, id);
