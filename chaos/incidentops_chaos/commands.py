"""The commands of chaos: run an experiment, halt it. One runs at a time."""

import threading
from collections.abc import Callable, Mapping
from typing import TypeVar
from uuid import UUID

import structlog
from pydantic import BaseModel, ValidationError

from incidentops.domain.errors import MalformedMessage
from incidentops.domain.experiments.runs import Progress, Verdict
from incidentops.messages.commands import HaltExperiment, RunExperiment
from incidentops.messages.envelope import Message
from incidentops.messages.replies import reply_to
from incidentops.ports import Bus, Clock, Handler
from incidentops_chaos.halting import Halt
from incidentops_chaos.hands import BusHands
from incidentops_chaos.journal import Journal
from incidentops_chaos.questions import Questions
from incidentops_chaos.runner import Runner

log = structlog.get_logger()

LEAVE_SECONDS = 1.0
Payload = TypeVar("Payload", bound=BaseModel)


class Runs:
    """The run in progress, if there is one. Both commands are answered at once: a broker must not give a long
    run to another chaos when this one dies."""

    def __init__(self, bus: Bus, clock: Clock, prometheus_url: str) -> None:
        self._bus, self._clock, self._prometheus_url = bus, clock, prometheus_url
        self._changed = threading.Condition()
        self._current: tuple[UUID, Runner] | None = None

    def handlers(self) -> Mapping[str, Handler]:
        return {"chaos.run_experiment": self.run, "chaos.halt_experiment": self.halt}

    def run(self, message: Message) -> Message:
        """Accept the experiment, or say why not."""
        order = _read(RunExperiment, message)
        with self._changed:
            self._changed.wait_for(self._not_just_ending, timeout=LEAVE_SECONDS)
            if self._current is not None:
                return self._reply(message, accepted=False, reason=f"run {self._current[0]} is in progress")
            runner = self._runner(order, message)
            self._current = (order.run_id, runner)
        threading.Thread(target=self._carry_out, args=(runner,), name="run", daemon=True).start()
        log.info("experiment_accepted", run_id=str(order.run_id), experiment=order.experiment.name)
        return self._reply(message, accepted=True, reason="")

    def halt(self, message: Message) -> Message:
        order = _read(HaltExperiment, message)
        current = self._current
        halting = current is not None and current[0] == order.run_id
        if current is not None and halting:
            current[1].brake.pull(Halt(Verdict.HALTED, order.reason))
        return self._reply(message, halting=halting)

    def _carry_out(self, runner: Runner) -> None:
        try:
            runner.carry_out()
        except Exception:
            log.exception("runner_failed")
        finally:
            with self._changed:
                self._current = None
                self._changed.notify_all()

    def _not_just_ending(self) -> bool:
        """A run whose verdict is told takes a moment to leave; who has heard of it may ask for the next."""
        return self._current is None or not self._current[1].ended

    def _runner(self, order: RunExperiment, message: Message) -> Runner:
        hands = BusHands(self._bus, self._clock, order.run_id, message)
        questions = Questions(hands, self._prometheus_url, order.experiment.targets())
        journal = Journal(order.run_id, self._clock, self._publisher(message))
        return Runner(order.experiment, hands, questions, journal)

    def _publisher(self, cause: Message) -> Callable[[Progress], None]:
        def publish(progress: Progress) -> None:
            event = Message(
                type="experiment.progressed",
                occurred_at=self._clock.now(),
                actor="chaos",
                correlation_id=cause.correlation_id,
                causation_id=cause.id,
                payload=progress.model_dump(mode="json"),
            )
            self._bus.publish(event)

        return publish

    def _reply(self, message: Message, **payload: object) -> Message:
        return reply_to(message, "chaos", self._clock.now(), payload)


def _read(model: type[Payload], message: Message) -> Payload:
    try:
        return model.model_validate(message.payload)
    except ValidationError as error:
        raise MalformedMessage(str(error)) from error
