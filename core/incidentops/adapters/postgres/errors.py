"""What the database can say other than yes; `Unavailable` says the rest."""

from incidentops.domain.errors import IncidentOpsError


class RecordRefused(IncidentOpsError):
    """The database is well and refuses this one record for its content; trying again cannot help."""


class SchemaTooNew(IncidentOpsError):
    """The database was migrated by a newer release; writing into it could damage what that one relies on."""

    def __init__(self, found: int, known: int) -> None:
        super().__init__(
            f"its schema is version {found}, this release knows {known}: run the newer release of IncidentOps"
        )
