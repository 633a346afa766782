-- During an upgrade programs of two versions work on these tables: the later one has brought them up to date, the
-- earlier one has not been replaced yet, and may have to start once more.
CREATE TABLE compatibility (
    single          boolean PRIMARY KEY DEFAULT true CHECK (single),
    oldest_program  integer NOT NULL
);
COMMENT ON TABLE compatibility IS 'One row.';
COMMENT ON COLUMN compatibility.oldest_program IS 'The migration that a program must know to work on these tables. A migration that earlier programs cannot live with sets it to its own number.';
INSERT INTO compatibility (oldest_program) VALUES (8);
