-- Experiments: our own definitions, their runs with the journal, and their schedules.

CREATE TABLE experiments (
    name       text PRIMARY KEY,
    document   jsonb NOT NULL,
    updated_at timestamptz NOT NULL
);

CREATE TABLE experiment_runs (
    id           uuid PRIMARY KEY,
    number       bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    experiment   text NOT NULL,
    requested_at timestamptz NOT NULL,
    heard_at     timestamptz NOT NULL,
    verdict      text,
    record       jsonb NOT NULL
);

CREATE INDEX experiment_runs_by_experiment ON experiment_runs (experiment, number DESC);
CREATE INDEX experiment_runs_open ON experiment_runs (id) WHERE verdict IS NULL;

-- No reference to the run: while the database was away both waited elsewhere, and come in any order.
CREATE TABLE experiment_entries (
    run_id uuid NOT NULL,
    seq    integer NOT NULL,
    entry  jsonb NOT NULL,
    PRIMARY KEY (run_id, seq)
);

CREATE TABLE experiment_schedules (
    id         uuid PRIMARY KEY,
    experiment text NOT NULL,
    next_at    timestamptz,
    record     jsonb NOT NULL
);

CREATE INDEX experiment_schedules_due ON experiment_schedules (next_at) WHERE next_at IS NOT NULL;
