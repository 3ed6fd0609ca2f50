-- The action log (one row per action: intent, then outcome) and what operators last wanted of each service.

CREATE TABLE actions (
    id          uuid PRIMARY KEY,
    seq         bigserial NOT NULL UNIQUE,  -- order of arrival in this database; has gaps
    service     text NOT NULL,
    verb        text NOT NULL,
    actor       text NOT NULL,
    source      text NOT NULL,
    outcome     text NOT NULL,
    message     text NOT NULL,
    started_at  timestamptz NOT NULL,
    finished_at timestamptz,
    duration_ms double precision,
    CONSTRAINT finished_unless_running CHECK ((outcome = 'running') = (finished_at IS NULL))
);

-- Pages are read newest first by (started_at, id); each filter has an index that is already in that order.
CREATE INDEX actions_newest ON actions (started_at DESC, id DESC);
CREATE INDEX actions_by_service ON actions (service, started_at DESC, id DESC);
CREATE INDEX actions_by_actor ON actions (actor, started_at DESC, id DESC);
CREATE INDEX actions_by_verb ON actions (verb, started_at DESC, id DESC);
CREATE INDEX actions_by_outcome ON actions (outcome, started_at DESC, id DESC);

CREATE TABLE wishes (
    service text PRIMARY KEY,
    wish    text NOT NULL,
    actor   text NOT NULL,
    at      timestamptz NOT NULL
);
