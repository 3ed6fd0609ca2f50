"""From containers to services: the state table of DESIGN 5.2."""

from datetime import UTC, datetime

import pytest

from incidentops.domain.assembly import Circumstances, assemble, name_of
from incidentops.domain.containers import Container
from incidentops.domain.services import Health, RecoveryMode, ServiceState, Status, Verb, Wish

STARTED = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
QUIET = Circumstances()


def container(name: str = "redis", status: str = "running", **facts) -> Container:
    labels = {"incidentops.service": "redis", "com.docker.compose.project": "incidentops"}
    return Container(
        id=f"{name}-id",
        name=name,
        image="redis:8",
        status=status,
        started_at=STARTED,
        **{"labels": labels, **facts},
    )


@pytest.mark.parametrize(
    ("facts", "state", "status"),
    [
        ({"status": "running"}, ServiceState.RUNNING, Status.UP),
        ({"status": "running", "health": Health.STARTING}, ServiceState.STARTING, Status.UP),
        ({"status": "running", "health": Health.UNHEALTHY}, ServiceState.UNHEALTHY, Status.DOWN),
        ({"status": "exited"}, ServiceState.EXITED, Status.DOWN),
        ({"status": "restarting"}, ServiceState.EXITED, Status.DOWN),
        ({"status": "dead"}, ServiceState.DEAD, Status.DOWN),
        ({"status": "created"}, ServiceState.CREATED, Status.DOWN),
        ({"status": "paused"}, ServiceState.PAUSED, Status.DOWN),
    ],
)
def test_the_state_of_one_container(facts, state, status):
    service = assemble("redis", [container(**facts)], "incidentops", QUIET)
    assert (service.state, service.status) == (state, status)


def test_a_running_container_past_its_probe_budget_is_hung_and_down():
    service = assemble("redis", [container()], "incidentops", Circumstances(hung=frozenset({"redis-id"})))
    assert (service.state, service.status) == (ServiceState.HUNG, Status.DOWN)


def test_a_crash_loop_is_a_state_of_its_own_with_the_last_lines():
    known = Circumstances(crash_looping=frozenset({"redis-id"}), last_logs={"redis-id": ("out of memory",)})
    service = assemble("redis", [container(status="restarting")], "incidentops", known)
    assert service.state is ServiceState.CRASH_LOOP
    assert service.status is Status.DOWN
    assert service.last_log == ("out of memory",)


def test_the_operators_recovery_mode_stands_above_the_label():
    chosen = Circumstances(recovery_modes={"redis": RecoveryMode.AUTO})
    assert assemble("redis", [container()], "incidentops", QUIET).recovery_mode is RecoveryMode.MANUAL
    assert assemble("redis", [container()], "incidentops", chosen).recovery_mode is RecoveryMode.AUTO


def test_some_replicas_running_is_up_and_degraded():
    service = assemble(
        "redis", [container("redis-1"), container("redis-2", status="exited")], "incidentops", QUIET
    )
    assert (service.state, service.status) == (ServiceState.DEGRADED, Status.UP)
    assert (service.replicas.running, service.replicas.total) == (1, 2)


def test_no_replica_running_shows_the_worst_state():
    service = assemble(
        "redis",
        [container("redis-1", status="paused"), container("redis-2", status="dead")],
        "incidentops",
        QUIET,
    )
    assert service.state is ServiceState.DEAD


def test_busy_and_wish_are_shown():
    known = Circumstances(busy={"redis": Verb.STOP}, wishes={"redis": Wish.STOPPED})
    service = assemble("redis", [container()], "incidentops", known)
    assert (service.busy, service.wish) == (Verb.STOP, Wish.STOPPED)


def test_a_service_of_another_project_carries_its_project_as_a_prefix_and_so_do_its_dependencies():
    labels = {
        "incidentops.service": "billing",
        "com.docker.compose.project": "shop",
        "incidentops.depends_on": "redis",
    }
    foreign = container(labels=labels)
    assert name_of(foreign, "incidentops") == "shop/billing"
    assert assemble("shop/billing", [foreign], "incidentops", QUIET).depends_on == ("shop/redis",)


def test_broken_labels_show_as_misconfigured_and_hide_nothing():
    broken = container(labels={"incidentops.service": "redis", "incidentops.probe": "x"})
    service = assemble("redis", [broken], "incidentops", QUIET)
    assert service.misconfigured is not None
    assert "incidentops.probe" in service.misconfigured
    assert service.status is Status.UP
