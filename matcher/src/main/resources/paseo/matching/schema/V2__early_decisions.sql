-- Who it is while they are still there: provisional decisions on sequences in view, beside the one final decision.

ALTER TABLE sequence
    ADD COLUMN early_decision decision,
    ADD COLUMN early_person   bigint REFERENCES person,
    ADD COLUMN early_usable   integer,
    ADD COLUMN identified_us  bigint,
    ADD COLUMN sightings      integer NOT NULL DEFAULT 0,
    ADD CHECK (early_decision IS NULL OR decision IS NULL),
    ADD CHECK ((early_person IS NOT NULL) = (early_decision IS NOT NULL AND early_decision IN ('RECOGNISED', 'NEW')));
COMMENT ON COLUMN sequence.early_decision IS 'Provisional decision while in view; null before the first one and again from the final decision on.';
COMMENT ON COLUMN sequence.early_person IS 'Whom it provisionally belongs to; then its template is in the gallery under this person.';
COMMENT ON COLUMN sequence.early_usable IS 'Usable faces when it was last looked at.';
COMMENT ON COLUMN sequence.identified_us IS 'Capture time at which the person that it belongs to now was first said, without a break since.';
COMMENT ON COLUMN sequence.sightings IS 'How many times it was said who it is, the final one included.';
COMMENT ON COLUMN sequence.similarity IS 'Of the latest decision, final or provisional: to the nearest person it could have been, null when there was none.';
CREATE INDEX sequence_early_person ON sequence (early_person) WHERE early_person IS NOT NULL;

ALTER TABLE person
    ADD COLUMN merged_into bigint REFERENCES person,
    ADD CHECK (merged_into <> number);
COMMENT ON COLUMN person.merged_into IS 'Who this number turned out to be; it keeps its meaning for ever. Nothing belongs to a number that has one.';
-- A sequence may found a person, turn out to be an older one, and found again.
ALTER TABLE person DROP CONSTRAINT person_first_sequence_key;
CREATE INDEX person_first_sequence ON person (first_sequence);

-- An outgoing sighting says what was true when it was decided, whatever the sequence has become since.
ALTER TABLE sighting_outbox
    DROP CONSTRAINT sighting_outbox_sequence_no_key,
    ADD COLUMN provisional   boolean NOT NULL DEFAULT false,
    ADD COLUMN revision      integer,
    ADD COLUMN last_frame    integer,
    ADD COLUMN last_us       bigint,
    ADD COLUMN faces         integer,
    ADD COLUMN usable        integer,
    ADD COLUMN decision      decision,
    ADD COLUMN person        bigint,
    ADD COLUMN similarity    double precision,
    ADD COLUMN runner_up     double precision,
    ADD COLUMN threshold     double precision,
    ADD COLUMN gallery_size  bigint,
    ADD COLUMN calibration   text,
    ADD COLUMN identified_us bigint;
UPDATE sequence SET sightings = 1 WHERE decision IS NOT NULL;
UPDATE sighting_outbox o
SET revision = 0, last_frame = s.last_frame, last_us = s.last_us, faces = s.faces, usable = s.usable,
    decision = s.decision, person = s.person, similarity = s.similarity, runner_up = s.runner_up,
    threshold = s.threshold, gallery_size = s.gallery_size, calibration = s.calibration
FROM sequence s WHERE s.no = o.sequence_no;
ALTER TABLE sighting_outbox
    ALTER COLUMN provisional DROP DEFAULT,
    ALTER COLUMN revision SET NOT NULL,
    ALTER COLUMN last_frame SET NOT NULL,
    ALTER COLUMN last_us SET NOT NULL,
    ALTER COLUMN faces SET NOT NULL,
    ALTER COLUMN usable SET NOT NULL,
    ALTER COLUMN decision SET NOT NULL,
    ALTER COLUMN gallery_size SET NOT NULL,
    ALTER COLUMN calibration SET NOT NULL;
CREATE UNIQUE INDEX sighting_outbox_final ON sighting_outbox (sequence_no) WHERE NOT provisional;
CREATE INDEX sighting_outbox_sequence ON sighting_outbox (sequence_no);

CREATE TABLE seen_together (
    pack_id    smallint         NOT NULL REFERENCES model_pack,
    one        bigint           NOT NULL,
    other      bigint           NOT NULL,
    similarity double precision NOT NULL,
    PRIMARY KEY (pack_id, one, other),
    CHECK (one < other)
);
COMMENT ON TABLE seen_together IS 'Pairs that shared a frame, certainly two people: how similar they are checks the calibration. Each pair once, the first time.';
COMMENT ON COLUMN seen_together.one IS 'Number of the person; of a sequence that belongs to nobody, minus its number.';
