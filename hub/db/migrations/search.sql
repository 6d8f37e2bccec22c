-- The search index. All of it can be built anew from Mongo (`hub index rebuild`).
CREATE SCHEMA search;

-- What is found together: one collection of one owner in one scope. Every query names its spaces, so every filter on
-- who may see something stands inside the query.
CREATE TABLE search.spaces (
    id         integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    collection text NOT NULL,
    owner      text NOT NULL,
    scope      text NOT NULL,
    languages  text[] NOT NULL DEFAULT '{}',
    UNIQUE (collection, owner, scope)
);

-- Rows that belong together in an order: the messages of a conversation, the passages of a document.
CREATE TABLE search.groups (
    id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    space integer NOT NULL REFERENCES search.spaces ON DELETE CASCADE,
    name  text NOT NULL,
    UNIQUE (space, name)
);

CREATE TABLE search.rows (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    space    integer NOT NULL REFERENCES search.spaces ON DELETE CASCADE,
    "group"  bigint NOT NULL REFERENCES search.groups ON DELETE CASCADE,
    place    integer NOT NULL,      -- order within the group; two rows may share one (branches)
    item     text NOT NULL,         -- id of the message, fact or document in Mongo
    part     integer NOT NULL,      -- 0, 1, ... where an item is cut into parts
    text     text NOT NULL,         -- as it is shown and embedded
    language text NOT NULL,         -- name of the text search configuration
    length   integer NOT NULL,      -- stems
    words    tsvector NOT NULL,     -- unstemmed, for phrases and for languages without a stemmer
    at       timestamptz NOT NULL,
    hash     bytea NOT NULL,
    about    jsonb NOT NULL DEFAULT '{}',
    UNIQUE (space, item, part)
);
CREATE INDEX rows_by_place ON search.rows (space, "group", place) INCLUDE (length);
CREATE INDEX rows_by_time ON search.rows (space, at);
CREATE INDEX rows_by_word ON search.rows USING gin (words);

-- The inverted index behind BM25. The group and the lengths stand here too, so that a query reads the index alone.
CREATE TABLE search.postings (
    space   integer NOT NULL,
    term    text COLLATE "C" NOT NULL,
    "row"   bigint NOT NULL REFERENCES search.rows ON DELETE CASCADE,
    "group" bigint NOT NULL,
    count   smallint NOT NULL,
    length  integer NOT NULL
);
CREATE INDEX postings_by_term ON search.postings (space, term) INCLUDE ("row", "group", count, length);
CREATE INDEX postings_by_row ON search.postings ("row");

CREATE TABLE search.models (
    id         smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name       text NOT NULL UNIQUE,
    dimensions integer NOT NULL
);

-- One vector a row and model: while rows are embedded anew, the vectors of the model before still serve.
CREATE TABLE search.vectors (
    "row"     bigint NOT NULL REFERENCES search.rows ON DELETE CASCADE,
    model     smallint NOT NULL REFERENCES search.models ON DELETE CASCADE,
    space     integer NOT NULL,
    embedding halfvec NOT NULL,
    PRIMARY KEY ("row", model)
);
CREATE INDEX vectors_by_space ON search.vectors (model, space);
