-- How many rows a group has and how long they are together: what BM25 asks of every group for every question. A trigger
-- keeps it, so that no way of writing rows can forget it; rows are never changed, only added and taken out.
ALTER TABLE search.groups ADD COLUMN rows integer NOT NULL DEFAULT 0, ADD COLUMN length bigint NOT NULL DEFAULT 0;
UPDATE search.groups AS g SET rows = t.rows, length = t.length
FROM (SELECT "group", count(*) AS rows, sum(length) AS length FROM search.rows GROUP BY "group") AS t
WHERE t."group" = g.id;

CREATE FUNCTION search.add_up() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    sign integer := CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END;
BEGIN
    UPDATE search.groups AS g SET rows = g.rows + sign * t.rows, length = g.length + sign * t.length
    FROM (SELECT "group", count(*) AS rows, sum(length) AS length FROM changed GROUP BY "group") AS t
    WHERE t."group" = g.id;
    RETURN NULL;
END $$;
CREATE TRIGGER rows_added AFTER INSERT ON search.rows REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION search.add_up();
CREATE TRIGGER rows_gone AFTER DELETE ON search.rows REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION search.add_up();
