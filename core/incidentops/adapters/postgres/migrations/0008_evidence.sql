-- Evidence: what was known when an incident opened and when it was resolved.

CREATE TABLE incident_evidence (
    incident_id uuid NOT NULL,
    moment      text NOT NULL,
    taken_at    timestamptz NOT NULL,
    document    jsonb NOT NULL,
    PRIMARY KEY (incident_id, moment)
);

CREATE FUNCTION refuse_to_change_evidence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the evidence of an incident is written once and never changed';
END $$;
CREATE TRIGGER evidence_is_immutable BEFORE UPDATE OR DELETE ON incident_evidence
    FOR EACH ROW EXECUTE FUNCTION refuse_to_change_evidence();

-- What was resolved lately; the status, which has an index too, changes with it.
CREATE INDEX incidents_by_resolution ON incidents (resolved_at) WHERE resolved_at IS NOT NULL;
