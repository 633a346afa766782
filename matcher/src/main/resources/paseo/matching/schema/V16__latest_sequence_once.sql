-- Of a statement that takes many sequences from a person, or gives it many, each row had the latest one looked for anew,
-- past all that the rows before had left behind. All rows have changed when the first trigger runs: it finds what will be
-- the latest, and the others find that nothing is left to do.
CREATE OR REPLACE FUNCTION note_latest_sequence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.person IS NOT NULL THEN
        DELETE FROM latest_sequence WHERE person = OLD.person AND no = OLD.no;
        IF FOUND THEN
            INSERT INTO latest_sequence
            SELECT OLD.person, max(no) FROM sequence WHERE person = OLD.person HAVING max(no) IS NOT NULL;
        END IF;
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.person IS NOT NULL
        AND NOT EXISTS (SELECT FROM latest_sequence WHERE person = NEW.person AND no >= NEW.no) THEN
        INSERT INTO latest_sequence
        SELECT NEW.person, max(no) FROM sequence WHERE person = NEW.person
        ON CONFLICT (person) DO UPDATE SET no = excluded.no WHERE latest_sequence.no < excluded.no;
    END IF;
    RETURN NULL;
END $$;
