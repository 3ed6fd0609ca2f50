import pytest

from incidentops.domain.errors import MalformedMessage
from incidentops.runner.dispatch import Dispatch
from incidentops.testing.bus_contract import message
from incidentops.testing.clock import FakeClock


def test_each_command_goes_to_the_handler_of_its_type():
    handled = []
    dispatch = Dispatch("worker", "1.0", {"worker.run": handled.append}, FakeClock())
    command = message("worker.run")
    assert dispatch(command) is None
    assert handled == [command]


def test_a_ping_is_answered_with_service_version_and_uptime():
    command = message("worker.ping")
    reply = Dispatch("worker", "1.0", {}, FakeClock())(command)
    assert reply is not None
    assert (reply.payload["service"], reply.payload["version"]) == ("worker", "1.0")
    assert reply.payload["uptime_seconds"] >= 0
    assert (reply.causation_id, reply.correlation_id) == (command.id, command.correlation_id)


def test_an_unknown_command_is_refused_naming_those_that_are_known():
    dispatch = Dispatch("worker", "1.0", {"worker.run": lambda _: None}, FakeClock())
    with pytest.raises(MalformedMessage, match=r"'worker\.dance', only worker\.ping, worker\.run"):
        dispatch(message("worker.dance"))
