"""Whatever a door is sent: it takes what every store can keep, or refuses in the words of its format, counted, with
nothing stored."""

import json
from collections.abc import Iterator
from datetime import UTC
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.tests.conftest import World
from backend.tests.test_intake import DOORS
from incidentops.ports.incidents import Committed

FORMATS = {
    "/api/v1/alerts": "api",
    "/api/v2/alerts": "prometheus",
    "/api/v1/ingest/alertmanager": "alertmanager",
    "/api/v1/ingest/grafana": "grafana",
    "/v2/enqueue": "pagerduty",
    "/api/v1/ingest/cloudevents": "cloudevents",
}
LONGEST_KEY = 255
"""Characters that an index may hold of one value."""

Place = tuple[str | int, ...]


RAW = {
    "<deep>": b"[" * 150 + b"]" * 150,
    "<deeper>": b'{"a":' * 5_000,
    "<huge>": b"9" * 5000,
    "<beyond>": b"1e999",
}
"""What a document of Python's cannot hold, by the text that stands for it until it is written."""

TEXTS = [
    "",
    " ",
    "\x00",
    "a\x00b",
    "\ud800",
    "\u202e\u0301",
    "x" * 300,
    "ä" * 5000,
    "firing",
    "resolve",
    "-1",
]
TIMES = [
    "2026-01-05T09:00:00",
    "2026-01-05T08:59:00+00:00",
    "2026-02-30T00:00:00Z",
    "2999-01-01T00:00:00Z",
    "9999-12-31T23:59:59-10:00",
    "0001-01-01T00:00:00Z",
    "0001-01-01T00:00:00+14:00",
]
odd_texts = st.sampled_from([*TEXTS, *TIMES, *RAW])
odd_numbers = st.one_of(st.sampled_from([0, -1, 2**63, 10**30]), st.integers(), st.floats())
odd_lists = st.sampled_from([[], [None], [{}], list(range(6000))])
odd_tables = st.one_of(
    st.sampled_from([{}, {str(n): "x" for n in range(70)}, {f"k{n}": "x" * 4000 for n in range(9)}]),
    st.dictionaries(odd_texts, odd_texts, max_size=3),
)
odd = st.one_of(st.none(), st.booleans(), odd_texts, odd_numbers, odd_lists, odd_tables, st.text(max_size=20))


def places(value: Any, at: Place = ()) -> Iterator[Place]:
    """Every place in a document, the document itself first."""
    yield at
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from places(inner, (*at, key))


def put(value: Any, at: Place, new: Any) -> Any:
    """The document with something else there."""
    if not at:
        return new
    copy = value.copy()
    copy[at[0]] = put(value[at[0]], at[1:], new)
    return copy


@st.composite
def bodies(draw: st.DrawFn, sound: Any) -> bytes:
    """What a sender means to say, with one to three things wrong with it; sometimes not even JSON."""
    told = sound
    for _ in range(draw(st.integers(0, 3))):
        told = put(told, draw(st.sampled_from(list(places(told))[:60])), draw(odd))
    text = written(told)
    kind = draw(st.sampled_from(["whole", "whole", "whole", "twice", "cut", "torn"]))
    if kind == "twice":  # the first key of everything
        text = text.replace(b"{", b'{"labels": 7, "severity": "high", ', 1)
    if kind == "cut":
        text = text[: draw(st.integers(0, len(text)))]
    if kind == "torn":
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(st.binary(max_size=4)) + text[at:]
    return text


def written(value: Any) -> bytes:
    text = json.dumps(value).encode()
    for name, raw in RAW.items():
        text = text.replace(json.dumps(name).encode(), raw)
    return text


class Heard:
    """A world, and what is stored in it."""

    def __init__(self) -> None:
        self.world = World()
        self.committed: list[Committed] = []
        self.world.store.incidents.listen(self.committed.append)

    @property
    def stored(self) -> int:
        return len(self.committed)

    def counted(self, wire_format: str) -> float:
        families = self.world.backend.registry.collect()
        samples = next(family.samples for family in families if family.name == "alerts_rejected")
        return sum(
            sample.value
            for sample in samples
            if sample.name.endswith("_total") and sample.labels["format"] == wire_format
        )


@pytest.fixture(scope="module")
def heard() -> Iterator[Heard]:
    heard = Heard()
    yield heard
    heard.world.bus.close()


@pytest.mark.parametrize("path", DOORS)
@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_a_door_takes_what_can_be_kept_or_refuses_it_in_its_own_words(heard: Heard, path: str, data):
    body = data.draw(bodies(DOORS[path]))
    kind = "application/cloudevents+json" if path.endswith("cloudevents") else "application/json"
    stored, counted = heard.stored, heard.counted(FORMATS[path])
    answer = heard.world.client.post(path, data=body, content_type=kind)
    if answer.status_code < 300:
        assert_kept(heard.committed[stored:])
        return
    assert 400 <= answer.status_code < 500, answer.get_data(as_text=True)
    assert heard.counted(FORMATS[path]) == counted + 1
    assert in_its_words(path, answer.get_json(force=True))
    assert heard.stored == stored or path == "/api/v2/alerts"  # it alone takes the valid ones of a list


def in_its_words(path: str, told: Any) -> bool:
    if path == "/api/v2/alerts":
        return isinstance(told, str)
    if path == "/v2/enqueue":
        return told["status"] == "invalid event" and bool(told["errors"])
    # too large is the one fault that is no field's
    return told["type"].startswith("urn:incidentops:problem:") and (
        told["status"] == 413 or bool(told["errors"])
    )


def assert_kept(news: list[Committed]) -> None:
    """Postgres has no NUL, no half characters, no times beyond the calendar and no endless index."""
    for committed in news:
        rows = [*committed.new_alerts, *committed.incidents]
        assert b"\\u0000" not in msgspec.json.encode(rows)
        for alert in committed.new_alerts:
            assert max(map(len, (alert.source, alert.dedup_key, alert.service))) <= LONGEST_KEY
            for moment in (alert.started_at, alert.lease_until):
                assert moment is None or moment.astimezone(UTC).year
