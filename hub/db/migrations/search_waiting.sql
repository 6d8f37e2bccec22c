-- Which rows have no vector of a model yet; a trigger keeps it, so that no way of writing rows can forget it.
CREATE TABLE search.waiting (
    model smallint NOT NULL REFERENCES search.models ON DELETE CASCADE,
    "row" bigint NOT NULL REFERENCES search.rows ON DELETE CASCADE,
    PRIMARY KEY (model, "row")
);
CREATE INDEX waiting_by_row ON search.waiting ("row");
INSERT INTO search.waiting (model, "row")
SELECT m.id, r.id FROM search.models AS m CROSS JOIN search.rows AS r
WHERE NOT EXISTS (SELECT FROM search.vectors AS v WHERE v."row" = r.id AND v.model = m.id);

CREATE FUNCTION search.wait_for_vectors() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search.waiting (model, "row") SELECT m.id, a.id FROM search.models AS m CROSS JOIN added AS a;
    RETURN NULL;
END $$;
CREATE TRIGGER rows_wait AFTER INSERT ON search.rows REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION search.wait_for_vectors();

-- The model whose vectors answer questions; another one that is being filled takes its place when it has all rows.
ALTER TABLE search.models ADD COLUMN serving boolean NOT NULL DEFAULT false;
ALTER TABLE search.models ADD COLUMN served_until timestamptz;
UPDATE search.models SET serving = true WHERE id = (SELECT min(id) FROM search.models);
CREATE UNIQUE INDEX models_serving ON search.models (serving) WHERE serving;

-- A vector is always read whole: out of line it would cost a second look-up for each.
ALTER TABLE search.vectors ALTER COLUMN embedding SET STORAGE PLAIN;

-- What a rebuild has done already, so that one that broke off goes on.
CREATE TABLE search.rebuilt (
    collection text NOT NULL,
    owner      text NOT NULL,
    unit       text NOT NULL,
    PRIMARY KEY (collection, owner, unit)
);
