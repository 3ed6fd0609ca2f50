-- Messages and every attempt to bring them.

-- name: enqueue
INSERT INTO notifications (id, kind, recipient, urgency, subject, body, methods, incident_id, state, position, attempts,
                           created_at, due_at)
SELECT id, kind, recipient, urgency, subject, body, methods, incident_id, state, position, attempts, created_at, due_at
FROM jsonb_to_recordset(%(notifications)s) AS n (
    id uuid, kind text, recipient text, urgency text, subject text, body text, methods jsonb, incident_id uuid,
    state text, position integer, attempts integer, created_at timestamptz, due_at timestamptz)
ON CONFLICT (id) DO NOTHING;

-- name: claim_notifications
-- Takes what is due, closes attempts that were never finished, and begins a new attempt for each.
WITH waiting AS (
    SELECT id, recipient, due_at FROM notifications WHERE state = 'pending' AND due_at <= %(now)s
    UNION ALL
    SELECT id, recipient, due_at FROM notifications WHERE state = 'sending' AND lease_until <= %(now)s
), lately AS (
    SELECT recipient, count(DISTINCT (started_at, key)) AS messages
    FROM notification_attempts
    WHERE started_at > %(burst_since)s
    GROUP BY recipient
), open_to AS (
    SELECT w.recipient
    FROM waiting w LEFT JOIN lately l USING (recipient)
    GROUP BY w.recipient, l.messages
    HAVING coalesce(l.messages, 0) < %(burst)s OR min(w.due_at) <= %(gathered_since)s
), taken AS (
    SELECT n.id, n.state
    FROM notifications n
    WHERE n.id IN (SELECT id FROM waiting JOIN open_to USING (recipient))
      AND ((n.state = 'pending' AND n.due_at <= %(now)s) OR (n.state = 'sending' AND n.lease_until <= %(now)s))
    ORDER BY (n.urgency = 'high') DESC, (n.attempts = 0) DESC, n.due_at, n.id
    LIMIT %(limit)s
    FOR UPDATE SKIP LOCKED
), interrupted AS (
    UPDATE notification_attempts a
    SET outcome = 'interrupted', ended_at = %(now)s
    FROM taken t
    WHERE a.notification_id = t.id AND t.state = 'sending' AND a.outcome = 'running'
), claimed AS (
    UPDATE notifications n
    SET state = 'sending', attempts = n.attempts + 1, lease_until = %(lease_until)s
    FROM taken t
    WHERE n.id = t.id
    RETURNING n.*
), begun AS (
    INSERT INTO notification_attempts (notification_id, number, recipient, place, key, started_at, outcome)
    SELECT id, attempts, recipient, position %% jsonb_array_length(methods),
           id || '-' || position %% jsonb_array_length(methods), %(now)s, 'running'
    FROM claimed
)
SELECT * FROM claimed
ORDER BY (urgency = 'high') DESC, attempts, due_at, id;

-- name: finish_attempts
-- A notification that another sender has taken over meanwhile keeps that one's state. A page that was given up
-- makes the next step of its escalation due.
WITH results AS (
    SELECT * FROM jsonb_to_recordset(%(results)s) AS r (
        id uuid, number integer, state text, position integer, due_at timestamptz, delivered_at timestamptz,
        outcome text, answer text, ended_at timestamptz)
), ended AS (
    UPDATE notification_attempts a
    SET outcome = r.outcome, answer = r.answer, ended_at = r.ended_at
    FROM results r
    WHERE a.notification_id = r.id AND a.number = r.number
), settled AS (
    UPDATE notifications n
    SET state = r.state, position = r.position, due_at = r.due_at, delivered_at = r.delivered_at, lease_until = NULL
    FROM results r
    WHERE n.id = r.id AND n.state = 'sending' AND n.attempts = r.number
    RETURNING n.incident_id, n.state, n.kind, r.ended_at
)
UPDATE escalations e
SET due_at = least(e.due_at, s.ended_at), revision = e.revision + 1
FROM (SELECT incident_id, min(ended_at) AS ended_at FROM settled WHERE state = 'failed' AND kind = 'page'
      GROUP BY incident_id) s
WHERE e.incident_id = s.incident_id AND e.state = 'running';

-- name: page_of_notifications
SELECT * FROM notifications
WHERE (%(state)s::text IS NULL OR state = %(state)s)
  AND (%(recipient)s::text IS NULL OR recipient = %(recipient)s)
  AND (%(incident_id)s::uuid IS NULL OR incident_id = %(incident_id)s)
  AND (%(before_at)s::timestamptz IS NULL OR (created_at, id) < (%(before_at)s, %(before_id)s::uuid))
ORDER BY created_at DESC, id DESC
LIMIT %(limit)s;

-- name: notification_by_id
SELECT * FROM notifications WHERE id = %(id)s;

-- name: attempts_of
SELECT * FROM notification_attempts WHERE notification_id = ANY(%(ids)s) ORDER BY notification_id, number;

-- name: overdue_notifications
SELECT count(*) AS overdue
FROM notifications
WHERE state IN ('pending', 'sending') AND urgency = 'high' AND created_at < %(before)s;
