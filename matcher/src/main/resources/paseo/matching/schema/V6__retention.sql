-- How long things are kept.

ALTER TABLE camera_session ADD COLUMN retention_s bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN camera_session.retention_s IS 'Seconds that what was seen in it is kept; 0 for as long as the matcher keeps anything.';
