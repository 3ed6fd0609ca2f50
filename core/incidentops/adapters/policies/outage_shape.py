"""What a file of outage policies may hold; durations as in files of remediation policies."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field, model_validator

from incidentops.adapters.policies.shape import Name, Part, Seconds
from incidentops.domain.outages import HOLD, OutagePolicy
from incidentops.domain.policies import Ailment, Match
from incidentops.domain.severity import Severity

_STORABLE = r"^[^\x00]*$"
"""Postgres keeps no NUL."""

Annotation = Annotated[str, Field(max_length=2000, pattern=_STORABLE)]
AnnotationName = Annotated[Name, Field(pattern=_STORABLE)]


class OutageMatchPart(Part):
    states: Annotated[frozenset[Ailment], Field(min_length=1)] = frozenset(Ailment)
    services: frozenset[Name] = frozenset()
    groups: frozenset[Name] = frozenset()


class OutagePolicyPart(Part):
    """One policy of a file."""

    name: Name
    match: OutageMatchPart = OutageMatchPart()
    severity: Severity | None = None
    ignore: bool = False
    hold: Annotated[Seconds, Field(alias="for")] = HOLD.total_seconds()
    annotations: Annotated[dict[AnnotationName, Annotation], Field(default_factory=dict, max_length=20)]

    @model_validator(mode="after")
    def _one_effect(self) -> "OutagePolicyPart":
        if self.ignore == (self.severity is not None):
            raise ValueError("expected either a severity or `ignore: true`")
        return self

    def policy(self) -> OutagePolicy:
        """The same as the domain has it."""
        return OutagePolicy(
            name=self.name,
            match=Match(self.match.states, self.match.services, self.match.groups),
            severity=self.severity,
            hold=timedelta(seconds=self.hold),
            annotations=self.annotations,
        )


class OutageFilePart(Part):
    """A whole file."""

    policies: Annotated[tuple[OutagePolicyPart, ...], Field(min_length=1, max_length=200)]

    def all(self) -> tuple[OutagePolicy, ...]:
        return tuple(part.policy() for part in self.policies)
