"""What every `Chronicle` and every `EvidenceStore` does. Twin and adapter inherit these tests."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Protocol

import pytest

from incidentops.domain.evidence import Evidence, Moment, Role, ServiceEvidence
from incidentops.domain.faults import FaultState
from incidentops.domain.happenings import Happening, HappeningKind
from incidentops.domain.incidents import Edit, Incident, IncidentStatus
from incidentops.domain.services import ServiceState, Status
from incidentops.messages.ids import uuid7
from incidentops.ports import Fact
from incidentops.ports.chronicle import Chronicle, Period
from incidentops.ports.escalations import Escalations
from incidentops.ports.evidence import EvidenceStore
from incidentops.ports.incidents import IncidentFilter, IncidentStore
from incidentops.testing.experiments import a_run
from incidentops.testing.faults import a_fault
from incidentops.testing.incidents import BEGIN, a_batch, a_signal
from incidentops.testing.remediation import a_decision
from incidentops.testing.store import NOON, an_action, ended


class StoreWithStory(Protocol):
    """A store that takes facts, and what it tells of incidents."""

    @property
    def chronicle(self) -> Chronicle: ...

    @property
    def evidence(self) -> EvidenceStore: ...

    @property
    def incidents(self) -> IncidentStore: ...

    @property
    def escalations(self) -> Escalations: ...

    def write(self, facts: Sequence[Fact]) -> None: ...


HOUR = Period(("redis", "billing"), NOON, NOON + timedelta(hours=1))


def _at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def _harm(seconds: float, **facts: Any) -> Any:
    return a_fault(requested_at=_at(seconds), **facts)


def _told(store: StoreWithStory, where: Period = HOUR) -> list[tuple[HappeningKind, str, str]]:
    return [(item.kind, item.what, item.outcome) for item in store.chronicle.happenings(where).items]


def _incident(store: StoreWithStory) -> Incident:
    [incident] = store.incidents.incidents(IncidentFilter()).items
    return incident


def some_evidence(incident: Incident, moment: Moment = Moment.OPENED, **changes: Any) -> Evidence:
    """Something in every field."""
    service = ServiceEvidence(
        "redis",
        Role.AFFECTED,
        Status.DOWN,
        ServiceState.EXITED,
        137,
        BEGIN,
        BEGIN,
        "redis:8",
        ("out of memory",),
    )
    happening = Happening(
        HappeningKind.FAULT,
        uuid7(),
        BEGIN,
        BEGIN,
        "redis",
        "kill",
        "undone",
        "alice",
        "the lease ended",
        uuid7(),
    )
    evidence = Evidence(incident.id, moment, BEGIN, (service,), (happening,))
    return replace(evidence, **changes)


class StoryContract:
    """Inherit, and define the fixture `store` (empty)."""

    # -- what happened -----------------------------------------------------------------------------------

    def test_happenings_of_every_kind_are_told_newest_first(self, store: StoreWithStory) -> None:
        run = a_run(at=_at(15))
        store.write(
            [
                ended(an_action(after_seconds=10)),
                _harm(20, run_id=run.id, state=FaultState.ACTIVE),
                a_decision(after_seconds=30),
                run,
                an_action("billing", after_seconds=40),
            ]
        )
        assert _told(store) == [
            (HappeningKind.ACTION, "stop", "running"),
            (HappeningKind.DECISION, "acted", ""),
            (HappeningKind.FAULT, "pause", "active"),
            (HappeningKind.EXPERIMENT, "redis-hangs", "requested"),
            (HappeningKind.ACTION, "stop", "succeeded"),
        ]

    def test_a_happening_says_who_did_what_and_when_it_ended(self, store: StoreWithStory) -> None:
        action = ended(an_action(after_seconds=10))
        store.write([action])
        assert store.chronicle.happenings(HOUR).items == (
            Happening(
                HappeningKind.ACTION,
                action.id,
                _at(10),
                _at(10.25),
                "redis",
                "stop",
                "succeeded",
                "alice",
                "done",
            ),
        )

    def test_only_the_period_and_the_services_count(self, store: StoreWithStory) -> None:
        store.write(
            [
                an_action("postgres", after_seconds=10),
                an_action(after_seconds=-1),
                an_action(after_seconds=3601),
                a_decision(after_seconds=-5),
                a_decision("postgres", after_seconds=5),
                _harm(3601),
                _harm(10, service="postgres"),
            ]
        )
        assert _told(store) == []

    def test_a_fault_that_was_not_over_counts_too(self, store: StoreWithStory) -> None:
        store.write(
            [
                _harm(-60, kind="latency", state=FaultState.ACTIVE),
                _harm(-50, kind="pause", state=FaultState.UNDONE, undone_at=_at(5)),
                _harm(-40, kind="kill", state=FaultState.UNDONE, undone_at=_at(-5)),
                _harm(-30, kind="stop", state=FaultState.FAILED),
            ]
        )
        assert [what for _, what, _ in _told(store)] == ["pause", "latency"]

    def test_pages_follow_each_other_without_gap_or_repeat(self, store: StoreWithStory) -> None:
        store.write([an_action(after_seconds=10) for _ in range(3)])
        store.write([_harm(10), a_decision(after_seconds=10), an_action(after_seconds=5)])
        whole = store.chronicle.happenings(HOUR)
        assert (len(whole.items), whole.next_cursor) == (6, None)
        pages, cursor = [], None
        while True:
            page = store.chronicle.happenings(HOUR, limit=2, cursor=cursor)
            pages.append(page.items)
            cursor = page.next_cursor
            if cursor is None:
                break
        assert [item for items in pages for item in items] == list(whole.items)
        with pytest.raises(ValueError, match="cursor"):
            store.chronicle.happenings(HOUR, cursor="x")

    # -- evidence ----------------------------------------------------------------------------------------

    def test_evidence_is_read_back_as_it_was_kept(self, store: StoreWithStory) -> None:
        store.write([a_batch(a_signal())])
        evidence = some_evidence(_incident(store))
        resolved = some_evidence(_incident(store), Moment.RESOLVED)
        store.evidence.keep([resolved, evidence])
        assert store.evidence.evidence(_incident(store).id) == [evidence, resolved]

    def test_the_first_evidence_of_a_moment_stands(self, store: StoreWithStory) -> None:
        store.write([a_batch(a_signal())])
        evidence = some_evidence(_incident(store))
        store.evidence.keep([evidence])
        store.evidence.keep([replace(evidence, services=())])
        assert store.evidence.evidence(_incident(store).id) == [evidence]

    def test_an_incident_lacks_evidence_until_it_is_taken(self, store: StoreWithStory) -> None:
        def lacking(since: datetime = BEGIN - timedelta(hours=1)) -> list[tuple[int, Moment]]:
            return [(item.incident.number, item.moment) for item in store.evidence.lacking(since, limit=9)]

        store.write([a_batch(a_signal(), a_signal("billing"))])
        first, second = reversed(store.incidents.incidents(IncidentFilter()).items)
        assert lacking() == [(first.number, Moment.OPENED), (second.number, Moment.OPENED)]
        assert lacking(BEGIN) == []
        store.evidence.keep([some_evidence(first), some_evidence(second)])
        assert lacking() == []
        end = Edit("alice", BEGIN + timedelta(minutes=1), status=IncidentStatus.RESOLVED)
        store.incidents.edit(second.id, end)
        assert lacking(BEGIN) == [(second.number, Moment.RESOLVED)]
        store.evidence.keep([some_evidence(second, Moment.RESOLVED)])
        assert lacking() == []

    # -- who to tell -------------------------------------------------------------------------------------

    def test_on_call_is_told_who_moved_the_incident_last(self, store: StoreWithStory) -> None:
        store.write([a_batch(a_signal(), a_signal("billing"))])
        second, first = store.incidents.incidents(IncidentFilter()).items
        assert [pending.moved_by for pending in store.escalations.changed()] == ["", ""]
        store.incidents.edit(first.id, Edit("alice", BEGIN, status=IncidentStatus.ACKNOWLEDGED, note="mine"))
        store.incidents.edit(first.id, Edit("bob", BEGIN, note="thanks"))
        store.incidents.merge(second.id, first.id, Edit("bob", BEGIN))
        assert [pending.moved_by for pending in store.escalations.changed()] == ["bob", "bob"]
