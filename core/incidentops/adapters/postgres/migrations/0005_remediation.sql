-- What automation remembers of each service (attempts, breaker, approval), and every decision it took.

CREATE TABLE remediation_guards (
    service text PRIMARY KEY,
    at      timestamptz NOT NULL,
    record  jsonb NOT NULL
);

CREATE TABLE decisions (
    id      uuid PRIMARY KEY,  -- grows with time
    at      timestamptz NOT NULL,
    service text NOT NULL,
    policy  text,
    kind    text NOT NULL,
    record  jsonb NOT NULL
);
CREATE INDEX decisions_by_service ON decisions (service, id DESC);
CREATE INDEX decisions_by_policy ON decisions (policy, id DESC);
CREATE INDEX decisions_by_kind ON decisions (kind, id DESC);
