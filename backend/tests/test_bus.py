"""Commands in, events out."""

from datetime import timedelta

import pytest

from incidentops.domain.errors import MalformedMessage, StaleCommand
from incidentops.domain.services import Verb
from incidentops.messages.envelope import Message
from incidentops.ports import ActionFilter


def order(world, **payload) -> Message:
    return Message(type="backend.act", occurred_at=world.clock.now(), actor="remediator", payload=payload)


def handle(world, message: Message) -> Message:
    return world.backend.commands()(message)


def test_a_command_is_carried_out_written_down_and_answered(world):
    world.add("redis")
    command = order(world, service="redis", verb="stop")
    answer = handle(world, command)
    assert (answer.payload["outcome"], answer.causation_id) == ("succeeded", command.id)
    [row] = world.store.actions(ActionFilter()).items
    assert (row.id, row.actor, row.source, row.verb) == (command.id, "remediator", "bus", Verb.STOP)


def test_what_cannot_be_done_is_an_answer(world):
    world.add("redis")
    world.engine.refuse("restart", "port taken")
    answer = handle(world, order(world, service="redis", verb="restart"))
    assert (answer.payload["outcome"], answer.payload["message"]) == ("failed", "port taken")
    answer = handle(world, order(world, service="nope", verb="stop"))
    assert answer.payload["outcome"] == "refused"


def test_a_command_for_a_container_that_has_started_anew_is_stale(world):
    redis = world.add("redis")
    earlier = redis.started_at - timedelta(seconds=5)
    with pytest.raises(StaleCommand):
        handle(world, order(world, service="redis", verb="restart", expected_started_at=earlier.isoformat()))
    fresh = order(world, service="redis", verb="restart", expected_started_at=redis.started_at.isoformat())
    assert handle(world, fresh).payload["outcome"] == "succeeded"


@pytest.mark.parametrize(
    "payload", [{}, {"service": "redis", "verb": "explode"}, {"service": "redis", "verb": "stop", "x": 1}]
)
def test_a_payload_that_cannot_be_read_is_malformed(world, payload):
    with pytest.raises(MalformedMessage):
        handle(world, order(world, **payload))


def test_actions_and_changes_are_announced_also_after_the_broker_was_away(world):
    world.add("redis")
    world.bus.go_away()
    world.client.post("/stop/redis")
    world.bus.come_back()
    world.backend.announcer.flush()
    types = [message.type for message in world.bus.waiting("remediator.events")]
    assert "service.changed" in types
