"""`POST /api/v1/ingest/alertmanager` (webhook version 4) and `POST /api/v1/ingest/grafana` (version 1).

Each alert says for itself whether it fires; nothing is inferred from what a group does not list, so truncated
groups are safe. 503 makes the sender come back; it never repeats a 4xx.
"""

import hashlib
import hmac
from typing import Annotated, Any, Literal

from flask import Response, jsonify, request
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models import RawModel
from pydantic import BaseModel, Field, StringConstraints

from incidentops.domain.alerts import Signal, SignalKind
from incidentops_backend.http.ingest.door import Door, Refused, parsed, read_body
from incidentops_backend.http.ingest.shapes import (
    Foreign,
    LabelledAlert,
    Sighting,
    identity,
    labelled_signal,
    service_of,
)
from incidentops_backend.http.problems import Problem
from incidentops_backend.schemas.incidents import NO_NUL

MAX_BYTES = 4 * 1024 * 1024
MAX_ALERTS = 5000
SIGNATURE = "X-Grafana-Alerting-Signature"
SIGNED_AT = "X-Grafana-Alerting-Signature-Timestamp"


class WebhookAlert(LabelledAlert):
    """One alert of a group."""

    status: Literal["firing", "resolved"]
    fingerprint: Annotated[str, StringConstraints(max_length=200, pattern=NO_NUL)] = ""


class Webhook(Foreign):
    """A group of alerts."""

    alerts: Annotated[list[WebhookAlert], Field(max_length=MAX_ALERTS)]
    truncated: int = Field(default=0, alias="truncatedAlerts")


class WebhookRaw(RawModel):
    """The sender's own form."""


class WebhookOut(BaseModel):
    """All alerts of the group are durable."""

    accepted: int
    waiting: bool = Field(description="the database is away; they are on disk and will follow")


def alertmanager_routes(door: Door, api: APIBlueprint) -> None:
    responses: dict[Any, Any] = {200: WebhookOut, 413: Problem, 415: Problem}

    @api.post("/api/v1/ingest/alertmanager", responses=responses)
    @door.guarded("alertmanager")
    def alertmanager(raw: WebhookRaw) -> Response:
        """Take in a group of alerts from Alertmanager."""
        door.check_key("alertmanager")
        return _taken(door, "alertmanager", read_body(raw, MAX_BYTES))

    @api.post("/api/v1/ingest/grafana", responses=responses)
    @door.guarded("grafana")
    def grafana(raw: WebhookRaw) -> Response:
        """Take in a group of alerts from Grafana, signed when it has the key."""
        body = read_body(raw, MAX_BYTES)
        if SIGNATURE in request.headers:
            _check_signature(door, body)
        else:
            door.check_key("grafana")
        return _taken(door, "grafana", body)


def _taken(door: Door, source: str, body: bytes) -> Response:
    group = parsed(Webhook, body)
    signals = [_signal(alert, door, source) for alert in group.alerts]
    taken = door.take(signals)
    return jsonify(WebhookOut(accepted=len(signals), waiting=taken is None).model_dump())


def _signal(alert: WebhookAlert, door: Door, source: str) -> Signal:
    return labelled_signal(
        alert,
        Sighting(
            kind=SignalKind(alert.status),
            source=source,
            dedup_key=alert.fingerprint or identity(alert.labels),
            at=door.clock.now(),
            started_at=door.started(alert.starts_at),
            upstream=door.upstream.of(service_of(alert.labels)),
        ),
    )


def _check_signature(door: Door, body: bytes) -> None:
    """HMAC-SHA256 of the body, or of its time, a colon and the body."""
    secret = door.keys.get("grafana", "")
    signed = f"{at}:".encode() + body if (at := request.headers.get(SIGNED_AT)) else body
    wanted = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    offered = request.headers[SIGNATURE].strip().lower()
    if not secret or not hmac.compare_digest(wanted.encode(), offered.encode()):
        raise Refused(401, "unauthorized", "The signature does not fit the body.")
