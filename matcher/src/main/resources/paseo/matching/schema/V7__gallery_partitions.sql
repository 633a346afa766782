-- Templates by pack and age, so that an index is built once, over what no longer grows.
--
--   template ─< template_pack_P (one per model pack) ─< template_P_F (sequences from number F on, some 8192 of them)
--
-- Sequences are numbered in the order in which they were first stored, so a range of numbers is a stretch of time.

CREATE TABLE gallery_partition (
    pack_id smallint NOT NULL REFERENCES model_pack,
    first   bigint   NOT NULL,
    beyond  bigint   NOT NULL CHECK (beyond > first),
    PRIMARY KEY (pack_id, first)
);
COMMENT ON TABLE gallery_partition IS 'The partitions of template_pack_P, each called template_P_F after pack and first number; its index by similarity, once there, template_P_F_near.';
COMMENT ON COLUMN gallery_partition.first IS 'Lowest number of a sequence whose templates it holds.';
COMMENT ON COLUMN gallery_partition.beyond IS 'Lowest number of a sequence whose templates the next one holds.';

-- Zero for what is there: a constant default rewrites nothing.
ALTER TABLE template ADD COLUMN written xid8 NOT NULL DEFAULT '0';
ALTER TABLE template ALTER COLUMN written SET DEFAULT pg_current_xact_id();
COMMENT ON COLUMN template.written IS 'The transaction that stored the vector: what memory has not seen yet is found by it.';
CREATE INDEX template_written ON template (written);
CREATE INDEX template_nobody ON template (sequence_no) WHERE person IS NULL AND ordinal = 0;

-- What is there becomes the first partition of its pack as it is: nothing is copied.
DO $$
DECLARE
    pack smallint;
    beyond bigint := ((SELECT coalesce(max(no), 0) FROM sequence) / 8192 + 1) * 8192;
BEGIN
    FOR pack IN SELECT id FROM model_pack ORDER BY id LOOP
        EXECUTE format('ALTER TABLE template DETACH PARTITION %I', 'template_pack_' || pack);
        EXECUTE format('ALTER TABLE %I RENAME TO %I', 'template_pack_' || pack, 'template_' || pack || '_0');
        EXECUTE format(
            'CREATE TABLE %I PARTITION OF template FOR VALUES IN (%s) PARTITION BY RANGE (sequence_no)',
            'template_pack_' || pack, pack);
        EXECUTE format(
            'ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (0) TO (%s)',
            'template_pack_' || pack, 'template_' || pack || '_0', beyond);
        INSERT INTO gallery_partition VALUES (pack, 0, beyond);
    END LOOP;
END $$;

CREATE TABLE recall_audit (
    position     bigint           GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    pack_id      smallint         NOT NULL REFERENCES model_pack,
    at           timestamptz      NOT NULL DEFAULT now(),
    templates    bigint           NOT NULL,
    probes       integer          NOT NULL CHECK (probes > 0),
    recall       double precision NOT NULL,
    search_ms    double precision NOT NULL,
    exact_ms     double precision NOT NULL
);
COMMENT ON TABLE recall_audit IS 'What searching by the indexes finds of what comparing with everything finds, each time it was looked at.';
COMMENT ON COLUMN recall_audit.templates IS 'Vectors that could be found.';
COMMENT ON COLUMN recall_audit.probes IS 'Templates of the gallery that were looked up.';
COMMENT ON COLUMN recall_audit.recall IS 'Share of the ten nearest that the search found.';
COMMENT ON COLUMN recall_audit.search_ms IS 'Of one search, the median.';
COMMENT ON COLUMN recall_audit.exact_ms IS 'Of one comparison with everything, the median.';
CREATE INDEX recall_audit_pack ON recall_audit (pack_id, position);
