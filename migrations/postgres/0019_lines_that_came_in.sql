-- The line of a responder who has dialled in and was put through is his call's first leg, not the caller's: deleted, it is
-- bygone as well.
CREATE TRIGGER lines_that_came_in_are_bygone AFTER DELETE ON lines FOR EACH ROW WHEN (OLD.leg = 1) EXECUTE FUNCTION line_is_bygone();

-- The carrier's names of lines on which somebody was asked whom he wants, and when that was first. No call comes of it where he hangs up
-- instead: whoever sends that webhook again later begins none either.
CREATE TABLE offered (
    line TEXT   NOT NULL PRIMARY KEY,
    at   BIGINT NOT NULL
);
