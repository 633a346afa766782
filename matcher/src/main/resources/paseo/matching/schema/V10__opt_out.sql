CREATE TABLE opted_out (
    id        bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    since     timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE opted_out IS 'People of whom nothing is to be kept. Nothing leads from here to a person, a sequence or a picture.';

CREATE TABLE opted_out_template (
    entry     bigint   NOT NULL REFERENCES opted_out ON DELETE CASCADE,
    pack_id   smallint NOT NULL REFERENCES model_pack,
    prototype boolean  NOT NULL,
    embedding halfvec  NOT NULL
);
ALTER TABLE opted_out_template ALTER COLUMN embedding SET STORAGE PLAIN;
CREATE INDEX opted_out_template_entry ON opted_out_template (entry);
COMMENT ON TABLE opted_out_template IS 'By what they are known, so that what is seen of them is not kept: centres and prototypes, without their pictures.';

CREATE TABLE unwanted_face (
    session_id bigint   NOT NULL REFERENCES camera_session ON DELETE CASCADE,
    frame      integer  NOT NULL,
    index      smallint NOT NULL,
    PRIMARY KEY (session_id, frame, index)
);
COMMENT ON TABLE unwanted_face IS 'Faces of dropped sequences, some of which may not have been stored yet: the topics are read independently.';
