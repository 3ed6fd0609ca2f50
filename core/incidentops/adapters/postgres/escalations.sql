-- Escalations. The tables of incidents belong to their own subject; here they are read, and their changes taken up.

-- name: changed_incidents
WITH changed AS (
    SELECT incident_id, array_agg(id ORDER BY id) AS change_ids
    FROM (SELECT id, incident_id FROM incident_changes ORDER BY id LIMIT %(limit)s) AS oldest
    GROUP BY incident_id
)
SELECT to_jsonb(i) AS incident, to_jsonb(e) AS escalation, c.change_ids,
       ARRAY(SELECT jsonb_build_object('service', a.service, 'alertname', a.name, 'severity', a.severity) || a.labels
             FROM (SELECT * FROM alerts WHERE incident_id = i.id ORDER BY id DESC LIMIT 100) a
             WHERE a.status = 'firing') AS alerts,
       ARRAY(SELECT DISTINCT n.recipient FROM notifications n
             WHERE n.incident_id = i.id AND n.kind = 'page' AND n.state IN ('sending', 'delivered')
             ORDER BY n.recipient) AS paged,
       (SELECT actor FROM incident_timeline t
        WHERE t.incident_id = i.id AND t.kind IN ('status', 'merged') ORDER BY t.id DESC LIMIT 1) AS moved_by
FROM changed c
JOIN incidents i ON i.id = c.incident_id
LEFT JOIN escalations e ON e.incident_id = c.incident_id
ORDER BY c.change_ids[1];

-- name: due_escalations
SELECT to_jsonb(i) AS incident, to_jsonb(e) AS escalation, ARRAY[]::bigint[] AS change_ids,
       ARRAY(SELECT jsonb_build_object('service', a.service, 'alertname', a.name, 'severity', a.severity) || a.labels
             FROM (SELECT * FROM alerts WHERE incident_id = i.id ORDER BY id DESC LIMIT 100) a
             WHERE a.status = 'firing') AS alerts,
       ARRAY[]::text[] AS paged, '' AS moved_by
FROM escalations e
JOIN incidents i ON i.id = e.incident_id
WHERE e.due_at <= %(now)s AND e.state <> 'ended'
  AND NOT EXISTS (SELECT FROM incident_changes c WHERE c.incident_id = e.incident_id)
ORDER BY e.due_at
LIMIT %(limit)s;

-- name: commit_moves
-- The one statement that advances: a move is granted to whoever locks its escalation at the revision it was decided
-- from and all of its changes; everything else of it happens with that or not at all.
WITH move AS (
    SELECT * FROM jsonb_to_recordset(%(moves)s) AS m (
        incident_id uuid, expected bigint, change_ids bigint[], cancels boolean, kept boolean, number bigint,
        title text, service text, severity text, team text, policy jsonb, started_at timestamptz, due_at timestamptz,
        state text, step integer, round integer, suppressed text)
), held AS (
    SELECT c.id FROM incident_changes c
    WHERE c.id IN (SELECT unnest(change_ids) FROM move)
    FOR UPDATE SKIP LOCKED
), present AS (
    SELECT e.incident_id FROM escalations e JOIN move m USING (incident_id)
    WHERE e.revision = m.expected
    FOR UPDATE OF e SKIP LOCKED
), granted AS (
    SELECT m.* FROM move m
    WHERE (m.expected IS NULL OR m.incident_id IN (SELECT incident_id FROM present))
      AND (SELECT count(*) FROM held WHERE held.id = ANY(m.change_ids)) = cardinality(m.change_ids)
      AND (cardinality(m.change_ids) > 0
           OR NOT EXISTS (SELECT FROM incident_changes c WHERE c.incident_id = m.incident_id))
), taken_up AS (
    DELETE FROM incident_changes c USING granted g WHERE c.id = ANY(g.change_ids)
), written AS (
    INSERT INTO escalations AS e (incident_id, number, title, service, severity, team, policy, started_at, due_at,
                                  state, step, round, suppressed, revision)
    SELECT incident_id, number, title, service, severity, team, policy, started_at, due_at,
           state, step, round, suppressed, coalesce(expected, 0) + 1
    FROM granted WHERE kept
    ON CONFLICT (incident_id) DO UPDATE
    SET severity = EXCLUDED.severity, team = EXCLUDED.team, policy = EXCLUDED.policy, due_at = EXCLUDED.due_at,
        state = EXCLUDED.state, step = EXCLUDED.step, round = EXCLUDED.round, suppressed = EXCLUDED.suppressed,
        revision = EXCLUDED.revision
), noted AS (
    INSERT INTO incident_timeline (incident_id, at, kind, actor, text, data)
    SELECT n.incident_id, n.at, 'page', 'on-call', n.text, '{}'
    FROM jsonb_to_recordset(%(notes)s) AS n (incident_id uuid, at timestamptz, text text, place integer)
    JOIN granted USING (incident_id)
    ORDER BY n.incident_id, n.place
), cancelled AS (
    UPDATE notifications n SET state = 'cancelled'
    FROM granted g
    WHERE g.cancels AND n.incident_id = g.incident_id AND n.state = 'pending'
      AND n.kind IN ('page', 'acknowledged')
), queued AS (
    INSERT INTO notifications (id, kind, recipient, urgency, subject, body, methods, incident_id, state, position,
                               attempts, created_at, due_at, delivered_at)
    SELECT n.* FROM jsonb_to_recordset(%(notifications)s) AS n (
        id uuid, kind text, recipient text, urgency text, subject text, body text, methods jsonb, incident_id uuid,
        state text, position integer, attempts integer, created_at timestamptz, due_at timestamptz,
        delivered_at timestamptz)
    WHERE n.incident_id IN (SELECT incident_id FROM granted)
    ON CONFLICT (id) DO NOTHING
)
SELECT incident_id FROM granted;

-- name: escalation_of
SELECT to_jsonb(e) AS escalation FROM escalations e WHERE incident_id = %(incident_id)s;

-- name: hurry
UPDATE escalations e
SET due_at = %(at)s, state = CASE state WHEN 'acknowledged' THEN 'running' ELSE state END, suppressed = NULL,
    revision = revision + 1
WHERE incident_id = %(incident_id)s AND state <> 'ended'
RETURNING to_jsonb(e) AS escalation;

-- name: troubled_services
-- From one service to the next by the index: there are few services, and in a storm very many escalations.
WITH RECURSIVE troubled AS (
    SELECT min(service) AS service FROM escalations WHERE state <> 'ended' AND severity IN ('critical', 'high')
    UNION ALL
    SELECT (SELECT min(service) FROM escalations
            WHERE state <> 'ended' AND severity IN ('critical', 'high') AND service > troubled.service)
    FROM troubled WHERE troubled.service IS NOT NULL
)
SELECT service FROM troubled WHERE service IS NOT NULL;

-- name: overdue_escalations
SELECT (SELECT count(*) FROM escalations WHERE state <> 'ended' AND due_at < %(before)s)
     + (SELECT count(DISTINCT incident_id) FROM incident_changes WHERE at < %(before)s) AS overdue;
