"""Pages of critical alerts while Postgres is away: to whoever is on call as it was last known, without outbox.

The incident itself waits in the spool. Once Postgres is back it is opened and paged as ever, so that somebody may
be paged twice, but nobody never."""

import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta

import structlog

from incidentops.domain.alerts import Signal, SignalKind
from incidentops.domain.errors import Unavailable
from incidentops.domain.notifications.bundles import Bundle
from incidentops.domain.notifications.contacts import Channel, Urgency
from incidentops.domain.notifications.notification import Kind, Notification, NotificationState, after_failure
from incidentops.domain.oncall.people import User
from incidentops.domain.severity import Severity
from incidentops.domain.suppression.silences import labels_of
from incidentops.domain.suppression.verdict import Surroundings
from incidentops.messages.ids import uuid7
from incidentops.ports import Clock
from incidentops.ports.channels import NotDelivered, Sender
from incidentops.ports.oncall import Directory, Remembered, Standing

log = structlog.get_logger()

AGAIN = timedelta(minutes=10)
"""Further critical alerts of the same service within this time are the same problem, and page nobody again."""
WORKERS = 4


class EmergencyPager:
    """Thread-safe; pages from threads of its own."""

    def __init__(
        self,
        directory: Directory,
        remembered: Remembered,
        senders: Mapping[Channel, Sender],
        clock: Clock,
        stopping: threading.Event,
    ) -> None:
        self._directory, self._remembered = directory, remembered
        self._senders, self._clock, self._stopping = senders, clock, stopping
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="emergency-page")
        self._lock = threading.Lock()
        self._paged: dict[str, datetime] = {}
        self._kept: Standing | None = None

    def remember(self) -> None:
        """Keep who is on call for a time without Postgres."""
        try:
            standing = Standing(self._directory.roster(), self._directory.suppressions())
        except Unavailable:
            return
        if standing != self._kept:
            self._remembered.keep(standing)
            self._kept = standing

    def spooled(self, signals: Sequence[Signal]) -> list[Future[None]]:
        """Hear of accepted signals that Postgres does not have; page for those that are critical."""
        return [self._pool.submit(self._page_for, signal) for signal in signals if _urgent(signal)]

    # -- inside ------------------------------------------------------------------------------------------

    def _is_new(self, signal: Signal) -> bool:
        """Whether nobody was paged for its service lately."""
        now = self._clock.now()
        with self._lock:
            self._paged = {service: at for service, at in self._paged.items() if now - at < AGAIN}
            if signal.service in self._paged:
                return False
            self._paged[signal.service] = now
            return True

    def _page_for(self, signal: Signal) -> None:
        standing = self._kept or self._remembered.last()
        if standing is None:
            log.error("nobody_to_page", service=signal.service, reason="no standing was ever kept")
            return
        now = self._clock.now()
        if verdict := standing.suppressions.judge(signal.service, [labels_of(signal)], now, Surroundings()):
            log.info("emergency_page_suppressed", service=signal.service, reason=verdict.reason)
            return
        people = _people(standing, signal, now)
        if not people:
            log.error("nobody_to_page", service=signal.service, reason="no team, policy or contact method")
        elif self._is_new(signal):
            for user in people:
                self._bring(_page(user, signal, now))

    def _bring(self, page: Notification) -> None:
        """By one method after the other, again and again, until one takes it or all have failed often enough."""
        while page.state is NotificationState.PENDING and not self._stopping.is_set():
            try:
                answer = self._senders[page.method.channel].send(Bundle((page,)))
            except (NotDelivered, KeyError) as error:
                log.warning("emergency_page_failed", recipient=page.recipient, reason=str(error))
                now = self._clock.now()
                page = after_failure(page, now)
                self._stopping.wait(max(0.0, (page.due_at - now).total_seconds()))
            else:
                log.warning("emergency_page_delivered", recipient=page.recipient, answer=answer)
                return


def _urgent(signal: Signal) -> bool:
    return signal.kind is SignalKind.FIRING and signal.severity is Severity.CRITICAL


def _people(standing: Standing, signal: Signal, now: datetime) -> list[User]:
    """Those whom the first step of the service's policy would page now, else the whole team."""
    roster = standing.roster
    team = roster.team_for(signal.service, signal.team)
    policy = roster.policy_for(team, signal.severity)
    first = roster.people(policy.steps[0].targets, now) if policy else []
    return first or roster.members(team.name if team else None)


def _page(user: User, signal: Signal, now: datetime) -> Notification:
    return Notification(
        id=uuid7(),
        kind=Kind.PAGE,
        recipient=user.name,
        urgency=Urgency.HIGH,
        subject=f"[SEV-1] {signal.service}: {signal.summary or signal.name}",
        body="Postgres is away: there is no incident yet, and nothing escalates until it is back.",
        methods=user.methods_for(Urgency.HIGH),
        created_at=now,
        due_at=now,
    )
