"""The reference pages name everything that exists."""

from pathlib import Path

import pytest

from incidentops.domain.faults import KINDS

DOCS = Path(__file__).parents[2] / "docs"
_NOT_OURS = ("/openapi", "/static")


def test_every_route_is_in_the_http_page(world):
    page = (DOCS / "http.md").read_text()
    rules = [rule for rule in world.backend.app.url_map.iter_rules() if not rule.rule.startswith(_NOT_OURS)]
    missing = [rule.rule for rule in rules if rule.rule.replace("path:", "") not in page]
    assert missing == []


def test_every_operation_is_in_the_openapi_document_with_an_answer(world):
    document = world.client.get("/openapi/openapi.json").get_json()
    operations = [
        (path, verb, operation)
        for path, verbs in document["paths"].items()
        for verb, operation in verbs.items()
    ]
    assert len(operations) >= 12
    for path, verb, operation in operations:
        assert operation["responses"].keys() & {"200", "201"}, f"{verb} {path}"
        assert operation.get("summary"), f"{verb} {path}"


def test_every_metric_is_in_the_metrics_page(world):
    world.add("redis")
    world.client.post("/ping/redis")
    page = (DOCS / "metrics.md").read_text()
    text = world.client.get("/metrics").get_data(as_text=True)
    names = {line.split()[2] for line in text.splitlines() if line.startswith("# TYPE incidentops_")}
    missing = [name for name in names if name not in page and not name.endswith("_created")]
    assert missing == []


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_every_fault_is_in_the_faults_page_with_its_parameters(kind):
    rows = (DOCS / "faults.md").read_text().splitlines()
    row = next((line for line in rows if line.startswith(f"| `{kind.name}` |")), "")
    assert row, kind.name
    assert [name for name in kind.parameters.model_fields if f"`{name}`" not in row] == []


@pytest.mark.parametrize(
    "event",
    [
        "snapshot",
        "delta",
        "stats",
        "resync",
        "watch",
        "unwatch",
        "topic_join",
        "topic",
        "topic_leave",
        "logs_follow",
        "log_lines",
        "logs_stop",
    ],
)
def test_every_socket_event_is_in_the_live_page(event):
    assert f"`{event}`" in (DOCS / "live.md").read_text()
