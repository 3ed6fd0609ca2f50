"""What the remediator does with the answers, and without them."""

from collections.abc import Callable

import pytest

from incidentops.clock import SystemClock
from incidentops.domain.errors import MalformedMessage, StaleCommand
from incidentops.healing import Patience
from incidentops.messages.envelope import Message
from incidentops.messages.ids import uuid7
from incidentops.messages.replies import reply_to
from incidentops.testing.bus import MemoryBus
from incidentops.testing.bus_contract import message
from incidentops_remediator.remediate import Remediator, handlers

Backend = Callable[[Message], Message]
CLOCK = SystemClock()


@pytest.fixture
def bus():
    bus = MemoryBus()
    yield bus
    bus.close()


def order(**payload) -> Message:
    return message("remediator.remediate", payload={"run_id": str(uuid7()), "trigger": "operator"} | payload)


def test_nothing_to_do_is_answered_with_the_run(bus):
    seen = []

    def backend(command: Message) -> Message:
        seen.append(command)
        return reply_to(command, "backend", CLOCK.now(), {"services": []})

    bus.subscribe("backend.commands", backend)
    command = order()
    answer = Remediator(bus, CLOCK, Patience(0.1))(command)
    assert answer.payload == {
        "status": "completed",
        "services_remediated": [],
        "services_skipped": [],
        "run_id": command.payload["run_id"],
    }
    assert [item.type for item in seen] == ["backend.claim_run", "backend.services"]
    assert {item.causation_id for item in seen} == {command.id}
    assert len({item.payload["holder"] for item in seen}) == 1
    assert all(item.expires_at for item in seen)


def test_a_claim_that_is_refused_makes_the_run_a_dead_letter(bus):
    def refuse(_: Message) -> Message:
        raise StaleCommand("carried out by another")

    bus.subscribe("backend.commands", refuse)
    with pytest.raises(StaleCommand, match="was lost"):
        Remediator(bus, CLOCK, answer_seconds=0.05)(order())


def test_without_the_broker_the_run_is_lost(bus):
    bus.go_away()
    with pytest.raises(StaleCommand, match="rabbitmq"):
        Remediator(bus, CLOCK)(order())


@pytest.mark.parametrize("payload", [{"run_id": "1"}, {"trigger": "boredom"}, {"only": "redis"}, {"x": 1}])
def test_an_order_that_cannot_be_read_is_malformed(bus, payload):
    [remediator] = handlers(bus).values()
    with pytest.raises(MalformedMessage):
        remediator(order(**payload))
