"""`POST /remediate` on twins: by the remediator over the bus, and by the backend when it cannot."""

import threading
from collections.abc import Callable, Iterator

import pytest

from incidentops.clock import SystemClock
from incidentops.domain.errors import StaleCommand
from incidentops.domain.probes import ProbeResult
from incidentops.domain.services import Verb, Wish
from incidentops.healing import Patience
from incidentops.messages.commands import Remediate
from incidentops.messages.envelope import Message
from incidentops.messages.ids import uuid7
from incidentops.ports import ActionFilter
from incidentops_remediator.remediate import Remediator

from .conftest import World, wait_until

SILENT = ProbeResult(alive=False, detail="connection refused", duration_ms=0.1)


@pytest.fixture
def world() -> Iterator[World]:
    """A backend that listens to commands; its remediator is away unless a test brings one."""
    world = World(SystemClock())
    for _ in range(4):
        world.bus.subscribe("backend.commands", world.backend.commands(), prefetch=1)
    yield world
    world.bus.close()


@pytest.fixture
def remediator(world) -> Remediator:
    """The real one, on the same bus."""
    remediator = Remediator(world.bus, SystemClock(), Patience(seconds=0.5))
    for _ in range(2):
        world.bus.subscribe("remediator.commands", remediator, prefetch=1)
    return remediator


@pytest.fixture(params=["remediator", "backend"])
def healer(request, world) -> str:
    """Who carries the run out. Everything below holds for both."""
    if request.param == "remediator":
        request.getfixturevalue("remediator")
    else:
        world.bus.go_away()
    return request.param


def down(world, name: str, **options) -> None:
    """A service that has died."""
    container = world.add(name, **options)
    world.engine.die(container.id)
    world.see()


def remediate(world) -> dict:
    answer = world.client.post("/remediate")
    assert answer.status_code == 200
    assert answer.headers["Incidentops-Run-Id"]
    return answer.get_json()


def rows(world, service: str, verb: Verb) -> list:
    return list(reversed(world.store.actions(ActionFilter(service=service, verb=verb)).items))


def test_the_seeds_example(world, healer):
    for name in ("redis", "postgres"):
        world.add(name)
        world.client.post(f"/stop/{name}")
    assert remediate(world) == {
        "status": "completed",
        "services_remediated": ["redis", "postgres"],
        "services_skipped": [],
    }
    assert world.backend.view.find("redis").up
    assert world.backend.view.find("postgres").wish is Wish.RUNNING
    assert world.bus.connected() is False or world.bus.dead_letters() == []


def test_each_decision_is_explained_and_each_restart_written_down(world, healer):
    down(world, "redis")
    down(world, "billing", labels={"incidentops.depends_on": "redis"})
    down(world, "backend", labels={"incidentops.protected": "true"})
    assert remediate(world)["services_skipped"] == ["backend"]
    [restart] = rows(world, "redis", Verb.START)
    assert (restart.actor, restart.source, restart.outcome) == (healer, "auto", "succeeded")
    [line] = rows(world, "billing", Verb.REMEDIATE)
    assert line.message.startswith("Restarted by remediation ")
    assert line.message.endswith("exited 0 s ago, depends on redis")
    assert (line.actor, line.source, line.outcome) == ("operator", "api", "succeeded")
    [skip] = rows(world, "backend", Verb.REMEDIATE)
    assert (skip.outcome, skip.message.endswith("it is protected")) == ("refused", True)
    assert rows(world, "redis", Verb.PING) == []  # probes are no lines of a log


def test_what_others_stand_on_comes_first(world, healer):
    down(world, "billing", labels={"incidentops.depends_on": "redis"})
    down(world, "redis")
    assert remediate(world)["services_remediated"] == ["redis", "billing"]


def test_a_loop_is_reported_and_goes_by_name(world, healer):
    down(world, "redis", labels={"incidentops.depends_on": "billing"})
    down(world, "billing", labels={"incidentops.depends_on": "redis"})
    assert remediate(world)["services_remediated"] == ["billing", "redis"]
    assert "form a loop (billing, redis)" in rows(world, "redis", Verb.REMEDIATE)[0].message


def test_a_service_that_cannot_start_is_told_in_the_engines_words_and_the_others_are_healed(world, healer):
    paused = world.add("redis")
    world.engine.pause(paused.id)
    down(world, "postgres")
    world.engine.refuse("start", "port is already allocated")
    answer = remediate(world)
    assert (answer["status"], answer["services_remediated"]) == ("partial", ["redis"])
    assert answer["services_failed"] == [{"service": "postgres", "reason": "port is already allocated"}]
    assert rows(world, "postgres", Verb.REMEDIATE)[0].outcome == "failed"


def test_a_service_that_runs_and_never_answers_has_failed_when_its_budget_is_spent(world, healer):
    container = world.add("redis")
    world.engine.answer(container.id, SILENT)
    world.engine.die(container.id)
    world.see()
    [failed] = remediate(world)["services_failed"]
    assert failed["reason"] == "it did not answer its probe within 0.5 s: connection refused"


def test_a_service_that_ends_again_is_not_waited_for(world, healer):
    container = world.add("redis")
    world.engine.answer(container.id, SILENT)
    world.engine.die(container.id)
    world.see()
    probe = world.engine.probe

    def die_when_asked(*arguments, **options):
        world.engine.die(container.id, exit_code=3)
        world.see()
        world.engine.probe = probe
        return probe(*arguments, **options)

    world.engine.probe = die_when_asked
    [failed] = remediate(world)["services_failed"]
    assert failed["reason"] == "it started and ended again, exit code 3"


def test_a_service_without_a_probe_has_to_run_for_a_moment(world, healer):
    labels = {"incidentops.service": "billing", "com.docker.compose.project": "incidentops"}
    container = world.engine.add("billing", labels=labels)
    world.engine.die(container.id)
    world.see()
    answers = []
    thread = threading.Thread(target=lambda: answers.append(remediate(world)))
    thread.start()
    wait_until(lambda: [row.outcome for row in rows(world, "billing", Verb.START)] == ["succeeded"])
    world.engine.die(container.id, exit_code=4)
    world.see()
    thread.join()
    assert answers[0]["services_failed"] == [
        {"service": "billing", "reason": "it started and ended again, exit code 4"}
    ]


def test_a_remediate_while_one_runs_joins_it(world, healer):
    container = world.add("redis")
    world.engine.die(container.id)
    world.see()
    answers, arrived = [], []
    join = world.backend.healing.runs.join_or_begin
    world.backend.healing.runs.join_or_begin = lambda *given: (join(*given), arrived.append(given))[0]
    with world.engine.hold(container.id):
        threads = [
            threading.Thread(target=lambda: answers.append(world.client.post("/remediate").get_json()))
            for _ in range(3)
        ]
        for thread in threads:
            thread.start()
        wait_until(lambda: world.backend.view.find("redis").busy is Verb.START)
        wait_until(lambda: len(arrived) == len(threads))
    for thread in threads:
        thread.join()
    assert answers[0] == answers[1] == answers[2]
    assert answers[0]["services_remediated"] == ["redis"]
    assert len(rows(world, "redis", Verb.START)) == 1


def test_a_service_that_came_back_by_itself_is_left_alone(world, healer):
    world.add("redis")
    world.client.post("/stop/redis")
    world.add("postgres")
    look = world.backend.view.services

    def start_behind_its_back():
        seen = look()
        world.backend.view.services = look
        world.client.post("/start/redis")
        return seen

    world.backend.view.services = start_behind_its_back
    answer = remediate(world)
    assert (answer["services_remediated"], answer["services_skipped"]) == ([], ["redis"])
    assert len(rows(world, "redis", Verb.START)) == 1


def test_with_nothing_down_nothing_is_done(world, healer):
    world.add("redis")
    assert remediate(world) == {"status": "completed", "services_remediated": [], "services_skipped": []}


def test_without_postgres_it_heals_all_the_same(world, healer):
    down(world, "redis")
    with world.store.away():
        assert remediate(world)["services_remediated"] == ["redis"]


def test_without_the_engine_nothing_is_touched_and_the_reason_is_told(world, healer):
    down(world, "redis")
    world.engine.go_away()
    world.backend.view.engine_lost()
    assert remediate(world)["services_skipped"] == ["redis"]


# -- a remediator that does not do its part -------------------------------------------------------------------


class Scripted:
    """A remediator that stops answering after `steps` commands of its run."""

    def __init__(self, world, steps: list[str]) -> None:
        self.world, self.steps, self.holder = world, steps, uuid7()
        self.gone = threading.Event()
        self.run_id = None

    def __call__(self, message: Message) -> None:
        self.run_id = Remediate.model_validate(message.payload).run_id
        for step in self.steps:
            self.ask(*step.split())
        self.gone.wait(10)
        raise StaleCommand("the test is over")

    def ask(self, command: str, *rest: str) -> dict:
        payload = {"run_id": str(self.run_id), "holder": str(self.holder)}
        if rest:
            payload |= {"verb": rest[0], "service": rest[1]}
        message = Message(type=command, occurred_at=SystemClock().now(), actor="remediator", payload=payload)
        return self.world.bus.request(message, timeout_seconds=0.5).payload


@pytest.fixture
def scripted(world) -> Iterator[Callable[..., Scripted]]:
    made = []

    def script(*steps: str) -> Scripted:
        made.append(Scripted(world, list(steps)))
        world.bus.subscribe("remediator.commands", made[-1])
        return made[-1]

    yield script
    for one in made:
        one.gone.set()


def test_without_a_claim_in_time_the_backend_takes_over(world, scripted):
    silent = scripted()
    down(world, "redis")
    assert remediate(world)["services_remediated"] == ["redis"]
    assert rows(world, "redis", Verb.START)[0].actor == "backend"
    with pytest.raises(TimeoutError):
        silent.ask("backend.claim_run")
    [letter] = world.bus.dead_letters()
    assert (letter.message_type, "has ended" in letter.reason) == ("backend.claim_run", True)


def test_a_remediator_that_is_known_to_be_down_is_not_waited_for(world, scripted):
    scripted()
    down(world, "remediator")
    assert remediate(world)["services_remediated"] == ["remediator"]
    assert world.bus.waiting("remediator.commands") == []


def test_a_remediator_that_dies_after_the_restart_is_taken_over_without_a_second_restart(world, scripted):
    scripted("backend.claim_run", "backend.services", "backend.act start redis")
    down(world, "redis")
    down(world, "postgres")
    answer = remediate(world)
    assert answer["services_remediated"] == ["redis", "postgres"]
    assert [row.actor for row in rows(world, "redis", Verb.START)] == ["remediator"]
    assert [row.actor for row in rows(world, "postgres", Verb.START)] == ["backend"]
    assert "fell silent" in rows(world, "redis", Verb.REMEDIATE)[0].message


def test_what_a_silent_holder_sends_late_is_refused_into_the_dead_letters(world, scripted):
    remediator = scripted("backend.claim_run")
    container = world.add("redis")
    world.engine.answer(container.id, SILENT)  # the takeover waits for it, and the run is still known
    world.engine.die(container.id)
    world.see()
    thread = threading.Thread(target=world.client.post, args=("/remediate",))
    thread.start()
    wait_until(lambda: len(rows(world, "redis", Verb.START)) == 1)
    with pytest.raises(TimeoutError):
        remediator.ask("backend.act", "restart", "redis")
    thread.join()
    [letter] = world.bus.dead_letters()
    assert "is carried out by another" in letter.reason
    assert rows(world, "redis", Verb.RESTART) == []


def test_nobody_restarts_a_service_twice_in_one_run(world, scripted):
    remediator = scripted("backend.claim_run", "backend.act start redis", "backend.act ping redis")
    down(world, "redis")
    thread = threading.Thread(target=world.client.post, args=("/remediate",))
    thread.start()
    wait_until(lambda: len(rows(world, "redis", Verb.START)) == 1)
    answer = remediator.ask("backend.act", "restart", "redis")
    thread.join()
    assert (answer["outcome"], "before" in answer["message"]) == ("refused", True)
    assert rows(world, "redis", Verb.RESTART) == []


def test_a_failure_before_the_takeover_is_reported_and_not_tried_again(world, scripted):
    scripted("backend.claim_run", "backend.act start redis")
    down(world, "redis")
    world.engine.refuse("start", "no such image")
    answer = remediate(world)
    assert answer["services_failed"] == [{"service": "redis", "reason": "no such image"}]
    assert len(rows(world, "redis", Verb.START)) == 1


def test_a_run_may_not_stop_anything(world, scripted):
    remediator = scripted("backend.claim_run")
    world.add("redis")
    thread = threading.Thread(target=world.client.post, args=("/remediate",))
    thread.start()
    wait_until(lambda: remediator.run_id is not None)
    with pytest.raises(TimeoutError):
        remediator.ask("backend.act", "stop", "redis")
    thread.join()
    assert world.backend.view.find("redis").up
