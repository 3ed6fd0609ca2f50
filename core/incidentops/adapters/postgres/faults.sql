-- Every statement about faults.

-- name: save_fault
INSERT INTO faults (id, service, state, run_id, requested_at, revision, record)
VALUES (%(id)s, %(service)s, %(state)s, %(run_id)s, %(requested_at)s, %(revision)s, %(record)s::jsonb)
ON CONFLICT (id) DO UPDATE
SET state = EXCLUDED.state, revision = EXCLUDED.revision, record = EXCLUDED.record
WHERE faults.revision < EXCLUDED.revision;

-- name: page_of_faults
SELECT record
FROM faults
WHERE (%(service)s::text IS NULL OR service = %(service)s)
  AND (%(state)s::text IS NULL OR state = %(state)s)
  AND (%(run_id)s::uuid IS NULL OR run_id = %(run_id)s)
  AND (%(before)s::uuid IS NULL
       OR (requested_at, id) < (SELECT last.requested_at, last.id FROM faults last WHERE last.id = %(before)s))
ORDER BY requested_at DESC, id DESC
LIMIT %(limit)s;

-- name: fault_by_id
SELECT record
FROM faults
WHERE id = %(id)s;
