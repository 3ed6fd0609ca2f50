"""WebSockets on the reactor, with clients that are slow, silent, odd or gone: each on a real socket."""

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
import requests
import websocket

from backend.tests.conftest import wait_until
from backend.tests.test_live import DEADLINE_SECONDS, Client, connect, is_service  # noqa: F401  # a fixture
from incidentops.domain.actions import Actor, Outcome, Source
from incidentops.domain.services import Verb

ALICE = Actor("alice", Source.API)
LONG = "x" * 50_000
ENOUGH = 400
"""Deltas of 50 KB after which a client that does not read must have been passed over."""


class Bare:
    """A client that speaks the protocol by hand and reads only when told to."""

    def __init__(self, server: str) -> None:
        small = [(socket.SOL_SOCKET, socket.SO_RCVBUF, 16 * 1024)]
        address = f"{server.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket"
        self.socket = websocket.create_connection(address, timeout=DEADLINE_SECONDS, sockopt=small)
        self.socket.recv()
        self.socket.send("40")

    def message(self) -> tuple[str, dict]:
        """The next event, pings answered on the way."""
        while not (text := self.socket.recv()).startswith("42"):
            if text == "2":
                self.socket.send("3")
        name, data = json.loads(text[2:])
        return name, data

    def until(self, wanted: Callable[[str, dict], bool]) -> list[tuple[str, dict]]:
        """Everything up to the first event that is wanted."""
        messages = [self.message()]
        while not wanted(*messages[-1]):
            messages.append(self.message())
        return messages

    def is_closed(self) -> bool:
        """Read to the end of the connection."""
        with suppress(websocket.WebSocketConnectionClosedException, OSError):
            while self.socket.recv():
                pass
        return True


@pytest.fixture
def bare(url) -> Iterator[Callable[[], Bare]]:  # the fixture
    clients: list[Bare] = []

    def connect_bare() -> Bare:
        clients.append(Bare(url))
        return clients[-1]

    yield connect_bare
    for client in clients:
        client.socket.close()


def test_a_client_that_does_not_read_is_passed_over_and_then_gets_the_newest_state(world, bare):
    world.add("redis")
    slow = bare()
    slow.until(lambda name, _: name == "snapshot")
    backend = world.backend
    sent = 0
    while backend.socket.clients.receivers():
        assert sent < ENOUGH, "a client that does not read is still sent to"
        backend.log.note("redis", Verb.PING, ALICE, Outcome.SUCCEEDED, f"{sent} {LONG}")
        backend.hub.flush()
        sent += 1
    backend.log.note("redis", Verb.PING, ALICE, Outcome.SUCCEEDED, "the newest")
    backend.hub.flush()
    *backlog, (_, snapshot) = slow.until(lambda name, _: name == "snapshot")
    assert "the newest" not in json.dumps(backlog)
    assert "the newest" in [action["message"] for action in snapshot["actions"]["redis"]]
    wait_until(lambda: bool(backend.socket.clients.receivers()))


def test_a_client_that_does_not_read_does_not_hold_up_the_others(world, bare, connect):  # noqa: F811
    redis = world.add("redis")
    bare().until(lambda name, _: name == "snapshot")
    reader: Client = connect()
    for number in range(50):
        world.backend.log.note("redis", Verb.PING, ALICE, Outcome.SUCCEEDED, f"{number} {LONG}")
        world.backend.hub.flush()
    world.engine.die(redis.id)
    reader.wait_for(lambda _, data: any(item["status"] == "DOWN" for item in data.get("services", ())))


def test_a_message_that_is_too_long_ends_its_connection_only(world, bare):
    greedy, other = bare(), bare()
    greedy.socket.send('42["watch","' + "x" * 70_000 + '"]')
    assert greedy.is_closed()
    world.add("redis")
    other.until(lambda name, data: name == "delta" and bool(data.get("services")))
    wait_until(lambda: len(world.backend.socket.clients) == 1)


def test_what_is_no_socket_io_ends_its_connection_only(world, bare):
    odd, other = bare(), bare()
    odd.socket.send_binary(b"\x00\x01")
    assert odd.is_closed()
    world.add("redis")
    other.until(lambda name, data: name == "delta" and bool(data.get("services")))


def test_a_message_in_parts_is_put_together_and_a_ping_is_answered(world, bare):
    client = bare()
    client.until(lambda name, _: name == "snapshot")
    client.socket.ping("hello")
    code, payload = client.socket.recv_data(control_frame=True)
    while code != websocket.ABNF.OPCODE_PONG:
        code, payload = client.socket.recv_data(control_frame=True)
    assert payload == b"hello"
    text = websocket.ABNF.OPCODE_TEXT
    client.socket.send_frame(websocket.ABNF(fin=0, opcode=text, data=b'42["re', mask_value=1))
    part = websocket.ABNF.OPCODE_CONT
    client.socket.send_frame(websocket.ABNF(fin=1, opcode=part, data=b'sync"]', mask_value=1))
    client.until(lambda name, _: name == "snapshot")


def test_a_silent_client_is_given_up_and_one_that_answers_stays(world, url, bare):
    server = world.backend.socket.io.server.eio
    server.ping_interval, server.ping_timeout = 0.2, 1.0
    answering, silent = Client(url), bare()
    silent.until(lambda name, _: name == "snapshot")
    wait_until(lambda: len(world.backend.socket.clients) == 1, seconds=30)
    assert answering.io.connected
    answering.io.disconnect()
    wait_until(lambda: len(world.backend.socket.clients) == 0)


def test_a_client_that_begins_with_polling_is_served_too(world, connect):  # noqa: F811
    redis = world.add("redis")
    client = connect(transports=["polling", "websocket"])
    client.wait_for(lambda name, _: name == "snapshot")
    world.engine.die(redis.id)
    client.wait_for(is_service("DOWN"))


def test_at_the_end_every_client_is_told_to_go(world, connect):  # noqa: F811
    client = connect()
    client.wait_for(lambda name, _: name == "snapshot")
    world.backend.socket.close()
    wait_until(lambda: not client.io.connected)


def test_an_upgrade_without_a_key_is_refused(world, url):
    headers = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
    answer = requests.get(
        f"{url}/socket.io/?EIO=4&transport=websocket", headers=headers, timeout=DEADLINE_SECONDS
    )
    assert (answer.status_code, answer.text) == (400, "Sec-WebSocket-Key is missing.")
