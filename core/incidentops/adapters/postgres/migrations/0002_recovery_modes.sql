-- The recovery mode an operator chose for a service; without a row its label decides.

CREATE TABLE recovery_modes (
    service text PRIMARY KEY,
    mode    text NOT NULL,
    actor   text NOT NULL,
    at      timestamptz NOT NULL
);
