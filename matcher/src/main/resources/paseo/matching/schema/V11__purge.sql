-- What is erased is gone for whoever asks. Its bytes are not: Kafka keeps records for their week, PostgreSQL the room of
-- deleted rows until something else is written there. These tables hold what is still to be done about it, so that it
-- is done after a restart, too.

CREATE TABLE topic_wish (
    id  bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    due timestamptz NOT NULL
);
COMMENT ON TABLE topic_wish IS 'Whatever the topics with faces hold when this is due is to be deleted, once it is consumed.';

CREATE TABLE topic_purge (
    topic     text    NOT NULL,
    partition integer NOT NULL,
    before    bigint  NOT NULL,
    PRIMARY KEY (topic, partition)
);
COMMENT ON TABLE topic_purge IS 'Records that are to be deleted and are not yet.';
COMMENT ON COLUMN topic_purge.before IS 'The first offset that may stay.';

CREATE TABLE table_purge (
    relation   text        NOT NULL,
    deleted_in xid8        NOT NULL DEFAULT pg_current_xact_id(),
    due        timestamptz NOT NULL,
    PRIMARY KEY (relation, deleted_in)
);
COMMENT ON TABLE table_purge IS 'Tables whose files still hold bytes of erased rows, until they are written anew.';
COMMENT ON COLUMN table_purge.deleted_in IS 'Once no transaction can see what this one has deleted, a table that is written anew is without it.';

-- Statistics of a column are values of it: embeddings of some people, for the planner, which has no use for them.
ALTER TABLE face ALTER COLUMN embedding SET STATISTICS 0, ALTER COLUMN landmarks SET STATISTICS 0;
ALTER TABLE person ALTER COLUMN centre SET STATISTICS 0;
ALTER TABLE opted_out_template ALTER COLUMN embedding SET STATISTICS 0;
-- With all partitions that there are.
ALTER TABLE template ALTER COLUMN embedding SET STATISTICS 0, ALTER COLUMN crop SET STATISTICS 0;
-- Only a superuser may; where the matcher is none, whoever is finds the statement in deploy/README.md.
DO $$
BEGIN
    IF (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user) THEN
        DELETE FROM pg_catalog.pg_statistic s USING pg_catalog.pg_attribute a
        WHERE a.attrelid = s.starelid AND a.attnum = s.staattnum AND a.attstattarget = 0;
    END IF;
END $$;
