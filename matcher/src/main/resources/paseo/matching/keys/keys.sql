-- The keys of one gallery, in a database of their own. Run at every start; changes nothing that is there.
CREATE TABLE IF NOT EXISTS key_owner (
    single  boolean PRIMARY KEY DEFAULT true CHECK (single),
    gallery uuid    NOT NULL
);
COMMENT ON TABLE key_owner IS 'One row: whose keys these are, as sealing.gallery there says.';

CREATE TABLE IF NOT EXISTS sealing_key (
    id  uuid  PRIMARY KEY,
    key bytea NOT NULL CHECK (length(key) = 32)
);
COMMENT ON TABLE sealing_key IS 'AES-256 keys. Whoever deletes one makes every copy of what it has sealed unreadable.';
ALTER TABLE sealing_key ALTER COLUMN key SET STATISTICS 0, ALTER COLUMN key SET STORAGE PLAIN;

CREATE TABLE IF NOT EXISTS table_purge (
    relation   text        NOT NULL,
    deleted_in xid8        NOT NULL DEFAULT pg_current_xact_id(),
    due        timestamptz NOT NULL,
    PRIMARY KEY (relation, deleted_in)
);
COMMENT ON TABLE table_purge IS 'As the table of the same name in the gallery''s database: sealing_key, while its file holds what was deleted.';
