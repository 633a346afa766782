-- Each session keeps its sequences for as long as its camera wishes: what is due is found from the oldest of each on, not
-- from the oldest of all, which somebody may want to keep for ever.
CREATE INDEX sequence_session_stored ON sequence (session_id, stored_at, no);

-- Other names of a person, and who is nearest to somebody: looked for whenever a person is shown, forgotten or changes
-- hands, and few of all have either.
CREATE INDEX person_merged ON person (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX person_near_to ON person (nearest) WHERE nearest IS NOT NULL;
