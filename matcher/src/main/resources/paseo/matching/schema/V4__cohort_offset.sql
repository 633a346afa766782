-- How much more alike a sequence was to the people nearest to it than such a gallery should give. Decisions take it
-- off their similarities; whoever compares the sequence later must do the same, and cannot search the gallery again.
ALTER TABLE sequence ADD COLUMN cohort_offset real NOT NULL DEFAULT 0;

COMMENT ON COLUMN sequence.cohort_offset IS 'What the cohort took off the similarity to the nearest person when the sequence was finally decided; 0 where nothing was compared.';
