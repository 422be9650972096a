-- The carrier's names of callers' lines and of texts that are deleted here, for ever: whoever sends an old webhook again, as
-- well signed as it ever was, begins no call and tells nobody's presence. Names only: nothing that was said, and no number.
CREATE TABLE bygone (
    name TEXT NOT NULL PRIMARY KEY
);

-- Whatever deletes a row, by age, by request or with its call.
CREATE FUNCTION line_is_bygone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO bygone (name) VALUES (OLD.line) ON CONFLICT (name) DO NOTHING;
    RETURN NULL;
END $$;

CREATE FUNCTION text_is_bygone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO bygone (name) VALUES (OLD.id) ON CONFLICT (name) DO NOTHING;
    RETURN NULL;
END $$;

CREATE TRIGGER lines_are_bygone AFTER DELETE ON lines FOR EACH ROW WHEN (OLD.leg = 0) EXECUTE FUNCTION line_is_bygone();
CREATE TRIGGER texts_are_bygone AFTER DELETE ON texts FOR EACH ROW EXECUTE FUNCTION text_is_bygone();
