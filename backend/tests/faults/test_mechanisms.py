"""Every kind once, on a real container: it bites, it ends, and nothing of it is left."""

import pytest

from backend.tests.conftest import wait_until
from backend.tests.faults.harm import HARMS
from backend.tests.faults.lab import proven_clean
from backend.tests.faults.lab_process import LABEL
from backend.tests.faults.target import IMAGE
from incidentops.testing.containers import docker, running_container

pytestmark = pytest.mark.engine


@pytest.mark.parametrize("harm", HARMS, ids=str)
def test_a_fault_bites_and_its_undo_leaves_nothing(lab, redis, billing, harm):
    fault = lab.inject(redis, harm.kind, **harm.parameters)
    wait_until(lambda: harm.hurts(redis))
    proven_clean(lab.undo(fault))
    wait_until(redis.connects)
    assert not harm.hurts(redis)


def test_a_lease_ends_by_itself_and_what_was_measured_stands_beside_what_was_asked(lab, redis):
    fault = lab.inject(redis, "packet_loss", lease=3, percent=40)
    redis.lost(200)
    ended = lab.ended(fault)
    proven_clean(ended)
    assert ended["reason"] == "the lease ended"
    assert 0 < ended["measured"]["packets_hit"] < ended["measured"]["packets_seen"]


def test_latency_is_measured_and_its_mechanism_named(lab, redis):
    fault = lab.inject(redis, "latency", milliseconds=100)
    wait_until(lambda: "milliseconds" in lab.read(fault)["measured"])
    measured = lab.read(fault)
    assert 70 < measured["measured"]["milliseconds"] < 250
    assert measured["mechanism"] in ("netem", "nfqueue")


def test_a_throttle_is_measured_by_what_was_sent(lab, redis):
    fault = lab.inject(redis, "bandwidth", kilobits_per_second=1000)
    redis.transfer_seconds(256 * 1024)
    wait_until(lambda: lab.read(fault)["measured"].get("kilobits_per_second", 0) > 500)
    ended = lab.undo(fault)
    proven_clean(ended)
    assert 500 < ended["measured"]["kilobits_per_second"] < 1500


def test_rules_end_in_the_kernel_when_backend_and_sidecar_are_dead(lab, redis):
    fault = lab.inject(redis, "packet_loss", percent=100)
    sidecar = lab.sidecar(fault)
    lab.kill()
    assert not redis.connects(0.3)
    docker("kill", sidecar)
    wait_until(redis.connects, 15)
    lab.start()
    proven_clean(lab.ended(fault))


def test_a_backend_that_comes_back_ends_what_is_overdue(lab, redis):
    fault = lab.inject(redis, "pause", lease=3)
    lab.sidecar(fault)
    lab.kill()
    wait_until(lambda: lab.engine.sidecars() == [] or not running(lab.sidecar(fault)), 20)
    assert redis.lost(2) == 2
    lab.start()
    proven_clean(lab.ended(fault))
    assert redis.connects()


def test_what_shares_with_the_host_is_not_hurt_in_what_it_shares(lab):
    labels = (f"--label={LABEL}={lab.mark}", "--label=incidentops.service=agent")
    project = f"--label=com.docker.compose.project={lab.mark}"
    with running_container(
        IMAGE,
        ready=lambda _: lab.ask("GET", "/api/v1/services/agent").ok,
        command=["-c", "import time; time.sleep(600)"],
        options=["--entrypoint=python3", "--init", "--network=host", "--pid=host", project, *labels],
        name="faults-test-agent",
    ):
        for kind in ("packet_loss", "latency", "grey_hang", "network_disconnect", "memory_pressure"):
            answer = lab.ask("POST", "/api/v1/faults/preview", service="agent", fault=kind)
            assert (answer.status_code, "host" in answer.json()["detail"]) == (409, True), answer.text


def test_a_restart_of_the_target_by_somebody_else_is_recognised(lab, redis):
    fault = lab.inject(redis, "packet_loss", percent=100)
    docker("restart", redis.container.id)
    ended = lab.ended(fault)
    proven_clean(ended)
    assert "the target was started anew" in ended["reason"]
    assert ended["target_lost_at"] is not None
    wait_until(redis.connects)


def test_the_emergency_stop_ends_five_faults_at_once(lab, redis, billing):
    kinds = ("packet_loss", "connection_reset", "cpu_cap", "disk_fill", "memory_pressure")
    faults = [lab.inject(redis, kind) for kind in kinds]
    stopped = lab.ask("POST", "/api/v1/chaos/stop", why="enough").json()
    assert (stopped["engaged"], stopped["active"]) == (True, [])
    for fault in faults:
        proven_clean(lab.read(fault))
    lab.kill()
    lab.start()
    assert lab.ask("GET", "/api/v1/chaos").json()["engaged"] is True
    lab.ask("POST", "/api/v1/chaos/release")


def running(container_id: str) -> bool:
    return docker("inspect", "--format", "{{.State.Running}}", container_id) == "true"
