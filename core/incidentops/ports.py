"""The doors between the product and everything it stands on.

Adapters implement these Protocols; `incidentops.testing` holds an in-memory twin of each and the contract
suite that both sides pass. Nothing outside an adapter sees a library's own types or errors.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from incidentops.domain.actions import Action
from incidentops.domain.containers import Container
from incidentops.domain.observations import EngineEvent, EngineInfo, LogLine, Usage
from incidentops.domain.probes import ProbeResult, ProbeSpec
from incidentops.domain.services import RecoveryMode, Verb, Wish
from incidentops.messages.envelope import Message


class Clock(Protocol):
    """Time that tests can move."""

    def now(self) -> datetime:
        """The wall clock, aware and in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds of a clock that never goes back."""
        ...


class Engine(Protocol):
    """What runs containers. Every call raises `Unavailable("engine", …)` when the engine does not answer,
    `ContainerGone` for an id it does not know, and `EngineRefused` with its words when it says no."""

    def info(self) -> EngineInfo: ...

    def list(self) -> list[Container]:
        """Every container, in any state, that carries the label `incidentops.service`."""
        ...

    def inspect(self, container_id: str) -> Container: ...

    def details(self, container_id: str) -> dict[str, Any]:
        """The engine's full description, environment values redacted."""
        ...

    def start(self, container_id: str) -> None:
        """Returns once the container runs; a running one is left as it is."""
        ...

    def stop(self, container_id: str, grace_seconds: int | None = None) -> None:
        """Asks to end, then kills after the grace (None: the container's own). A paused container is
        ended too; a stopped one is left as it is."""
        ...

    def restart(self, container_id: str, grace_seconds: int | None = None) -> None: ...

    def kill(self, container_id: str, signal: str = "SIGKILL") -> None: ...

    def pause(self, container_id: str) -> None: ...

    def unpause(self, container_id: str) -> None: ...

    def logs(
        self, container_id: str, *, tail: int = 200, follow: bool = False
    ) -> AbstractContextManager[Iterator[LogLine]]:
        """The last `tail` lines, then, when following, new ones until the context is left."""
        ...

    def usage(self, containers: Sequence[Container]) -> dict[str, Usage]:
        """One sample for each running container of those given, by container id; others are left out."""
        ...

    def events(self) -> AbstractContextManager[Iterator[EngineEvent]]:
        """Container events of managed containers from this moment on. The iterator raises `Unavailable`
        when the stream ends for whatever reason, and ends quietly once the context is left."""
        ...

    def probe(self, container: Container, spec: ProbeSpec, timeout_seconds: float = 2.0) -> ProbeResult:
        """Ask the container by its own protocol. Never raises for a container that does not answer."""
        ...


Handler = Callable[[Message], Message | None]
"""Handles one message; what it returns answers a command that asked for a reply. Raising `MalformedMessage`
or `StaleCommand` dead-letters the message with the text as reason; any other error retries it, with a
delay, a bounded number of times, then dead-letters it."""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One refused message: where it came from, why, when, and its body as text (shortened)."""

    queue: str
    reason: str
    at: datetime
    message_type: str | None
    body: str


class Bus(Protocol):
    """Commands and events between the services (DESIGN 5.4). Safe to use from many threads."""

    def publish(self, message: Message, *, timeout_seconds: float = 0.5) -> None:
        """Returns once the broker has confirmed the message. Raises `Unavailable("rabbitmq", …)` when it has
        not within the timeout, or when no queue would receive a command (an event happened whether or not
        anybody listens)."""
        ...

    def request(self, command: Message, *, timeout_seconds: float) -> Message:
        """Publish a command and wait for its answer; without `expires_at` it expires with the wait. Raises
        `Unavailable("rabbitmq", …)` when the broker is away, `TimeoutError` when nobody answered in time."""
        ...

    def subscribe(self, queue: str, handler: Handler, *, prefetch: int = 16) -> None:
        """Consume a queue of `messages.topology` in a thread of its own, across reconnects, until close. A
        message is acknowledged after its handler has returned; a message id already handled is
        acknowledged without handling it again."""
        ...

    def dead_letters(self, limit: int = 50) -> list[DeadLetter]:
        """The newest refused messages, newest first, left where they are."""
        ...

    def connected(self) -> bool: ...

    def close(self) -> None:
        """Finish the messages in hand, then leave."""
        ...


@dataclass(frozen=True, slots=True)
class ActionFilter:
    """Which rows of the action log; None means any. `text` is found anywhere in message or actor, whatever
    the case of its letters."""

    service: str | None = None
    verb: Verb | None = None
    actor: str | None = None
    outcome: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class ActionPage:
    """Rows, newest first, and the cursor of the next page (None on the last)."""

    items: tuple[Action, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class StoredWish:
    """What the operator last wanted of a service."""

    service: str
    wish: Wish
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class StoredRecovery:
    """The recovery mode an operator last chose for a service; it stands above the label's."""

    service: str
    mode: RecoveryMode
    actor: str
    at: datetime


Fact = Action | StoredWish | StoredRecovery
"""What `Records` accepts."""


class Records(Protocol):
    """Where accepted facts go. Returning means durable: they survive the death of every process, and are in
    Postgres or will be, once each, in the order they were accepted. Raises `Unavailable("spool", …)` only
    when neither Postgres nor the local disk takes them."""

    def save_action(self, action: Action) -> None:
        """Insert the intent, or its outcome: the first outcome of an action stands."""
        ...

    def save_wish(self, wish: StoredWish) -> None:
        """The newest wish of a service stands."""
        ...

    def save_recovery(self, recovery: StoredRecovery) -> None:
        """The newest mode of a service stands."""
        ...

    def wishes(self) -> dict[str, StoredWish]:
        """The latest wishes as this machine knows them, by service; needs no Postgres."""
        ...

    def remember_wishes(self, wishes: Iterable[StoredWish]) -> None:
        """Take wishes read from Postgres into what this machine knows."""
        ...

    def recoveries(self) -> dict[str, StoredRecovery]:
        """The latest recovery modes as this machine knows them, by service; needs no Postgres."""
        ...

    def remember_recoveries(self, recoveries: Iterable[StoredRecovery]) -> None:
        """Take recovery modes read from Postgres into what this machine knows."""
        ...

    def backlog(self) -> int:
        """Accepted facts that Postgres does not have yet."""
        ...

    def healthy(self) -> bool:
        """Whether a fact would be accepted if Postgres went away now."""
        ...


class Store(Protocol):
    """Reads of the truth in Postgres. Every call raises `Unavailable("postgres", …)` within 500 ms of a
    database that is gone or hung."""

    def actions(self, where: ActionFilter, *, limit: int = 50, cursor: str | None = None) -> ActionPage:
        """Raises ValueError for a cursor that this store did not give. A search for `text` may take five
        seconds instead of half a one."""
        ...

    def action(self, action_id: UUID) -> Action | None: ...

    def recent_actions(self, per_service: int = 50) -> list[Action]:
        """The newest actions of every service, oldest first."""
        ...

    def running_actions(self) -> list[Action]:
        """Intents without an outcome (orphans, when asked at boot)."""
        ...

    def wishes(self) -> dict[str, StoredWish]: ...

    def recoveries(self) -> dict[str, StoredRecovery]:
        """The recovery modes operators chose, by service."""
        ...

    def ping(self) -> None: ...


class Cache(Protocol):
    """Answers that may be lost at any time. Raises `Unavailable("redis", …)` within 500 ms."""

    def get(self, key: str) -> bytes | None: ...

    def put(self, key: str, value: bytes, *, ttl_seconds: int) -> None: ...

    def increment(self, key: str, *, ttl_seconds: int) -> int:
        """Count one up and return the count; the time to live starts with the first."""
        ...

    def ping(self) -> None: ...
