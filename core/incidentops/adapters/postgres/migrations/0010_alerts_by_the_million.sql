-- Intake writes an alert and a line of the timeline for each new signal: two indices less to keep.

-- While it fires, an alert is found by alerts_one_open; only what has ended needs another way.
DROP INDEX alerts_by_key;
CREATE INDEX alerts_ended_by_key ON alerts (source, dedup_key, id DESC) WHERE status <> 'firing';

-- A timeline is only ever read by incident.
ALTER TABLE incident_timeline DROP CONSTRAINT incident_timeline_pkey;
DROP INDEX timeline_by_incident;
ALTER TABLE incident_timeline ADD PRIMARY KEY (incident_id, id);

-- What was read in full: with a hundred thousand incidents each of these is found by an index.

-- Rows of one status, newest first, begin at (status, number): a comparison of rows needs both in one direction.
DROP INDEX incidents_by_status;
CREATE INDEX incidents_by_status ON incidents (status, number);
CREATE INDEX incidents_by_assignee ON incidents (assignee, number DESC) WHERE assignee IS NOT NULL;
CREATE INDEX incidents_merged ON incidents (merged_into) WHERE merged_into IS NOT NULL;
