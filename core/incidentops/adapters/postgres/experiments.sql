-- Every statement about experiments.

-- name: experiments
SELECT document
FROM experiments
ORDER BY name;

-- name: add_experiment
INSERT INTO experiments (name, document, updated_at)
VALUES (%(name)s, %(document)s::jsonb, %(at)s)
ON CONFLICT (name) DO NOTHING
RETURNING name;

-- name: put_experiment
INSERT INTO experiments (name, document, updated_at)
VALUES (%(name)s, %(document)s::jsonb, %(at)s)
ON CONFLICT (name) DO UPDATE
SET document = EXCLUDED.document, updated_at = EXCLUDED.updated_at;

-- name: remove_experiment
WITH schedules AS (DELETE FROM experiment_schedules WHERE experiment = %(name)s)
DELETE FROM experiments
WHERE name = %(name)s
RETURNING name;

-- name: save_run
-- The first verdict stands, and news that comes late changes nothing. A known run keeps its number: an insert that
-- only conflicts would use one up.
WITH known AS (
    UPDATE experiment_runs
    SET heard_at = %(heard_at)s, verdict = %(verdict)s, record = %(record)s::jsonb
    WHERE id = %(id)s AND verdict IS NULL AND heard_at <= %(heard_at)s
)
INSERT INTO experiment_runs (id, experiment, requested_at, heard_at, verdict, record)
SELECT %(id)s, %(experiment)s, %(requested_at)s, %(heard_at)s, %(verdict)s, %(record)s::jsonb
WHERE NOT EXISTS (SELECT FROM experiment_runs WHERE id = %(id)s)
ON CONFLICT (id) DO NOTHING;

-- name: save_entries
INSERT INTO experiment_entries (run_id, seq, entry)
SELECT %(run_id)s, (entry ->> 'seq')::integer, entry
FROM jsonb_array_elements(%(entries)s::jsonb) AS entry
ON CONFLICT (run_id, seq) DO NOTHING;

-- name: run_by_id
SELECT number, record
FROM experiment_runs
WHERE id = %(id)s;

-- name: run_by_number
SELECT number, record
FROM experiment_runs
WHERE number = %(number)s;

-- name: page_of_runs
SELECT number, record
FROM experiment_runs
WHERE (%(experiment)s::text IS NULL OR experiment = %(experiment)s)
  AND (%(before)s::bigint IS NULL OR number < %(before)s)
ORDER BY number DESC
LIMIT %(limit)s;

-- name: last_runs
SELECT DISTINCT ON (experiment) number, record
FROM experiment_runs
ORDER BY experiment, number DESC;

-- name: open_runs
SELECT number, record
FROM experiment_runs
WHERE verdict IS NULL
ORDER BY number;

-- name: entries
SELECT entry
FROM experiment_entries
WHERE run_id = %(id)s
ORDER BY seq;

-- name: schedules
SELECT record
FROM experiment_schedules
WHERE %(experiment)s::text IS NULL OR experiment = %(experiment)s
ORDER BY experiment, id;

-- name: put_schedule
INSERT INTO experiment_schedules (id, experiment, next_at, record)
VALUES (%(id)s, %(experiment)s, %(next_at)s, %(record)s::jsonb)
ON CONFLICT (id) DO UPDATE
SET next_at = EXCLUDED.next_at, record = EXCLUDED.record;

-- name: schedule_to_change
SELECT record
FROM experiment_schedules
WHERE id = %(id)s
FOR UPDATE;

-- name: remove_schedule
DELETE FROM experiment_schedules
WHERE id = %(id)s
RETURNING id;

-- name: due_schedules
SELECT record
FROM experiment_schedules
WHERE next_at <= %(now)s
ORDER BY next_at
LIMIT 20
FOR UPDATE SKIP LOCKED;
