"""From an accepted alert to its page at a channel: alone, and while a storm of other alerts comes in.

Each page goes to a person of its own: what one person gets in a storm is bundled on purpose.
"""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection

from bench import bodies, servers
from bench.figures import Figure, percentile
from bench.load import Load, begin
from incidentops.adapters.postgres.store import PostgresStore
from incidentops.catcher.letters import Letters
from incidentops.catcher.web import WebCatcher
from incidentops.domain.notifications.contacts import Channel, ContactMethod
from incidentops.domain.oncall.people import Team, User
from incidentops.domain.oncall.policies import EscalationPolicy, Step, Target, TargetKind
from incidentops.domain.severity import Severity
from incidentops.testing.store_containers import running_postgres

PAGES = 50
GAP_SECONDS = 0.2
STORM_PER_SECOND = 1_000
LATEST_SECONDS = 30.0


def measure() -> Iterator[Figure]:
    """Half of the people are paged while nothing else happens, the other half in the storm."""
    letters = Letters()
    catcher = WebCatcher(letters, "127.0.0.1", 0)
    catcher.start()
    url = f"http://127.0.0.1:{catcher.port}"
    try:
        with (
            running_postgres("bench-pages") as postgres,
            servers.backend(postgres.url, CATCHER_URL=url) as port,
        ):
            _staff(postgres.url, url)
            idle = _delays(port, letters, range(PAGES))
            seconds = PAGES * GAP_SECONDS + 2
            per_second = STORM_PER_SECOND / bodies.GROUP
            storm = begin(Load(port, "/api/v1/ingest/alertmanager", bodies.group(), 4, seconds, per_second))
            stormy = _delays(port, letters, range(PAGES, 2 * PAGES))
            answers = storm.wait()
    finally:
        catcher.stop()
    arrived = answers.per_second * bodies.GROUP
    yield Figure("alert accepted to page at the channel, p99", "ms", percentile(idle, 99), None, 250)
    yield Figure(
        f"the same while {arrived:.0f} alerts/s arrive, p99", "ms", percentile(stormy, 99), None, 1000
    )


def _staff(database: str, catcher: str) -> None:
    """For each page a person, a policy that calls them, and a team whose service is theirs."""
    store = PostgresStore(database)
    store.start()
    if not store.wait_until_up(60):
        raise TimeoutError("the bench's own Postgres does not answer")
    now = datetime.now(UTC)
    for place in range(2 * PAGES):
        name = f"alice-{place}"
        method = ContactMethod(Channel.WEBHOOK, f"{catcher}/pages/{name}")
        policy = EscalationPolicy(
            f"{name}-only", (Step((Target(TargetKind.USER, name),), timedelta(minutes=5)),)
        )
        team = Team(f"{name}-team", "", (name,), (_service(place),), {Severity.CRITICAL: policy.name})
        for entry in (User(name, name, "engineer", methods=(method,)), policy, team):
            store.directory.put(entry, "alice", now)
    store.close()


def _delays(port: int, letters: Letters, places: range) -> list[float]:
    """For each place a new incident; the milliseconds from the answer to the caught page."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    accepted = {place: _alert(connection, place) for place in places}
    caught = _caught(letters, places)
    return [(caught[place] - accepted[place]).total_seconds() * 1000 for place in places]


def _alert(connection: HTTPConnection, place: int) -> datetime:
    """Send one; when the answer was there. Then a pause."""
    alert = {"service": _service(place), "severity": "critical", "message": "does not answer"}
    connection.request("POST", "/api/v1/alerts", json.dumps(alert), {"Content-Type": "application/json"})
    answer = connection.getresponse()
    answer.read()
    at = datetime.now(UTC)
    if answer.status != 201:
        raise RuntimeError(f"an alert was answered {answer.status}")
    time.sleep(GAP_SECONDS)
    return at


def _caught(letters: Letters, places: range) -> dict[int, datetime]:
    """When each page came in. Raises TimeoutError when one never does."""
    wanted = {f"/pages/alice-{place}": place for place in places}
    deadline = time.monotonic() + LATEST_SECONDS
    while True:
        found = {wanted[letter.to]: letter.at for letter in letters.all() if letter.to in wanted}
        if len(found) == len(places):
            return found
        if time.monotonic() > deadline:
            raise TimeoutError(f"{len(places) - len(found)} pages never came")
        time.sleep(0.05)


def _service(place: int) -> str:
    return f"billing-{place}"
