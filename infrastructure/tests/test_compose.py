"""What every service of the stack must look like, read from compose's own view of the files."""

from typing import Any

import pytest

from infrastructure.bring_up import table
from infrastructure.bring_up.stack import STAND_INS, Stack
from infrastructure.tests.conftest import ROOT

WITHOUT_STAND_IN = {"grafana", "loki", "fluent-bit"}
SERVICES = {
    "frontend", "backend", "worker", "chaos", "remediator", "postgres", "redis", "rabbitmq", "prometheus",
    "catcher",
    *WITHOUT_STAND_IN,
}  # fmt: skip
ROOT_WITHOUT_POWERS = {"fluent-bit"}
"""It reads the engine's log files, which belong to root, and has none of root's capabilities."""
PUBLISHED = {
    "frontend": {8080, 3001},
    "backend": {8000, 8001, 8002, 8003, 8004},
    "catcher": {8025},
    "grafana": {3000},
    "loki": {3100},
    "prometheus": {9090},
    "rabbitmq": {15672},
}
SOCKET = "/var/run/docker.sock"
each_service = pytest.mark.parametrize("name", sorted(SERVICES))


def test_the_stack_is_complete(official: dict[str, Any]):
    assert set(official["services"]) == SERVICES
    assert official["name"] == "incidentops"


@each_service
def test_a_service_has_no_privileges(official: dict[str, Any], name: str):
    service = official["services"][name]
    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service
    assert "privileged" not in service
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["read_only"] is True
    assert (service["user"].split(":")[0] == "0") is (name in ROOT_WITHOUT_POWERS)


@each_service
def test_a_service_has_limits(official: dict[str, Any], name: str):
    service = official["services"][name]
    assert int(service["mem_limit"]) <= 512 * 1024**2
    assert service["pids_limit"] == 512
    assert service["logging"]["options"] == {
        "max-size": "10m",
        "max-file": "3",
        "labels": "incidentops.service,incidentops.group",
    }
    assert service["stop_grace_period"] == "5s"


@each_service
def test_a_service_has_a_health_check_and_its_labels(official: dict[str, Any], name: str):
    service = official["services"][name]
    assert service["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}
    assert service["labels"]["incidentops.service"] == name
    assert service["labels"]["incidentops.group"] in {"app", "data", "monitoring"}
    assert "://:" in service["labels"]["incidentops.probe"]


@each_service
def test_a_service_is_published_on_loopback_or_not_at_all(official: dict[str, Any], name: str):
    ports = official["services"][name].get("ports", [])
    assert {port["host_ip"] for port in ports} <= {"127.0.0.1"}
    assert {int(port["published"]) for port in ports} == PUBLISHED.get(name, set())


def test_only_the_backend_holds_the_docker_socket(official: dict[str, Any]):
    holders = {
        name
        for name, service in official["services"].items()
        if any("docker.sock" in volume.get("source", "") for volume in service.get("volumes", []))
    }
    assert holders == {"backend"}


def test_only_panel_and_backend_are_protected_and_come_back_with_the_engine(official: dict[str, Any]):
    services = official["services"].items()
    assert {name for name, s in services if s["labels"].get("incidentops.protected") == "true"} == {
        "frontend",
        "backend",
    }
    assert {name for name, s in services if s["restart"] == "always"} == {"frontend", "backend"}


def test_no_password_stands_in_a_command_line(official: dict[str, Any]):
    commands = str([service.get("command") for service in official["services"].values()])
    assert "requirepass $$REDIS_PASSWORD" in commands


def test_stand_ins_differ_in_image_and_build_only(official: dict[str, Any], on_stand_ins: dict[str, Any]):
    expected = _without_images(official)
    for name in WITHOUT_STAND_IN:
        del expected["services"][name]
        expected["volumes"].pop(f"{name}-data")
    assert _without_images(on_stand_ins) == expected
    replaced = {
        name
        for name, service in on_stand_ins["services"].items()
        if service["image"] != official["services"][name]["image"]
    }
    assert replaced == {"postgres", "redis", "rabbitmq", "prometheus"}


def test_what_no_debian_package_stands_in_for_is_left_out_and_named_with_its_door(
    official: dict[str, Any], on_stand_ins: dict[str, Any], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("COMPOSE_FILE", STAND_INS)
    assert set(Stack(ROOT).left_out()) == WITHOUT_STAND_IN
    assert "Grafana " in table.render(official["services"])
    assert "Grafana " not in table.render(on_stand_ins["services"])


def test_official_images_carry_a_version(official: dict[str, Any]):
    images = [service["image"] for service in official["services"].values()]
    assert all(":" in image and not image.endswith(":latest") for image in images)


def _without_images(configuration: dict[str, Any]) -> dict[str, Any]:
    services = {
        name: {key: value for key, value in service.items() if key not in {"image", "build"}}
        for name, service in configuration["services"].items()
    }
    return {**configuration, "services": services, "volumes": dict(configuration["volumes"])}
