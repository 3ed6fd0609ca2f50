"""`/api/v2/…`: what Prometheus and amtool expect of an Alertmanager, so that we can stand in for one.

Alerts are taken and told; silences are written through the same silences as everywhere.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

from flask import Response, json, jsonify
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models import RawModel
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from incidentops.domain.alerts import Alert, AlertStatus, Signal, SignalKind
from incidentops.domain.suppression.silences import labels_of
from incidentops.domain.suppression.verdict import Suppressions
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
from incidentops_backend.schemas.parameters import Parameters

SOURCE = "prometheus"
MAX_BYTES = 4 * 1024 * 1024
MAX_ALERTS = 5000
RESOLVE_TIMEOUT = timedelta(minutes=5)
"""An alert without an end counts as resolved when it is not sent again for this long."""

_SHOWN = 500
_RECEIVER = {"name": "incidentops"}

Document = dict[str, Any]
"""JSON as it goes out."""

_LIST = TypeAdapter(Annotated[list[Any], Field(max_length=MAX_ALERTS)])


class AlertsRaw(RawModel):
    """A list of alerts, as Prometheus posts it."""


class PostableOut(BaseModel):
    """Empty: all alerts are durable."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of alerts: the alerts, and what silences them."""

    store: IncidentStore
    suppressions: Callable[[], Suppressions]


class AlertsQuery(Parameters):
    """Which of the firing alerts. Alertmanager has more conditions; those are accepted and change nothing."""

    filter: list[str] = Field(default=[], max_length=20)
    active: bool = True
    silenced: bool = True


def prometheus_routes(door: Door, api: APIBlueprint, told: Told) -> None:
    """What is sent, what is told of it, and what we are."""
    _post_routes(door, api)
    _alert_routes(door, api, told)
    _status_routes(door, api)


def _post_routes(door: Door, api: APIBlueprint) -> None:
    @api.post("/api/v2/alerts", responses={200: PostableOut})
    @door.guarded(SOURCE, as_text)
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


def _alert_routes(door: Door, api: APIBlueprint, told: Told) -> None:
    @api.get("/api/v2/alerts", responses={200: PostableOut})
    @door.guarded(SOURCE, as_text)
    def get_alerts(query: AlertsQuery) -> Response:
        """Alerts that fire, as Alertmanager tells them; `filter` holds matchers."""
        return jsonify([shown for _, shown in _found(told, query, door.clock.now())])

    @api.get("/api/v2/alerts/groups", responses={200: PostableOut})
    @door.guarded(SOURCE, as_text)
    def get_groups(query: AlertsQuery) -> Response:
        """The same alerts, by incident."""
        groups: dict[str, list[tuple[Alert, Document]]] = {}
        for alert, shown in _found(told, query, door.clock.now()):
            groups.setdefault(str(alert.incident_id), []).append((alert, shown))
        return jsonify(
            [
                {
                    "labels": {"service": alerts[0][0].service},
                    "receiver": _RECEIVER,
                    "alerts": [shown for _, shown in alerts],
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


def _found(told: Told, query: AlertsQuery, now: datetime) -> list[tuple[Alert, Document]]:
    matchers, silences = read_matchers(query.filter), told.suppressions().silences
    page = told.store.alerts(AlertFilter(status=AlertStatus.FIRING), limit=_SHOWN)
    found = []
    for alert in page.items:
        labels = _labels(alert)
        silenced = [item.name for item in silences if item.open_until(labels_of(alert), now)]
        wanted = query.silenced if silenced else query.active
        if wanted and all(matcher.fits(labels) for matcher in matchers):
            found.append((alert, _gettable(alert, silenced)))
    return found


def _labels(alert: Alert) -> dict[str, str]:
    return {"alertname": alert.name, **alert.labels}


def _gettable(alert: Alert, silenced: list[str]) -> Document:
    annotations = dict(alert.annotations)
    state = "suppressed" if silenced else "active"
    return {
        "fingerprint": alert.fingerprint[:16],
        "labels": _labels(alert),
        "generatorURL": annotations.pop("generatorURL", ""),
        "annotations": annotations,
        "startsAt": alert.started_at.isoformat(),
        "updatedAt": alert.last_seen_at.isoformat(),
        "endsAt": (alert.lease_until or alert.last_seen_at + RESOLVE_TIMEOUT).isoformat(),
        "receivers": [_RECEIVER],
        "status": {"state": state, "silencedBy": silenced, "inhibitedBy": [], "mutedBy": []},
    }


def as_text(refused: Refused) -> Response:
    """Alertmanager's errors are a JSON string, and 400 whatever was wrong with the fields."""
    status = 400 if refused.status == 422 else refused.status  # noqa: PLR2004  # what the API calls 400
    return Response(json.dumps(refused.detail), status=status, content_type="application/json")
