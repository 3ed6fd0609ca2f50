"""A backend that answers chaos as the real one does, from a script, over whichever bus."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pydantic import TypeAdapter

from incidentops.clock import SystemClock
from incidentops.domain.experiments.experiment import Experiment
from incidentops.domain.experiments.runs import Entry, Progress
from incidentops.domain.services import Service, ServiceState
from incidentops.messages.envelope import Message
from incidentops.messages.ids import uuid7
from incidentops.messages.replies import reply_to
from incidentops.ports import Bus
from incidentops.testing.bus import MemoryBus
from incidentops.testing.bus_contract import SOON, message
from incidentops.testing.containers import wait_until
from incidentops.testing.experiments import a_service
from incidentops_chaos.commands import Runs

SERVICES = TypeAdapter(list[Service])
CLOCK = SystemClock()
Answer = Callable[[dict[str, Any]], dict[str, Any]]


class Backend:
    """`answers` may be replaced per command; `asked` holds every command, `entries` the journal as told."""

    def __init__(self, bus: Bus) -> None:
        self.bus = bus
        self.services = {name: a_service(name) for name in ("redis", "postgres", "billing")}
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.news: list[Progress] = []
        self.entries: dict[int, Entry] = {}
        self.ended = threading.Event()
        self.answers: dict[str, Answer] = {
            "backend.list_services": lambda _: {
                "services": SERVICES.dump_python(list(self.services.values()), mode="json")
            },
            "backend.ask_probe": lambda _: {"value": True},
            "backend.inject_fault": self._fault("active", None),
            "backend.undo_fault": self._fault("undone", "clean"),
            "backend.act": lambda _: {"outcome": "succeeded", "message": ""},
            "backend.stop_chaos": lambda _: {},
        }
        bus.subscribe("backend.commands", self._answer, prefetch=1)
        bus.subscribe("backend.commands", self._answer, prefetch=1)
        bus.subscribe("backend.events", self._told)

    def change(self, name: str, state: ServiceState) -> None:
        self.services[name] = a_service(name, state)

    def commands(self) -> list[str]:
        """What was asked beside the looking."""
        return [name for name, _ in self.asked if name not in ("backend.list_services", "backend.ask_probe")]

    def run(self, experiment: Experiment) -> Progress:
        """Let chaos carry it out; returns the last news."""
        assert self.order(experiment).payload["accepted"]
        return self.last()

    def order(self, experiment: Experiment, run_id: object = None) -> Message:
        payload = {"run_id": str(run_id or uuid7()), "experiment": experiment.model_dump(mode="json")}
        return self.bus.request(message("chaos.run_experiment", payload=payload), timeout_seconds=SOON)

    def last(self) -> Progress:
        wait_until(self.ended.is_set, seconds=SOON, what="the run has ended")
        return self.news[-1]

    def journal(self, *kinds: str) -> list[Entry]:
        return [entry for _, entry in sorted(self.entries.items()) if entry.kind in kinds]

    def _answer(self, command: Message) -> Message:
        self.asked.append((command.type, command.payload))
        return reply_to(command, "backend", CLOCK.now(), self.answers[command.type](command.payload))

    def _told(self, event: Message) -> None:
        progress = Progress.model_validate(event.payload)
        self.news.append(progress)
        self.entries |= {entry.seq: entry for entry in progress.entries}
        if progress.verdict:
            self.ended.set()

    @staticmethod
    def _fault(state: str, result: str | None) -> Answer:
        return lambda order: {
            "fault": {"state": state, "result": result, "mechanism": "engine pause", "reason": None}
        }


def serve(bus: Bus) -> Backend:
    """Chaos and its scripted backend on this bus."""
    runs = Runs(bus, CLOCK, "http://127.0.0.1:9")
    handlers = runs.handlers()
    bus.subscribe("chaos.commands", lambda command: handlers[command.type](command))
    return Backend(bus)


@pytest.fixture
def backend() -> Iterator[Backend]:
    bus = MemoryBus()
    yield serve(bus)
    bus.close()
