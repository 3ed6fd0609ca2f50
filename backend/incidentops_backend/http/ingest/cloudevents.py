"""`POST /api/v1/ingest/cloudevents`: CloudEvents 1.0 over HTTP, structured, batched or binary.

The data is an alert in the words of `POST /api/v1/alerts`. Source and id of an event are its key: sent again it
changes nothing.
"""

from typing import Annotated, Literal

from flask import Request, Response, jsonify
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models import RawModel
from pydantic import Field, StringConstraints, TypeAdapter, ValidationError, field_validator

from incidentops.domain.alerts import Signal, SignalKind, fingerprint
from incidentops.domain.correlation.rules import OWN_SOURCE
from incidentops.settings import SOURCES
from incidentops_backend.http.ingest.alertmanager import WebhookOut
from incidentops_backend.http.ingest.door import Door, invalid, parsed, read_body
from incidentops_backend.http.ingest.plain import AlertIn
from incidentops_backend.http.ingest.shapes import Foreign, ShortText, name_of
from incidentops_backend.http.problems import Problem
from incidentops_backend.schemas.incidents import NO_NUL
from incidentops_backend.schemas.instants import Timestamp

SOURCE = "cloudevents"
MAX_BYTES = 1024 * 1024
MAX_EVENTS = 500
STRUCTURED, BATCHED = "application/cloudevents+json", "application/cloudevents-batch+json"
_OURS = frozenset(SOURCES) - {SOURCE} | {OWN_SOURCE}
_MEDIA_TYPES = frozenset({STRUCTURED, BATCHED, "application/json"})


class CloudEvent(Foreign):
    """One event."""

    specversion: Literal["1.0"]
    id: Annotated[str, StringConstraints(min_length=1, max_length=255, pattern=NO_NUL)]
    source: ShortText
    type: ShortText
    subject: Annotated[str, StringConstraints(max_length=255, pattern=NO_NUL)] | None = None
    time: Timestamp | None = None
    data: AlertIn

    @field_validator("source")
    @classmethod
    def _is_foreign(cls, source: str) -> str:
        """Alerts are known by source and key: under the name of another door one could end what came by that."""
        if source in _OURS:
            raise ValueError(f"{source!r} is a name of IncidentOps' own")
        return source


_BATCH = TypeAdapter(Annotated[list[CloudEvent], Field(max_length=MAX_EVENTS)])


class CloudEventRaw(RawModel):
    """One event or several."""

    mimetypes: list[str] = [STRUCTURED, BATCHED, "application/json"]  # noqa: RUF012  # as its base has it


def cloudevents_routes(door: Door, api: APIBlueprint) -> None:
    @api.post(
        "/api/v1/ingest/cloudevents", responses={200: WebhookOut, 413: Problem, 415: Problem, 422: Problem}
    )
    @door.guarded(SOURCE)
    def cloudevents(raw: CloudEventRaw) -> Response:
        """Take in alerts that travel as CloudEvents."""
        door.check_key(SOURCE)
        signals = [_signal(event, door) for event in _events(raw, read_body(raw, MAX_BYTES, _MEDIA_TYPES))]
        taken = door.take(signals)
        return jsonify(WebhookOut(accepted=len(signals), waiting=taken is None).model_dump())


def _events(raw: Request, body: bytes) -> list[CloudEvent]:
    if raw.mimetype == BATCHED:
        return parsed(_BATCH, body)
    if raw.mimetype == STRUCTURED:
        return [parsed(CloudEvent, body)]
    return [_binary(raw, body)]


def _binary(raw: Request, body: bytes) -> CloudEvent:
    """The attributes stand in `ce-…` headers, the body is the data alone."""
    data = parsed(AlertIn, body)
    attributes = {
        key.lower().removeprefix("ce-"): value for key, value in raw.headers if key.lower().startswith("ce-")
    }
    try:
        return CloudEvent.model_validate(attributes | {"data": data})
    except ValidationError as error:
        raise invalid(error) from error


def _signal(event: CloudEvent, door: Door) -> Signal:
    alert = event.data
    name = alert.name or event.type or name_of(alert.message)
    mark = fingerprint(event.source, alert.service, name, alert.labels)
    return Signal(
        kind=SignalKind(alert.status),
        source=event.source,
        dedup_key=alert.dedup_key or event.subject or mark,
        at=door.clock.now(),
        service=alert.service,
        name=name,
        severity=alert.severity,
        summary=alert.message,
        fingerprint=mark,
        labels=alert.labels,
        annotations=alert.annotations,
        started_at=door.started(alert.timestamp or event.time),
        upstream=door.upstream.of(alert.service),
        once=event.id,
    )
