"""The engine's event stream, filtered by the engine itself."""

import json
from collections.abc import Iterator
from urllib.parse import urlencode

from incidentops.adapters.docker.reading import event_of
from incidentops.adapters.docker.streams import EngineStream
from incidentops.domain import labels
from incidentops.domain.errors import Unavailable
from incidentops.domain.observations import EngineEvent

_LIFE = ["create", "start", "restart", "stop", "kill", "die", "oom", "destroy"]
ACTIONS = [*_LIFE, "pause", "unpause", "rename", "update", "health_status"]
"""Everything that changes what a container is. Left out: exec and attach, which each health check causes."""

_FILTERS = {"type": ["container"], "label": [labels.SERVICE], "event": ACTIONS}


def events_path() -> str:
    """Path and query of the stream, without the API version."""
    return f"/events?{urlencode({'filters': json.dumps(_FILTERS)})}"


def read_events(stream: EngineStream) -> Iterator[EngineEvent]:
    """Events, one JSON object per line, until the stream is closed on our side.

    Raises `Unavailable` when it ends in any other way.
    """
    pending = b""
    while data := stream.read_some():
        *lines, pending = (pending + data).split(b"\n")
        for line in filter(None, lines):
            yield event_of(json.loads(line))
    if not stream.closed:
        raise Unavailable("engine", "its event stream ended")
