-- What people look at, who may, and what answers for it.

ALTER TABLE sequence ADD COLUMN stored_at timestamptz NOT NULL DEFAULT now();
COMMENT ON COLUMN sequence.stored_at IS 'When its first event was stored: the one time that files and cameras have in common.';
CREATE INDEX sequence_stored ON sequence (stored_at, no);
CREATE INDEX sequence_session_no ON sequence (session_id, no);
DROP INDEX sequence_person;
CREATE INDEX sequence_person ON sequence (person, no) WHERE person IS NOT NULL;
CREATE INDEX sequence_undecided ON sequence (no) WHERE decision = 'UNDECIDED' AND person IS NULL;
CREATE INDEX person_nearest ON person (nearest_similarity, number) WHERE nearest IS NOT NULL AND merged_into IS NULL;

CREATE TABLE latest_sequence (
    person bigint PRIMARY KEY REFERENCES person,
    no     bigint NOT NULL
);
COMMENT ON TABLE latest_sequence IS 'Each person''s latest decided sequence: everybody in the order in which they were seen last, without looking at all sequences.';
CREATE INDEX latest_sequence_no ON latest_sequence (no);
INSERT INTO latest_sequence SELECT person, max(no) FROM sequence WHERE person IS NOT NULL GROUP BY person;
-- Whoever loses one is recomputed, which only happens under the gallery's lock. Whoever gains one, perhaps twice at once,
-- keeps the later.
CREATE FUNCTION note_latest_sequence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.person IS NOT NULL THEN
        DELETE FROM latest_sequence WHERE person = OLD.person;
        INSERT INTO latest_sequence
        SELECT OLD.person, max(no) FROM sequence WHERE person = OLD.person HAVING max(no) IS NOT NULL;
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.person IS NOT NULL THEN
        INSERT INTO latest_sequence VALUES (NEW.person, NEW.no)
        ON CONFLICT (person) DO UPDATE SET no = excluded.no WHERE latest_sequence.no < excluded.no;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER sequence_changed_hands AFTER UPDATE OF person ON sequence
    FOR EACH ROW WHEN (OLD.person IS DISTINCT FROM NEW.person) EXECUTE FUNCTION note_latest_sequence();
CREATE TRIGGER sequence_erased AFTER DELETE ON sequence FOR EACH ROW EXECUTE FUNCTION note_latest_sequence();

CREATE TABLE access_token (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name       text        NOT NULL CHECK (length(name) BETWEEN 1 AND 64),
    hash       bytea       NOT NULL UNIQUE CHECK (length(hash) = 32),
    scopes     text[]      NOT NULL CHECK (cardinality(scopes) > 0),
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL
);
COMMENT ON TABLE access_token IS 'Who may ask the API for what. A token itself is shown once and stored nowhere.';
COMMENT ON COLUMN access_token.hash IS 'SHA-256 of the token, which has 256 random bits: nothing to guess, nothing to salt.';

CREATE TABLE audit (
    position bigint PRIMARY KEY CHECK (position > 0),
    at_us    bigint NOT NULL,
    actor    text   NOT NULL,
    action   text   NOT NULL,
    subject  text   NOT NULL,
    outcome  text   NOT NULL,
    previous bytea  NOT NULL,
    hash     bytea  NOT NULL CHECK (length(hash) = 32)
);
COMMENT ON TABLE audit IS 'Every search, correction and erasure. Rows are only added; each one''s hash covers the one before.';
COMMENT ON COLUMN audit.position IS '1, 2, 3 … without gaps.';
COMMENT ON COLUMN audit.hash IS 'SHA-256 of previous, position, at_us and the four texts, each text behind its length.';
CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is only ever added to';
END $$;
CREATE TRIGGER audit_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();

CREATE TABLE watched_person (
    person bigint      PRIMARY KEY REFERENCES person,
    since  timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE watched_person IS 'Numbers that somebody wants to be told of. There is no field for words: one for a reason would hold a name.';

ALTER TABLE person ALTER COLUMN first_sequence DROP NOT NULL, ADD COLUMN erased_at timestamptz;
COMMENT ON COLUMN person.first_sequence IS 'The sequence that nobody stored could explain; null once the person is erased.';
COMMENT ON COLUMN person.erased_at IS 'When everything of the person was erased. The number stays, so that nobody else is given it.';

CREATE TABLE erased_sequence (
    id uuid PRIMARY KEY
);
COMMENT ON TABLE erased_sequence IS 'Ids of sequences that are not stored again, however often they are read: they are what a topic may still hold.';

CREATE TABLE tombstone_outbox (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    topic    text NOT NULL,
    key      text NOT NULL
);
COMMENT ON TABLE tombstone_outbox IS 'Keys whose records are to be forgotten: published as records without a value.';
