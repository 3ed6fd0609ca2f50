"""The live view: every managed service in memory, fed by the engine's events, read without asking the engine.

Writers are the watcher (facts), the actions (what is busy) and the wishes. Each change is handed to the
listeners as the services that came out different.
"""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from incidentops.domain.assembly import Circumstances, assemble
from incidentops.domain.containers import Container
from incidentops.domain.crashes import CrashHistory
from incidentops.domain.observations import EngineEvent
from incidentops.domain.services import Health, RecoveryMode, Service, ServiceState, Verb, Wish
from incidentops.ports import Clock
from incidentops_backend.reads.roster import Roster


@dataclass(frozen=True, slots=True)
class Change:
    """Services that are new or different, and names that are gone."""

    changed: tuple[Service, ...] = ()
    removed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.changed or self.removed)


Listener = Callable[[Change], None]

_HEALTH_WORDS = frozenset(health.value for health in Health)


class LiveView:
    """Thread-safe. Listeners are called outside the lock, in the thread that made the change."""

    def __init__(self, own_project: str, clock: Clock) -> None:
        self._own_project = own_project
        self._clock = clock
        self._lock = threading.RLock()
        self._changed = threading.Condition(self._lock)
        self._roster = Roster(own_project)
        self._versions: dict[str, int] = {}
        self._events = 0
        self._crashes = CrashHistory()
        self._busy: dict[str, Verb] = {}
        self._wishes: dict[str, Wish] = {}
        self._recovery_modes: dict[str, RecoveryMode] = {}
        self._hung: set[str] = set()
        self._answering: set[str] = set()
        self._last_logs: dict[str, tuple[str, ...]] = {}
        self._services: dict[str, Service] = {}
        self._listeners: list[Listener] = []
        self._changes = 0
        self._lost_at: datetime | None = None
        self._fresh_at: datetime | None = None

    def listen(self, listener: Listener) -> None:
        self._listeners.append(listener)

    # -- reading -----------------------------------------------------------------------------------------

    def services(self) -> list[Service]:
        """Every service in order of group, then name; `unknown` with age while the engine is away."""
        with self._lock:
            services = sorted(self._services.values(), key=lambda item: (item.group, item.name))
            return [self._aged(service) for service in services]

    def find(self, name: str) -> Service | None:
        with self._lock:
            service = self._services.get(name)
            return self._aged(service) if service else None

    def containers(self, name: str) -> list[Container]:
        """The containers of one service, by container name; empty for an unknown one."""
        with self._lock:
            return self._roster.members(name)

    def service_of(self, container_id: str) -> Service | None:
        """The service a container belongs to; None for a container that is not managed."""
        with self._lock:
            name = self._roster.service_of(container_id)
            service = self._services.get(name) if name else None
            return self._aged(service) if service else None

    @property
    def changes(self) -> int:
        """Rises with every change; the same number means the same services."""
        return self._changes

    @property
    def age_seconds(self) -> float | None:
        """Seconds since the engine was lost; 0 while it answers, None before the first list."""
        with self._lock:
            return self._age()

    @property
    def engine_lost_at(self) -> datetime | None:
        return self._lost_at

    # -- facts from the engine ---------------------------------------------------------------------------

    def wait_for(self, name: str, settled: Callable[[list[Container]], bool], seconds: float) -> bool:
        """Wait until the containers of a service fulfil the condition; False when they have not in time."""
        with self._changed:
            return self._changed.wait_for(lambda: settled(self._roster.members(name)), seconds)

    def version(self, container_id: str) -> int:
        """Counts the events seen of a container; hand it to `put` so that an older inspect never wins."""
        with self._lock:
            return self._versions.get(container_id, 0)

    @property
    def events(self) -> int:
        """Counts the events seen of all containers; hand it to `replace_all` so that an older list never wins."""
        return self._events

    def replace_all(self, containers: Iterable[Container], seen_events: int | None = None) -> bool:
        """The whole truth, after a (re)connect or at a resync. False, and nothing done, when an event arrived since
        `seen_events`: what it told may be newer than the list."""
        with self._lock:
            if seen_events not in (None, self._events):
                return False
            self._roster.replace_all(containers)
            returned, self._lost_at = self._lost_at is not None, None
            self._fresh_at = self._clock.now()
            change = self._rebuild()
            if returned:  # every service was announced as unknown
                change = replace(change, changed=tuple(self._services.values()))
        self._announce(change)
        return True

    def put(self, container: Container, seen_version: int) -> bool:
        """One freshly inspected container. False, and nothing done, when an event arrived since
        `seen_version`: the container may have changed after it was inspected."""
        with self._lock:
            if self._versions.get(container.id, 0) != seen_version:
                return False
            change = self._rebuild({self._roster.put(container)})
        self._announce(change)
        return True

    def remove(self, container_id: str) -> None:
        with self._lock:
            self._versions.pop(container_id, None)
            self._last_logs.pop(container_id, None)
            self._crashes.forgive(container_id)
            name = self._roster.remove(container_id)
            change = self._rebuild({name}) if name else Change()
        self._announce(change)

    def apply(self, event: EngineEvent) -> None:
        """What an event says by itself, before the inspect that confirms it."""
        with self._lock:
            self._events += 1
            self._versions[event.container_id] = self._versions.get(event.container_id, 0) + 1
            container = self._roster.get(event.container_id)
            if container is None:
                return
            if event.action.startswith(("health_status", "start", "die")):
                self._answering.discard(container.id)
            if event.action == "die":
                self._crashes.died(container.id, event.at)
            change = self._rebuild({self._roster.put(after_event(container, event))})
            self._changed.notify_all()
        self._announce(change)

    def engine_lost(self) -> None:
        """From now on every service is `unknown`, with its age. Called again, it announces the new age."""
        with self._lock:
            self._lost_at = self._lost_at or self._clock.now()
            change = Change(changed=tuple(self._aged(service) for service in self._services.values()))
        self._announce(change)

    def mark_probed(self, hung: Iterable[str], answering: Iterable[str] = ()) -> None:
        """Which running containers are past their probe budget, and which have just come back from there."""
        with self._lock:
            before = self._hung, set(self._answering)
            self._hung = set(hung)
            self._answering |= set(answering)
            change = self._rebuild() if (self._hung, self._answering) != before else Change()
        self._announce(change)

    def tick(self) -> None:
        """Let time-dependent states (crash loop) follow the clock."""
        with self._lock:
            change = self._rebuild()
        self._announce(change)

    # -- what people do ----------------------------------------------------------------------------------

    def set_busy(self, name: str, verb: Verb | None) -> None:
        """Show that an action runs on a service, or that it ended; an operator's action forgives crashes."""
        with self._lock:
            if verb is None:
                self._busy.pop(name, None)
            else:
                self._busy[name] = verb
            change = self._rebuild({name})
        self._announce(change)

    def forgive_crashes(self, name: str) -> None:
        with self._lock:
            for container in self._roster.members(name):
                self._crashes.forgive(container.id)

    def set_wishes(self, wishes: dict[str, Wish]) -> None:
        with self._lock:
            self._wishes.update(wishes)
            change = self._rebuild(set(wishes))
        self._announce(change)

    def set_recovery_modes(self, modes: dict[str, RecoveryMode]) -> None:
        """What operators chose instead of the labels."""
        with self._lock:
            self._recovery_modes.update(modes)
            change = self._rebuild(set(modes))
        self._announce(change)

    def set_last_log(self, container_id: str, lines: tuple[str, ...]) -> None:
        with self._lock:
            self._last_logs[container_id] = lines
            change = self._rebuild()
        self._announce(change)

    # -- inside ------------------------------------------------------------------------------------------

    def _rebuild(self, only: set[str] | None = None) -> Change:
        circumstances = self._circumstances()
        names = (self._roster.services() | set(self._services)) if only is None else only
        changed, removed = [], []
        for name in sorted(names):
            containers = self._roster.members(name)
            if not containers:
                if self._services.pop(name, None):
                    removed.append(name)
                continue
            service = assemble(name, containers, self._own_project, circumstances)
            if self._services.get(name) != service:
                self._services[name] = service
                changed.append(self._aged(service))
        self._changes += len(changed) + len(removed)
        return Change(tuple(changed), tuple(removed))

    def _circumstances(self) -> Circumstances:
        running = [(c.id, c.started_at) for c in self._roster.all() if c.running and c.started_at]
        return Circumstances(
            crash_looping=self._crashes.looping(self._clock.now(), running),
            hung=frozenset(self._hung),
            answering=frozenset(self._answering),
            busy=self._busy,
            wishes=self._wishes,
            recovery_modes=self._recovery_modes,
            last_logs=self._last_logs,
        )

    def _age(self) -> float | None:
        if self._fresh_at is None:
            return None
        return (self._clock.now() - self._lost_at).total_seconds() if self._lost_at else 0.0

    def _aged(self, service: Service) -> Service:
        if self._lost_at is None:
            return service
        return replace(service, state=ServiceState.UNKNOWN, age_seconds=round(self._age() or 0.0, 1))

    def _announce(self, change: Change) -> None:
        if change:
            for listener in self._listeners:
                listener(change)


def after_event(container: Container, event: EngineEvent) -> Container:
    """The container as one event leaves it; an event that says nothing of its state leaves it as it was."""
    action, _, detail = event.action.partition(": ")
    match action:
        case "start" | "restart":
            health = Health.STARTING if container.health is not Health.NONE else Health.NONE
            return replace(container, status="running", started_at=event.at, health=health, exit_code=None)
        case "die":
            return replace(container, status="exited", finished_at=event.at, exit_code=event.exit_code)
        case "pause":
            return replace(container, status="paused")
        case "unpause":
            return replace(container, status="running")
        case "health_status" if detail in _HEALTH_WORDS:
            return replace(container, health=Health(detail))
        case _:
            return container
