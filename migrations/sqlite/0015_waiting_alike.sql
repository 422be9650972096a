-- What those have in common who can be served by the same people: of them only the first has to be looked at. Empty where
-- nobody has said it.
ALTER TABLE waiting ADD COLUMN alike TEXT NOT NULL DEFAULT '';

CREATE INDEX waiting_alike ON waiting (alike, number) WHERE wanted <> '[]';
CREATE INDEX waiting_people ON waiting (people, number);
