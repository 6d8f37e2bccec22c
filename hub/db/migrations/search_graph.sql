-- Graphs over vectors are built with more care (see NEAR in hub/search/vectors.py): those that are there, anew.
DO $$
DECLARE name text;
BEGIN
    FOR name IN SELECT indexname FROM pg_indexes WHERE schemaname = 'search' AND indexname LIKE 'vectors\_near\_%' LOOP
        EXECUTE format('ALTER INDEX search.%I SET (ef_construction = 128)', name);
        EXECUTE format('REINDEX INDEX search.%I', name);
    END LOOP;
END $$;
