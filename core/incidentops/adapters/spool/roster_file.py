"""Who is on call, on the local disk, so that critical alerts reach somebody while Postgres is away."""

from pathlib import Path

import structlog
from pydantic import TypeAdapter, ValidationError

from incidentops.adapters.spool.files import replace_file
from incidentops.ports.oncall import Standing

log = structlog.get_logger()

_STANDING = TypeAdapter(Standing)


class RosterFile:
    """One JSON document, replaced as a whole. Holds targets of contact methods, so the folder is the backend's
    alone."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def keep(self, standing: Standing) -> None:
        """Keep it for a time without Postgres. A failure is only logged: the truth is in Postgres."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            replace_file(self._path, _STANDING.dump_json(standing))
        except OSError as error:
            log.error("roster_not_kept", reason=str(error))

    def last(self) -> Standing | None:
        """What was kept last; None when there is nothing, or nothing that can be read (which is logged)."""
        try:
            return _STANDING.validate_json(self._path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValidationError) as error:
            log.error("roster_unreadable", reason=type(error).__name__)
            return None
