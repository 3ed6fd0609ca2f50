import re
from pathlib import Path

import pytest

from incidentops.messages.registry import COMMAND_TYPES, EVENT_TYPES, MESSAGE_TYPES
from incidentops.messages.topology import COMMANDS, EVENTS, QUEUES, exchange_of

DOCS = Path(__file__).parents[3] / "docs" / "messages.md"


def documented() -> dict[str, str]:
    """Message type to its payload column."""
    rows = re.findall(r"^\| `([a-z]+\.[a-z_]+)` \| (.+?) \|", DOCS.read_text(), re.MULTILINE)
    return dict(rows)


def test_the_docs_name_every_message_type_and_no_other():
    assert documented().keys() == MESSAGE_TYPES.keys()


@pytest.mark.parametrize("name", [name for name in MESSAGE_TYPES if not name.endswith(".ping")])
def test_the_docs_name_every_field_of_a_payload_and_no_other(name: str):
    assert set(re.findall(r"`(\w+)`", documented()[name])) == set(MESSAGE_TYPES[name].payload.model_fields)


@pytest.mark.parametrize("name", COMMAND_TYPES)
def test_a_command_goes_to_the_queue_of_the_service_it_names(name: str):
    service = name.partition(".")[0]
    queue = QUEUES[f"{service}.commands"]
    assert exchange_of(name) == queue.exchange == COMMANDS
    assert queue.patterns == (f"{service}.#",)


@pytest.mark.parametrize("name", EVENT_TYPES)
def test_an_event_goes_to_the_exchange_of_events(name: str):
    assert exchange_of(name) == EVENTS
