"""Ten thousand alerts while everything under the intake is killed in turn: each 2xx is stored, once, and whoever is on
call is paged for every incident."""

import json
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise
from uuid import uuid4

import pytest
import requests

from e2e.stack import API, READ_SECONDS, Stack

pytestmark = [pytest.mark.stack, pytest.mark.full, pytest.mark.timeout(600)]

CATCHER = "http://localhost:8025"
ALERTS = 10_000
SENDERS = 8
SERVICES = 40
KILLS = ("postgres", "backend", "rabbitmq", "redis") * 2
"""In this order, evenly through the storm."""
PAGED_SECONDS = 180
"""A minute for the lease of an attempt that a killed backend left behind, and time for a slow machine."""


@dataclass
class Storm:
    """Senders that repeat each alert until it is accepted, as real ones do. One service after the other is in
    trouble, so that incidents open all the time."""

    run: str = field(default_factory=lambda: uuid4().hex[:8])
    tries: int = 0
    accepted: list[str] = field(default_factory=list)
    incidents: dict[str, list[dict]] = field(default_factory=dict)

    @property
    def services(self) -> list[str]:
        return [self.service(number) for number in range(0, ALERTS, ALERTS // SERVICES)]

    def service(self, number: int) -> str:
        return f"billing-{self.run}-{number * SERVICES // ALERTS}"

    def send(self, sender: int) -> None:
        with requests.Session() as session:
            for number in range(sender, ALERTS, SENDERS):
                self._until_accepted(session, number)

    def _until_accepted(self, session: requests.Session, number: int) -> None:
        body = {
            "service": self.service(number),
            "severity": "high",
            "message": "HTTP 5xx error rate > 10%",
            "dedup_key": f"{self.run}-{number}",
        }
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            self.tries += 1  # of several threads: one more or less is all the same
            try:
                answer = session.post(f"{API}/api/v1/alerts", json=body, timeout=15)
            except requests.RequestException:
                time.sleep(0.2)
                continue
            if answer.ok:
                self.accepted.append(body["dedup_key"])
                return
            assert answer.status_code == 503, answer.text
            time.sleep(0.2)
        raise AssertionError(f"alert {number} was never accepted")

    def wait_for(self, share: float) -> None:
        deadline = time.monotonic() + 240
        while len(self.accepted) < share * ALERTS:
            assert time.monotonic() < deadline, f"only {len(self.accepted)} alerts were accepted"
            time.sleep(0.05)

    def wait_for_tries(self, more: int) -> None:
        """Until so many more alerts were sent, whatever became of them, or none is left."""
        wanted, deadline = self.tries + more, time.monotonic() + 60
        while self.tries < wanted and len(self.accepted) < ALERTS:
            assert time.monotonic() < deadline, "the senders send nothing"
            time.sleep(0.01)


@pytest.fixture(scope="module")
def storm(stack) -> Iterator[Storm]:
    """Over, and all of it stored; its incidents are resolved in the end."""
    storm = Storm()
    with ThreadPoolExecutor(SENDERS) as pool:
        senders = [pool.submit(storm.send, sender) for sender in range(SENDERS)]
        for place, service in enumerate(KILLS, start=1):
            storm.wait_for(place / (len(KILLS) + 1))
            (kill_while_paging if service == "backend" else kill_and_return)(stack, storm, service)
        for sender in senders:
            sender.result()
    stack.wait_until(lambda: count(stack, storm.services) >= ALERTS, "everything is stored", seconds=120)
    storm.incidents = {
        name: stack.read("/api/v1/incidents", service=name)["items"] for name in storm.services
    }
    yield storm
    for incident in (item for items in storm.incidents.values() for item in items):
        path = f"{API}/api/v1/incidents/{incident['id']}"
        requests.patch(path, json={"status": "resolved"}, timeout=READ_SECONDS).raise_for_status()


def test_every_accepted_alert_is_stored_once_and_opens_no_second_incident(stack, storm):
    keys = Counter(alert["dedup_key"] for name in storm.services for alert in stored(stack, name))
    assert set(keys) == set(storm.accepted)
    assert max(keys.values()) == 1
    for items in storm.incidents.values():
        assert [item["alerts"] for item in items] == [ALERTS // SERVICES]


def test_every_incident_was_paged_and_every_attempt_is_recorded(stack, storm):
    incidents = [item["id"] for items in storm.incidents.values() for item in items]
    stack.wait_until(
        lambda: all(settled(pages(stack, item)) for item in incidents), "all are paged", PAGED_SECONDS
    )
    caught = Counter(message_ids())
    told = [page for incident in incidents for page in pages(stack, incident)]
    for page in told:
        outcomes = Counter(attempt["outcome"] for attempt in page["attempts"])
        assert outcomes["delivered"] == 1, page
        assert 1 <= caught[page["id"]] <= len(page["attempts"]), page
        assert tries_of_one_message_share_a_key(page["attempts"]), page
    assert any(attempt["outcome"] == "interrupted" for page in told for attempt in page["attempts"])


def settled(told: list[dict]) -> bool:
    """Somebody was told, and no message is under way any more."""
    return bool(told) and all(page["state"] == "delivered" for page in told)


def tries_of_one_message_share_a_key(attempts: list[dict]) -> bool:
    """What was interrupted is tried again under its key, so that the receiver can tell."""
    return all(
        again["key"] == interrupted["key"]
        for interrupted, again in pairwise(attempts)
        if interrupted["outcome"] == "interrupted"
    )


def pages(stack: Stack, incident: str) -> list[dict]:
    told = stack.read("/api/v1/notifications", incident_id=incident, limit=200)["items"]
    return [item for item in told if item["kind"] == "page"]


def message_ids() -> Iterator[str]:
    """Each message of each webhook that was caught."""
    letters = requests.get(f"{CATCHER}/letters", timeout=READ_SECONDS)
    letters.raise_for_status()
    for letter in letters.json():
        if letter["to"].startswith("/pages/"):
            yield from (message["id"] for message in json.loads(letter["body"])["messages"])


def stored(stack: Stack, service: str) -> list[dict]:
    found, cursor = [], None
    while True:
        page = stack.read(
            "/api/v1/alerts", service=service, limit=500, **({"cursor": cursor} if cursor else {})
        )
        found += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return found


def kill_and_return(stack: Stack, storm: Storm, service: str) -> None:
    """Back once every sender has met the outage."""
    stack.container(service).kill()
    storm.wait_for_tries(SENDERS * 10)
    stack.container(service).start()
    stack.wait_for(service, seconds=60, status="UP")


def kill_while_paging(stack: Stack, storm: Storm, service: str) -> None:
    """With a page of this storm in the hands of the catcher, which takes it only after the killed sender has gone."""

    def under_way() -> bool:
        sending = stack.read("/api/v1/notifications", state="sending", limit=200)["items"]
        return any(item["kind"] == "page" and storm.run in item["subject"] for item in sending)

    stack.container("catcher").pause()
    try:
        stack.wait_until(under_way, "a page is under way")
        kill_and_return(stack, storm, service)
    finally:
        stack.container("catcher").unpause()


def count(stack: Stack, names: list[str]) -> int:
    return sum(len(stored(stack, name)) for name in names)
