-- Only an incident that wakes people keeps the pages back of what stands on its service.
DROP INDEX escalations_open;
CREATE INDEX escalations_urgent ON escalations (service) WHERE state <> 'ended' AND severity IN ('critical', 'high');
