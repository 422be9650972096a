-- What was told of a live call and changed nothing: a part of the call's log, beside events. seq is the version of the call that it
-- left as it was. It has no index by call: that would cost more to write than all the rest; who looks for a call's rows knows
-- when it was live.
CREATE TABLE idle_events (
    number BIGINT  NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    call   TEXT    NOT NULL,              -- no reference: the deletion of each call would look through all rows
    seq    BIGINT  NOT NULL,
    at     BIGINT  NOT NULL,
    event  TEXT    NOT NULL               -- JSON
);

CREATE INDEX idle_events_by_time ON idle_events (at);

CREATE FUNCTION is_append_only_while_live() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM calls WHERE id = OLD.call AND live = 1) THEN
        RAISE EXCEPTION '% are append-only', TG_TABLE_NAME;
    END IF;
    RETURN OLD;
END $$;

CREATE TRIGGER idle_events_are_not_changed BEFORE UPDATE ON idle_events FOR EACH ROW EXECUTE FUNCTION is_append_only();
CREATE TRIGGER idle_events_are_not_deleted BEFORE DELETE ON idle_events FOR EACH ROW EXECUTE FUNCTION is_append_only_while_live();
CREATE TRIGGER idle_events_are_not_truncated BEFORE TRUNCATE ON idle_events FOR EACH STATEMENT EXECUTE FUNCTION is_append_only();
