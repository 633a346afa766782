-- A gallery moves to another model pack: its templates are made anew from the stored pictures, beside those in use, and
-- then take their place under the same sequences and persons.

ALTER TABLE template ADD COLUMN made_from smallint REFERENCES model_pack;
COMMENT ON COLUMN template.made_from IS 'Of a template that was made from stored pictures: the pack as whose embedder wants them they are aligned. Null: made from the frames, aligned as its own pack wants it.';

ALTER TABLE sequence ADD COLUMN decided_pack smallint REFERENCES model_pack;
COMMENT ON COLUMN sequence.pack_id IS 'The gallery that its template is in. One in another gallery is not used yet.';
COMMENT ON COLUMN sequence.decided_pack IS 'By whose vectors it was decided; null where that is pack_id.';
COMMENT ON COLUMN person.pack_id IS 'The gallery that it is in.';
