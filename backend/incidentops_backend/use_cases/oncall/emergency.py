"""Pages of critical alerts while Postgres is away, step by step, to whoever is on call as it was last known.

The incident itself waits in the spool. Once Postgres is back and the incident is opened, the pager takes what was done
here over (`taken`), with every page, so that the escalation goes on where it stands. What this process knows dies with
it: then the escalation begins anew, and somebody may be paged twice, but nobody never.
"""

import threading
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import structlog

from incidentops.domain.alerts import Signal, SignalKind
from incidentops.domain.errors import Unavailable
from incidentops.domain.notifications.bundles import Bundle
from incidentops.domain.notifications.contacts import Channel, Urgency
from incidentops.domain.notifications.notification import (
    Kind,
    Notification,
    NotificationState,
    after_failure,
    delivered,
)
from incidentops.domain.oncall.emergencies import AGAIN, Emergency, begun, heard, stepped
from incidentops.domain.oncall.escalations import Escalation
from incidentops.domain.oncall.paging import Pending
from incidentops.domain.oncall.people import User
from incidentops.domain.severity import Severity
from incidentops.messages.ids import uuid7
from incidentops.ports import Clock
from incidentops.ports.channels import NotDelivered, Sender
from incidentops.ports.oncall import Directory, Remembered, Standing

log = structlog.get_logger()

WORKERS = 4
_CALMING = frozenset({SignalKind.ACKNOWLEDGED, SignalKind.RESOLVED})


class EmergencyPager:
    """Thread-safe; hears alerts on one thread of its own, in their order, and pages from others."""

    def __init__(
        self,
        directory: Directory,
        remembered: Remembered,
        senders: Mapping[Channel, Sender],
        clock: Clock,
    ) -> None:
        self._directory, self._remembered = directory, remembered
        self._senders, self._clock = senders, clock
        self._ear = ThreadPoolExecutor(1, thread_name_prefix="emergencies")
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="emergency-page")
        self._lock = threading.Lock()
        self._emergencies: dict[str, Emergency] = {}
        self._in_hand: set[UUID] = set()
        self._kept: Standing | None = None
        self._back_since: datetime | None = None

    def remember(self) -> None:
        """Keep who is on call for a time without Postgres."""
        try:
            standing = Standing(self._directory.roster(), self._directory.suppressions())
        except Unavailable:
            return
        if standing != self._kept:
            self._remembered.keep(standing)
            self._kept = standing

    def spooled(self, signals: Sequence[Signal]) -> None:
        """Hear of accepted signals that Postgres does not have: critical alerts, and what calms them."""
        for signal in signals:
            if _urgent(signal):
                self._ear.submit(self._fire, signal)
            elif signal.kind in _CALMING:
                self._ear.submit(self._calm, signal)

    def beat(self) -> None:
        """Take the steps that are due and try pages again; to be called about once a second. Once Postgres is back
        nothing is begun here any more, and what no incident took over is forgotten after a while."""
        if not self._emergencies:
            return
        if self._away():
            self._take_steps()
            self._bring()

    def taken(self, pending: Sequence[Pending]) -> list[Pending]:
        """Those that can be decided now, each with the emergency that goes on as its escalation and is ours no more.
        Left out are those of which a page is in a channel's hands at this moment: its answer belongs to it."""
        with self._lock:
            return [self._with_emergency(item) for item in pending if not self._busy(item)]

    def give_back(self, pending: Iterable[Pending]) -> None:
        """What was taken but not carried out is ours again."""
        with self._lock:
            for item in pending:
                if item.emergency is not None:
                    self._emergencies.setdefault(item.emergency.service, item.emergency)

    def stop(self) -> None:
        """Try no page again."""
        for pool in (self._ear, self._pool):
            pool.shutdown(wait=False, cancel_futures=True)

    # -- what is heard -----------------------------------------------------------------------------------

    def _fire(self, signal: Signal) -> None:
        standing, now = self._standing(), self._clock.now()
        if standing is None:
            log.error("nobody_to_page", service=signal.service, reason="no standing was ever kept")
            return
        with self._lock:
            present = self._emergencies.get(signal.service)
            if present is not None and present.lasts(now):
                self._put(heard(present, signal, now))
            else:
                self._put(begun(signal, standing.roster, now, uuid7()))
        self._take_steps()
        self._bring()

    def _calm(self, signal: Signal) -> None:
        key, now = (signal.source, signal.dedup_key), self._clock.now()
        with self._lock:
            for emergency in list(self._emergencies.values()):
                if key in emergency.firing:
                    self._put(heard(emergency, signal, now))

    # -- steps -------------------------------------------------------------------------------------------

    def _away(self) -> bool:
        now = self._clock.now()
        try:
            self._directory.suppressions()
        except Unavailable:
            self._back_since = None
            return True
        self._back_since = self._back_since or now
        if now - self._back_since > AGAIN:
            with self._lock:
                self._emergencies.clear()
        return False

    def _take_steps(self) -> None:
        standing, now = self._standing(), self._clock.now()
        if standing is None:
            return
        with self._lock:
            for emergency in [item for item in self._emergencies.values() if item.due(now)]:
                self._put(_paging(emergency, standing, now))

    def _standing(self) -> Standing | None:
        return self._kept or self._remembered.last()

    def _put(self, emergency: Emergency) -> None:
        self._emergencies[emergency.service] = emergency

    # -- pages -------------------------------------------------------------------------------------------

    def _bring(self) -> None:
        """Hand every page that is due to a channel."""
        now = self._clock.now()
        with self._lock:
            pages = [page for item in self._emergencies.values() for page in item.pages]
            due = [page for page in pages if _is_due(page, now) and page.id not in self._in_hand]
            self._in_hand.update(page.id for page in due)
        for page in due:
            self._pool.submit(self._try, page)

    def _try(self, page: Notification) -> None:
        after = self._sent(page)
        with self._lock:
            self._in_hand.discard(page.id)
            self._answered(after)
        self._bring()

    def _sent(self, page: Notification) -> Notification:
        """By its present method; the next one is tried when it fails, all of them again and again."""
        tried = replace(page, attempts=page.attempts + 1)
        try:
            answer = self._senders[page.method.channel].send(Bundle((page,)))
        except (NotDelivered, KeyError) as error:
            log.warning("emergency_page_failed", recipient=page.recipient, reason=str(error))
            return after_failure(tried, self._clock.now())
        except Exception:
            log.exception("channel_broken", channel=page.method.channel)
            return after_failure(tried, self._clock.now())
        log.warning("emergency_page_delivered", recipient=page.recipient, answer=answer)
        return delivered(tried, self._clock.now())

    def _answered(self, page: Notification) -> None:
        for emergency in list(self._emergencies.values()):
            if any(item.id == page.id for item in emergency.pages):
                pages = tuple(page if item.id == page.id else item for item in emergency.pages)
                self._put(replace(emergency, pages=pages))

    # -- handing over ------------------------------------------------------------------------------------

    def _emergency_of(self, pending: Pending) -> Emergency | None:
        urgent = pending.incident.severity is Severity.CRITICAL
        return self._emergencies.get(pending.incident.service) if urgent else None

    def _busy(self, pending: Pending) -> bool:
        emergency = self._emergency_of(pending)
        return emergency is not None and any(page.id in self._in_hand for page in emergency.pages)

    def _with_emergency(self, pending: Pending) -> Pending:
        emergency = self._emergency_of(pending)
        if emergency is None:
            return pending
        del self._emergencies[emergency.service]
        return replace(pending, emergency=emergency)


def _urgent(signal: Signal) -> bool:
    return signal.kind is SignalKind.FIRING and signal.severity is Severity.CRITICAL


def _is_due(page: Notification, now: datetime) -> bool:
    return page.state is NotificationState.PENDING and page.due_at <= now


def _paging(emergency: Emergency, standing: Standing, now: datetime) -> Emergency:
    """After its step, with the pages of those whom it reaches."""
    after, people = stepped(emergency, standing.roster, standing.suppressions, now)
    if after.escalation.suppressed:
        log.info("emergency_page_suppressed", service=after.service, reason=after.escalation.suppressed)
    elif not people:
        log.error("nobody_to_page", service=after.service, reason="no team, policy or contact method")
    return replace(after, pages=(*after.pages, *(_page(user, after.escalation, now) for user in people)))


def _page(user: User, escalation: Escalation, now: datetime) -> Notification:
    return Notification(
        id=uuid7(),
        kind=Kind.PAGE,
        recipient=user.name,
        urgency=Urgency.HIGH,
        subject=f"[SEV-1] {escalation.service}: {escalation.title}",
        body=f"Postgres is away: the incident is opened once it is back. Paged by policy {escalation.policy.name}, "
        "which goes on until the alert is acknowledged at its source, or over.",
        methods=user.methods_for(Urgency.HIGH),
        created_at=now,
        due_at=now,
    )
