-- Every statement of the store. Each begins with a line "-- name: …"; queries.py reads them.

-- name: save_action
-- Intent, outcome, or outcome without its intent: whichever comes, and however often, the first outcome stands.
INSERT INTO actions (id, service, verb, actor, source, outcome, message, started_at, finished_at, duration_ms)
VALUES (%(id)s, %(service)s, %(verb)s, %(actor)s, %(source)s, %(outcome)s, %(message)s, %(started_at)s,
        %(finished_at)s, %(duration_ms)s)
ON CONFLICT (id) DO UPDATE
SET outcome = EXCLUDED.outcome, message = EXCLUDED.message,
    finished_at = EXCLUDED.finished_at, duration_ms = EXCLUDED.duration_ms
WHERE actions.outcome = 'running' AND EXCLUDED.outcome <> 'running';

-- name: save_wish
INSERT INTO wishes (service, wish, actor, at)
VALUES (%(service)s, %(wish)s, %(actor)s, %(at)s)
ON CONFLICT (service) DO UPDATE
SET wish = EXCLUDED.wish, actor = EXCLUDED.actor, at = EXCLUDED.at
WHERE wishes.at <= EXCLUDED.at;

-- name: save_recovery
INSERT INTO recovery_modes (service, mode, actor, at)
VALUES (%(service)s, %(mode)s, %(actor)s, %(at)s)
ON CONFLICT (service) DO UPDATE
SET mode = EXCLUDED.mode, actor = EXCLUDED.actor, at = EXCLUDED.at
WHERE recovery_modes.at <= EXCLUDED.at;

-- name: page_of_actions
SELECT id, service, verb, actor, source, outcome, message, started_at, duration_ms
FROM actions
WHERE (%(service)s::text IS NULL OR service = %(service)s)
  AND (%(verb)s::text IS NULL OR verb = %(verb)s)
  AND (%(actor)s::text IS NULL OR actor = %(actor)s)
  AND (%(outcome)s::text IS NULL OR outcome = %(outcome)s)
  AND (%(text)s::text IS NULL OR position(lower(%(text)s) IN lower(message)) > 0
                               OR position(lower(%(text)s) IN lower(actor)) > 0)
  AND (%(before_at)s::timestamptz IS NULL OR (started_at, id) < (%(before_at)s, %(before_id)s::uuid))
ORDER BY started_at DESC, id DESC
LIMIT %(limit)s;

-- name: action_by_id
SELECT id, service, verb, actor, source, outcome, message, started_at, duration_ms
FROM actions
WHERE id = %(id)s;

-- name: recent_actions
-- Hops from service to service along the index instead of reading the whole log.
WITH RECURSIVE names AS (
    (SELECT service FROM actions ORDER BY service LIMIT 1)
    UNION ALL
    SELECT (SELECT a.service FROM actions a WHERE a.service > names.service ORDER BY a.service LIMIT 1)
    FROM names
    WHERE names.service IS NOT NULL
)
SELECT newest.*
FROM names
CROSS JOIN LATERAL (
    SELECT id, service, verb, actor, source, outcome, message, started_at, duration_ms
    FROM actions
    WHERE actions.service = names.service
    ORDER BY started_at DESC, id DESC
    LIMIT %(per_service)s
) AS newest
ORDER BY newest.started_at, newest.id;

-- name: running_actions
SELECT id, service, verb, actor, source, outcome, message, started_at, duration_ms
FROM actions
WHERE outcome = 'running'
ORDER BY started_at, id;

-- name: wishes
SELECT service, wish, actor, at
FROM wishes;

-- name: recoveries
SELECT service, mode, actor, at
FROM recovery_modes;
