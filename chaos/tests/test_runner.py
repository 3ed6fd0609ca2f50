"""What chaos does with an experiment, over the bus."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from incidentops.adapters.rabbitmq.bus import RabbitBus
from incidentops.domain.experiments.runs import Phase, Verdict
from incidentops.domain.services import ServiceState
from incidentops.messages.ids import uuid7
from incidentops.testing.bus_contract import SOON, message
from incidentops.testing.containers import wait_until
from incidentops.testing.experiments import a_service, an_experiment

from .conftest import Backend, serve

HANG = {"type": "fault", "name": "hang redis", "fault": "pause", "service": "redis"}
LONG = [HANG, {"type": "pause", "seconds": 60}]


def test_an_experiment_whose_hypothesis_holds_is_carried_out_from_steady_to_steady(backend: Backend):
    last = backend.run(an_experiment())
    assert (last.verdict, last.phase) == (Verdict.HELD, Phase.ENDED)
    assert [entry.name for entry in backend.journal("phase")] == [
        "steady_before",
        "method",
        "rollback",
        "steady_after",
    ]
    assert backend.commands() == ["backend.inject_fault", "backend.undo_fault"]
    assert [entry.value for entry in backend.journal("fault", "undo")] == ["active", "undone"]
    assert backend.journal("undo")[0].detail == "clean"
    assert sorted(backend.entries) == list(range(1, len(backend.entries) + 1))


def test_what_is_not_steady_before_is_left_alone(backend: Backend):
    backend.answers["backend.ask_probe"] = lambda _: {"value": False}
    last = backend.run(an_experiment())
    assert last.verdict is Verdict.NOT_STEADY
    assert last.reason == "billing answers: found False, tolerated is True"
    assert backend.commands() == []


def test_a_hypothesis_that_breaks_halts_the_run_at_once_and_everything_is_undone(backend: Backend):
    answers = iter([True, True])
    backend.answers["backend.ask_probe"] = lambda _: {"value": next(answers, False)}
    last = backend.run(an_experiment(method=LONG, recovery_seconds=0))
    assert last.verdict is Verdict.DEVIATED
    assert backend.commands() == ["backend.inject_fault", "backend.undo_fault"]
    assert [entry.ok for entry in backend.journal("probe")][:2] == [True, True]


def test_a_probe_that_cannot_be_asked_engages_the_emergency_stop(backend: Backend):
    answers = iter([{"value": True}])
    backend.answers["backend.ask_probe"] = lambda _: next(answers, {"error": "the engine is away"})
    last = backend.run(an_experiment(method=LONG, recovery_seconds=0))
    assert last.verdict is Verdict.HALTED
    assert backend.commands() == ["backend.inject_fault", "backend.stop_chaos", "backend.undo_fault"]
    assert "the engine is away" in dict(backend.asked)["backend.stop_chaos"]["why"]


@pytest.mark.parametrize(("before", "verdict"), [(0, Verdict.FAILED), (1, Verdict.HALTED)])
def test_what_nobody_foresaw_ends_the_run_with_a_verdict_and_everything_undone(
    backend: Backend, before: int, verdict: Verdict
):
    look = backend.answers["backend.list_services"]
    looks = iter([*[look] * before, lambda _: {}])

    def listed(order):
        return next(looks, look)(order)

    backend.answers["backend.list_services"] = listed
    last = backend.run(an_experiment(method=LONG, recovery_seconds=0))
    assert last.verdict is verdict
    assert "KeyError" in last.reason
    assert backend.commands() == before * ["backend.inject_fault", "backend.stop_chaos", "backend.undo_fault"]


def test_a_database_that_is_the_target_and_does_not_answer_breaks_the_hypothesis_and_no_more(
    backend: Backend,
):
    readable = {"type": "sql", "name": "rows are read", "query": "select 1", "tolerance": 1}
    answers = iter([{"value": 1}])
    backend.answers["backend.ask_probe"] = lambda _: next(answers, {"error": "postgres is not available"})
    method = [HANG | {"service": "postgres"}, {"type": "pause", "seconds": 60}]
    hypothesis = {"title": "Rows are read", "probes": [readable]}
    last = backend.run(an_experiment(hypothesis=hypothesis, method=method, recovery_seconds=0))
    assert (last.verdict, last.reason) == (Verdict.DEVIATED, "rows are read: found None, tolerated is 1")
    assert backend.commands() == ["backend.inject_fault", "backend.undo_fault"]
    assert "postgres is not available" in backend.journal("probe")[1].detail


def test_a_service_outside_the_experiment_that_goes_down_engages_the_emergency_stop(backend: Backend):
    def injected(order):
        backend.change("postgres", ServiceState.EXITED)
        return {"fault": {"state": "active", "result": None, "mechanism": "engine pause", "reason": None}}

    backend.answers["backend.inject_fault"] = injected
    last = backend.run(an_experiment(method=LONG))
    assert (last.verdict, last.reason) == (Verdict.HALTED, "postgres, outside the experiment, is exited")
    assert "backend.stop_chaos" in backend.commands()
    assert "outside the experiment" in backend.journal("halt")[0].detail


def test_what_another_project_does_is_not_the_experiments_doing(backend: Backend):
    def injected(order):
        backend.services["shop/redis"] = a_service("shop/redis", ServiceState.EXITED, project="shop")
        return {"fault": {"state": "active", "result": None, "mechanism": "engine pause", "reason": None}}

    backend.services["shop/redis"] = a_service("shop/redis", project="shop")
    backend.answers["backend.inject_fault"] = injected
    last = backend.run(an_experiment(method=[HANG, {"type": "pause", "seconds": 1.2}]))
    assert last.verdict is Verdict.HELD


def test_the_target_itself_may_go_down_and_must_come_back(backend: Backend):
    def injected(order):
        backend.change("redis", ServiceState.PAUSED)
        return {"fault": {"state": "active", "result": None, "mechanism": "engine pause", "reason": None}}

    backend.answers["backend.inject_fault"] = injected
    last = backend.run(an_experiment(method=[HANG, {"type": "pause", "seconds": 1.5}], recovery_seconds=0))
    assert last.verdict is Verdict.DEVIATED
    assert "not steady 0 s after the rollback: redis is paused" in last.reason


def test_a_fault_that_is_refused_ends_the_run_as_failed_and_the_rollback_is_done(backend: Backend):
    rollbacks = [{"name": "redis again", "service": "redis", "verb": "restart"}]
    backend.answers["backend.inject_fault"] = lambda _: {"refused": "the emergency stop is engaged"}
    last = backend.run(an_experiment(rollbacks=rollbacks))
    assert (last.verdict, last.reason) == (Verdict.FAILED, "hang redis: the emergency stop is engaged")
    assert backend.commands() == ["backend.inject_fault", "backend.undo_fault", "backend.act"]
    assert backend.journal("rollback")[0].ok is True


def test_faults_of_a_parallel_group_are_injected_at_the_same_time(backend: Backend):
    together = threading.Barrier(2, timeout=SOON)

    def injected(order):
        together.wait()
        return {"fault": {"state": "active", "result": None, "mechanism": "engine pause", "reason": None}}

    backend.answers["backend.inject_fault"] = injected
    group = {"type": "parallel", "steps": [HANG, HANG | {"name": "hang postgres", "service": "postgres"}]}
    last = backend.run(an_experiment(method=[group]))
    assert last.verdict is Verdict.HELD
    assert {entry.service for entry in backend.journal("undo")} == {"redis", "postgres"}


@pytest.mark.parametrize(
    ("chosen", "hurt"), [(None, [None]), ("redis-2", ["redis-2"]), ("all", ["redis-1", "redis-2"])]
)
def test_a_fault_hurts_the_container_that_its_step_names_or_each_of_them(backend: Backend, chosen, hurt):
    backend.services["redis"] = a_service("redis", containers=("redis-1", "redis-2"))
    last = backend.run(an_experiment(method=[HANG | {"container": chosen}]))
    assert last.verdict is Verdict.HELD
    orders = [order["container"] for name, order in backend.asked if name == "backend.inject_fault"]
    assert sorted(orders, key=str) == hurt
    assert sorted((entry.container for entry in backend.journal("undo")), key=str) == hurt


def test_a_run_is_halted_by_command_and_tells_of_itself_each_second_until_then(backend: Backend):
    run_id = uuid7()
    assert backend.order(an_experiment(method=LONG), run_id).payload["accepted"]
    wait_until(lambda: len(backend.news) >= 5, seconds=SOON, what="news")
    other = backend.order(an_experiment())
    assert not other.payload["accepted"]
    assert str(run_id) in other.payload["reason"]
    halt = message("chaos.halt_experiment", payload={"run_id": str(run_id), "reason": "alice said so"})
    assert backend.bus.request(halt, timeout_seconds=SOON).payload["halting"]
    last = backend.last()
    assert (last.verdict, last.reason) == (Verdict.HALTED, "alice said so")
    assert backend.commands()[-1] == "backend.undo_fault"
    late = message("chaos.halt_experiment", payload={"run_id": str(uuid7()), "reason": ""})
    assert not backend.bus.request(late, timeout_seconds=SOON).payload["halting"]


def test_the_next_run_is_accepted_as_soon_as_the_verdict_of_the_last_is_heard(backend: Backend):
    for _ in range(5):
        backend.ended.clear()
        assert backend.run(an_experiment(method=[HANG])).verdict is Verdict.HELD


def test_news_that_the_broker_did_not_take_are_told_again(backend: Backend):
    run_id = uuid7()
    assert backend.order(an_experiment(method=[HANG, {"type": "pause", "seconds": 1}]), run_id)
    wait_until(lambda: backend.journal("fault"), seconds=SOON, what="the fault")
    backend.bus.go_away()
    threading.Timer(1.5, backend.bus.come_back).start()
    backend.last()
    assert sorted(backend.entries) == list(range(1, len(backend.entries) + 1))
    assert backend.journal("undo")[0].value == "undone"


@pytest.mark.broker
def test_the_same_over_rabbitmq(broker_url: str):
    bus = RabbitBus(broker_url, "test")
    wait_until(bus.connected, seconds=SOON, what="the bus is connected")
    try:
        backend = serve(bus)
        last = backend.run(an_experiment())
        assert last.verdict is Verdict.HELD
        assert backend.commands() == ["backend.inject_fault", "backend.undo_fault"]
    finally:
        bus.close()


class Billing(BaseHTTPRequestHandler):
    """Answers as billing and as Prometheus would."""

    def do_GET(self):
        status, body = {
            "/health": (200, b"all is well"),
            "/moved": (302, b""),
        }.get(
            self.path,
            (200, b'{"status":"success","data":{"resultType":"vector","result":[{"value":[1,"0.25"]}]}}'),
        )
        self.send_response(status)
        self.send_header("Location", "/health")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def billing() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Billing)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_http_and_prometheus_are_asked_without_the_backend(billing: str, backend: Backend):
    from incidentops.domain.experiments.probes import HttpProbe, PromqlProbe
    from incidentops_chaos.questions import Questions

    questions = Questions(backend, billing, [])
    well = HttpProbe(name="x", url=f"{billing}/health", tolerance={"type": "regex", "pattern": "well$"})
    moved = HttpProbe(name="x", url=f"{billing}/moved", tolerance=302)
    quiet = PromqlProbe(name="x", query="errors", tolerance={"type": "range", "range": [0, 0.5]})
    away = HttpProbe(name="x", url="http://127.0.0.1:9/", tolerance=200)
    findings = questions.ask_all([well, moved, quiet, away])
    assert [finding.steady for finding in findings] == [True, True, True, False]
    assert [finding.answer.value for finding in findings] == [200, 302, 0.25, None]
    lost = Questions(backend, "http://127.0.0.1:9", []).ask(quiet)
    assert (lost.answer, lost.excused) == (None, False)
    assert "prometheus does not answer" in lost.error
