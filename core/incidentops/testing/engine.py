"""`MemoryEngine`: the engine port in memory, deterministic, for tests that need no containers.

It passes the contract suite of `engine_contract`. Tests tell it what happens: a container dies, the engine
goes away and comes back, a probe is answered, a line is written.
"""

import itertools
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from threading import Condition
from typing import Any

from incidentops.domain import labels as names
from incidentops.domain.containers import Container
from incidentops.domain.errors import ContainerGone, EngineRefused, Unavailable
from incidentops.domain.observations import EngineEvent, EngineInfo, LogLine, Usage
from incidentops.domain.probes import ProbeResult, ProbeSpec, Protocol
from incidentops.domain.services import Health
from incidentops.testing.engine_streams import Stream, following

_KILLED = 137
_HARMLESS = frozenset({"SIGHUP", "SIGSTOP", "SIGCONT", "SIGUSR1", "SIGUSR2"})
_NO_ANSWER = ProbeResult(alive=False, detail="connection refused", duration_ms=0.1)


class MemoryEngine:
    """An engine whose containers are records. Thread-safe; verbs take no time unless held (`hold`)."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._containers: dict[str, Container] = {}
        self._stubborn: set[str] = set()
        self._held: set[str] = set()
        self._refusals: dict[str, str] = {}
        self._answers: dict[str, ProbeResult] = {}
        self._lines: dict[str, list[LogLine]] = defaultdict(list)
        self._usage: dict[str, Usage] = {}
        self._event_streams: list[Stream[EngineEvent]] = []
        self._log_streams: dict[str, list[Stream[LogLine]]] = defaultdict(list)
        self._away: str | None = None
        self._ids = (f"{number:0<64x}" for number in itertools.count(0xC0FFEE))

    # What the test tells.

    def add(
        self,
        name: str,
        *,
        labels: Mapping[str, str] | None = None,
        status: str = "running",
        stubborn: bool = False,
        **facts: Any,
    ) -> Container:
        """Create a container, `running` or `created`. Labels default to those of a service `name`; a
        `stubborn` one ignores SIGTERM; `facts` are further fields of `Container`."""
        with self._changed:
            container = Container(
                id=next(self._ids),
                name=name,
                image=facts.pop("image", "incidentops/base:trixie"),
                status="created",
                labels={names.SERVICE: name} if labels is None else dict(labels),
                **facts,
            )
            self._containers[container.id] = container
            if stubborn:
                self._stubborn.add(container.id)
            self._announce(container, "create")
            if status == "running":
                self._begin(container)
            return self._containers[container.id]

    def die(self, container_id: str, exit_code: int = 1) -> None:
        """The main process ends by itself."""
        with self._changed:
            self._end(self._find(container_id), exit_code)

    def remove(self, container_id: str) -> None:
        """The container is deleted, killed first when it runs."""
        with self._changed:
            container = self._find(container_id)
            if container.status in ("running", "paused"):
                self._end(container, _KILLED)
            del self._containers[container_id]
            self._announce(container, "destroy")

    def report_health(self, container_id: str, health: Health) -> None:
        """The container's own health check reaches a verdict."""
        with self._changed:
            container = self._change(self._find(container_id), health=health)
            self._announce(container, f"health_status: {health}")

    def write(self, container_id: str, text: str, stream: str = "stdout") -> None:
        """The container writes one line."""
        with self._changed:
            line = LogLine(datetime.now(UTC), stream, text)
            self._lines[container_id].append(line)
            for follower in self._log_streams[container_id]:
                follower.put(line)

    def answer(self, container_id: str, result: ProbeResult) -> None:
        """What every probe of this container gets while it runs (nothing told: connection refused)."""
        self._answers[container_id] = result

    def use(self, container_id: str, usage: Usage) -> None:
        """The sample of this container while it runs (nothing told: zeros)."""
        self._usage[container_id] = usage

    def refuse(self, verb: str, words: str | None) -> None:
        """Every call of the method `verb` is refused with these words; None ends that."""
        with self._changed:
            self._refusals.pop(verb, None)
            if words is not None:
                self._refusals[verb] = words

    @contextmanager
    def hold(self, container_id: str) -> Iterator[None]:
        """Verbs on this container wait until the context is left."""
        with self._changed:
            self._held.add(container_id)
        try:
            yield
        finally:
            with self._changed:
                self._held.discard(container_id)
                self._changed.notify_all()

    def go_away(self, reason: str = "connection refused") -> None:
        """The engine stops answering: calls raise `Unavailable`, streams end with it."""
        with self._changed:
            self._away = reason
            gone = Unavailable("engine", reason)
            for events in self._event_streams:
                events.fail(gone)
            for lines in itertools.chain(*self._log_streams.values()):
                lines.fail(gone)

    def come_back(self) -> None:
        """The engine answers again. What happened meanwhile was told to nobody."""
        with self._changed:
            self._away = None

    # The port.

    def info(self) -> EngineInfo:
        with self._asked("info"):
            return EngineInfo("docker", "0.0.0-memory", "1.45", "memory")

    def list(self) -> list[Container]:
        with self._asked("list"):
            return [item for item in self._containers.values() if names.SERVICE in item.labels]

    def inspect(self, container_id: str) -> Container:
        with self._asked("inspect"):
            return self._find(container_id)

    def details(self, container_id: str) -> dict[str, Any]:
        with self._asked("details"):
            container = self._find(container_id)
            return {
                "Id": container.id,
                "Name": f"/{container.name}",
                "State": {"Status": container.status},
                "Config": {"Image": container.image, "Labels": dict(container.labels), "Env": []},
            }

    def start(self, container_id: str) -> None:
        with self._acting("start", container_id) as container:
            if container.status == "paused":
                raise EngineRefused("cannot start a paused container, try unpause instead")
            if container.status != "running":
                self._begin(container)

    def stop(self, container_id: str, grace_seconds: int | None = None) -> None:
        del grace_seconds  # nothing takes time here
        with self._acting("stop", container_id) as container:
            self._stop(container)

    def restart(self, container_id: str, grace_seconds: int | None = None) -> None:
        del grace_seconds
        with self._acting("restart", container_id) as container:
            self._stop(container)
            self._begin(self._find(container_id))
            self._announce(container, "restart")

    def recreate(self, container_id: str) -> str:
        with self._acting("recreate", container_id) as container:
            self._stop(container)
            fresh = replace(container, id=next(self._ids), status="created", finished_at=None, exit_code=None)
            self._containers[fresh.id] = fresh
            self._announce(fresh, "create")
            self._begin(fresh)
            del self._containers[container_id]
            self._announce(container, "destroy")
            if container_id in self._answers:
                self._answers[fresh.id] = self._answers[container_id]
            return fresh.id

    def kill(self, container_id: str, signal: str = "SIGKILL") -> None:
        with self._acting("kill", container_id) as container:
            if container.status not in ("running", "paused"):
                raise EngineRefused(f"container {container.id} is not running")
            self._announce(container, "kill")
            if signal not in _HARMLESS:
                self._unfreeze(container)
                self._end(container, _KILLED)

    def pause(self, container_id: str) -> None:
        with self._acting("pause", container_id) as container:
            if container.status != "running":
                raise EngineRefused(f"container {container.id} is not running")
            self._announce(self._change(container, status="paused"), "pause")

    def unpause(self, container_id: str) -> None:
        with self._acting("unpause", container_id) as container:
            if container.status != "paused":
                raise EngineRefused(f"Container {container.id} is not paused")
            self._unfreeze(container)

    @contextmanager
    def logs(
        self, container_id: str, *, tail: int = 200, follow: bool = False
    ) -> Iterator[Iterator[LogLine]]:
        with self._asked("logs"):
            running = self._find(container_id).status in ("running", "paused")
            lines = self._lines[container_id]
            stream: Stream[LogLine] = Stream(lines[max(0, len(lines) - tail) :])
            if not (follow and running):
                stream.end()
        with following(stream, self._log_streams[container_id], self._changed):
            yield stream

    @contextmanager
    def events(self) -> Iterator[Iterator[EngineEvent]]:
        with self._asked("events"):
            stream: Stream[EngineEvent] = Stream()
            self._event_streams.append(stream)
        with following(stream, self._event_streams, self._changed):
            yield stream

    def usage(self, containers: Sequence[Container]) -> dict[str, Usage]:
        with self._asked("usage"):
            known = (self._containers.get(item.id) for item in containers)
            running = [item for item in known if item is not None and item.running]
            return {item.id: self._usage.get(item.id) or _idle() for item in running}

    def probe(self, container: Container, spec: ProbeSpec, timeout_seconds: float = 2.0) -> ProbeResult:
        del timeout_seconds
        with self._asked("probe"):
            current = self._containers.get(container.id)
            if current is None or not current.running:
                word = "gone" if current is None else current.status
                return ProbeResult(alive=False, detail=f"the container is {word}", duration_ms=0.0)
            if spec.protocol is Protocol.HEALTH:
                alive = current.health is Health.HEALTHY
                return ProbeResult(alive, f"health check says {current.health}", 0.1)
            return self._answers.get(container.id, _NO_ANSWER)

    # How it works inside; all of it under the lock.

    @contextmanager
    def _asked(self, verb: str) -> Iterator[None]:
        with self._changed:
            self._check(verb)
            yield

    @contextmanager
    def _acting(self, verb: str, container_id: str) -> Iterator[Container]:
        with self._changed:
            self._changed.wait_for(lambda: container_id not in self._held)
            self._check(verb)
            yield self._find(container_id)

    def _check(self, verb: str) -> None:
        if self._away is not None:
            raise Unavailable("engine", self._away)
        if verb in self._refusals:
            raise EngineRefused(self._refusals[verb])

    def _find(self, container_id: str) -> Container:
        if container_id not in self._containers:
            raise ContainerGone(f"No such container: {container_id}")
        return self._containers[container_id]

    def _change(self, container: Container, **facts: Any) -> Container:
        changed = replace(container, **facts)
        self._containers[container.id] = changed
        return changed

    def _begin(self, container: Container) -> None:
        now = datetime.now(UTC)
        running = self._change(container, status="running", started_at=now, exit_code=None, pid=4242)
        self._announce(running, "start")

    def _stop(self, container: Container) -> None:
        if container.status not in ("running", "paused"):
            return
        self._announce(container, "kill")
        self._unfreeze(container)
        stubborn = container.id in self._stubborn
        self._announce(container, "stop")
        self._end(self._find(container.id), _KILLED if stubborn else 0)

    def _unfreeze(self, container: Container) -> None:
        if container.status == "paused":
            self._announce(self._change(container, status="running"), "unpause")

    def _end(self, container: Container, exit_code: int) -> None:
        ended = self._change(
            container, status="exited", finished_at=datetime.now(UTC), exit_code=exit_code, pid=0
        )
        for follower in self._log_streams[container.id]:
            follower.end()
        self._announce(ended, "die", exit_code)

    def _announce(self, container: Container, action: str, exit_code: int | None = None) -> None:
        if names.SERVICE not in container.labels or self._away is not None:
            return
        event = EngineEvent(container.id, action, datetime.now(UTC), exit_code, dict(container.labels))
        for stream in self._event_streams:
            stream.put(event)


def _idle() -> Usage:
    return Usage(
        at=time.monotonic(),
        cpu_seconds=0.0,
        memory_bytes=0,
        memory_limit=0,
        net_rx_bytes=0,
        net_tx_bytes=0,
        block_read_bytes=0,
        block_write_bytes=0,
    )
