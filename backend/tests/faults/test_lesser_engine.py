"""Where neither netem nor packet queues exist and no sidecar can join a control group: what takes their place."""

from collections.abc import Iterator

import pytest

from backend.tests.conftest import wait_until
from backend.tests.faults.harm import HARMS, MEBIBYTE
from backend.tests.faults.lab import Lab, proven_clean
from backend.tests.faults.target import echo_ms
from incidentops.testing.containers import docker

pytestmark = pytest.mark.engine
LESSER = [harm for harm in HARMS if harm.kind in {"latency", "cpu_pressure", "memory_pressure"}]
each_harm = pytest.mark.parametrize("harm", LESSER, ids=str)


@pytest.fixture(scope="module")
def lab(tmp_path_factory) -> Iterator[Lab]:
    lab = Lab(tmp_path_factory.mktemp("state"), lesser=True)
    yield lab
    lab.close()


@each_harm
@pytest.mark.full
def test_it_ends_with_its_lease(lab, redis, harm):
    fault = lab.inject(redis, harm.kind, lease=4, **harm.parameters)
    wait_until(lambda: harm.hurts(redis), 4)
    proven_clean(lab.ended(fault))
    assert not harm.hurts(redis)


@each_harm
@pytest.mark.full
def test_it_ends_when_its_sidecar_is_killed(lab, redis, harm):
    fault = lab.inject(redis, harm.kind, **harm.parameters)
    wait_until(lambda: harm.hurts(redis), 30)
    docker("kill", lab.sidecar(fault))
    proven_clean(lab.ended(fault))
    assert not harm.hurts(redis)


@each_harm
@pytest.mark.full
def test_a_backend_that_is_killed_and_comes_back_within_the_lease_can_end_it(lab, redis, harm):
    fault = lab.inject(redis, harm.kind, lease=120, **harm.parameters)
    wait_until(lambda: harm.hurts(redis), 30)
    lab.kill()
    lab.start()
    proven_clean(lab.undo(fault))
    assert not harm.hurts(redis)


def test_latency_by_a_proxy_is_measured_and_spares_connections_that_were_open_before(lab, redis):
    with redis.connection() as before:
        fault = lab.inject(redis, "latency", milliseconds=100)
        assert fault["mechanism"] == "proxy of new TCP connections"
        assert redis.round_trip_ms() > 90
        assert echo_ms(before) < 90
    wait_until(lambda: "milliseconds" in lab.read(fault)["measured"])
    assert 90 < lab.read(fault)["measured"]["milliseconds"] < 400
    ended = lab.undo(fault)
    proven_clean(ended)
    assert ended["measured"]["connections"] >= 1
    assert redis.round_trip_ms() < 90


def test_a_stressor_inside_its_target_needs_no_file_there_and_ends_with_its_sidecar(lab, redis):
    files = redis.execute("ls", "-A", "/")
    fault = lab.inject(redis, "cpu_pressure", workers=2)
    assert fault["mechanism"] == "stressor inside"
    assert "/exe cpu 2 100 60" in docker("top", redis.container.id)
    assert redis.execute("ls", "-A", "/") == files
    docker("kill", lab.sidecar(fault))
    proven_clean(lab.ended(fault))
    wait_until(lambda: "/exe cpu" not in docker("top", redis.container.id))


@pytest.mark.full
def test_a_stressor_ends_by_its_own_timeout_when_the_backend_is_dead(lab, redis):
    fault = lab.inject(redis, "memory_pressure", lease=8, megabytes=64)
    wait_until(lambda: redis.memory_bytes() > 60 * MEBIBYTE, 7)
    lab.kill()
    wait_until(lambda: redis.memory_bytes() < 60 * MEBIBYTE, 15)
    lab.start()
    proven_clean(lab.ended(fault))


@pytest.mark.full
def test_the_kernel_ends_the_redirection_when_backend_and_proxy_are_dead(lab, redis):
    fault = lab.inject(redis, "latency", milliseconds=100)
    sidecar = lab.sidecar(fault)
    lab.kill()
    docker("kill", sidecar)
    wait_until(redis.connects, 15)
    assert redis.round_trip_ms() < 90
    lab.start()
    proven_clean(lab.ended(fault))
