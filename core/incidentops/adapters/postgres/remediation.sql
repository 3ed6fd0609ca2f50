-- Statements about guards and decisions.

-- name: save_guard
INSERT INTO remediation_guards (service, at, record)
VALUES (%(service)s, %(at)s, %(record)s::jsonb)
ON CONFLICT (service) DO UPDATE
SET at = EXCLUDED.at, record = EXCLUDED.record
WHERE remediation_guards.at <= EXCLUDED.at;

-- name: save_decision
INSERT INTO decisions (id, at, service, policy, kind, record)
VALUES (%(id)s, %(at)s, %(service)s, %(policy)s, %(kind)s, %(record)s::jsonb)
ON CONFLICT (id) DO NOTHING;

-- name: guards
SELECT record
FROM remediation_guards;

-- name: page_of_decisions
SELECT record
FROM decisions
WHERE (%(service)s::text IS NULL OR service = %(service)s)
  AND (%(policy)s::text IS NULL OR policy = %(policy)s)
  AND (%(kind)s::text IS NULL OR kind = %(kind)s)
  AND (%(before)s::uuid IS NULL OR id < %(before)s)
ORDER BY id DESC
LIMIT %(limit)s;
