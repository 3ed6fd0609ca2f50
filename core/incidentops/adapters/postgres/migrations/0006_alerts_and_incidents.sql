-- Alerts (deduplicated signals), incidents (what people work on), their timeline, and what intake needs to remember.

CREATE SEQUENCE incident_numbers;

CREATE TABLE incidents (
    id              uuid PRIMARY KEY,
    number          bigint NOT NULL UNIQUE DEFAULT nextval('incident_numbers'),
    title           text NOT NULL,
    service         text NOT NULL,
    severity        text NOT NULL,
    status          text NOT NULL,
    created_at      timestamptz NOT NULL,
    group_key       text NOT NULL,
    last_alert_at   timestamptz NOT NULL,
    rule            text NOT NULL,
    assignee        text,
    team            text,
    responders      text[] NOT NULL,
    acknowledged_at timestamptz,
    resolved_at     timestamptz,
    settle_at       timestamptz,
    alerts          integer NOT NULL,
    open_alerts     integer NOT NULL,
    upstream        text[] NOT NULL,
    merged_into     uuid REFERENCES incidents,
    reopened_from   uuid REFERENCES incidents,
    CONSTRAINT resolved_has_its_time CHECK ((status = 'resolved') = (resolved_at IS NOT NULL))
) WITH (fillfactor = 80);  -- each repeat of an alert updates its incident in place

-- Pages are read newest first by number; each filter has an index that is already in that order.
CREATE INDEX incidents_by_status ON incidents (status, number DESC);
CREATE INDEX incidents_by_service ON incidents (service, number DESC);
CREATE INDEX incidents_by_severity ON incidents (severity, number DESC);
CREATE INDEX incidents_by_team ON incidents (team, number DESC) WHERE team IS NOT NULL;
CREATE INDEX incidents_by_time ON incidents (created_at);
CREATE INDEX incidents_by_group ON incidents (group_key, number DESC);
CREATE INDEX incidents_downstream ON incidents (created_at) WHERE status <> 'resolved' AND upstream <> '{}';
CREATE INDEX incidents_settling ON incidents (settle_at) WHERE settle_at IS NOT NULL;

CREATE TABLE alerts (
    id           uuid PRIMARY KEY,
    source       text NOT NULL,
    dedup_key    text NOT NULL,
    fingerprint  text NOT NULL,
    service      text NOT NULL,
    name         text NOT NULL,
    severity     text NOT NULL,
    summary      text NOT NULL,
    labels       jsonb NOT NULL,
    annotations  jsonb NOT NULL,
    status       text NOT NULL,
    started_at   timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    ended_at     timestamptz,
    lease_until  timestamptz,
    count        integer NOT NULL,
    flaps        integer NOT NULL,
    incident_id  uuid NOT NULL,  -- written in one transaction with the incident: a check per row would cost a third
    upstream     text[] NOT NULL,
    CONSTRAINT ended_unless_firing CHECK ((status = 'firing') = (ended_at IS NULL))
) WITH (fillfactor = 85);

-- The promise of deduplication is the database's own: one open alert per source and key.
CREATE UNIQUE INDEX alerts_one_open ON alerts (source, dedup_key) WHERE status = 'firing';
CREATE INDEX alerts_by_key ON alerts (source, dedup_key, id DESC);
CREATE INDEX alerts_by_incident ON alerts (incident_id, id DESC);
CREATE INDEX alerts_by_service ON alerts (service, id DESC);
CREATE INDEX alerts_open ON alerts (id DESC) WHERE status = 'firing';
CREATE INDEX alerts_leased ON alerts (lease_until) WHERE status = 'firing' AND lease_until IS NOT NULL;

CREATE TABLE incident_timeline (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    incident_id uuid NOT NULL,
    at          timestamptz NOT NULL,
    kind        text NOT NULL,
    actor       text NOT NULL,
    text        text NOT NULL,
    data        jsonb NOT NULL
);
CREATE INDEX timeline_by_incident ON incident_timeline (incident_id, id);

CREATE FUNCTION refuse_to_rewrite_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the timeline of an incident is written once and never changed';
END $$;
CREATE TRIGGER timeline_is_immutable BEFORE UPDATE OR DELETE ON incident_timeline
    FOR EACH ROW EXECUTE FUNCTION refuse_to_rewrite_history();

CREATE VIEW incident_notes AS
    SELECT id, incident_id, at, actor, text FROM incident_timeline WHERE kind = 'note';

-- What on-call and notifications have still to take up; a row is deleted in the transaction that does.
CREATE TABLE incident_changes (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    incident_id uuid NOT NULL,
    kind        text NOT NULL,
    at          timestamptz NOT NULL
);

-- What has been taken in: a batch, and a message that its source gave an id of its own.
CREATE TABLE intake_batches (
    id uuid PRIMARY KEY,
    at timestamptz NOT NULL
);
CREATE INDEX intake_batches_by_age ON intake_batches (at);
CREATE TABLE intake_messages (
    source text NOT NULL,
    once   text NOT NULL,
    at     timestamptz NOT NULL,
    PRIMARY KEY (source, once)
);
CREATE INDEX intake_messages_by_age ON intake_messages (at);

CREATE TABLE heartbeats (
    name         text PRIMARY KEY,
    service      text NOT NULL,
    severity     text NOT NULL,
    last_beat_at timestamptz NOT NULL,
    due_at       timestamptz NOT NULL
);
CREATE INDEX heartbeats_due ON heartbeats (due_at);

CREATE TABLE correlation_rules (
    version  integer PRIMARY KEY,
    document jsonb NOT NULL,
    source   text NOT NULL,
    actor    text NOT NULL,
    at       timestamptz NOT NULL
);
