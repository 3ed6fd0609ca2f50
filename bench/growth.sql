-- A history in a moment: so many open incidents with an alert each, and alerts that have ended, ten to an incident.

WITH incident AS (
    SELECT n, gen_random_uuid() AS id, n <= %(open)s AS open,
           now() - make_interval(secs => 60 * (%(incidents)s - n)) AS at
    FROM generate_series(1, %(incidents)s) AS n
), written AS (
    INSERT INTO incidents (id, title, service, severity, status, created_at, group_key, last_alert_at, rule, responders,
                           acknowledged_at, resolved_at, alerts, open_alerts, upstream)
    SELECT id, 'billing is slow', 'billing-' || n %% %(services)s, (ARRAY['critical', 'high', 'medium', 'low'])[1 + n %% 4],
           CASE WHEN open THEN 'open' ELSE 'resolved' END, at, 'default:' || n, at, 'default', '{alice}',
           CASE WHEN NOT open THEN at + interval '1 minute' END, CASE WHEN NOT open THEN at + interval '9 minutes' END,
           CASE WHEN open THEN 1 ELSE 10 END, CASE WHEN open THEN 1 ELSE 0 END, '{}'
    FROM incident
), escalated AS (
    INSERT INTO escalations (incident_id, number, title, service, severity, policy, started_at, state, step, round,
                             revision)
    SELECT id, n, 'billing is slow', 'billing-' || n %% %(services)s, 'high', '{}', at,
           CASE WHEN open THEN 'exhausted' ELSE 'ended' END, 0, 0, 1
    FROM incident
), alert AS (
    -- UUIDv7, as the backend makes them: 48 bits of milliseconds first
    SELECT incident.*, k, (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' ||
                           substr(md5(n || '/' || k), 1, 19))::uuid AS alert_id
    FROM incident, generate_series(1, CASE WHEN open THEN 1 ELSE 10 END) AS k
), told AS (
    INSERT INTO incident_timeline (incident_id, at, kind, actor, text, data)
    SELECT id, at, 'alert', 'alertmanager', 'billing is slow', jsonb_build_object('alert_id', alert_id) FROM alert
)
INSERT INTO alerts (id, source, dedup_key, fingerprint, service, name, severity, summary, labels, annotations, status,
                    started_at, last_seen_at, ended_at, count, flaps, incident_id, upstream)
SELECT alert_id, 'alertmanager', n || '/' || k, md5(n || '/' || k), 'billing-' || n %% %(services)s, 'HighLatency', 'high',
       'billing is slow', jsonb_build_object('alertname', 'HighLatency', 'instance', '10.0.0.' || k), '{}',
       CASE WHEN open THEN 'firing' ELSE 'resolved' END, at, at, CASE WHEN NOT open THEN at + interval '9 minutes' END,
       1, 0, id, '{}'
FROM alert;
