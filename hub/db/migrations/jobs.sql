-- What the job queue's own tables do not know: which processes work, what a start of a job is counted by, why a job
-- failed, and how many ended how.
CREATE SCHEMA jobs;

-- One number for each start of any job, always larger than those before: of two starts the later one has the larger.
CREATE SEQUENCE jobs.token;

-- A process that works. `members` are its rows in procrastinate_workers, one for each queue it serves.
CREATE TABLE jobs.workers (
    id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    host text NOT NULL,
    pid integer NOT NULL,
    version text NOT NULL,
    queues text[] NOT NULL,
    members bigint[] NOT NULL DEFAULT '{}',
    started_at timestamptz NOT NULL DEFAULT now(),
    beat_at timestamptz NOT NULL DEFAULT now()
);

-- The newest failure of a job that is still there: where it happened, without values.
CREATE TABLE jobs.failures (
    job bigint PRIMARY KEY REFERENCES procrastinate_jobs (id) ON DELETE CASCADE,
    at timestamptz NOT NULL DEFAULT now(),
    attempt integer NOT NULL,
    kind text NOT NULL,
    message text NOT NULL,
    frames text NOT NULL
);

-- How many attempts ended how in each minute; what is older is summed up in one row with the minute '-infinity'.
CREATE TABLE jobs.counts (
    minute timestamptz NOT NULL,
    queue text NOT NULL,
    task text NOT NULL,
    outcome text NOT NULL,
    count bigint NOT NULL,
    seconds double precision NOT NULL,
    PRIMARY KEY (minute, queue, task, outcome)
);

CREATE INDEX jobs_by_state ON procrastinate_jobs (status, queue_name) WHERE status IN ('todo', 'doing', 'failed');
