"""The programs that send alerts elsewhere send them here, unmodified: Prometheus, Alertmanager, amtool, PagerDuty's."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pagerduty
import pytest
import requests

from backend.tests.conftest import World
from incidentops.adapters.postgres.store import PostgresStore
from incidentops.adapters.spool.durable_records import DurableRecords
from incidentops.clock import SystemClock
from incidentops.domain.alerts import Alert
from incidentops.domain.incidents import IncidentStatus
from incidentops.ports.incidents import AlertFilter, IncidentFilter
from incidentops.testing.containers import RunningContainer, free_port, running_container, wait_until
from incidentops.testing.store_containers import PostgresContainer, running_postgres

pytestmark = pytest.mark.engine

PROMETHEUS = "incidentops/standin-prometheus:trixie"
ALERTMANAGER = "incidentops/standin-alertmanager:trixie"
SECONDS = 60.0

RULES = """
groups:
  - name: test
    interval: 1s
    rules:
      - alert: HighLatency
        expr: vector(1)
        labels: {service: redis, severity: page}
        annotations: {summary: redis is slow}
"""


@pytest.fixture(scope="module")
def postgres() -> Iterator[PostgresContainer]:
    with running_postgres("clients-postgres") as postgres:
        yield postgres


@pytest.fixture
def world(postgres, tmp_path) -> Iterator[World]:
    """On an empty Postgres and the real clock: what these programs send carries their own times."""
    postgres.empty()
    store = PostgresStore(postgres.url)
    records = DurableRecords(store, tmp_path / "state")
    store.start()
    records.start()
    assert store.wait_until_up(SECONDS)
    world = World(SystemClock(), stored=(store, records))
    yield world
    world.bus.close()
    records.close()
    store.close()


def alerts(world) -> list[Alert]:
    return list(world.store.incidents.alerts(AlertFilter()).items)


def story(world, service: str) -> str:
    """The timeline of the service's one incident."""
    [incident] = world.store.incidents.incidents(IncidentFilter(service=service)).items
    return "\n".join(line.text for line in world.store.incidents.timeline(incident.id))


@contextmanager
def program(image: str, port: int, command: list[str], folder: Path) -> Iterator[RunningContainer]:
    """A program on this host's network, so that it reaches us as it would a neighbour."""
    folder.chmod(0o755)

    def ready(_: RunningContainer) -> bool:
        return requests.get(f"http://127.0.0.1:{port}/-/ready", timeout=2).ok

    options = ["--network=host", f"--volume={folder}:/given:ro"]
    with running_container(image, ready=ready, command=command, options=options, name="clients") as running:
        yield running


@contextmanager
def alertmanager(folder: Path, webhook: str) -> Iterator[tuple[RunningContainer, str]]:
    route = {"receiver": "incidentops", "group_wait": "0s", "group_interval": "1s"}
    receiver = {"name": "incidentops", "webhook_configs": [{"url": webhook}]}
    configuration = {"route": route, "receivers": [receiver]}
    (folder / "alertmanager.yml").write_text(json.dumps(configuration))
    port = free_port()
    command = [
        "--config.file=/given/alertmanager.yml",
        "--storage.path=/tmp/data",
        "--cluster.listen-address=",
        f"--web.listen-address=127.0.0.1:{port}",
    ]
    with program(ALERTMANAGER, port, command, folder) as running:
        yield running, f"http://127.0.0.1:{port}"


def test_prometheus_takes_us_for_an_alertmanager(world, url, tmp_path):
    target = url.removeprefix("http://")
    configuration = {
        "global": {"evaluation_interval": "1s"},
        "alerting": {"alertmanagers": [{"static_configs": [{"targets": [target]}]}]},
        "rule_files": ["/given/rules.yml"],
    }
    (tmp_path / "prometheus.yml").write_text(json.dumps(configuration))
    (tmp_path / "rules.yml").write_text(RULES)
    port = free_port()
    command = [
        "--config.file=/given/prometheus.yml",
        "--storage.tsdb.path=/tmp/data",
        "--rules.alert.resend-delay=1s",  # the first is lost to its discovery, which takes five seconds
        f"--web.listen-address=127.0.0.1:{port}",
    ]
    with program(PROMETHEUS, port, command, tmp_path):
        wait_until(lambda: bool(alerts(world)), seconds=SECONDS, what="an alert of Prometheus")
    [alert] = alerts(world)
    assert (alert.service, alert.name, alert.severity, alert.summary) == (
        "redis",
        "HighLatency",
        "critical",
        "redis is slow",
    )
    assert alert.lease_until is not None
    assert alert.firing


def test_an_alertmanager_fires_and_resolves_by_webhook(world, url, tmp_path):
    with alertmanager(tmp_path, f"{url}/api/v1/ingest/alertmanager") as (running, its_url):
        amtool = ["amtool", f"--alertmanager.url={its_url}", "alert", "add", "HighLatency", "service=redis"]
        running.execute(*amtool, "severity=warning")
        wait_until(lambda: bool(alerts(world)), seconds=SECONDS, what="an alert by webhook")
        assert alerts(world)[0].severity == "medium"
        running.execute(*amtool, "severity=warning", "--end=2020-01-01T00:00:00Z")
        wait_until(lambda: not alerts(world)[0].firing, seconds=SECONDS, what="its end")
    [incident] = world.store.incidents.incidents(IncidentFilter()).items
    assert incident.status is IncidentStatus.RESOLVED


def test_amtool_adds_and_queries(world, url, tmp_path):
    with alertmanager(tmp_path, "http://127.0.0.1:1/") as (running, _):
        amtool = ["amtool", f"--alertmanager.url={url}"]
        running.execute(*amtool, "alert", "add", "HighLatency", "service=redis", "severity=page")
        running.execute(*amtool, "alert", "add", "DiskFull", "service=postgres", "severity=page")
        found = json.loads(running.execute(*amtool, "alert", "query", "service=redis", "--output=json"))
        assert [item["labels"]["alertname"] for item in found] == ["HighLatency"]
        simple = running.execute(*amtool, "alert", "query")
        assert "DiskFull" in simple
        assert "IncidentOps" in running.execute(*amtool, "config", "show")


def test_amtool_silences_alerts_and_takes_it_back(world, url, tmp_path):
    with alertmanager(tmp_path, "http://127.0.0.1:1/") as (running, _):

        def amtool(*command: str) -> str:
            return running.execute("amtool", f"--alertmanager.url={url}", *command)

        def names(*options: str) -> list[str]:
            found = json.loads(amtool("alert", "query", *options, "--output=json"))
            return [item["labels"]["alertname"] for item in found]

        amtool("alert", "add", "HighLatency", "service=redis", "severity=page")
        amtool("alert", "add", "DiskFull", "service=postgres", "severity=page")
        words = ("--author=alice", "--comment=upgrade", "--duration=1h")
        silence = amtool("silence", "add", *words, "alertname=HighLatency", "service=~redis|billing").strip()
        assert names() == ["DiskFull"]
        assert names("--silenced") == ["HighLatency"]
        listed = json.loads(amtool("silence", "query", "alertname=HighLatency", "--output=json"))
        assert [(item["id"], item["createdBy"], item["status"]["state"]) for item in listed] == [
            (silence, "alice", "active")
        ]
        assert json.loads(amtool("silence", "query", "alertname=DiskFull", "--output=json")) == []
        amtool("alert", "add", "HighLatency", "service=billing", "severity=page")
        wait_until(
            lambda: story(world, "billing").count(f"Silence {silence}"), seconds=SECONDS, what="no page"
        )
        updated = amtool("silence", "update", "--comment=longer", "--duration=2h", silence)
        assert "longer" in updated
        amtool("silence", "expire", silence)
        assert sorted(names()) == ["DiskFull", "HighLatency", "HighLatency"]
        assert silence in amtool("silence", "query", "--expired", "--within=1h")


def _without_tls(request) -> None:
    """The client insists on https; in front of us that is the proxy's business."""
    request.url = request.url.copy_with(scheme="http")


def test_pagerdutys_own_client_triggers_acknowledges_and_resolves(world, url):
    client = pagerduty.EventsApiV2Client("any-key", base_url=url.replace("http:", "https:"))
    client.event_hooks = {"request": [_without_tls]}
    key = client.trigger("disk full on db-7", "db-7", severity="error")
    steps = [world.store.incidents.incidents(IncidentFilter()).items[0].status]
    client.acknowledge(key)
    steps.append(world.store.incidents.incidents(IncidentFilter()).items[0].status)
    client.resolve(key)
    steps.append(world.store.incidents.incidents(IncidentFilter()).items[0].status)
    assert steps == [IncidentStatus.OPEN, IncidentStatus.ACKNOWLEDGED, IncidentStatus.RESOLVED]
    client.close()
