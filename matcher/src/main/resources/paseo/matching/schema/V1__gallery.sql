-- What was seen, who it was, and how far the topics have been read.
--
--   camera_session ─< frame ─< face ─ sequence_face >─ sequence >─ person
--                                                       │   │
--                                       sequence_conflict   └─< template (searched by similarity)
--
-- Sessions, sequences and packs have small numbers of their own, because a busy camera writes a million faces a day
-- and every byte of a key is paid in each row and again in its index. They are internal; what leaves the database
-- are camera/epoch/frame, the sequence's UUID and the person's number.
--
-- Times are microseconds as in the events (file: from its start; camera: since 1970). Boxes and landmarks are pixels of
-- the source picture, angles degrees. Frame numbers fit an integer: 2.2 years of one session at 30 frames a second.

CREATE EXTENSION IF NOT EXISTS vector;

CREATE TYPE source_kind AS ENUM ('FILE', 'CAMERA');
CREATE TYPE session_state AS ENUM ('STARTED', 'LIVE', 'RECONNECTING', 'ENDED', 'FAILED');
CREATE TYPE drop_reason AS ENUM ('UNREADABLE', 'STALE', 'TOO_LARGE');
CREATE TYPE usability AS ENUM
    ('USABLE', 'LOW_SCORE', 'TOO_SMALL', 'TURNED_AWAY', 'BLURRED', 'LOW_QUALITY', 'MALFORMED', 'CROWDED_OUT');
CREATE TYPE sequence_phase AS ENUM ('OPENED', 'UPDATED', 'CLOSED');
CREATE TYPE close_reason AS ENUM ('LEFT_VIEW', 'SESSION_ENDED', 'CAMERA_LOST', 'AMBIGUOUS', 'FULL');
CREATE TYPE decision AS ENUM ('RECOGNISED', 'NEW', 'UNDECIDED', 'UNUSABLE');

CREATE TABLE model_pack (
    id        smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name      text     NOT NULL UNIQUE,
    dimension smallint
);
COMMENT ON TABLE model_pack IS 'What made embeddings. Those of different packs are never compared: each has its own partition of template.';
COMMENT ON COLUMN model_pack.name IS 'name@version';
COMMENT ON COLUMN model_pack.dimension IS 'Length of its embeddings; null until the first template arrives.';

CREATE TABLE camera_session (
    id                 bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    camera             text    NOT NULL,
    epoch              bigint  NOT NULL,
    source             text,
    kind               source_kind,
    width              integer,
    height             integer,
    frame_rate         real,
    duration_us        bigint,
    state              session_state,
    detail             text    NOT NULL DEFAULT '',
    first_frame        integer,
    last_frame         integer,
    frames             bigint  NOT NULL DEFAULT 0,
    frames_dropped     bigint  NOT NULL DEFAULT 0,
    faces              bigint  NOT NULL DEFAULT 0,
    faces_complete     boolean,
    sequences_complete boolean,
    UNIQUE (camera, epoch)
);
COMMENT ON TABLE camera_session IS 'One session of a camera, or one file under one set of settings. Ids follow the order of arrival.';
COMMENT ON COLUMN camera_session.source IS 'What a person calls it. Null until its first heartbeat was read.';
COMMENT ON COLUMN camera_session.state IS 'Of the last heartbeat.';
COMMENT ON COLUMN camera_session.frames IS 'Frames stored, dropped ones included.';
COMMENT ON COLUMN camera_session.faces IS 'Faces stored.';
COMMENT ON COLUMN camera_session.faces_complete IS 'Null while faces arrive; then all are stored, and whether the source had sent everything.';
COMMENT ON COLUMN camera_session.sequences_complete IS 'The same for sequences: null while undecided ones may follow.';

CREATE TABLE frame (
    session_id bigint   NOT NULL,
    number     integer  NOT NULL,
    face_count smallint NOT NULL,
    dropped    drop_reason,
    width      integer,
    height     integer,
    capture_us bigint   NOT NULL,
    ingest_us  bigint   NOT NULL,
    PRIMARY KEY (session_id, number)
);
COMMENT ON TABLE frame IS 'One frame that went through the workers. No foreign key: it is written with its session in one transaction, and a check per row costs.';
COMMENT ON COLUMN frame.number IS 'In decode order from 0.';
COMMENT ON COLUMN frame.dropped IS 'Why it was not looked at; null when it was.';
COMMENT ON COLUMN frame.width IS 'Pixels at the source, upright; null when dropped.';

CREATE TABLE face (
    session_id bigint    NOT NULL,
    frame      integer   NOT NULL,
    index      smallint  NOT NULL,
    usability  usability NOT NULL,
    x          real      NOT NULL,
    y          real      NOT NULL,
    width      real      NOT NULL,
    height     real      NOT NULL,
    score      real      NOT NULL,
    quality    real      NOT NULL,
    yaw        real      NOT NULL,
    pitch      real      NOT NULL,
    roll       real      NOT NULL,
    landmarks  real[]    NOT NULL,
    pack_id    smallint  NOT NULL,
    embedding  halfvec,
    PRIMARY KEY (session_id, frame, index)
);
COMMENT ON TABLE face IS 'One detected face in one frame, usable or not.';
COMMENT ON COLUMN face.index IS 'Place of the face in its frame''s message.';
COMMENT ON COLUMN face.usability IS 'USABLE, or the first gate that it failed.';
COMMENT ON COLUMN face.landmarks IS 'x, y of image-left eye, image-right eye, nose, image-left and image-right mouth corner.';
COMMENT ON COLUMN face.embedding IS 'Unit vector of pack pack_id; null unless usable.';
ALTER TABLE face ALTER COLUMN embedding SET STORAGE PLAIN;
ALTER TABLE face ALTER COLUMN landmarks SET STORAGE PLAIN;

CREATE TABLE sequence (
    no           bigint         GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id           uuid           NOT NULL UNIQUE,
    session_id   bigint         NOT NULL REFERENCES camera_session,
    track        bigint         NOT NULL,
    phase        sequence_phase NOT NULL,
    revision     integer        NOT NULL,
    first_frame  integer        NOT NULL,
    last_frame   integer        NOT NULL,
    first_us     bigint         NOT NULL,
    last_us      bigint         NOT NULL,
    faces        integer        NOT NULL,
    usable       integer        NOT NULL,
    close_reason close_reason,
    pack_id      smallint       NOT NULL REFERENCES model_pack,
    decision     decision,
    person       bigint,
    similarity   double precision,
    runner_up    double precision,
    threshold    double precision,
    gallery_size bigint,
    calibration  text,
    CHECK ((decision IS NULL) = (phase <> 'CLOSED')),
    CHECK ((person IS NOT NULL) = (decision IS NOT NULL AND decision IN ('RECOGNISED', 'NEW')))
);
COMMENT ON TABLE sequence IS 'One person''s faces while in view of one camera, and the one final decision on whose they are.';
COMMENT ON COLUMN sequence.id IS 'UUIDv5 of camera, epoch, first frame and track: the same in every replay.';
COMMENT ON COLUMN sequence.revision IS 'Of the latest event of the sequence that was stored.';
COMMENT ON COLUMN sequence.decision IS 'Null until closed; written once.';
COMMENT ON COLUMN sequence.similarity IS 'To the nearest person it could have been, null when there was none.';
COMMENT ON COLUMN sequence.runner_up IS 'To the nearest different person it could have been.';
COMMENT ON COLUMN sequence.threshold IS 'What the similarity had to reach.';
COMMENT ON COLUMN sequence.gallery_size IS 'Persons in the gallery when it was decided.';
COMMENT ON COLUMN sequence.calibration IS 'Version of the thresholds.';
CREATE INDEX sequence_session ON sequence (session_id, first_frame);
CREATE INDEX sequence_person ON sequence (person) WHERE person IS NOT NULL;

CREATE TABLE person (
    number         bigint   PRIMARY KEY CHECK (number > 0),
    first_sequence bigint   NOT NULL UNIQUE REFERENCES sequence,
    pack_id        smallint NOT NULL REFERENCES model_pack
);
COMMENT ON TABLE person IS 'A pseudonymous identity, never a name.';
COMMENT ON COLUMN person.number IS '1, 2, 3 … without gaps, given under the gallery''s advisory lock in the order of decisions.';
COMMENT ON COLUMN person.first_sequence IS 'The sequence that nobody stored could explain.';
COMMENT ON COLUMN person.pack_id IS 'The gallery it was created in.';
ALTER TABLE sequence ADD FOREIGN KEY (person) REFERENCES person;

CREATE TABLE sequence_face (
    session_id  bigint   NOT NULL,
    frame       integer  NOT NULL,
    index       smallint NOT NULL,
    sequence_no bigint   NOT NULL,
    PRIMARY KEY (session_id, frame, index)
);
COMMENT ON TABLE sequence_face IS 'Which sequence a face belongs to: at most one. A table of its own because faces and sequences arrive on different topics, in any order.';

CREATE TABLE sequence_conflict (
    sequence uuid NOT NULL,
    other    uuid NOT NULL,
    PRIMARY KEY (sequence, other)
);
COMMENT ON TABLE sequence_conflict IS 'Cannot-link: the two shared a frame, so they are two people, whichever of them said so.';
CREATE INDEX sequence_conflict_other ON sequence_conflict (other);

CREATE TABLE template (
    pack_id       smallint NOT NULL REFERENCES model_pack,
    sequence_no   bigint   NOT NULL REFERENCES sequence,
    ordinal       smallint NOT NULL CHECK (ordinal >= 0),
    person        bigint   REFERENCES person,
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
    crop          bytea,
    PRIMARY KEY (pack_id, sequence_no, ordinal),
    CHECK (ordinal = 0 OR crop IS NOT NULL)
) PARTITION BY LIST (pack_id);
COMMENT ON TABLE template IS 'What stands for a sequence in comparison: ordinal 0 is the centre, the others are prototypes, best first. One partition per pack, made when the pack is first used.';
COMMENT ON COLUMN template.person IS 'Whose gallery entry it is; null for undecided sequences, which are kept but not searched.';
COMMENT ON COLUMN template.weight IS 'Centre: sum of the weights of its faces; centre × concentration × weight is their weighted sum.';
COMMENT ON COLUMN template.frame IS 'Prototype: where it was taken.';
COMMENT ON COLUMN template.embedding IS 'Unit vector of the pack''s dimension. Stored plain: out of line, an exact scan takes ten times as long.';
COMMENT ON COLUMN template.crop IS 'Prototype: the aligned face as JPEG, out of line so that a scan does not read it.';
ALTER TABLE template ALTER COLUMN embedding SET STORAGE PLAIN;
ALTER TABLE template ALTER COLUMN crop SET STORAGE EXTERNAL;
CREATE INDEX template_person ON template (person);

CREATE TABLE sighting_outbox (
    position    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sequence_no bigint NOT NULL UNIQUE REFERENCES sequence,
    session_id  bigint NOT NULL REFERENCES camera_session
);
COMMENT ON TABLE sighting_outbox IS 'Decisions that are not yet on the topic sightings. Written with the decision, removed when Kafka has confirmed.';
CREATE INDEX sighting_outbox_session ON sighting_outbox (session_id);

CREATE TABLE consumed_offset (
    topic_id    uuid    NOT NULL,
    partition   integer NOT NULL,
    topic       text    NOT NULL,
    next_offset bigint  NOT NULL,
    generation  bigint  NOT NULL,
    PRIMARY KEY (topic_id, partition)
);
COMMENT ON TABLE consumed_offset IS 'How far a partition has been read; moved in the transaction that stores what was read.';
COMMENT ON COLUMN consumed_offset.topic_id IS 'Kafka''s: a topic that was deleted and made again is another one and is read from its start.';
COMMENT ON COLUMN consumed_offset.generation IS 'Counts the readers of the partition: a transaction of an earlier one moves nothing and is rolled back.';
