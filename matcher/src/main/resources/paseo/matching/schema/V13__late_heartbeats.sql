-- A worker that slept, and whose part another one has taken over, sends once more what that one has sent: signs of life
-- of before the end come after it.

ALTER TABLE camera_session ADD COLUMN heartbeat_us bigint;
COMMENT ON COLUMN camera_session.heartbeat_us IS 'When the last heartbeat came into being, microseconds since 1970: an earlier one is late. Null: before this was noted.';
