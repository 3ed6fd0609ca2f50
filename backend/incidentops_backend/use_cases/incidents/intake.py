"""Taking signals in: many senders wait, one of them stores for all (group commit), and no queue grows without end."""

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import structlog

from incidentops.domain.alerts import Signal, SignalBatch, SignalKind
from incidentops.domain.correlation import Taken
from incidentops.domain.errors import IncidentOpsError, Unavailable
from incidentops.messages.ids import uuid7
from incidentops.ports import IncidentStore, Records
from incidentops.ports.incidents import Committed

log = structlog.get_logger()

CAPACITY = 20_000
"""Signals that may wait to be stored; beyond that senders are asked to come back."""

GROUP_SIGNALS, GROUP_CHARACTERS = 600, 100_000
"""What is stored at once; in any alphabet it fits into one record of the spool."""

RETRY_SECONDS = 1

COMPANY_SECONDS = 0.004
"""How long a group waits for more senders when the one before had several: a commit for twelve costs what one for six
does (as `commit_delay` of Postgres). A sender alone never waits."""


class Overloaded(IncidentOpsError):
    """More is coming in than can be stored; nothing of this request was."""

    retry_after = RETRY_SECONDS

    def __init__(self) -> None:
        super().__init__(f"More than {CAPACITY} alerts wait to be stored. Send this again in a moment.")


def _shut() -> threading.Lock:
    """A lock that opens once: what an Event is, for a twelfth of its price."""
    lock = threading.Lock()
    lock.acquire()
    return lock


@dataclass(slots=True)
class _Ticket:
    """Signals of one sender. `gate` opens when they are stored, or when it is this sender's turn to store."""

    signals: Sequence[Signal]
    characters: int
    gate: threading.Lock = field(default_factory=_shut)
    leads: bool = False
    taken: Sequence[Taken] | None = None
    error: IncidentOpsError | None = None


Measured = Callable[[Counter[str], float], None]
"""Called for every group with the number of alerts that fire by severity, and how long storing took in seconds."""


class Intake:
    """Thread-safe."""

    def __init__(self, records: Records, store: IncidentStore, measured: Measured) -> None:
        self._records, self._measured = records, measured
        self._lock = threading.Lock()
        self._waiting: deque[_Ticket] = deque()
        self._queued = 0
        self._storing = False
        self._company = 1
        self._in_hand: UUID | None = None
        self._answer: Sequence[Taken] | None = None
        self._spooled: list[Callable[[Sequence[Signal]], object]] = []
        store.listen(self._heard)

    def on_spooled(self, listener: Callable[[Sequence[Signal]], object]) -> None:
        """Be told of signals that were accepted and wait for Postgres; the listener must return at once."""
        self._spooled.append(listener)

    @property
    def queued(self) -> int:
        """Signals that wait to be stored."""
        return self._queued

    def accept(self, signals: Sequence[Signal]) -> list[Taken] | None:
        """Return once the signals are durable: with what each came to, or None when they wait in the spool for
        Postgres. Raises Overloaded, and Unavailable when neither takes them."""
        if not signals:
            return []
        tickets = self._enqueue(signals)
        for ticket in tickets:
            self._finish(ticket)
        for ticket in tickets:
            if ticket.error is not None:
                raise ticket.error
        if any(ticket.taken is None for ticket in tickets):
            return None
        return [taken for ticket in tickets for taken in ticket.taken or ()]

    def _enqueue(self, signals: Sequence[Signal]) -> list[_Ticket]:
        tickets = [_Ticket(part, characters) for part, characters in _parts(signals)]
        with self._lock:
            if self._queued and self._queued + len(signals) > CAPACITY:
                raise Overloaded
            self._queued += len(signals)
            self._waiting.extend(tickets)
            self._pass_on()
        return tickets

    def _pass_on(self) -> None:
        """Let the first in line store the next group, unless somebody does already. Called with the lock."""
        if self._waiting and not self._storing:
            self._storing = True
            self._waiting[0].leads = True
            self._waiting[0].gate.release()

    def _finish(self, ticket: _Ticket) -> None:
        ticket.gate.acquire()
        if ticket.leads:
            self._lead()

    def _lead(self) -> None:
        if self._company > 1 and self._queued < GROUP_SIGNALS:
            time.sleep(COMPANY_SECONDS)
        group = self._take_group()
        self._company = len(group)
        try:
            self._store(group)
        except BaseException as error:  # nobody may wait for ever, whatever happens here
            failure = Unavailable("intake", f"the storing thread ended: {type(error).__name__}")
            for ticket in group:
                ticket.error = ticket.error or failure
            raise
        finally:
            with self._lock:
                self._queued -= sum(len(ticket.signals) for ticket in group)
                self._storing = False
                self._pass_on()
            for ticket in group:
                if not ticket.leads:
                    ticket.gate.release()

    def _take_group(self) -> list[_Ticket]:
        group: list[_Ticket] = []
        signals = characters = 0
        with self._lock:
            while self._waiting:
                first = self._waiting[0]
                signals += len(first.signals)
                characters += first.characters
                if group and (signals > GROUP_SIGNALS or characters > GROUP_CHARACTERS):
                    break
                group.append(self._waiting.popleft())
        return group

    def _store(self, group: list[_Ticket]) -> None:
        try:
            self._save(group)
        except Unavailable as error:
            for ticket in group:
                ticket.error = error
        except IncidentOpsError as error:
            self._store_apart(group, error)

    def _store_apart(self, group: list[_Ticket], error: IncidentOpsError) -> None:
        """The database refused something in the group: find out whose it was, and store the others."""
        if len(group) == 1:
            log.error("signals_refused", reason=str(error))
            group[0].error = error
            return
        for ticket in group:
            self._store([ticket])

    def _save(self, group: list[_Ticket]) -> None:
        batch = SignalBatch(uuid7(), tuple(signal for ticket in group for signal in ticket.signals))
        begin = time.perf_counter()
        self._in_hand, self._answer = batch.id, None
        self._records.save_signals(batch)
        self._in_hand = None
        fired: Counter[str] = Counter(
            signal.severity for signal in batch.signals if signal.kind is SignalKind.FIRING
        )
        self._measured(fired, time.perf_counter() - begin)
        if self._answer is None:
            for listener in self._spooled:
                listener(batch.signals)
        _deal_out(group, self._answer)

    def _heard(self, committed: Committed) -> None:
        """The answer to the batch in hand; others are replayed from the spool, and nobody waits for theirs."""
        if self._in_hand is not None:
            self._answer = committed.taken.get(self._in_hand, self._answer)


def _deal_out(group: list[_Ticket], answer: Sequence[Taken] | None) -> None:
    at = 0
    for ticket in group:
        ticket.taken = answer[at : at + len(ticket.signals)] if answer is not None else None
        at += len(ticket.signals)


def _parts(signals: Sequence[Signal]) -> Iterator[tuple[Sequence[Signal], int]]:
    """The signals in parts of which each may be stored at once, with the characters in each."""
    part: list[Signal] = []
    characters = 0
    for signal in signals:
        size = signal.characters
        if part and (len(part) >= GROUP_SIGNALS or characters + size > GROUP_CHARACTERS):
            yield part, characters
            part, characters = [], 0
        part.append(signal)
        characters += size
    if part:
        yield part, characters
