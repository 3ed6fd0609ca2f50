"""Replays as JSON."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from incidentops.domain.notifications.contacts import Channel
from incidentops.domain.replay import Difference, Page, PagesOf, Replayed
from incidentops.domain.severity import Severity
from incidentops_backend.schemas.instants import Instant
from incidentops_backend.schemas.oncall import PolicyIn, ScheduleIn, Strict, TeamIn
from incidentops_backend.schemas.parameters import Parameters
from incidentops_backend.schemas.shape import Shape

MOST_SHOWN = 200
"""How many incidents an answer tells of one by one."""


class ReplayQuery(Parameters):
    """The period that is lived through again; by default the last seven days."""

    since: Instant | None = None
    until: Instant | None = None


class DraftIn(Strict):
    """What would be other than it is; what is left out stays. Entries take the place of those of their names."""

    rules: list[dict[str, Any]] | None = Field(None, description="the rules of correlation, all of them")
    teams: tuple[TeamIn, ...] = ()
    schedules: tuple[ScheduleIn, ...] = ()
    escalation_policies: tuple[PolicyIn, ...] = ()


class GroupOut(BaseModel):
    """An incident that only one side has."""

    service: str
    alerts: int


class PageOut(Shape):
    """A page: when it reaches whom, by which kind of channel first, by which step of the policy."""

    at: datetime
    recipient: str
    channel: Channel
    step: int | None = Field(description="from 1; null: no step reached anybody, so that the team was paged")


class PagedOut(BaseModel):
    """An incident that is paged differently. `now` and `then` are null on a side that has no such incident."""

    service: str
    title: str
    severity: Severity
    opened_at: datetime
    members: list[UUID] = Field(description="its alerts, at most a hundred; its own id when opened by hand")
    now: list[PageOut] | None
    then: list[PageOut] | None


class PersonOut(BaseModel):
    """How often somebody is paged."""

    name: str
    now: int
    then: int


class DifferenceOut(BaseModel):
    """The period as things are (`now`) and as the draft has them (`then`); lists hold the first 200."""

    alerts: int
    incidents_now: int
    incidents_then: int
    only_now: list[GroupOut]
    only_then: list[GroupOut]
    paged_differently: int
    paged: list[PagedOut]
    people: list[PersonOut]


def difference_out(alerts: int, found: Difference) -> DifferenceOut:
    return DifferenceOut(
        alerts=alerts,
        incidents_now=found.now,
        incidents_then=found.then,
        only_now=[_group(item) for item in found.only_now[:MOST_SHOWN]],
        only_then=[_group(item) for item in found.only_then[:MOST_SHOWN]],
        paged_differently=len(found.paged),
        paged=[_paged(item) for item in found.paged[:MOST_SHOWN]],
        people=[PersonOut(name=name, now=now, then=then) for name, now, then in found.people],
    )


def _group(item: Replayed) -> GroupOut:
    return GroupOut(service=item.incident.service, alerts=item.incident.alerts)


def _paged(item: PagesOf) -> PagedOut:
    return PagedOut(
        service=item.incident.service,
        title=item.incident.title,
        severity=item.incident.severity,
        opened_at=item.incident.created_at,
        members=sorted(item.members)[:100],
        now=_pages(item.now),
        then=_pages(item.then),
    )


def _pages(pages: tuple[Page, ...] | None) -> list[PageOut] | None:
    return None if pages is None else [PageOut.model_validate(page) for page in pages]
