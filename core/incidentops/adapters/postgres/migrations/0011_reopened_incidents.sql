-- Which incident followed a resolved one is asked when somebody reopens it, while intake waits.
CREATE INDEX incidents_reopened ON incidents (reopened_from) WHERE reopened_from IS NOT NULL;
