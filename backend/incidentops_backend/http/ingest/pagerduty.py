"""`POST /v2/enqueue`: PagerDuty Events API v2, with that API's own answers."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any, Literal
from uuid import uuid4

from flask import Response, jsonify
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models import RawModel
from pydantic import BaseModel, Field, StringConstraints, model_validator

from incidentops.domain.alerts import Signal, SignalKind, fingerprint
from incidentops.domain.severity import severity_of
from incidentops_backend.http.ingest.door import Door, Refused, parsed, read_body
from incidentops_backend.http.ingest.shapes import Foreign, Summary, name_of
from incidentops_backend.schemas.incidents import NO_NUL
from incidentops_backend.schemas.instants import Timestamp

SOURCE = "pagerduty"
MAX_BYTES = 512 * 1024
_MAX_DETAILS = 32
_KINDS = {
    "trigger": SignalKind.FIRING,
    "acknowledge": SignalKind.ACKNOWLEDGED,
    "resolve": SignalKind.RESOLVED,
}

DedupKey = Annotated[str, StringConstraints(max_length=255, pattern=NO_NUL)]
Word = Annotated[str, StringConstraints(max_length=1024, pattern=NO_NUL)]


class Payload(Foreign):
    """What is wrong."""

    summary: Summary
    source: Annotated[str, StringConstraints(min_length=1, max_length=1024, pattern=NO_NUL)]
    severity: Literal["critical", "error", "warning", "info"]
    timestamp: Timestamp | None = None
    component: Word | None = None
    group: Word | None = None
    kind: Word | None = Field(default=None, alias="class")
    custom_details: Any = None


class Event(Foreign):
    """One event; a payload comes with a trigger, a dedup key with everything else."""

    routing_key: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=NO_NUL)]
    event_action: Literal["trigger", "acknowledge", "resolve"]
    dedup_key: DedupKey | None = None
    payload: Payload | None = None
    client: Word | None = None
    client_url: Word | None = None

    @model_validator(mode="after")
    def _complete(self) -> "Event":
        if self.event_action == "trigger" and self.payload is None:
            raise ValueError("'payload' is missing or blank")
        if self.event_action != "trigger" and not self.dedup_key:
            raise ValueError("'dedup_key' is missing or blank")
        return self


_OWN_STATUS = frozenset({413, 415, 503})


class EventRaw(RawModel):
    """An event as PagerDuty's clients send it."""


class EnqueuedOut(BaseModel):
    """The event is durable."""

    status: str
    message: str
    dedup_key: str


def pagerduty_routes(door: Door, api: APIBlueprint) -> None:
    @api.post("/v2/enqueue", responses={200: EnqueuedOut, 202: EnqueuedOut})
    @door.guarded(SOURCE, _invalid_event)
    def enqueue(raw: EventRaw) -> Response:
        """Trigger, acknowledge or resolve, in the words of PagerDuty's Events API v2."""
        event = parsed(Event, read_body(raw, MAX_BYTES))
        door.check_key(SOURCE, event.routing_key)
        dedup_key = event.dedup_key or str(uuid4())
        door.take([_signal(event, dedup_key, door)])
        answer = EnqueuedOut(status="success", message="Event processed", dedup_key=dedup_key)
        response = jsonify(answer.model_dump())
        response.status_code = 202
        return response


def _signal(event: Event, dedup_key: str, door: Door) -> Signal:
    now, payload = door.clock.now(), event.payload
    kind = _KINDS[event.event_action]
    if payload is None or kind is not SignalKind.FIRING:
        return Signal(kind, SOURCE, dedup_key, now)
    service = (payload.component or payload.source)[:200]
    name = (payload.kind or name_of(payload.summary))[:200]
    labels = {"source": payload.source, "component": payload.component, "group": payload.group}
    known = {key: value for key, value in labels.items() if value}
    return Signal(
        kind=kind,
        source=SOURCE,
        dedup_key=dedup_key,
        at=now,
        service=service,
        name=name,
        severity=severity_of(payload.severity),
        summary=payload.summary,
        fingerprint=fingerprint(SOURCE, service, name, known),
        labels=known,
        annotations=_details(event, payload),
        started_at=door.started(payload.timestamp),
        upstream=door.upstream.of(service),
    )


def _details(event: Event, payload: Payload) -> dict[str, str]:
    """Custom details as text, as many as we keep."""
    given = payload.custom_details if isinstance(payload.custom_details, Mapping) else {}
    texts = {str(key)[:200]: str(value)[:1000] for key, value in list(given.items())[:_MAX_DETAILS]}
    texts |= {"client": event.client or "", "client_url": event.client_url or ""}
    return {key: value.replace("\x00", "\ufffd") for key, value in texts.items() if key and value}


def _invalid_event(refused: Refused) -> Response:
    """PagerDuty answers every event it does not take with 400, but for size and when it cannot take any."""
    later = refused.status == HTTPStatus.SERVICE_UNAVAILABLE
    errors = [f"{item['field']}: {item['reason']}" for item in refused.errors] or [refused.detail]
    answer = jsonify(
        {
            "status": "unavailable" if later else "invalid event",
            "message": "Event could not be stored" if later else "Event object is invalid",
            "errors": errors,
        }
    )
    answer.status_code = refused.status if refused.status in _OWN_STATUS else 400
    return answer
