"""Any compose project joins by label: seen, pinged from inside its own network, stopped and started."""

import subprocess
from collections.abc import Iterator

import pytest

pytestmark = pytest.mark.stack

COMPOSE = """
name: e2e-shop
services:
  redis:
    image: {image}
    command: redis-server
    labels:
      incidentops.service: redis
      incidentops.group: shop
      incidentops.probe: redis://:6379
  broken:
    image: {image}
    command: sleep infinity
    labels:
      incidentops.service: broken
      incidentops.probe: "$$(reboot)"
      incidentops.recovery: sometimes
"""


@pytest.fixture(scope="module")
def shop(stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """One for the module; its last test takes a service away."""
    image = stack.container("redis").attrs["Config"]["Image"]
    file = tmp_path_factory.mktemp("shop") / "compose.yml"
    file.write_text(COMPOSE.format(image=image))
    compose = ["docker", "compose", "--file", str(file)]
    subprocess.run([*compose, "up", "--detach", "--quiet-pull"], check=True, capture_output=True)
    yield
    subprocess.run([*compose, "down", "--timeout", "0", "--volumes"], check=True, capture_output=True)


def test_a_foreign_service_is_seen_pinged_stopped_and_started(stack, shop):
    shown = stack.wait_for("e2e-shop/redis", status="UP")
    assert (shown["project"], shown["group"]) == ("e2e-shop", "shop")
    assert stack.post("/ping/e2e-shop/redis").json()["message"] == "Ping succeeded"
    assert stack.post("/stop/e2e-shop/redis").json()["status"] == "DOWN"
    assert stack.services()["redis"]["status"] == "UP", "our own redis of the same name is another service"
    assert stack.post("/start/e2e-shop/redis").json()["status"] == "UP"


def test_its_networks_are_never_joined_and_no_sidecar_is_left(stack, shop):
    stack.wait_for("e2e-shop/redis", status="UP")
    stack.post("/ping/e2e-shop/redis").raise_for_status()
    networks = stack.container("backend").attrs["NetworkSettings"]["Networks"]
    assert set(networks) == {"incidentops_default"}
    stack.wait_until(lambda: not sidecars(stack), "no sidecar is left between two probes")


def sidecars(stack) -> list:
    return stack.engine.api.containers(all=True, filters={"label": "incidentops.sidecar"})


def test_broken_labels_are_shown_with_the_reason_and_nothing_crashes(stack, shop):
    shown = stack.wait_for("e2e-shop/broken", status="UP")
    assert "incidentops.probe" in shown["misconfigured"]
    assert "incidentops.recovery" in shown["misconfigured"]
    assert stack.services()["redis"]["status"] == "UP"


def test_a_project_that_leaves_takes_its_cards_along(stack, shop):
    stack.wait_for("e2e-shop/redis", status="UP")
    subprocess.run(["docker", "rm", "--force", "e2e-shop-redis-1"], check=True, capture_output=True)
    stack.wait_until(lambda: "e2e-shop/redis" not in stack.services(), "the card has left")
