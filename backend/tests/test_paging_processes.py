"""Two backends on one Postgres, real channels: every page goes out, and none twice."""

import json
import threading
from collections import Counter
from collections.abc import Iterator
from http import HTTPStatus

import pytest

from backend.tests.conftest import wait_until
from incidentops.adapters.notify.webhook import KEY, WebhookSender
from incidentops.adapters.postgres.store import PostgresStore
from incidentops.catcher.letters import Letters
from incidentops.catcher.web import WebCatcher
from incidentops.clock import SystemClock
from incidentops.domain.incidents import Edit, Incident, IncidentStatus
from incidentops.domain.notifications.contacts import Channel, ContactMethod
from incidentops.domain.notifications.notification import AttemptOutcome, NotificationState
from incidentops.domain.oncall.people import User
from incidentops.domain.severity import Severity
from incidentops.domain.suppression.verdict import Surroundings
from incidentops.ports.outbox import ToldFilter
from incidentops.testing.directory import MemoryRemembered, a_roster
from incidentops.testing.escalations import an_incident
from incidentops.testing.store_containers import PostgresContainer, running_postgres
from incidentops_backend.use_cases.notify.dispatcher import Dispatcher
from incidentops_backend.use_cases.oncall.emergency import EmergencyPager
from incidentops_backend.use_cases.oncall.pager import Pager

pytestmark = pytest.mark.store

CLOCK = SystemClock()
INCIDENTS = 30


class Backend:
    """The paging half of one backend, with a connection to Postgres of its own."""

    def __init__(self, url: str) -> None:
        self.store = PostgresStore(url)
        self.pager = Pager(
            directory=self.store.directory,
            escalations=self.store.escalations,
            emergencies=EmergencyPager(self.store.directory, MemoryRemembered(), {}, CLOCK),
            assign=self.store.incidents.edit,
            around=lambda troubled: Surroundings(troubled=troubled),
            clock=CLOCK,
            panel_url="http://localhost:8080",
        )
        self.dispatcher = Dispatcher(
            self.store.outbox, {Channel.WEBHOOK: WebhookSender("for-tests-only", CLOCK.now)}, CLOCK
        )
        self.pager.listen(lambda _: self.dispatcher.wake())
        self.store.incidents.listen(lambda _: self.pager.wake())
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=part.run, args=(self._stopping,), daemon=True)
            for part in (self.pager, self.dispatcher)
        ]

    def __enter__(self) -> "Backend":
        self.store.start()
        assert self.store.wait_until_up(30)
        return self

    def run(self) -> None:
        for thread in self._threads:
            thread.start()

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        for thread in self._threads:
            if thread.ident:
                thread.join(30)
        self.store.close()

    def open(self, service: str) -> Incident:
        return self.store.incidents.open(an_incident(service, Severity.HIGH, CLOCK.now()), [])


class Catching:
    """The catcher, whose answer a test may choose."""

    def __init__(self) -> None:
        self.letters, self.status = Letters(), HTTPStatus.OK
        self.web = WebCatcher(self.letters, "127.0.0.1", 0, lambda _: self.status)


@pytest.fixture(scope="module")
def postgres() -> Iterator[PostgresContainer]:
    with running_postgres("oncall-postgres") as running:
        yield running


@pytest.fixture
def caught() -> Iterator[Catching]:
    catching = Catching()
    catching.web.start()
    yield catching
    catching.web.stop()


@pytest.fixture
def backends(postgres: PostgresContainer, caught: Catching) -> Iterator[tuple[Backend, Backend]]:
    postgres.empty()
    with Backend(postgres.url) as one, Backend(postgres.url) as other:
        hook = ContactMethod(Channel.WEBHOOK, f"http://127.0.0.1:{caught.web.port}/pages")
        for entry in a_roster():
            reached = User(entry.name, methods=(hook,)) if isinstance(entry, User) else entry
            one.store.directory.put(reached, "alice", CLOCK.now())
        yield one, other


def keys(caught: Catching) -> Counter[str]:
    return Counter(letter.headers[KEY] for letter in caught.letters.all())


def pages(caught: Catching) -> list[str]:
    """The incidents paged, by id."""
    return [
        message["incident_id"]
        for letter in caught.letters.all()
        for message in json.loads(letter.body)["messages"]
    ]


def test_an_incident_is_paged_by_webhook_and_an_acknowledgement_ends_it(
    backends: tuple[Backend, Backend], caught: Catching
):
    one, _ = backends
    one.run()
    incident = one.open("redis")
    assert json.loads(caught.letters.wait_for(1, 60)[0].body)["subject"].startswith("[SEV-2] redis")
    wait_until(lambda: one.store.incidents.incident(incident.id).assignee is not None, seconds=60)
    one.store.incidents.edit(incident.id, Edit("alice", CLOCK.now(), status=IncidentStatus.ACKNOWLEDGED))
    wait_until(lambda: _state(one, incident) == "acknowledged", seconds=60)
    lines = [entry.text for entry in one.store.incidents.timeline(incident.id)]
    assert any(line.startswith("Paged ") and "step 1 of default" in line for line in lines)


def test_two_backends_page_everybody_once(backends: tuple[Backend, Backend], caught: Catching):
    opened = [backends[number % 2].open(f"service-{number}") for number in range(INCIDENTS)]
    for backend in backends:
        backend.run()
    wait_until(lambda: len(set(pages(caught))) == INCIDENTS, seconds=90)
    wait_until(lambda: _delivered(backends[0]) == INCIDENTS, seconds=60)
    assert sorted(pages(caught)) == sorted(str(incident.id) for incident in opened)
    assert set(keys(caught).values()) == {1}


def test_a_page_that_a_channel_refuses_is_tried_until_it_is_taken(
    backends: tuple[Backend, Backend], caught: Catching
):
    caught.status = HTTPStatus.SERVICE_UNAVAILABLE
    one, _ = backends
    one.run()
    incident = one.open("redis")
    wait_until(lambda: bool(_attempts(one, incident)), seconds=60)
    caught.status = HTTPStatus.OK
    caught.letters.wait_for(1, 60)
    wait_until(lambda: _attempts(one, incident)[-1] is AttemptOutcome.DELIVERED, seconds=60)
    assert set(_attempts(one, incident)[:-1]) == {AttemptOutcome.FAILED}


def test_a_backend_that_dies_with_a_page_in_hand_leaves_it_to_the_other(
    backends: tuple[Backend, Backend], caught: Catching, postgres: PostgresContainer
):
    one, other = backends
    incident = one.open("redis")
    one.pager.run_once()
    (held,) = one.store.outbox.claim(CLOCK.now())  # and is never heard of again
    with postgres.connect() as connection:  # a minute later
        connection.execute("UPDATE notifications SET lease_until = now() - interval '1 second'")
    other.run()
    caught.letters.wait_for(1, 60)
    wait_until(lambda: _attempts(other, incident)[-1] is AttemptOutcome.DELIVERED, seconds=60)
    assert _attempts(other, incident) == [AttemptOutcome.INTERRUPTED, AttemptOutcome.DELIVERED]
    assert list(keys(caught)) == [held.key]


def _state(backend: Backend, incident: Incident) -> str | None:
    escalation = backend.store.escalations.find(incident.id)
    return escalation.state if escalation else None


def _delivered(backend: Backend) -> int:
    return len(backend.store.outbox.told(ToldFilter(NotificationState.DELIVERED), limit=100).items)


def _attempts(backend: Backend, incident: Incident) -> list[AttemptOutcome]:
    told = backend.store.outbox.told(ToldFilter(incident_id=incident.id)).items
    return [
        attempt.outcome
        for item in told
        for attempt in item.attempts
        if attempt.outcome is not AttemptOutcome.RUNNING
    ]


def test_pages_survive_the_death_of_postgres(
    backends: tuple[Backend, Backend], caught: Catching, postgres: PostgresContainer
):
    """Killed once the first pages are out: every incident is paged, a repeat is the same message."""
    opened = {str(backends[0].open(f"service-{number}").id) for number in range(INCIDENTS)}
    for backend in backends:
        backend.run()
    caught.letters.wait_for(1, 60)
    postgres.kill()
    postgres.start()
    assert all(backend.store.wait_until_up(60) for backend in backends)
    wait_until(lambda: set(pages(caught)) == opened, seconds=90)
    with postgres.connect() as connection:  # attempts that nobody could write down have run out
        connection.execute(
            "UPDATE notifications SET lease_until = now() - interval '1 second' WHERE state = 'sending'"
        )
    wait_until(lambda: _delivered(backends[0]) == INCIDENTS, seconds=90)
    messages = {message for letter in caught.letters.all() for message in _ids(letter.body)}
    assert len(messages) == INCIDENTS


def _ids(body: str) -> list[str]:
    return [message["id"] for message in json.loads(body)["messages"]]
