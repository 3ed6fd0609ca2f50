-- What was done at the time of an incident, and its evidence. Each statement begins with a line "-- name: …".

-- name: page_of_happenings
-- Each branch gives at most a page, in the order of its own index; the tables belong to their own subjects.
WITH harm AS (
    SELECT id, service, state, requested_at, run_id, record
    FROM faults
    WHERE service = ANY(%(services)s) AND requested_at <= %(until)s
      AND requested_at > %(since)s::timestamptz - interval '1 day'  -- no lease is longer
      AND (requested_at >= %(since)s OR state NOT IN ('undone', 'failed')
           OR (record ->> 'undone_at')::timestamptz >= %(since)s)
), done AS (
    SELECT 'action' AS kind, id, started_at AS at, finished_at AS ended_at, service, verb AS what, outcome,
           actor AS by, message AS text, NULL::uuid AS run_id
    FROM actions
    WHERE service = ANY(%(services)s) AND started_at BETWEEN %(since)s AND %(until)s
      AND (%(before_at)s::timestamptz IS NULL OR (started_at, id) < (%(before_at)s, %(before_id)s::uuid))
    ORDER BY started_at DESC, id DESC
    LIMIT %(limit)s
), decided AS (
    SELECT 'decision' AS kind, id, at, at AS ended_at, service, kind AS what, '' AS outcome,
           record ->> 'by' AS by, record ->> 'reason' AS text, NULL::uuid AS run_id
    FROM decisions
    WHERE service = ANY(%(services)s) AND id BETWEEN %(first_id)s AND %(last_id)s
      AND at BETWEEN %(since)s AND %(until)s
      AND (%(before_at)s::timestamptz IS NULL OR (at, id) < (%(before_at)s, %(before_id)s::uuid))
    ORDER BY decisions.id DESC
    LIMIT %(limit)s
), harmed AS (
    SELECT 'fault' AS kind, id, requested_at AS at, (record ->> 'undone_at')::timestamptz AS ended_at, service,
           record ->> 'kind' AS what, state AS outcome, record ->> 'requested_by' AS by,
           coalesce(record ->> 'reason', '') AS text, run_id
    FROM harm
    UNION ALL
    SELECT 'experiment', id, requested_at, (record ->> 'ended_at')::timestamptz, '', experiment,
           coalesce(verdict, record ->> 'phase'), record ->> 'asked_by', record ->> 'reason', id
    FROM experiment_runs
    WHERE id IN (SELECT run_id FROM harm)
)
SELECT * FROM (
    TABLE done
    UNION ALL TABLE decided
    UNION ALL SELECT * FROM harmed
    WHERE %(before_at)s::timestamptz IS NULL OR (at, id) < (%(before_at)s, %(before_id)s::uuid)
) AS found
ORDER BY at DESC, id DESC
LIMIT %(limit)s;

-- name: incidents_lacking_evidence
SELECT 'opened' AS moment, incidents.*
FROM incidents
WHERE created_at > %(since)s
  AND NOT EXISTS (SELECT FROM incident_evidence e WHERE e.incident_id = incidents.id AND e.moment = 'opened')
UNION ALL
SELECT 'resolved', incidents.*
FROM incidents
WHERE resolved_at > %(since)s
  AND NOT EXISTS (SELECT FROM incident_evidence e WHERE e.incident_id = incidents.id AND e.moment = 'resolved')
ORDER BY moment, number
LIMIT %(limit)s;

-- name: keep_evidence
INSERT INTO incident_evidence (incident_id, moment, taken_at, document)
SELECT incident_id, moment, taken_at, document
FROM jsonb_to_recordset(%(rows)s::jsonb) AS fresh (
    incident_id uuid, moment text, taken_at timestamptz, document jsonb)
ON CONFLICT DO NOTHING;

-- name: evidence_of
SELECT document FROM incident_evidence WHERE incident_id = %(id)s ORDER BY moment;
