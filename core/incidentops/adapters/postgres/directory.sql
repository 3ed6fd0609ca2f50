-- People, teams, schedules, policies, windows and silences.

-- name: entries
SELECT kind, name, document, revision, changed_by, changed_at
FROM directory
WHERE kind = ANY(%(kinds)s)
ORDER BY kind, name;

-- name: entry
SELECT kind, name, document, revision, changed_by, changed_at
FROM directory
WHERE kind = %(kind)s AND name = %(name)s;

-- name: put_entry
-- No row comes back when the entry does not stand at the expected revision.
INSERT INTO directory AS d (kind, name, document, revision, changed_by, changed_at)
SELECT %(kind)s, %(name)s, %(document)s, 1, %(actor)s, %(at)s
WHERE coalesce(%(expected)s::bigint, 0) = 0
   OR EXISTS (SELECT 1 FROM directory WHERE kind = %(kind)s AND name = %(name)s)
ON CONFLICT (kind, name) DO UPDATE
SET document = EXCLUDED.document, revision = d.revision + 1,
    changed_by = EXCLUDED.changed_by, changed_at = EXCLUDED.changed_at
WHERE %(expected)s::bigint IS NULL OR d.revision = %(expected)s
RETURNING revision;

-- name: remove_entry
-- No row comes back either when the entry does not stand at the expected revision.
DELETE FROM directory
WHERE kind = %(kind)s AND name = %(name)s
  AND (%(expected)s::bigint IS NULL OR revision = %(expected)s)
RETURNING name;
