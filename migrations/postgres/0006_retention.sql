-- Calls that are being deleted because their time is over. A row stands here only within the transaction that deletes
-- its call, and only of a call that has ended: the log of any other stays append-only.
CREATE TABLE expired (
    call TEXT NOT NULL PRIMARY KEY REFERENCES calls (id)
);

CREATE FUNCTION only_ended_calls_expire() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM calls WHERE id = NEW.call AND live = 0 AND ended_at IS NOT NULL) THEN
        RAISE EXCEPTION 'only calls that have ended expire';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER live_calls_do_not_expire BEFORE INSERT ON expired FOR EACH ROW EXECUTE FUNCTION only_ended_calls_expire();

CREATE FUNCTION is_append_only_until_expired() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM expired WHERE call = OLD.call) THEN
        RAISE EXCEPTION '% are append-only', TG_TABLE_NAME;
    END IF;
    RETURN OLD;
END $$;

DROP TRIGGER events_are_not_deleted ON events;
DROP TRIGGER facts_are_not_deleted ON facts;
CREATE TRIGGER events_are_not_deleted BEFORE DELETE ON events FOR EACH ROW EXECUTE FUNCTION is_append_only_until_expired();
CREATE TRIGGER facts_are_not_deleted BEFORE DELETE ON facts FOR EACH ROW EXECUTE FUNCTION is_append_only_until_expired();

CREATE INDEX calls_by_end ON calls (ended_at) WHERE live = 0;
-- Without it each deleted call would look through the whole outbox.
CREATE INDEX outbox_by_call ON outbox (call);
