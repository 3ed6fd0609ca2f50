"""Services that run but do not answer."""

from datetime import timedelta

import pytest

from incidentops.domain.observations import EngineEvent
from incidentops.domain.probes import ProbeResult
from incidentops.domain.services import Health, ServiceState
from incidentops.testing.clock import FakeClock
from incidentops.testing.engine import MemoryEngine
from incidentops_backend.reads.view import LiveView
from incidentops_backend.watch.prober import CALM_SECONDS, Prober

ANSWERS = ProbeResult(alive=True, detail="PONG", duration_ms=0.2)
HANGS = ProbeResult(alive=False, detail="no answer within 1 s", duration_ms=1000.0)


class Bench:
    """One redis of our own project, a view of it, and the prober."""

    def __init__(self, project: str = "incidentops", **facts) -> None:
        self.clock = FakeClock()
        self.engine = MemoryEngine()
        labels = {
            "incidentops.service": "redis",
            "incidentops.probe": "redis://:6379",
            "com.docker.compose.project": project,
        }
        facts = {"health": Health.HEALTHY} | facts
        self.redis = self.engine.add("redis-1", labels=labels, **facts)
        self.view = LiveView("incidentops", self.clock)
        self.view.replace_all(self.engine.list())
        self.prober = Prober(self.engine, self.view, "incidentops", self.clock)

    def sample(self, answer: ProbeResult) -> ServiceState:
        self.engine.answer(self.redis.id, answer)
        self.prober.sample()
        return self.view.services()[0].state


@pytest.fixture
def bench() -> Bench:
    bench = Bench()
    bench.engine.report_health(bench.redis.id, Health.HEALTHY)
    bench.view.replace_all(bench.engine.list())
    return bench


def test_one_missed_probe_is_forgiven_the_second_means_hung(bench):
    assert bench.sample(HANGS) is ServiceState.RUNNING
    assert bench.sample(HANGS) is ServiceState.HUNG


def test_the_first_answer_ends_it(bench):
    bench.sample(HANGS)
    bench.sample(HANGS)
    assert bench.sample(ANSWERS) is ServiceState.RUNNING


def test_an_answer_after_an_outage_outweighs_the_health_check_that_asks_less_often(bench):
    bench.sample(HANGS)
    bench.sample(HANGS)
    bench.engine.report_health(bench.redis.id, Health.UNHEALTHY)
    bench.view.replace_all(bench.engine.list())
    assert bench.sample(ANSWERS) is ServiceState.RUNNING


def test_the_next_verdict_of_the_health_check_decides_again(bench):
    test_an_answer_after_an_outage_outweighs_the_health_check_that_asks_less_often(bench)
    event = EngineEvent(bench.redis.id, "health_status: unhealthy", bench.clock.now())
    bench.view.apply(event)
    assert bench.sample(ANSWERS) is ServiceState.UNHEALTHY


def test_a_service_that_answers_is_left_alone_for_a_while(bench):
    bench.sample(ANSWERS)
    assert bench.sample(HANGS) is ServiceState.RUNNING
    assert bench.sample(HANGS) is ServiceState.RUNNING, "not asked again yet"
    bench.clock.advance(CALM_SECONDS)
    bench.sample(HANGS)
    assert bench.sample(HANGS) is ServiceState.HUNG


def test_a_service_in_its_start_period_is_not_judged(bench):
    bench.engine.report_health(bench.redis.id, Health.STARTING)
    bench.view.replace_all(bench.engine.list())
    bench.sample(HANGS)
    assert bench.sample(HANGS) is ServiceState.STARTING


def test_services_of_other_projects_are_not_asked_unbidden():
    bench = Bench(project="shop")
    bench.engine.report_health(bench.redis.id, Health.HEALTHY)
    bench.view.replace_all(bench.engine.list())
    bench.sample(HANGS)
    assert bench.sample(HANGS) is ServiceState.RUNNING


def test_an_engine_that_cannot_ask_is_no_evidence_against_the_service(bench):
    bench.engine.refuse("probe", "no sidecar image")
    for _ in range(3):
        assert bench.sample(HANGS) is ServiceState.RUNNING


def test_without_a_health_check_the_first_seconds_count_as_start():
    bench = Bench(health=Health.NONE)
    started = bench.view.containers("redis")[0].started_at
    bench.clock.set(started + timedelta(seconds=3))
    bench.sample(HANGS)
    assert bench.sample(HANGS) is ServiceState.RUNNING
    bench.clock.advance(20)
    bench.sample(HANGS)
    assert bench.sample(HANGS) is ServiceState.HUNG
