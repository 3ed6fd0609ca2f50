"""`/api/v2/…`: what Prometheus and amtool expect of an Alertmanager, so that we can stand in for one.

Alerts are taken and told; silences are written through the same silences as everywhere.
"""

from datetime import timedelta
from typing import Annotated, Any

from flask import Response, json, jsonify, request
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models import RawModel
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from incidentops.domain.alerts import Alert, AlertStatus, Signal, SignalKind
from incidentops.ports import IncidentStore
from incidentops.ports.incidents import AlertFilter
from incidentops_backend import __version__
from incidentops_backend.http.ingest.door import Door, Refused, invalid, read_body
from incidentops_backend.http.ingest.matchers import read_matchers
from incidentops_backend.http.ingest.shapes import (
    LabelledAlert,
    Sighting,
    identity,
    labelled_signal,
    service_of,
)

SOURCE = "prometheus"
MAX_BYTES = 4 * 1024 * 1024
MAX_ALERTS = 5000
RESOLVE_TIMEOUT = timedelta(minutes=5)
"""An alert without an end counts as resolved when it is not sent again for this long."""

_SHOWN = 500
_RECEIVER = {"name": "incidentops"}

_LIST = TypeAdapter(Annotated[list[Any], Field(max_length=MAX_ALERTS)])


class AlertsRaw(RawModel):
    """A list of alerts, as Prometheus posts it."""


class PostableOut(BaseModel):
    """Empty: all alerts are durable."""


def prometheus_routes(door: Door, api: APIBlueprint, store: IncidentStore) -> None:
    """What is sent, what is told of it, and what we are."""
    _post_routes(door, api)
    _alert_routes(door, api, store)
    _status_routes(door, api)


def _post_routes(door: Door, api: APIBlueprint) -> None:
    @api.post("/api/v2/alerts", responses={200: PostableOut})
    @door.guarded(SOURCE, _as_text)
    def post_alerts(raw: AlertsRaw) -> Response:
        """Take in alerts; the valid ones are stored also when others are not."""
        door.check_key(SOURCE)
        try:
            items = _LIST.validate_json(read_body(raw, MAX_BYTES))
        except ValidationError as error:
            raise invalid(error) from error
        signals, problems = _signals(items, door)
        door.take(signals)
        if problems:
            raise Refused(400, "invalid", "; ".join(problems[:20]))
        return jsonify({})


def _alert_routes(door: Door, api: APIBlueprint, store: IncidentStore) -> None:
    @api.get("/api/v2/alerts", responses={200: PostableOut})
    @door.guarded(SOURCE, _as_text)
    def get_alerts() -> Response:
        """Alerts that fire, as Alertmanager tells them; `filter` holds matchers."""
        return jsonify([_gettable(alert) for alert in _found(store)])

    @api.get("/api/v2/alerts/groups", responses={200: PostableOut})
    @door.guarded(SOURCE, _as_text)
    def get_groups() -> Response:
        """The same alerts, by incident."""
        groups: dict[str, list[Alert]] = {}
        for alert in _found(store):
            groups.setdefault(str(alert.incident_id), []).append(alert)
        return jsonify(
            [
                {
                    "labels": {"service": alerts[0].service},
                    "receiver": _RECEIVER,
                    "alerts": [_gettable(alert) for alert in alerts],
                }
                for alerts in groups.values()
            ]
        )


def _status_routes(door: Door, api: APIBlueprint) -> None:
    @api.get("/api/v2/receivers", responses={200: PostableOut})
    def get_receivers() -> Response:
        """There is one: incidents."""
        return jsonify([_RECEIVER])

    started_at = door.clock.now()

    @api.get("/api/v2/status", responses={200: PostableOut})
    def get_status() -> Response:
        """That we are up, and what we are."""
        version = dict.fromkeys(("branch", "buildDate", "buildUser", "goVersion", "revision"), "")
        return jsonify(
            {
                "cluster": {"status": "disabled", "peers": []},
                "config": {"original": "# IncidentOps stands in for Alertmanager here.\n"},
                "uptime": started_at.isoformat(),
                "versionInfo": version | {"version": f"incidentops-{__version__}"},
            }
        )


def _signals(items: list[Any], door: Door) -> tuple[list[Signal], list[str]]:
    """What can be taken, and what is wrong with the rest."""
    signals: list[Signal] = []
    problems: list[str] = []
    for place, item in enumerate(items):
        try:
            signals.append(_signal(LabelledAlert.model_validate(item), door))
        except ValidationError as error:
            problems.append(f"[{place}] {invalid(error).detail}")
        except Refused as refused:
            problems.append(f"[{place}] {refused.detail}")
    return signals, problems


def _signal(alert: LabelledAlert, door: Door) -> Signal:
    if not alert.labels:
        raise Refused(400, "invalid", "at least one label pair required")
    now = door.clock.now()
    ends_at = alert.ends_at if alert.ends_at and alert.ends_at.year > 1 else None
    over = ends_at is not None and ends_at <= now
    return labelled_signal(
        alert,
        Sighting(
            kind=SignalKind.RESOLVED if over else SignalKind.FIRING,
            source=SOURCE,
            dedup_key=identity(alert.labels),
            at=now,
            started_at=door.started(alert.starts_at),
            lease_until=None if over else ends_at or now + RESOLVE_TIMEOUT,
            upstream=door.upstream.of(service_of(alert.labels)),
        ),
    )


def _found(store: IncidentStore) -> list[Alert]:
    matchers = read_matchers(request.args.getlist("filter"))
    page = store.alerts(AlertFilter(status=AlertStatus.FIRING), limit=_SHOWN)
    return [alert for alert in page.items if all(matcher.fits(alert.labels) for matcher in matchers)]


def _gettable(alert: Alert) -> dict[str, Any]:
    annotations = dict(alert.annotations)
    return {
        "fingerprint": alert.fingerprint[:16],
        "labels": {"alertname": alert.name, **alert.labels},
        "generatorURL": annotations.pop("generatorURL", ""),
        "annotations": annotations,
        "startsAt": alert.started_at.isoformat(),
        "updatedAt": alert.last_seen_at.isoformat(),
        "endsAt": (alert.lease_until or alert.last_seen_at + RESOLVE_TIMEOUT).isoformat(),
        "receivers": [_RECEIVER],
        "status": {"state": "active", "silencedBy": [], "inhibitedBy": [], "mutedBy": []},
    }


def _as_text(refused: Refused) -> Response:
    """Alertmanager's errors are a JSON string, and 400 whatever was wrong with the fields."""
    status = 400 if refused.status == 422 else refused.status  # noqa: PLR2004  # what the API calls 400
    return Response(json.dumps(refused.detail), status=status, content_type="application/json")
