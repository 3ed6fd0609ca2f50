"""The engine of escalation: takes up what changed and what is due, decides, and pages."""

import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

import structlog

from incidentops.domain.errors import Unavailable
from incidentops.domain.incidents import Edit, Incident
from incidentops.domain.notifications.contacts import Urgency
from incidentops.domain.notifications.notification import Kind, Notification
from incidentops.domain.notifications.wording import news_body, news_subject, page_body, page_subject
from incidentops.domain.oncall.escalations import Escalation
from incidentops.domain.oncall.paging import Decision, Pending, Situation, decide
from incidentops.domain.oncall.people import User, urgency_of
from incidentops.domain.replay.recording import PAGER
from incidentops.domain.suppression.verdict import Surroundings
from incidentops.messages.ids import uuid7
from incidentops.ports import Clock
from incidentops.ports.escalations import Escalations, Move
from incidentops.ports.oncall import Directory

log = structlog.get_logger()

IDLE_SECONDS = 1.0
BATCH = 100


class Assign(Protocol):
    """Edits an incident (team, assignee, responders)."""

    def __call__(self, incident_id: UUID, edit: Edit) -> Incident: ...


class Pager:
    """Any number of backends may run one on the same Postgres: each decision is carried out once."""

    def __init__(
        self,
        *,
        directory: Directory,
        escalations: Escalations,
        assign: Assign,
        around: Callable[[frozenset[str]], Surroundings],
        clock: Clock,
        panel_url: str,
    ) -> None:
        self._directory, self._escalations, self._assign = directory, escalations, assign
        self._around, self._clock, self._panel_url = around, clock, panel_url
        self._listeners: list[Callable[[Move], None]] = []
        self._wake = threading.Event()

    def listen(self, listener: Callable[[Move], None]) -> None:
        """Be told of every move that was carried out."""
        self._listeners.append(listener)

    def wake(self) -> None:
        """Something has changed: look now, not at the next beat."""
        self._wake.set()

    def run(self, stopping: threading.Event) -> None:
        """Page until told to stop. While Postgres is away nothing is due: incidents wait in the spool too."""
        while not stopping.is_set():
            self._wake.clear()
            self._page_all()
            self._wake.wait(IDLE_SECONDS)

    def run_once(self) -> int:
        """Take up one batch of changes, then one of what is due; returns of how many incidents that was decided."""
        changed = self._carry_out(self._escalations.changed(limit=BATCH))
        return changed + self._carry_out(self._escalations.due(self._clock.now(), limit=BATCH))

    # -- inside ------------------------------------------------------------------------------------------

    def _page_all(self) -> None:
        try:
            while self.run_once() >= BATCH:
                pass
        except Unavailable:
            return
        except Exception:  # this thread must outlive any surprise: without it nobody is paged
            log.exception("pager_failed")

    def _carry_out(self, pending: Sequence[Pending]) -> int:
        if not pending:
            return 0
        situation = self._situation()
        decided = [made for item in pending if (made := self._decided(item, situation))]
        granted = self._escalations.commit([move for _, move in decided])
        for decision, move in decided:
            if move.pending.incident.id in granted:
                self._tell(move)
                self._assign_to(move.pending.incident, decision, situation.now)
        return len(decided)

    def _decided(self, pending: Pending, situation: Situation) -> tuple[Decision, Move] | None:
        """None for an incident that cannot be decided: it is overdue before long, and the others go on."""
        try:
            decision = decide(pending, situation)
            return decision, self._move(pending, decision, situation.now)
        except Exception:
            log.exception("not_decided", incident=pending.incident.number)
            return None

    def _situation(self) -> Situation:
        return Situation(
            now=self._clock.now(),
            roster=self._directory.roster(),
            suppressions=self._directory.suppressions(),
            around=self._around(self._escalations.troubled()),
        )

    def _move(self, pending: Pending, decision: Decision, now: datetime) -> Move:
        after = decision.escalation
        pages = tuple(self._page(after, user, now) for user in decision.people) if after else ()
        news = tuple(self._news(pending, user, now) for user in decision.told)
        return Move(pending, now, after, pages + news, decision.notes, decision.cancels)

    def _page(self, escalation: Escalation, user: User, now: datetime) -> Notification:
        urgency = urgency_of(escalation.severity)
        number, severity = escalation.number, escalation.severity
        return Notification(
            id=uuid7(),
            kind=Kind.PAGE,
            recipient=user.name,
            urgency=urgency,
            subject=page_subject(number, severity, escalation.service, escalation.title),
            body=page_body(number, escalation.team, escalation.policy.name, self._panel_url),
            methods=user.methods_for(urgency),
            created_at=now,
            due_at=user.free_at(urgency, now),
            incident_id=escalation.incident_id,
        )

    def _news(self, pending: Pending, user: User, now: datetime) -> Notification:
        incident = pending.incident
        return Notification(
            id=uuid7(),
            kind=Kind.RESOLVED if incident.resolved else Kind.ACKNOWLEDGED,
            recipient=user.name,
            urgency=Urgency.LOW,
            subject=news_subject(incident),
            body=news_body(incident, pending.moved_by, self._panel_url),
            methods=user.news_methods(),
            created_at=now,
            due_at=user.free_at(Urgency.LOW, now),
            incident_id=incident.id,
        )

    def _assign_to(self, incident: Incident, decision: Decision, now: datetime) -> None:
        """Who was paged answers for the incident, unless somebody does already."""
        if not decision.people or decision.escalation is None:
            return
        paged = tuple(user.name for user in decision.people)
        edit = Edit(
            actor=PAGER,
            at=now,
            team=None if incident.team else decision.escalation.team,
            assignee=None if incident.assignee else paged[0],
            responders=tuple(dict.fromkeys((*incident.responders, *paged))),
        )
        try:
            self._assign(incident.id, edit)
        except Unavailable as error:
            log.warning("not_assigned", incident=incident.number, reason=str(error))

    def _tell(self, move: Move) -> None:
        for listener in self._listeners:
            listener(move)
