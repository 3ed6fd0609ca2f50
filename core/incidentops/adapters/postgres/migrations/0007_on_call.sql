-- Who is on call, how incidents escalate, and what people were told.

CREATE TABLE directory (
    kind       text NOT NULL,
    name       text NOT NULL,
    document   jsonb NOT NULL,
    revision   bigint NOT NULL,
    changed_by text NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (kind, name)
);

-- One per incident; the policy is the one that held when it began.
CREATE TABLE escalations (
    incident_id uuid PRIMARY KEY REFERENCES incidents,
    number      bigint NOT NULL,
    title       text NOT NULL,
    service     text NOT NULL,
    severity    text NOT NULL,
    team        text,
    policy      jsonb NOT NULL,
    started_at  timestamptz NOT NULL,
    due_at      timestamptz,
    state       text NOT NULL,
    step        integer NOT NULL,
    round       integer NOT NULL,
    suppressed  text,
    revision    bigint NOT NULL
);
CREATE INDEX escalations_due ON escalations (due_at) WHERE due_at IS NOT NULL AND state <> 'ended';
CREATE INDEX escalations_open ON escalations (service) WHERE state <> 'ended';

CREATE TABLE notifications (
    id           uuid PRIMARY KEY,
    kind         text NOT NULL,
    recipient    text NOT NULL,
    urgency      text NOT NULL,
    subject      text NOT NULL,
    body         text NOT NULL,
    methods      jsonb NOT NULL CHECK (jsonb_array_length(methods) > 0),
    incident_id  uuid,
    state        text NOT NULL,
    position     integer NOT NULL,
    attempts     integer NOT NULL,
    created_at   timestamptz NOT NULL,
    due_at       timestamptz NOT NULL,
    lease_until  timestamptz,
    delivered_at timestamptz,
    CONSTRAINT leased_while_sending CHECK ((state = 'sending') = (lease_until IS NOT NULL))
);
CREATE INDEX notifications_due ON notifications (due_at) WHERE state = 'pending';
CREATE INDEX notifications_leased ON notifications (lease_until) WHERE state = 'sending';
CREATE INDEX notifications_newest ON notifications (created_at DESC, id DESC);
CREATE INDEX notifications_by_incident ON notifications (incident_id, created_at DESC, id DESC);
CREATE INDEX notifications_by_recipient ON notifications (recipient, created_at DESC, id DESC);

CREATE TABLE notification_attempts (
    notification_id uuid NOT NULL REFERENCES notifications ON DELETE CASCADE,
    number          integer NOT NULL,
    recipient       text NOT NULL,
    place           integer NOT NULL,  -- which of the notification's methods
    key             text NOT NULL,
    started_at      timestamptz NOT NULL,
    ended_at        timestamptz,
    outcome         text NOT NULL,
    answer          text NOT NULL DEFAULT '',
    PRIMARY KEY (notification_id, number)
);
CREATE INDEX notification_attempts_lately ON notification_attempts (started_at, recipient);
