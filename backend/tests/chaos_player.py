"""Chaos as tests play it, and what they ask of experiments over HTTP."""

from typing import TYPE_CHECKING, Any

from incidentops.domain.experiments.runs import Phase, Progress, Verdict
from incidentops.messages.envelope import Message
from incidentops.messages.replies import reply_to
from incidentops_backend.consumers.experiments import ProgressHandler

if TYPE_CHECKING:
    from .conftest import World

RUNS = "/api/v1/experiments/redis-hangs/runs"


class Chaos:
    """Takes the commands of chaos; `tell` is what it tells of a run."""

    def __init__(self, world: "World") -> None:
        self.world = world
        self.asked: list[Message] = []
        self.answers: dict[str, dict[str, Any]] = {
            "chaos.run_experiment": {"accepted": True, "reason": ""},
            "chaos.halt_experiment": {"halting": True},
        }
        self._handler = ProgressHandler(world.backend.experiments.runs)
        world.bus.subscribe("chaos.commands", self._answer)

    def tell(self, run: dict[str, Any], phase: Phase, *entries, verdict: Verdict | None = None) -> None:
        progress = Progress(
            run_id=run["id"],
            at=self.world.clock.now(),
            phase=phase,
            verdict=verdict,
            reason="" if verdict is None else "as told",
            entries=entries,
        )
        payload = progress.model_dump(mode="json")
        now = self.world.clock.now()
        self._handler(Message(type="experiment.progressed", occurred_at=now, actor="chaos", payload=payload))

    def _answer(self, command: Message) -> Message:
        self.asked.append(command)
        return reply_to(command, "chaos", self.world.clock.now(), self.answers[command.type])


def begin(world: "World", name: str = "redis-hangs") -> dict[str, Any]:
    answer = world.client.post(f"/api/v1/experiments/{name}/runs", json={})
    assert answer.status_code == 201, answer.get_json()
    return answer.get_json()


def get(world: "World", path: str) -> dict[str, Any]:
    answer = world.client.get(f"/api/v1/{path}")
    assert answer.status_code == 200, answer.get_json()
    return answer.get_json()


def an_incident(world: "World", service: str) -> dict[str, Any]:
    body = {"title": f"{service} is slow", "service": service, "severity": "high"}
    answer = world.client.post("/api/v1/incidents", json=body)
    assert answer.status_code == 201, answer.get_json()
    return answer.get_json()
