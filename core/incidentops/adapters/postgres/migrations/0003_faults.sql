-- Faults: what is searched for as columns, the whole record as a document. The highest revision stands.

CREATE TABLE faults (
    id           uuid PRIMARY KEY,
    service      text NOT NULL,
    state        text NOT NULL,
    run_id       uuid,
    requested_at timestamptz NOT NULL,
    revision     integer NOT NULL,
    record       jsonb NOT NULL
);

-- Pages are read newest first.
CREATE INDEX faults_newest ON faults (requested_at DESC, id DESC);
CREATE INDEX faults_by_service ON faults (service, requested_at DESC, id DESC);
CREATE INDEX faults_by_run ON faults (run_id, requested_at DESC, id DESC) WHERE run_id IS NOT NULL;
