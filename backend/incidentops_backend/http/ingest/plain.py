"""`POST /api/v1/alerts` (seed 003): one alert, in our own words."""

from typing import Annotated, Literal
from uuid import UUID

from flask import Response, request
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models import RawModel
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from incidentops.domain.alerts import Signal, SignalKind, fingerprint
from incidentops.domain.correlation import Result
from incidentops.domain.severity import Severity
from incidentops_backend.http.ingest.door import Door, Refused, parsed, read_body
from incidentops_backend.http.ingest.shapes import Annotations, Labels, ShortText, Summary, name_of
from incidentops_backend.http.problems import Problem
from incidentops_backend.schemas.incidents import NO_NUL
from incidentops_backend.schemas.instants import Timestamp

SOURCE = "api"
MAX_BYTES = 256 * 1024
STATED = Literal["firing", "resolved"]


class AlertIn(BaseModel):
    """One alert. What makes two the same is `dedup_key`; without one: service, name or message with its numbers
    masked, and the labels that do not change from one sighting to the next."""

    model_config = ConfigDict(extra="forbid")

    service: ShortText
    severity: Severity
    message: Summary
    name: ShortText | None = None
    labels: Labels = {}
    annotations: Annotations = {}
    timestamp: Timestamp | None = Field(None, description="when it began; now, when left out")
    status: STATED = "firing"
    dedup_key: Annotated[str, StringConstraints(min_length=1, max_length=255, pattern=NO_NUL)] | None = None


class AlertRaw(RawModel):
    """See `AlertIn`."""


_KEY = "Idempotency-Key"
_MAX_KEY = 200
_HEADERS = {
    "parameters": [
        {
            "name": _KEY,
            "in": "header",
            "description": "A repeated alert with the same key is answered, never taken twice.",
            "schema": {"type": "string", "minLength": 1, "maxLength": _MAX_KEY},
        }
    ]
}
"""As the OpenAPI document has it. Read by hand below: a header model costs as much as parsing the alert."""


class AcceptedOut(BaseModel):
    """`stored` with what it came to, or `accepted`: it is on disk and waits for the database."""

    status: Literal["stored", "accepted"]
    result: Result | None
    alert_id: UUID | None
    incident_id: UUID | None


def plain_routes(door: Door, api: APIBlueprint) -> None:
    @api.post(
        "/api/v1/alerts",
        responses={200: AcceptedOut, 201: AcceptedOut, 202: AcceptedOut, 413: Problem, 415: Problem},
        openapi_extensions=_HEADERS,
    )
    @door.guarded(SOURCE)
    def send_alert(raw: AlertRaw) -> Response:
        """Take in one alert; the answer comes when it is durable."""
        door.check_key(SOURCE)
        alert = parsed(AlertIn, read_body(raw, MAX_BYTES))
        taken = door.take([_signal(alert, door, _idempotency_key())])
        if taken is None:
            return _answer(202, AcceptedOut(status="accepted", result=None, alert_id=None, incident_id=None))
        [one] = taken
        answer = AcceptedOut(
            status="stored", result=one.result, alert_id=one.alert_id, incident_id=one.incident_id
        )
        return _answer(201, answer)


def _signal(alert: AlertIn, door: Door, key: str | None) -> Signal:
    name = alert.name or name_of(alert.message)
    mark = fingerprint(SOURCE, alert.service, name, alert.labels)
    return Signal(
        kind=SignalKind(alert.status),
        source=SOURCE,
        dedup_key=alert.dedup_key or mark,
        at=door.clock.now(),
        service=alert.service,
        name=name,
        severity=alert.severity,
        summary=alert.message,
        fingerprint=mark,
        labels=alert.labels,
        annotations=alert.annotations,
        started_at=door.started(alert.timestamp),
        upstream=door.upstream.of(alert.service),
        once=key,
    )


def _idempotency_key() -> str | None:
    """Raises Refused."""
    key: str | None = request.headers.get(_KEY)
    if key is not None and not 1 <= len(key) <= _MAX_KEY:
        reason = f"{_KEY} has 1 to {_MAX_KEY} characters"
        raise Refused(422, "invalid", reason, [{"field": _KEY, "reason": reason}])
    return key


def _answer(status: int, answer: AcceptedOut) -> Response:
    return Response(answer.model_dump_json(), status=status, content_type="application/json")
