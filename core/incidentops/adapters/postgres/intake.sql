-- What one transaction of intake reads and writes. Each statement begins with a line "-- name: …".

-- name: lock_intake
-- One transaction of intake at a time, over all backends: two alerts of one problem never open two incidents.
SELECT pg_advisory_xact_lock(1213481296);

-- name: claim_batches
-- With the lock of `lock_intake`; returns those that are new, each with the version of the rules that apply.
WITH lock AS MATERIALIZED (SELECT pg_advisory_xact_lock(1213481296))
INSERT INTO intake_batches (id, at)
SELECT id, now() FROM lock, unnest(%(ids)s::uuid[]) AS id
ON CONFLICT DO NOTHING
RETURNING id, (SELECT coalesce(max(version), 0) FROM correlation_rules) AS rules_version;

-- name: claim_messages
INSERT INTO intake_messages (source, once, at)
SELECT source, once, now() FROM unnest(%(sources)s::text[], %(onces)s::text[]) AS message (source, once)
ON CONFLICT DO NOTHING
RETURNING source, once;

-- name: newest_alerts
-- Of each key the open alert, or the one that ended last.
SELECT alert.*
FROM jsonb_to_recordset(%(keys)s::jsonb) AS wanted (source text, dedup_key text)
CROSS JOIN LATERAL (
    SELECT found.*
    FROM (
        (SELECT * FROM alerts
         WHERE source = wanted.source AND dedup_key = wanted.dedup_key AND status = 'firing')
        UNION ALL
        (SELECT * FROM alerts
         WHERE source = wanted.source AND dedup_key = wanted.dedup_key AND status <> 'firing'
         ORDER BY id DESC LIMIT 1)
    ) AS found
    ORDER BY found.status = 'firing' DESC
    LIMIT 1
) AS alert;

-- name: lock_incidents
-- Those of known alerts, the newest of each group, and those whose service stands on one of these.
SELECT * FROM incidents
WHERE id IN (
    SELECT unnest(%(ids)s::uuid[])
    UNION
    SELECT newest.id
    FROM unnest(%(group_keys)s::text[]) AS wanted (group_key)
    CROSS JOIN LATERAL (
        SELECT id FROM incidents
        WHERE incidents.group_key = wanted.group_key
        ORDER BY number DESC LIMIT 1
    ) AS newest
    UNION
    SELECT id FROM incidents
    WHERE status <> 'resolved' AND upstream <> '{}' AND upstream && %(roots)s::text[]
      AND created_at > %(recent)s
)
ORDER BY id
FOR NO KEY UPDATE;  -- what refers to an incident need not wait

-- name: take_numbers
SELECT nextval('incident_numbers') AS number FROM generate_series(1, %(count)s);

-- name: insert_incidents
INSERT INTO incidents SELECT * FROM jsonb_populate_recordset(NULL::incidents, %(rows)s::jsonb);

-- name: update_incidents
UPDATE incidents
SET severity = fresh.severity, status = fresh.status, last_alert_at = fresh.last_alert_at,
    assignee = fresh.assignee, team = fresh.team, responders = fresh.responders,
    acknowledged_at = fresh.acknowledged_at, resolved_at = fresh.resolved_at, settle_at = fresh.settle_at,
    alerts = fresh.alerts, open_alerts = fresh.open_alerts, merged_into = fresh.merged_into,
    checklist = fresh.checklist
FROM jsonb_populate_recordset(NULL::incidents, %(rows)s::jsonb) AS fresh
WHERE incidents.id = fresh.id;

-- name: update_alerts
UPDATE alerts
SET severity = fresh.severity, summary = fresh.summary, labels = fresh.labels,
    annotations = fresh.annotations, status = fresh.status, started_at = fresh.started_at,
    last_seen_at = fresh.last_seen_at, ended_at = fresh.ended_at, lease_until = fresh.lease_until,
    count = fresh.count, incident_id = fresh.incident_id
FROM jsonb_populate_recordset(NULL::alerts, %(rows)s::jsonb) AS fresh
WHERE alerts.id = fresh.id;

-- name: move_alerts
UPDATE alerts SET incident_id = %(root)s WHERE incident_id = %(child)s;

-- name: end_alerts
-- An incident that people resolve takes its alerts along; what still fires comes back as a new one.
UPDATE alerts SET status = 'resolved', ended_at = greatest(%(at)s, started_at), lease_until = NULL
WHERE incident_id = %(id)s AND status = 'firing'
RETURNING id;

-- name: insert_news
-- What is only ever added, in one statement.
WITH alerts AS (
    INSERT INTO alerts SELECT * FROM jsonb_populate_recordset(NULL::alerts, %(alerts)s::jsonb)
), changes AS (
    INSERT INTO incident_changes (incident_id, kind, at)
    SELECT incident_id, kind, at FROM jsonb_populate_recordset(NULL::incident_changes, %(changes)s::jsonb)
)
INSERT INTO incident_timeline (incident_id, at, kind, actor, text, data)
SELECT incident_id, at, kind, actor, text, data
FROM jsonb_populate_recordset(NULL::incident_timeline, %(timeline)s::jsonb);

-- name: save_beats
INSERT INTO heartbeats (name, service, severity, last_beat_at, due_at)
SELECT name, service, severity, last_beat_at, due_at
FROM jsonb_populate_recordset(NULL::heartbeats, %(rows)s::jsonb)
ON CONFLICT (name) DO UPDATE
SET service = EXCLUDED.service, severity = EXCLUDED.severity, last_beat_at = EXCLUDED.last_beat_at,
    due_at = EXCLUDED.due_at
WHERE heartbeats.last_beat_at <= EXCLUDED.last_beat_at;

-- name: newest_rules
SELECT * FROM correlation_rules ORDER BY version DESC LIMIT 1;

-- name: forget_batches
DELETE FROM intake_batches WHERE at < now() - interval '7 days';

-- name: forget_messages
DELETE FROM intake_messages WHERE at < now() - interval '7 days';
