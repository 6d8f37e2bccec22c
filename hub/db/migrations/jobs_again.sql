-- A job that goes back into the queue, since it failed or its worker died, goes without the word that keeps a second one
-- out. Another one with that word may be waiting already, and then the unique index would refuse the first for ever:
-- it would stay as running, and its lock would let nothing run after it.
CREATE OR REPLACE FUNCTION job_goes_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.queueing_lock := NULL;
    RETURN NEW;
END;
$$;

CREATE OR REPLACE TRIGGER job_goes_back BEFORE UPDATE OF status ON procrastinate_jobs
FOR EACH ROW WHEN (OLD.status = 'doing' AND NEW.status = 'todo') EXECUTE FUNCTION job_goes_back();
