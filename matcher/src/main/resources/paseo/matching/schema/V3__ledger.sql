-- Who is who by now: revisions of decisions, each with what it takes to undo it.
--
-- sequence.person is whose a sequence is; sequence.decided_person is what its one final decision said, for ever. A
-- number that was merged means person.merged_into, and so on along the chain.

ALTER TABLE sequence
    DROP CONSTRAINT sequence_check1,
    ADD COLUMN decided_person bigint REFERENCES person,
    ADD COLUMN settled        boolean NOT NULL DEFAULT false;
UPDATE sequence SET decided_person = person;
ALTER TABLE sequence
    ADD CHECK ((decided_person IS NOT NULL) = (decision IS NOT NULL AND decision IN ('RECOGNISED', 'NEW')));
COMMENT ON COLUMN sequence.person IS 'Whose it is by now, after every entry of the ledger; null when nobody''s.';
COMMENT ON COLUMN sequence.decided_person IS 'Whose the final decision said it was; written once.';
COMMENT ON COLUMN sequence.settled IS 'Whether consolidation has looked at it since it was decided or changed hands by hand.';
CREATE INDEX sequence_unsettled ON sequence (pack_id, no)
    WHERE NOT settled AND decision IS NOT NULL AND decision <> 'UNUSABLE';

ALTER TABLE person
    ADD COLUMN centre             halfvec,
    ADD COLUMN silhouette         double precision,
    ADD COLUMN nearest            bigint REFERENCES person,
    ADD COLUMN nearest_similarity double precision,
    ADD COLUMN silhouettes        bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN person.centre IS 'Direction of the mean of its sequences'' centres, by which neighbours are found; null until consolidation has seen the person.';
COMMENT ON COLUMN person.silhouette IS 'As of the latest pass of consolidation that changed the person; null with one sequence, or nobody else.';
COMMENT ON COLUMN person.nearest IS 'The most similar other person, then.';
COMMENT ON COLUMN person.silhouettes IS 'How many silhouettes were published.';
ALTER TABLE person ALTER COLUMN centre SET STORAGE PLAIN;

ALTER TABLE template ADD COLUMN dropped boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN template.dropped IS 'Left out of searches because it misleads: then it has no person, although its sequence has.';

CREATE TYPE ledger_kind AS ENUM
    ('MERGED', 'SPLIT', 'REASSIGNED', 'ADOPTED', 'RELEASED', 'DROPPED', 'RESTORED');

CREATE TABLE ledger (
    position    bigint      PRIMARY KEY CHECK (position > 0),
    kind        ledger_kind NOT NULL,
    from_person bigint      REFERENCES person,
    to_person   bigint      REFERENCES person,
    sequences   uuid[]      NOT NULL CHECK (cardinality(sequences) > 0),
    ordinal     smallint,
    cause       text        NOT NULL,
    similarity  double precision,
    calibration text        NOT NULL,
    reverts     bigint      REFERENCES ledger,
    CHECK ((ordinal IS NOT NULL) = (kind IN ('DROPPED', 'RESTORED')))
);
COMMENT ON TABLE ledger IS 'Revisions of who is who, in order; rows are only ever added. One is undone by adding its opposite.';
COMMENT ON COLUMN ledger.position IS '1, 2, 3 … without gaps, given under the gallery''s lock.';
COMMENT ON COLUMN ledger.from_person IS 'Whose the sequences were; null when nobody''s.';
COMMENT ON COLUMN ledger.to_person IS 'Whose they became; null when nobody''s.';
COMMENT ON COLUMN ledger.ordinal IS 'Of the vector of the one sequence that was dropped or restored.';
COMMENT ON COLUMN ledger.calibration IS 'Version of the thresholds; empty when a person decided.';
COMMENT ON COLUMN ledger.reverts IS 'The entry that this one undoes.';
CREATE INDEX ledger_sequences ON ledger USING gin (sequences);

CREATE TABLE hand_link (
    sequence uuid    NOT NULL,
    other    uuid    NOT NULL,
    together boolean NOT NULL,
    PRIMARY KEY (sequence, other),
    CHECK (sequence < other)
);
COMMENT ON TABLE hand_link IS 'Pairs of sequences that somebody has said to be one person, or not: consolidation obeys. The last word counts.';
CREATE INDEX hand_link_other ON hand_link (other);

CREATE TABLE person_outbox (
    position   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    session_id bigint REFERENCES camera_session,
    event      bytea  NOT NULL
);
COMMENT ON TABLE person_outbox IS 'Events that are not yet on the topic persons, as they will be sent. Written with what they tell, removed when Kafka has confirmed.';
COMMENT ON COLUMN person_outbox.session_id IS 'The session that brought it about; null when a person did.';
CREATE INDEX person_outbox_session ON person_outbox (session_id);
