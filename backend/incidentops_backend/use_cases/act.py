"""One verb on one service: checked, locked, written down, carried out, written down again."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from incidentops.domain.actions import (
    PING_FAILED,
    PING_SUCCEEDED,
    STOPPED_MANUALLY,
    Action,
    Actor,
    Outcome,
    restarted_message,
)
from incidentops.domain.containers import Container
from incidentops.domain.errors import IncidentOpsError, StaleCommand
from incidentops.domain.labels import parse_definition
from incidentops.domain.probes import HEALTHCHECK, ProbeResult
from incidentops.domain.services import STOPPING_VERBS, Health, Service, Verb, Wish
from incidentops.messages.ids import uuid7
from incidentops.ports import Engine
from incidentops_backend.reads.view import LiveView
from incidentops_backend.use_cases.action_log import ActionLog
from incidentops_backend.use_cases.effects import effect_of
from incidentops_backend.use_cases.errors import ActionFailed, ServiceProtected, UnknownService
from incidentops_backend.use_cases.locks import Holder, ServiceLocks
from incidentops_backend.use_cases.read_back import read_back

EVENT_SECONDS = 0.02
"""How long an action waits for the events of its own effect before it asks the engine."""

_WISHES = {Verb.START: Wish.RUNNING, Verb.RESTART: Wish.RUNNING, Verb.STOP: Wish.STOPPED}
_MUST_LAST = frozenset({Verb.START, Verb.RESTART})
"""Of these the engine's answer is not enough: the service must still be there."""

_ANSWERS: dict[Verb, Callable[[str], str]] = {
    Verb.START: restarted_message,
    Verb.STOP: lambda _: STOPPED_MANUALLY,
    Verb.RESTART: lambda name: f"Service {name} was restarted",
    Verb.RECREATE: lambda name: f"Service {name} was recreated",
    Verb.KILL: lambda _: "Service killed",
    Verb.PAUSE: lambda _: "Service paused",
    Verb.UNPAUSE: lambda _: "Service resumed",
}


@dataclass(frozen=True, slots=True)
class ActionResult:
    """How an action ended: its row in the log, the service as it is now, and a detail of the probe."""

    action: Action
    service: Service
    detail: str | None = None


def _no_objection(service: Service) -> None:
    """An operator's word is enough."""


@dataclass(frozen=True, slots=True)
class Terms:
    """On which terms an action is carried out. `wait_seconds`: for another action on the service to end;
    `a_wish`: whether it says what the operator wants, which is then stored and forgives crashes; `check` is
    asked once the service is held, and objects by raising."""

    expected_started_at: datetime | None = None
    wait_seconds: float = 0.0
    a_wish: bool = True
    check: Callable[[Service], None] = _no_objection


_PLAIN = Terms()


class Act:
    """Carries out verbs. Raises UnknownService, ServiceProtected, ServiceBusy, ActionFailed, StaleCommand,
    and Unavailable when the engine or both Postgres and the spool are away."""

    def __init__(self, engine: Engine, view: LiveView, log: ActionLog, locks: ServiceLocks) -> None:
        self._engine = engine
        self._view = view
        self._log = log
        self._locks = locks
        self._wishes = ThreadPoolExecutor(4, thread_name_prefix="wish")
        self._verbs: dict[Verb, Callable[[Container], None]] = {
            Verb.START: self._start,
            Verb.STOP: lambda container: engine.stop(container.id, container.stop_grace_seconds),
            Verb.RESTART: lambda container: engine.restart(container.id, container.stop_grace_seconds),
            Verb.RECREATE: self._recreate,
            Verb.KILL: lambda container: engine.kill(container.id),
            Verb.PAUSE: lambda container: engine.pause(container.id),
            Verb.UNPAUSE: lambda container: engine.unpause(container.id),
        }

    def known(self, name: str) -> Service:
        """The service of this name. Raises UnknownService, which lists those that exist."""
        service = self._view.find(name)
        if service is None:
            raise UnknownService(name, [item.name for item in self._view.services()])
        return service

    def ping(self, name: str, actor: Actor, action_id: UUID | None = None) -> ActionResult:
        """Ask the service by its own protocol. A service that is DOWN is an answer, not an error."""
        service = self.known(name)
        action = self._log.intend(name, Verb.PING, actor, action_id)
        try:
            answer = self._probe(self._view.containers(name))
        except IncidentOpsError as error:  # nobody could ask; this says nothing about the service
            self._log.finish(action, Outcome.FAILED, str(error))
            raise ActionFailed(str(error), action.id) from error
        outcome = Outcome.SUCCEEDED if answer.alive else Outcome.FAILED
        message = PING_SUCCEEDED if answer.alive else PING_FAILED
        finished = self._log.finish(action, outcome, message)
        return ActionResult(finished, self._view.find(name) or service, answer.detail)

    def perform(
        self,
        verb: Verb,
        name: str,
        actor: Actor,
        action_id: UUID | None = None,
        terms: Terms = _PLAIN,
    ) -> ActionResult:
        """Start, stop, restart, kill, pause or unpause every container of the service.

        `action_id` is chosen by callers that may repeat themselves.
        """
        if self.known(name).protected and verb in STOPPING_VERBS:
            refusal = ServiceProtected(name, verb)
            self._log.refuse(name, verb, actor, str(refusal))
            raise refusal
        action_id = action_id or uuid7()
        with self._locks.hold(name, Holder(verb, actor.name, action_id), terms.wait_seconds):
            service = self.known(name)
            terms.check(service)
            _check_fresh(service, terms.expected_started_at)
            return self._carry_out(verb, service, actor, action_id, a_wish=terms.a_wish)

    def probe(self, name: str) -> ProbeResult:
        """Ask the service by its own protocol, without a line in its log. Raises UnknownService, and what the
        engine raises when nobody could ask."""
        self.known(name)
        return self._probe(self._view.containers(name))

    def _carry_out(
        self, verb: Verb, service: Service, actor: Actor, action_id: UUID, *, a_wish: bool
    ) -> ActionResult:
        action = self._log.intend(service.name, verb, actor, action_id)
        with self._busy(service.name, verb):
            self._do(action, service, a_wish=a_wish)
            finished = self._log.finish(action, Outcome.SUCCEEDED, _ANSWERS[verb](service.name))
            with suppress(IncidentOpsError):  # done and written down, even if the engine goes away now
                self._settled(verb, service)
        return ActionResult(finished, self._view.find(service.name) or service)

    def _do(self, action: Action, service: Service, *, a_wish: bool) -> None:
        """What the engine has to do. Raises ActionFailed, once that is written down too."""
        try:
            with self._remembering_wish(action) if a_wish else nullcontext():
                self._on_every_container(action.verb, service.name)
            if action.verb in _MUST_LAST:
                self._check_lasting(self._settled(action.verb, service))
        except IncidentOpsError as error:
            self._log.finish(action, Outcome.FAILED, str(error))
            raise ActionFailed(str(error), action.id) from error

    @contextmanager
    def _busy(self, name: str, verb: Verb) -> Iterator[None]:
        self._view.set_busy(name, verb)
        try:
            yield
        finally:
            self._view.set_busy(name, None)

    @contextmanager
    def _remembering_wish(self, action: Action) -> Iterator[None]:
        """Store the wish while the engine works: it is durable before the answer, and costs nobody time."""
        self._view.forgive_crashes(action.service)
        wish, actor = _WISHES.get(action.verb), Actor(action.actor, action.source)
        stored = self._wishes.submit(self._log.wish, action.service, wish, actor) if wish else None
        yield
        if wish and stored:
            stored.result()
            self._view.set_wishes({action.service: wish})

    def _on_every_container(self, verb: Verb, name: str) -> None:
        containers = self._view.containers(name)
        work = self._verbs[verb]
        if len(containers) == 1:
            work(containers[0])
            return
        with ThreadPoolExecutor(max_workers=8, thread_name_prefix=f"{verb}-replica") as pool:
            for _ in pool.map(work, containers):
                pass

    def _start(self, container: Container) -> None:
        if container.status == "paused":
            self._engine.unpause(container.id)
        else:
            self._engine.start(container.id)

    def _recreate(self, container: Container) -> None:
        fresh = self._engine.recreate(container.id)
        read_back(self._engine, self._view, fresh)
        self._view.remove(container.id)

    def _settled(self, verb: Verb, service: Service) -> Service:
        """The service with the effect in it, so that whoever acted sees it in the very next read. The engine's
        events usually tell it before its answer is here; only a late one costs an inspect."""
        if not self._view.wait_for(service.name, effect_of(verb, service.started_at), EVENT_SECONDS):
            for container in self._view.containers(service.name):
                read_back(self._engine, self._view, container.id)
        return self._view.find(service.name) or service

    def _check_lasting(self, service: Service) -> None:
        if not service.replicas.running and service.exit_code is not None:
            raise IncidentOpsError(
                f"Service {service.name} started and ended at once, exit code {service.exit_code}"
            )

    def _probe(self, containers: list[Container]) -> ProbeResult:
        """Every replica must answer; the first that does not is the answer."""
        result = ProbeResult(alive=False, detail="it has no container", duration_ms=0.0)
        for container in containers:
            result = self._probe_one(container)
            if not result.alive:
                break
        return result

    def _probe_one(self, container: Container) -> ProbeResult:
        if not container.running:
            return ProbeResult(alive=False, detail=f"container is {container.status}", duration_ms=0.0)
        spec = parse_definition(container.labels, container.name).probe
        if spec is None and container.health is Health.NONE:
            return ProbeResult(alive=True, detail="running; it declares no probe", duration_ms=0.0)
        return self._engine.probe(container, spec or HEALTHCHECK)


def _check_fresh(service: Service, expected: datetime | None) -> None:
    if expected is not None and service.started_at != expected:
        raise StaleCommand(f"{service.name} started at {service.started_at}, the command expected {expected}")
