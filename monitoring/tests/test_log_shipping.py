"""What fluent-bit does to a line, on lines that the real engine wrote; and where it sends them."""

import json
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import docker
import pytest
import yaml
from docker.types import LogConfig
from lupa.luajit21 import LuaRuntime

from monitoring.tests.conftest import MONITORING

ROOT = MONITORING.parent
FLUENT_BIT = yaml.safe_load((MONITORING / "fluent-bit/fluent-bit.yml").read_text())
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
IMAGE = "incidentops/backend:dev"
LOG_FILES = "/var/lib/docker/containers"
Record = dict[str, Any]


@pytest.fixture(scope="module")
def labelled() -> Callable[[Record], tuple[int, Record]]:
    """The function of records.lua: a record in, (code, record) out."""
    lua = LuaRuntime(unpack_returned_tuples=True)
    lua.execute((MONITORING / "fluent-bit/records.lua").read_text())
    call = lua.globals()["labelled"]

    def shipped(record: Record) -> tuple[int, Record]:
        code, _, changed = call("containers", 0, lua.table_from(record, recursive=True))
        return code, dict(changed)

    return shipped


@pytest.fixture
def written(request: pytest.FixtureRequest) -> Iterator[Record]:
    """The first line that the engine stored of a container with the labels of the mark `labels`."""
    client = docker.from_env()
    container = client.containers.run(
        IMAGE,
        ["-c", "echo '<b>ready</b>'"],
        entrypoint=["sh"],
        name=f"log-shipping-{uuid.uuid4().hex[:8]}",
        labels=request.param,
        log_config=LogConfig(type="json-file", config=COMPOSE["x-logging"]["options"]),
        detach=True,
    )
    try:
        container.wait(timeout=60)
        yield json.loads(_as_the_shipper(client, f"cat {LOG_FILES}/{container.id}/*-json.log"))
    finally:
        container.remove(force=True)
        client.close()


def _as_the_shipper(client: docker.DockerClient, command: str) -> bytes:
    """Run a command with what the shipper may see and do: root without any of root's powers."""
    shipper = COMPOSE["services"]["fluent-bit"]
    return client.containers.run(
        IMAGE,
        ["-c", command],
        entrypoint=["sh"],
        user=shipper["user"],
        cap_drop=COMPOSE["x-hardened"]["cap_drop"],
        volumes={LOG_FILES: {"bind": LOG_FILES, "mode": "ro"}},
        remove=True,
    )


def managed(name: str) -> dict[str, str]:
    return {"incidentops.service": name, "incidentops.group": "shop"}


@pytest.mark.engine
@pytest.mark.parametrize("written", [managed("billing")], indirect=True)
def test_a_line_of_a_managed_service_is_shipped_with_its_labels(labelled, written):
    code, record = labelled(written)
    assert code == 2
    assert record == {"log": "<b>ready</b>", "stream": "stdout", "service": "billing", "group": "shop"}


@pytest.mark.engine
@pytest.mark.parametrize("written", [{}, managed("fluent-bit")], indirect=True, ids=["unmanaged", "itself"])
def test_a_line_of_an_unmanaged_container_or_of_the_shipper_itself_is_left_out(labelled, written):
    assert labelled(written)[0] == -1


def test_a_line_without_an_end_is_shipped_as_it_is(labelled):
    record = {"log": "half a li", "stream": "stderr", "attrs": {"incidentops.service": "billing"}}
    assert labelled(record) == (2, {"log": "half a li", "stream": "stderr", "service": "billing"})


def test_what_the_filter_adds_are_lokis_labels_and_the_line_alone_is_left():
    [output] = FLUENT_BIT["pipeline"]["outputs"]
    assert output["labels"] == "job=containers"
    assert output["label_keys"].split(",") == ["$service", "$group", "$stream"]
    assert output["drop_single_key"] == "raw"


def test_it_sends_where_loki_listens_and_keeps_what_loki_has_not_taken():
    [output] = FLUENT_BIT["pipeline"]["outputs"]
    loki = yaml.safe_load((MONITORING / "loki/loki.yml").read_text())
    assert (output["host"], output["port"]) == ("loki", loki["server"]["http_listen_port"])
    assert output["retry_limit"] == "no_limits"
    assert FLUENT_BIT["pipeline"]["inputs"][0]["storage.type"] == "filesystem"
    assert FLUENT_BIT["service"]["storage.path"].startswith("/var/lib/fluent-bit/")


def test_loki_keeps_its_index_in_schema_13_and_tells_nobody():
    loki = yaml.safe_load((MONITORING / "loki/loki.yml").read_text())
    [period] = loki["schema_config"]["configs"]
    assert (period["store"], period["schema"]) == ("tsdb", "v13")
    assert loki["analytics"] == {"reporting_enabled": False}
