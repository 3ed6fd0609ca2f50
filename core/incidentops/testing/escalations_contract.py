"""What every store of escalations does. Twin and real adapter inherit these tests."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Protocol
from uuid import UUID

from msgspec import structs

from incidentops.domain.incidents import Incident, IncidentStatus
from incidentops.domain.notifications.notification import (
    AttemptOutcome,
    Kind,
    NotificationState,
    delivered,
)
from incidentops.domain.oncall.escalations import Escalation, EscalationState
from incidentops.domain.oncall.paging import Pending
from incidentops.domain.oncall.policies import EscalationPolicy, Step, Target, TargetKind
from incidentops.domain.severity import Severity
from incidentops.ports.escalations import Escalations, Move
from incidentops.ports.outbox import Finished, Outbox, ToldFilter
from incidentops.testing.escalations import an_incident
from incidentops.testing.outbox import a_page

NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
FIVE = timedelta(minutes=5)
POLICY = EscalationPolicy("default", (Step((Target(TargetKind.USER, "alice"),), FIVE),), 1, FIVE)


class IncidentChanged(Protocol):
    """Stores the incident as given and, unless told not to, a change of it."""

    def __call__(self, incident: Incident, *, tells: bool = True) -> None: ...


Notes = Callable[[UUID], list[str]]


def begun(pending: Pending, *, due_at: datetime | None = NOW + FIVE) -> Move:
    """The move that begins an escalation, pages alice and says so."""
    incident = pending.incident
    after = Escalation(
        incident_id=incident.id,
        number=incident.number,
        title=incident.title,
        service=incident.service,
        severity=incident.severity,
        team="operations",
        policy=POLICY,
        started_at=NOW,
        due_at=due_at,
    )
    page = replace(a_page(incident_id=incident.id), created_at=NOW, due_at=NOW)
    return Move(pending, NOW, after, (page,), ("Paged alice", "and wrote it down"))


class EscalationsContract:
    """Inherit, and define the fixtures `escalations`, `outbox` (both empty), `incident_changed` and `notes`."""

    def start(self, escalations: Escalations, incident_changed: IncidentChanged) -> Incident:
        incident = an_incident()
        incident_changed(incident)
        escalations.commit([begun(pending) for pending in escalations.changed()])
        return incident

    def test_a_change_is_taken_up_once_with_everything_that_follows_from_it(
        self, escalations: Escalations, outbox: Outbox, incident_changed: IncidentChanged, notes: Notes
    ) -> None:
        incident = an_incident()
        incident_changed(incident)
        (pending,) = escalations.changed()
        assert (pending.incident, pending.escalation) == (incident, None)
        move = begun(pending)
        assert escalations.commit([move]) == {incident.id}
        assert move.after is not None
        assert escalations.find(incident.id) == replace(move.after, revision=1)
        assert escalations.changed() == []
        assert [told.notification for told in outbox.told(ToldFilter()).items] == list(move.notifications)
        assert notes(incident.id) == ["Paged alice", "and wrote it down"]

    def test_a_change_of_which_nothing_follows_is_taken_up_too(
        self, escalations: Escalations, incident_changed: IncidentChanged
    ) -> None:
        incident_changed(an_incident())
        (pending,) = escalations.changed()
        assert escalations.commit([Move(pending, NOW, None)]) == {pending.incident.id}
        assert escalations.changed() == []
        assert escalations.find(pending.incident.id) is None

    def test_pages_that_went_out_before_are_kept_as_they_stand_and_once(
        self, escalations: Escalations, outbox: Outbox, incident_changed: IncidentChanged
    ) -> None:
        incident = self.start(escalations, incident_changed)
        taken = replace(delivered(a_page(incident_id=incident.id), NOW), attempts=1)
        for _ in range(2):
            incident_changed(incident)
            (pending,) = escalations.changed()
            assert escalations.commit([replace(begun(pending), notifications=(taken,))]) == {incident.id}
        where = ToldFilter(state=NotificationState.DELIVERED)
        assert [told.notification for told in outbox.told(where).items] == [taken]
        assert outbox.claim(NOW)[0].state is NotificationState.SENDING

    def test_a_change_that_came_later_waits_for_its_turn(
        self, escalations: Escalations, incident_changed: IncidentChanged
    ) -> None:
        incident = an_incident()
        incident_changed(incident)
        (pending,) = escalations.changed()
        incident_changed(structs.replace(incident, title="does not answer at all"))
        escalations.commit([begun(pending)])
        (later,) = escalations.changed()
        assert later.incident.title == "does not answer at all"
        assert later.escalation is not None

    def test_an_escalation_is_due_at_its_time_and_advances_once(
        self, escalations: Escalations, outbox: Outbox, incident_changed: IncidentChanged
    ) -> None:
        incident = self.start(escalations, incident_changed)
        assert escalations.due(NOW + FIVE - timedelta(seconds=1)) == []
        (pending,) = escalations.due(NOW + FIVE)
        assert escalations.commit([begun(pending)]) == {incident.id}
        assert escalations.commit([begun(pending)]) == frozenset()
        assert len(outbox.told(ToldFilter()).items) == 2

    def test_an_incident_that_changed_is_not_paged_on(
        self, escalations: Escalations, outbox: Outbox, incident_changed: IncidentChanged
    ) -> None:
        incident = self.start(escalations, incident_changed)
        (pending,) = escalations.due(NOW + FIVE)
        incident_changed(structs.replace(incident, status=IncidentStatus.ACKNOWLEDGED, acknowledged_at=NOW))
        assert escalations.commit([begun(pending)]) == frozenset()
        assert escalations.due(NOW + FIVE) == []
        assert len(outbox.told(ToldFilter()).items) == 1

    def test_of_many_backends_that_decide_the_same_one_pages(
        self, escalations: Escalations, outbox: Outbox, incident_changed: IncidentChanged
    ) -> None:
        for _ in range(10):
            incident_changed(an_incident())
        pending = escalations.changed()
        with ThreadPoolExecutor(4) as pool:
            granted = list(
                pool.map(lambda _: escalations.commit([begun(item) for item in pending]), range(4))
            )
        assert sum(len(incidents) for incidents in granted) == 10
        assert len(outbox.told(ToldFilter(), limit=100).items) == 10

    def test_pages_that_nobody_has_got_yet_are_cancelled(
        self, escalations: Escalations, outbox: Outbox, incident_changed: IncidentChanged
    ) -> None:
        incident = self.start(escalations, incident_changed)
        incident_changed(structs.replace(incident, status=IncidentStatus.ACKNOWLEDGED, acknowledged_at=NOW))
        (pending,) = escalations.changed()
        escalations.commit([Move(pending, NOW, pending.escalation, cancels=True)])
        assert outbox.claim(NOW) == []
        (told,) = outbox.told(ToldFilter(incident_id=incident.id)).items
        assert told.notification.state is NotificationState.CANCELLED

    def test_who_got_a_page_is_known_when_the_incident_changes(
        self, escalations: Escalations, outbox: Outbox, incident_changed: IncidentChanged
    ) -> None:
        incident = self.start(escalations, incident_changed)
        incident_changed(incident)
        assert escalations.changed()[0].paged == ()
        (claimed,) = outbox.claim(NOW)
        assert escalations.changed()[0].paged == ("alice",)
        outbox.finish([Finished(delivered(claimed, NOW), AttemptOutcome.DELIVERED, "200", NOW)])
        outbox.enqueue([a_page("bob", incident_id=incident.id), a_page("eve")])
        assert escalations.changed()[0].paged == ("alice",)

    def test_news_of_a_resolution_goes_out_and_that_of_the_acknowledgement_no_more(
        self, escalations: Escalations, outbox: Outbox, incident_changed: IncidentChanged
    ) -> None:
        incident = self.start(escalations, incident_changed)
        acknowledged, resolved = (
            replace(a_page("bob", incident_id=incident.id), kind=kind)
            for kind in (Kind.ACKNOWLEDGED, Kind.RESOLVED)
        )
        outbox.enqueue([acknowledged])
        incident_changed(incident)
        (pending,) = escalations.changed()
        escalations.commit([Move(pending, NOW, pending.escalation, (resolved,), cancels=True)])
        states = {told.notification.kind: told.notification.state for told in outbox.told(ToldFilter()).items}
        assert states == {
            Kind.PAGE: NotificationState.CANCELLED,
            Kind.ACKNOWLEDGED: NotificationState.CANCELLED,
            Kind.RESOLVED: NotificationState.PENDING,
        }

    def test_a_page_that_was_given_up_makes_the_next_step_due(
        self, escalations: Escalations, outbox: Outbox, incident_changed: IncidentChanged
    ) -> None:
        incident = self.start(escalations, incident_changed)
        (claimed,) = outbox.claim(NOW)
        given_up = replace(claimed, state=NotificationState.FAILED)
        outbox.finish([Finished(given_up, AttemptOutcome.FAILED, "no route", NOW)])
        assert [pending.incident.id for pending in escalations.due(NOW)] == [incident.id]

    def test_hurrying_makes_the_next_step_due_also_after_an_acknowledgement(
        self, escalations: Escalations, incident_changed: IncidentChanged
    ) -> None:
        incident = self.start(escalations, incident_changed)
        silent = replace(begun(escalations.due(NOW + FIVE)[0]), notifications=())
        assert silent.after is not None
        acknowledged = replace(silent.after, state=EscalationState.ACKNOWLEDGED, due_at=None)
        escalations.commit([replace(silent, after=acknowledged)])
        hurried = escalations.hurry(incident.id, NOW)
        assert hurried is not None
        assert (hurried.state, hurried.due_at) == (EscalationState.RUNNING, NOW)
        assert [pending.incident.id for pending in escalations.due(NOW)] == [incident.id]

    def test_what_has_ended_cannot_be_hurried_and_troubles_no_more(
        self, escalations: Escalations, incident_changed: IncidentChanged
    ) -> None:
        incident = self.start(escalations, incident_changed)
        assert escalations.troubled() == {"redis"}
        (pending,) = escalations.due(NOW + FIVE)
        assert pending.escalation is not None
        ended = replace(pending.escalation, state=EscalationState.ENDED, due_at=None)
        escalations.commit([Move(pending, NOW, ended)])
        assert escalations.hurry(incident.id, NOW) is None
        assert escalations.troubled() == frozenset()

    def test_a_ticket_troubles_nobody(
        self, escalations: Escalations, incident_changed: IncidentChanged
    ) -> None:
        incident_changed(structs.replace(an_incident(), severity=Severity.LOW))
        escalations.commit([begun(pending) for pending in escalations.changed()])
        assert escalations.troubled() == frozenset()

    def test_a_running_escalation_past_its_time_is_overdue(
        self, escalations: Escalations, incident_changed: IncidentChanged
    ) -> None:
        self.start(escalations, incident_changed)
        assert escalations.overdue(NOW + FIVE) == 0
        assert escalations.overdue(NOW + FIVE + timedelta(seconds=1)) == 1

    def test_an_acknowledgement_whose_timeout_nobody_looks_at_is_overdue(
        self, escalations: Escalations, incident_changed: IncidentChanged
    ) -> None:
        self.start(escalations, incident_changed)
        silent = replace(begun(escalations.due(NOW + FIVE)[0]), notifications=())
        assert silent.after is not None
        escalations.commit([replace(silent, after=replace(silent.after, state=EscalationState.ACKNOWLEDGED))])
        assert escalations.overdue(NOW + FIVE + timedelta(seconds=1)) == 1

    def test_a_change_that_nobody_takes_up_is_overdue(
        self, escalations: Escalations, incident_changed: IncidentChanged
    ) -> None:
        incident = an_incident(at=NOW)
        incident_changed(incident)
        incident_changed(incident)
        assert escalations.overdue(NOW) == 0
        assert escalations.overdue(NOW + timedelta(seconds=1)) == 1
