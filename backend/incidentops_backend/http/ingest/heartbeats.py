"""`POST /api/v1/heartbeats/<name>`: a program says that it lives; when it no longer does, that is an alert."""

from datetime import datetime, timedelta
from typing import Annotated

from flask import Response, jsonify
from flask_openapi3.blueprint import APIBlueprint
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from incidentops.domain import heartbeats
from incidentops.domain.severity import Severity
from incidentops.ports import IncidentStore
from incidentops_backend.http.ingest.door import Door
from incidentops_backend.http.ingest.shapes import ShortText
from incidentops_backend.http.problems import Problem, problem
from incidentops_backend.schemas.parameters import Parameters
from incidentops_backend.schemas.shape import Shape

_NAME = r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$"


class HeartbeatPath(BaseModel):
    """Which heartbeat."""

    name: Annotated[str, StringConstraints(pattern=_NAME)]


class BeatQuery(Parameters):
    """By when the next beat must come, and what its absence means."""

    model_config = ConfigDict(extra="forbid")

    interval_seconds: Annotated[float, Field(ge=1, le=31 * 24 * 3600)] = 300
    service: ShortText | None = Field(None, description="the name, when left out")
    severity: Severity = Severity.HIGH
    key: Annotated[str | None, Field(max_length=200, description="the integration key, if any")] = None


class BeatOut(BaseModel):
    name: str
    due_at: datetime


class HeartbeatOut(Shape):
    name: str
    service: str
    severity: Severity
    last_beat_at: datetime
    due_at: datetime


class HeartbeatsOut(BaseModel):
    items: list[HeartbeatOut]


def heartbeat_routes(door: Door, api: APIBlueprint, store: IncidentStore) -> None:
    def _all() -> Response:
        items = [HeartbeatOut.model_validate(item) for item in store.heartbeats()]
        return jsonify(HeartbeatsOut(items=items).model_dump(mode="json"))

    @api.post("/api/v1/heartbeats/<name>", responses={200: BeatOut})
    @door.guarded(heartbeats.SOURCE)
    def beat(path: HeartbeatPath, query: BeatQuery) -> Response:
        """It lives."""
        door.check_key(heartbeats.SOURCE)
        now, interval = door.clock.now(), timedelta(seconds=query.interval_seconds)
        service = query.service or path.name
        door.take([heartbeats.beat(path.name, now, interval, service, query.severity)])
        return jsonify(BeatOut(name=path.name, due_at=now + interval).model_dump(mode="json"))

    @api.get("/api/v1/heartbeats", responses={200: HeartbeatsOut})
    def list_heartbeats() -> Response:
        """Every heartbeat that is awaited."""
        return _all()

    @api.delete("/api/v1/heartbeats/<name>", responses={200: HeartbeatsOut, 404: Problem})
    def forget(path: HeartbeatPath) -> Response:
        """Await it no more."""
        if not store.forget_heartbeat(path.name):
            return problem(404, f"There is no heartbeat {path.name}.", kind="unknown-heartbeat")
        return _all()
