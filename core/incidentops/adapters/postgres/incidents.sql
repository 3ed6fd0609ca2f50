-- Reads and edits of incidents and alerts. Each statement begins with a line "-- name: …".

-- name: page_of_incidents
SELECT * FROM incidents
WHERE (%(severity)s::text IS NULL OR severity = %(severity)s)
  AND (%(service)s::text IS NULL OR service = %(service)s)
  AND (%(team)s::text IS NULL OR team = %(team)s)
  AND (%(assignee)s::text IS NULL OR assignee = %(assignee)s)
  AND (%(since)s::timestamptz IS NULL OR created_at >= %(since)s)
  AND (%(until)s::timestamptz IS NULL OR created_at < %(until)s)
  AND (%(before)s::bigint IS NULL OR number < %(before)s)
ORDER BY number DESC
LIMIT %(limit)s;

-- name: page_of_incidents_by_status
-- As above, for each status from its own index, however old its incidents are. The comparison of rows makes the planner
-- take that index: told of equality it bets on the newest incidents having the status.
SELECT found.*
FROM unnest(%(statuses)s::text[]) AS wanted (status)
CROSS JOIN LATERAL (
    SELECT * FROM incidents
    WHERE (incidents.status, number) < (wanted.status, coalesce(%(before)s::bigint, 9223372036854775807))
      AND incidents.status >= wanted.status
      AND (%(severity)s::text IS NULL OR severity = %(severity)s)
      AND (%(service)s::text IS NULL OR service = %(service)s)
      AND (%(team)s::text IS NULL OR team = %(team)s)
      AND (%(assignee)s::text IS NULL OR assignee = %(assignee)s)
      AND (%(since)s::timestamptz IS NULL OR created_at >= %(since)s)
      AND (%(until)s::timestamptz IS NULL OR created_at < %(until)s)
    ORDER BY incidents.status DESC, number DESC
    LIMIT %(limit)s
) AS found
ORDER BY found.number DESC
LIMIT %(limit)s;

-- name: page_of_alerts
SELECT * FROM alerts
WHERE (%(status)s::text IS NULL OR status = %(status)s)
  AND (%(severity)s::text IS NULL OR severity = %(severity)s)
  AND (%(service)s::text IS NULL OR service = %(service)s)
  AND (%(source)s::text IS NULL OR source = %(source)s)
  AND (%(incident_id)s::uuid IS NULL OR incident_id = %(incident_id)s)
  AND (%(before)s::uuid IS NULL OR id < %(before)s)
ORDER BY id DESC
LIMIT %(limit)s;

-- name: incident_by_id
SELECT * FROM incidents WHERE id = %(id)s;

-- name: incident_by_number
SELECT * FROM incidents WHERE number = %(number)s;

-- name: lock_incident
SELECT * FROM incidents WHERE id = %(id)s FOR NO KEY UPDATE;

-- name: alert_by_id
SELECT * FROM alerts WHERE id = %(id)s;

-- name: timeline
SELECT incident_id, at, kind, actor, text, data
FROM incident_timeline WHERE incident_id = %(id)s
ORDER BY id DESC
LIMIT %(limit)s;

-- name: merged_incidents
SELECT * FROM incidents WHERE merged_into = %(id)s ORDER BY number;

-- name: follower
SELECT * FROM incidents WHERE reopened_from = %(id)s ORDER BY number DESC LIMIT 1;

-- name: unresolved_of_services
SELECT service, max(number) AS number
FROM (
    SELECT service, number FROM incidents
    WHERE status <> 'resolved' AND service = ANY(%(services)s)
    UNION ALL
    SELECT alerts.service, incidents.number
    FROM alerts JOIN incidents ON incidents.id = alerts.incident_id
    WHERE alerts.status = 'firing' AND alerts.service = ANY(%(services)s) AND incidents.status <> 'resolved'
) AS troubled
GROUP BY service;

-- name: count_by_status
SELECT status, count(*) AS count FROM incidents GROUP BY status;

-- name: settling
SELECT id FROM incidents WHERE settle_at <= %(at)s LIMIT 500;

-- name: expired_leases
SELECT source, dedup_key FROM alerts
WHERE status = 'firing' AND lease_until IS NOT NULL AND lease_until <= %(at)s
ORDER BY lease_until
LIMIT %(limit)s;

-- name: missing_beats
SELECT beat.* FROM heartbeats AS beat
WHERE beat.due_at <= %(at)s
  AND NOT EXISTS (
      SELECT FROM alerts
      WHERE alerts.source = %(source)s AND alerts.dedup_key = beat.name AND alerts.status = 'firing'
  )
ORDER BY beat.due_at
LIMIT %(limit)s;

-- name: all_heartbeats
SELECT * FROM heartbeats ORDER BY name;

-- name: forget_heartbeat
DELETE FROM heartbeats WHERE name = %(name)s RETURNING name;

-- name: save_rules
INSERT INTO correlation_rules (version, document, source, actor, at)
SELECT coalesce(max(version), 0) + 1, %(document)s::jsonb, %(source)s, %(actor)s, %(at)s FROM correlation_rules
HAVING %(expected)s::integer IS NULL OR coalesce(max(version), 0) = %(expected)s
RETURNING *;

-- name: alerts_between
-- In the order they were accepted.
SELECT * FROM alerts
WHERE id >= %(first)s AND id < %(last)s
ORDER BY id
LIMIT %(limit)s;

-- name: story
SELECT incident_id, at, kind, actor, text, data
FROM incident_timeline
WHERE at >= %(since)s AND at < %(until)s AND kind = ANY(%(kinds)s)
ORDER BY id
LIMIT %(limit)s;

-- name: totals
SELECT count(*) AS incidents,
       count(*) FILTER (WHERE status <> 'resolved') AS unresolved,
       coalesce(sum(alerts), 0) AS alerts,
       avg(extract(epoch FROM coalesce(acknowledged_at, resolved_at) - created_at)) AS mtta_seconds,
       avg(extract(epoch FROM resolved_at - created_at)) AS mttr_seconds,
       percentile_cont(0.95) WITHIN GROUP
           (ORDER BY extract(epoch FROM coalesce(acknowledged_at, resolved_at) - created_at)) AS mtta_p95_seconds,
       percentile_cont(0.95) WITHIN GROUP
           (ORDER BY extract(epoch FROM resolved_at - created_at)) AS mttr_p95_seconds
FROM incidents
WHERE created_at >= %(since)s AND created_at < %(until)s AND merged_into IS NULL;

-- name: count_by_severity_and_status
SELECT severity, status, count(*) AS count
FROM incidents
WHERE created_at >= %(since)s AND created_at < %(until)s AND merged_into IS NULL
GROUP BY severity, status;

-- name: volume
SELECT date_trunc(%(step)s, created_at) AS at, count(*) AS count,
       avg(extract(epoch FROM coalesce(acknowledged_at, resolved_at) - created_at)) AS mtta_seconds,
       avg(extract(epoch FROM resolved_at - created_at)) AS mttr_seconds
FROM incidents
WHERE created_at >= %(since)s AND created_at < %(until)s AND merged_into IS NULL
GROUP BY 1 ORDER BY 1;

-- name: noisiest_services
SELECT service, count(*) AS incidents, sum(alerts) AS alerts
FROM incidents
WHERE created_at >= %(since)s AND created_at < %(until)s AND merged_into IS NULL
GROUP BY service ORDER BY alerts DESC, service
LIMIT 10;
