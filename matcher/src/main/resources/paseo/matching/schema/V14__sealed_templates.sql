-- What people are recognised by is plain only in tables that no copy of the database holds.
--
--   sealed_template   logged: encrypted, each sequence with a key of its own; the keys lie in another database
--   template          unlogged: what is searched, made from the sealed ones whenever it is empty
--
-- Unlogged tables are in no write-ahead log, no base backup and, asked so, no dump. After a crash, on a promoted standby
-- and in a restored copy they are empty. Programs of before would store what is not sealed: they are refused.

CREATE TABLE sealing (
    single  boolean PRIMARY KEY DEFAULT true CHECK (single),
    gallery uuid    NOT NULL DEFAULT gen_random_uuid()
);
COMMENT ON TABLE sealing IS 'One row.';
COMMENT ON COLUMN sealing.gallery IS 'By which the database with the keys knows that they are the ones of this.';
INSERT INTO sealing DEFAULT VALUES;

CREATE TABLE sealed_template (
    pack_id     smallint NOT NULL REFERENCES model_pack,
    sequence_no bigint   NOT NULL REFERENCES sequence,
    made_from   smallint REFERENCES model_pack,
    dropped     integer  NOT NULL DEFAULT 0,
    vectors     bytea    NOT NULL,
    pictures    bytea    NOT NULL,
    PRIMARY KEY (sequence_no, pack_id)
);
COMMENT ON TABLE sealed_template IS 'What template is made from, and the pictures, encrypted under the key that has the sequence''s id.';
COMMENT ON COLUMN sealed_template.made_from IS 'As template.made_from.';
COMMENT ON COLUMN sealed_template.dropped IS 'Bit n: the vector of ordinal n is left out of searches.';
COMMENT ON COLUMN sealed_template.vectors IS 'Nonce, ciphertext and tag (AES-256-GCM) of all rows of the sequence in template, without whose they are.';
COMMENT ON COLUMN sealed_template.pictures IS 'The same of the aligned faces, JPEG, by ordinal; apart, because whoever fills template does not need them.';
ALTER TABLE sealed_template
    ALTER COLUMN vectors SET STORAGE EXTERNAL, ALTER COLUMN pictures SET STORAGE EXTERNAL,
    ALTER COLUMN vectors SET STATISTICS 0, ALTER COLUMN pictures SET STATISTICS 0;

ALTER TABLE opted_out ADD COLUMN key uuid NOT NULL DEFAULT gen_random_uuid();
COMMENT ON COLUMN opted_out.key IS 'The key under which their vectors are sealed.';

CREATE TABLE sealed_opt_out (
    entry   bigint   NOT NULL REFERENCES opted_out ON DELETE CASCADE,
    pack_id smallint NOT NULL REFERENCES model_pack,
    vectors bytea    NOT NULL,
    PRIMARY KEY (entry, pack_id)
);
COMMENT ON TABLE sealed_opt_out IS 'What opted_out_template is made from, encrypted under the entry''s own key.';
ALTER TABLE sealed_opt_out ALTER COLUMN vectors SET STATISTICS 0;

-- Faces are stored before it is known whose they are: some frames of a session share a key.
CREATE TABLE face_block (
    session_id bigint  NOT NULL REFERENCES camera_session,
    number     integer NOT NULL,
    key        uuid    NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    PRIMARY KEY (session_id, number)
);
COMMENT ON TABLE face_block IS 'Under which key the vectors of faces are sealed.';
COMMENT ON COLUMN face_block.number IS 'That of a frame divided by 256.';
ALTER TABLE face ADD COLUMN sealed bytea;
ALTER TABLE face ALTER COLUMN sealed SET STORAGE PLAIN, ALTER COLUMN sealed SET STATISTICS 0;
COMMENT ON COLUMN face.sealed IS 'Nonce, ciphertext and tag (AES-256-GCM) of the halves of its unit vector of pack pack_id; null unless usable.';

CREATE TABLE key_wish (
    id  uuid        PRIMARY KEY,
    due timestamptz NOT NULL
);
COMMENT ON TABLE key_wish IS 'Keys that are to be deleted.';
COMMENT ON COLUMN key_wish.due IS 'When the table that held it must be written anew.';

CREATE UNLOGGED TABLE gallery_filled (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    id     uuid    NOT NULL DEFAULT gen_random_uuid()
);
COMMENT ON TABLE gallery_filled IS 'One row once the unlogged tables hold everything. It is lost whenever they are.';

-- Derived: the mean of what is sealed.
CREATE UNLOGGED TABLE person_centre (
    person bigint  PRIMARY KEY REFERENCES person,
    centre halfvec NOT NULL
);
COMMENT ON TABLE person_centre IS 'Direction of the mean of a person''s sequences'' centres, by which neighbours are found; none until consolidation has seen the person.';
ALTER TABLE person_centre ALTER COLUMN centre SET STORAGE PLAIN, ALTER COLUMN centre SET STATISTICS 0;
ALTER TABLE person DROP COLUMN centre;
-- The bytes of a column that was dropped stay until the table is written anew.
INSERT INTO table_purge (relation, due) VALUES ('person', now());

-- What is there is sealed by the program, which then drops the plain tables.
DO $$
DECLARE
    part regclass;
BEGIN
    FOR part IN
        SELECT t.relid FROM pg_partition_tree('template') AS t
        JOIN pg_index i ON i.indrelid = t.relid JOIN pg_class c ON c.oid = i.indexrelid
        WHERE c.relname = (SELECT relname FROM pg_class WHERE oid = t.relid) || '_near'
    LOOP
        EXECUTE format('DROP INDEX %I', (SELECT relname FROM pg_class WHERE oid = part) || '_near');
    END LOOP;
    FOR part IN SELECT relid FROM pg_partition_tree('template') LOOP
        EXECUTE format('ALTER TABLE %s RENAME TO %I', part, 'plain_' || (SELECT relname FROM pg_class WHERE oid = part));
    END LOOP;
END $$;
ALTER INDEX template_pkey RENAME TO plain_template_pkey;
ALTER INDEX template_person RENAME TO plain_template_person;
ALTER INDEX template_written RENAME TO plain_template_written;
ALTER INDEX template_nobody RENAME TO plain_template_nobody;
ALTER TABLE opted_out_template RENAME TO plain_opted_out_template;
ALTER INDEX opted_out_template_entry RENAME TO plain_opted_out_template_entry;

-- Of unlogged partitions; a partitioned table itself holds nothing.
CREATE TABLE template (
    pack_id       smallint NOT NULL,
    sequence_no   bigint   NOT NULL,
    ordinal       smallint NOT NULL CHECK (ordinal >= 0),
    person        bigint,
    weight        real,
    concentration real,
    face_count    integer,
    frame         integer,
    face_index    smallint,
    capture_us    bigint,
    quality       real,
    yaw           real,
    pitch         real,
    roll          real,
    embedding     halfvec  NOT NULL,
    dropped       boolean  NOT NULL DEFAULT false,
    made_from     smallint,
    written       xid8     NOT NULL DEFAULT pg_current_xact_id(),
    PRIMARY KEY (pack_id, sequence_no, ordinal)
) PARTITION BY LIST (pack_id);
COMMENT ON TABLE template IS 'What stands for a sequence in comparison: ordinal 0 is the centre, the others are prototypes, best first. Unlogged: as sealed_template and sequence say.';
COMMENT ON COLUMN template.person IS 'Whose gallery entry it is; null for undecided sequences, which are kept but not searched.';
COMMENT ON COLUMN template.weight IS 'Centre: sum of the weights of its faces; centre × concentration × weight is their weighted sum.';
COMMENT ON COLUMN template.frame IS 'Prototype: where it was taken.';
COMMENT ON COLUMN template.embedding IS 'Unit vector of the pack''s dimension. Stored plain: out of line, an exact scan takes ten times as long.';
COMMENT ON COLUMN template.dropped IS 'Left out of searches because it misleads: then it has no person, although its sequence has.';
COMMENT ON COLUMN template.made_from IS 'Of a template that was made from stored pictures: the pack as whose embedder wants them they are aligned. Null: made from the frames, aligned as its own pack wants it.';
COMMENT ON COLUMN template.written IS 'The transaction that stored the vector: what memory has not seen yet is found by it.';
ALTER TABLE template ALTER COLUMN embedding SET STORAGE PLAIN, ALTER COLUMN embedding SET STATISTICS 0;
CREATE INDEX template_person ON template (person);
CREATE INDEX template_written ON template (written);
CREATE INDEX template_nobody ON template (sequence_no) WHERE person IS NULL AND ordinal = 0;

DO $$
DECLARE
    pack smallint;
    part gallery_partition;
BEGIN
    FOR pack IN SELECT id FROM model_pack ORDER BY id LOOP
        EXECUTE format(
            'CREATE TABLE %I PARTITION OF template FOR VALUES IN (%s) PARTITION BY RANGE (sequence_no)',
            'template_pack_' || pack, pack);
        EXECUTE format('ALTER TABLE %I ALTER COLUMN embedding SET STATISTICS 0', 'template_pack_' || pack);
    END LOOP;
    FOR part IN SELECT * FROM gallery_partition ORDER BY pack_id, first LOOP
        EXECUTE format(
            'CREATE UNLOGGED TABLE %I PARTITION OF %I FOR VALUES FROM (%s) TO (%s)',
            'template_' || part.pack_id || '_' || part.first, 'template_pack_' || part.pack_id, part.first, part.beyond);
        EXECUTE format(
            'ALTER TABLE %I ALTER COLUMN embedding SET STATISTICS 0',
            'template_' || part.pack_id || '_' || part.first);
    END LOOP;
END $$;

CREATE UNLOGGED TABLE opted_out_template (
    entry     bigint   NOT NULL REFERENCES opted_out ON DELETE CASCADE,
    pack_id   smallint NOT NULL,
    prototype boolean  NOT NULL,
    embedding halfvec  NOT NULL
);
COMMENT ON TABLE opted_out_template IS 'By what they are known, so that what is seen of them is not kept: centres and prototypes, without their pictures.';
ALTER TABLE opted_out_template ALTER COLUMN embedding SET STORAGE PLAIN, ALTER COLUMN embedding SET STATISTICS 0;
CREATE INDEX opted_out_template_entry ON opted_out_template (entry);

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM plain_template) THEN
        DROP TABLE plain_template;
    END IF;
    IF NOT EXISTS (SELECT FROM face WHERE embedding IS NOT NULL) THEN
        ALTER TABLE face DROP COLUMN embedding;
    END IF;
    IF NOT EXISTS (SELECT FROM plain_opted_out_template) THEN
        DROP TABLE plain_opted_out_template;
    END IF;
END $$;

UPDATE compatibility SET oldest_program = 14;
