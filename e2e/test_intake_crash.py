"""Ten thousand alerts while everything under the intake is killed in turn: each 2xx is stored, once."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from uuid import uuid4

import pytest
import requests

from e2e.stack import API

pytestmark = [pytest.mark.stack, pytest.mark.full, pytest.mark.timeout(600)]

ALERTS = 10_000
SENDERS = 8
SERVICES = 20


@dataclass
class Storm:
    """Senders that repeat each alert until it is accepted, as real ones do."""

    run: str = field(default_factory=lambda: uuid4().hex[:8])
    accepted: list[str] = field(default_factory=list)

    def service(self, number: int) -> str:
        return f"billing-{self.run}-{number % SERVICES}"

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


def stored(service: str) -> list[dict]:
    found, cursor = [], None
    while True:
        query = {"service": service, "limit": 500} | ({"cursor": cursor} if cursor else {})
        page = requests.get(f"{API}/api/v1/alerts", params=query, timeout=30)
        page.raise_for_status()
        found += page.json()["items"]
        cursor = page.json()["next_cursor"]
        if cursor is None:
            return found


def kill_and_return(stack, service: str) -> None:
    stack.container(service).kill()
    time.sleep(1)  # the outage itself
    stack.container(service).start()
    stack.wait_for(service, seconds=60, status="UP")


def test_every_accepted_alert_is_stored_once_and_opens_no_second_incident(stack):
    storm = Storm()
    with ThreadPoolExecutor(SENDERS) as pool:
        senders = [pool.submit(storm.send, sender) for sender in range(SENDERS)]
        for share, service in ((0.1, "postgres"), (0.3, "rabbitmq"), (0.5, "redis"), (0.7, "backend")):
            storm.wait_for(share)
            kill_and_return(stack, service)
        for sender in senders:
            sender.result()
    names = [storm.service(number) for number in range(SERVICES)]
    stack.wait_until(lambda: count(names) >= ALERTS, "everything is stored", seconds=120)
    keys = Counter(alert["dedup_key"] for name in names for alert in stored(name))
    assert set(keys) == set(storm.accepted)
    assert max(keys.values()) == 1
    for name in names:
        query = {"service": name, "limit": 100}
        items = requests.get(f"{API}/api/v1/incidents", params=query, timeout=30).json()["items"]
        assert len(items) == 1, [item["created_at"] for item in items]
        assert items[0]["alerts"] == ALERTS // SERVICES


def count(names: list[str]) -> int:
    try:
        return sum(len(stored(name)) for name in names)
    except requests.RequestException:
        return 0
