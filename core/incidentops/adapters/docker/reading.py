"""From the engine's JSON to the domain's records."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from incidentops.domain.containers import Container
from incidentops.domain.observations import EngineEvent
from incidentops.domain.services import Health

_NOT_LABELS = frozenset({"image", "name", "exitCode", "execDuration", "signal", "execID", "oldName"})
_NANO = re.compile(r"(\.\d{6})\d+")
_NEVER = "0001-"
DEFAULT_GRACE_SECONDS = 10
"""The engine's own, for a container that names none."""


def container_of(raw: Mapping[str, Any]) -> Container:
    """A container from the answer of `GET /containers/<id>/json`."""
    state: Mapping[str, Any] = raw["State"]
    config: Mapping[str, Any] = raw["Config"]
    started_at = parse_time(state.get("StartedAt"))
    return Container(
        id=raw["Id"],
        name=raw["Name"].removeprefix("/"),
        image=config.get("Image") or raw["Image"],
        status=state["Status"],
        labels=dict(config.get("Labels") or {}),
        health=_health(state),
        started_at=started_at,
        finished_at=parse_time(state.get("FinishedAt")),
        exit_code=None if state.get("Running") or started_at is None else state.get("ExitCode"),
        oom_killed=bool(state.get("OOMKilled")),
        pid=state.get("Pid") or 0,
        networks=_networks(raw.get("NetworkSettings") or {}),
        published=_published(raw.get("NetworkSettings") or {}),
        stop_grace_seconds=stop_grace_seconds(config),
    )


def event_of(raw: Mapping[str, Any]) -> EngineEvent:
    """A container event from one JSON object of `GET /events`."""
    attributes: Mapping[str, str] = raw["Actor"].get("Attributes") or {}
    exit_code = attributes.get("exitCode", "")
    return EngineEvent(
        container_id=raw["Actor"]["ID"],
        action=raw["Action"],
        at=datetime.fromtimestamp(raw["timeNano"] / 1e9, UTC),
        exit_code=int(exit_code) if exit_code.lstrip("-").isdecimal() else None,
        labels={key: value for key, value in attributes.items() if key not in _NOT_LABELS},
    )


def stop_grace_seconds(config: Mapping[str, Any]) -> int:
    """Seconds between asking a container to end and killing it, from the `Config` of its description."""
    configured = config.get("StopTimeout")
    return DEFAULT_GRACE_SECONDS if configured is None else max(int(configured), 0)


def parse_time(text: str | None) -> datetime | None:
    """An RFC 3339 time with nanoseconds; None for none, and for the year 1, which means never."""
    if not text or text.startswith(_NEVER):
        return None
    return datetime.fromisoformat(_NANO.sub(r"\1", text)).astimezone(UTC)


def _health(state: Mapping[str, Any]) -> Health:
    text = (state.get("Health") or {}).get("Status", Health.NONE)
    return Health(text) if text in set(Health) else Health.NONE


def _networks(settings: Mapping[str, Any]) -> dict[str, str]:
    networks: Mapping[str, Any] = settings.get("Networks") or {}
    return {
        name: (network or {}).get("IPAddress") or (network or {}).get("GlobalIPv6Address") or ""
        for name, network in networks.items()
    }


def _published(settings: Mapping[str, Any]) -> tuple[str, ...]:
    ports: Mapping[str, Any] = settings.get("Ports") or {}
    hosts = (binding.get("HostIp", "") for bindings in ports.values() for binding in bindings or ())
    return tuple(sorted(set(hosts)))
