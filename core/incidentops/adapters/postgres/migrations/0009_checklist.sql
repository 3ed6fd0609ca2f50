-- The six phases of an incident: who ticked which when.

ALTER TABLE incidents ADD COLUMN checklist jsonb NOT NULL DEFAULT '[]';
