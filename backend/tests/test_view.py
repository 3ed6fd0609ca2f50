"""The live view, fed by hand."""

from datetime import timedelta

import pytest

from incidentops.domain.containers import Container
from incidentops.domain.observations import EngineEvent
from incidentops.domain.services import Health, ServiceState, Status, Verb
from incidentops.testing.clock import FakeClock
from incidentops.testing.engine import MemoryEngine
from incidentops_backend.reads.view import Change, LiveView
from incidentops_backend.watch.engine import EngineWatcher

LABELS = {"incidentops.service": "redis", "com.docker.compose.project": "incidentops"}


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def view(clock: FakeClock) -> LiveView:
    return LiveView("incidentops", clock)


def running(clock: FakeClock, **facts) -> Container:
    known = {"id": "r1", "name": "redis-1", "image": "redis:8", "status": "running", "labels": LABELS}
    return Container(**(known | {"started_at": clock.now()} | facts))


def event(clock: FakeClock, action: str, **facts) -> EngineEvent:
    return EngineEvent("r1", action, clock.now(), labels=LABELS, **facts)


def test_a_death_is_seen_before_anybody_inspects(view, clock):
    view.replace_all([running(clock)])
    heard: list[Change] = []
    view.listen(heard.append)
    view.apply(event(clock, "die", exit_code=137))
    [change] = heard
    [service] = change.changed
    assert (service.status, service.state, service.exit_code) == (Status.DOWN, ServiceState.EXITED, 137)


def test_an_inspect_that_is_older_than_an_event_never_wins(view, clock):
    view.replace_all([running(clock)])
    stale = running(clock)
    version = view.version("r1")
    view.apply(event(clock, "die", exit_code=0))
    view.put(stale, version)
    assert view.find("redis").status is Status.DOWN


class DyingMeanwhile(MemoryEngine):
    """Redis dies while the engine is being listed for the first time; the list still says that it runs."""

    def __init__(self, view: LiveView, clock: FakeClock) -> None:
        super().__init__()
        self.view, self.clock = view, clock
        self.redis = self.add("redis-1", labels=LABELS)
        self.lists = 0

    def list(self) -> list[Container]:
        found = super().list()
        self.lists += 1
        if self.lists == 1:
            self.kill(self.redis.id)
            self.view.apply(EngineEvent(self.redis.id, "die", self.clock.now(), labels=LABELS, exit_code=137))
        return found


def test_a_resync_that_is_older_than_an_event_never_wins(view, clock):
    engine = DyingMeanwhile(view, clock)
    heard: list[Change] = []
    view.listen(heard.append)
    EngineWatcher(engine, view).resync()
    assert engine.lists == 2
    assert [service.status for change in heard for service in change.changed] == [Status.DOWN]


def test_a_start_waits_for_the_health_check_if_there_is_one(view, clock):
    view.replace_all([running(clock, status="exited", health=Health.HEALTHY)])
    view.apply(event(clock, "start"))
    assert view.find("redis").state is ServiceState.STARTING
    view.apply(event(clock, "health_status: healthy"))
    assert view.find("redis").state is ServiceState.RUNNING
    view.apply(event(clock, "health_status: unhealthy"))
    assert view.find("redis").status is Status.DOWN


def test_three_deaths_in_a_row_are_shown_as_a_crash_loop_until_it_runs_stably(view, clock):
    view.replace_all([running(clock)])
    for _ in range(3):
        view.apply(event(clock, "die", exit_code=1))
        clock.advance(1)
        view.apply(event(clock, "start"))
    assert view.find("redis").state is ServiceState.CRASH_LOOP
    clock.advance(11)
    view.tick()
    assert view.find("redis").state is ServiceState.RUNNING


def test_without_the_engine_everything_is_unknown_with_its_age_and_its_last_status(view, clock):
    view.replace_all([running(clock)])
    view.engine_lost()
    clock.advance(7)
    service = view.find("redis")
    assert (service.state, service.status, service.age_seconds) == (ServiceState.UNKNOWN, Status.UP, 7.0)
    view.replace_all([running(clock)])
    assert view.find("redis").state is ServiceState.RUNNING
    assert view.find("redis").age_seconds is None


def test_a_returning_engine_announces_every_service_even_those_that_did_not_change(view, clock):
    container = running(clock)
    view.replace_all([container])
    view.engine_lost()
    heard: list[Change] = []
    view.listen(heard.append)
    view.replace_all([container])
    assert [service.state for change in heard for service in change.changed] == [ServiceState.RUNNING]


def test_a_removed_container_takes_its_service_along(view, clock):
    view.replace_all([running(clock)])
    heard: list[Change] = []
    view.listen(heard.append)
    view.remove("r1")
    assert heard == [Change(removed=("redis",))]
    assert view.services() == []


def test_what_did_not_change_is_not_announced(view, clock):
    view.replace_all([running(clock)])
    heard: list[Change] = []
    view.listen(heard.append)
    view.replace_all([running(clock)])
    view.tick()
    assert heard == []


def test_busy_is_shown_while_an_action_runs(view, clock):
    view.replace_all([running(clock)])
    view.set_busy("redis", Verb.STOP)
    assert view.find("redis").busy is Verb.STOP
    view.set_busy("redis", None)
    assert view.find("redis").busy is None


def test_the_age_is_unknown_before_the_first_list(view, clock):
    assert view.age_seconds is None
    view.replace_all([])
    assert view.age_seconds == 0.0
    view.engine_lost()
    clock.advance(timedelta(minutes=1).total_seconds())
    assert view.age_seconds == 60.0
