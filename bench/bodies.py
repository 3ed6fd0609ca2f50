"""What senders send: alerts in the words of each format, with `NUMBER` where requests differ."""

import json

from bench.load import NUMBER

GROUP = 100
"""Alerts in one webhook."""


def single() -> str:
    """A new alert of one of our own format."""
    return json.dumps(
        {
            "service": "billing",
            "severity": "high",
            "message": "HTTP 5xx error rate > 10%",
            "labels": {"env": "production", "number": NUMBER},
        }
    )


def group(service: str = "billing", severity: str = "warning") -> str:
    """A webhook of Alertmanager: one problem of one service on a hundred instances, each a new alert."""
    return _webhook([_alert(at, service, severity) for at in range(GROUP)])


def unrelated() -> str:
    """A webhook of Alertmanager as bad as it gets: each alert is of another service, and opens an incident."""
    return _webhook([_alert(at, f"redis-{NUMBER}-{at}", "info") for at in range(GROUP)])


def alerta() -> str:
    """A new alert in the peer's words."""
    return json.dumps(
        {
            "resource": f"billing-{NUMBER}",
            "event": "HighLatency",
            "environment": "Production",
            "severity": "major",
            "service": ["billing"],
            "text": "HTTP 5xx error rate > 10%",
        }
    )


def _webhook(alerts: list[dict[str, object]]) -> str:
    return json.dumps({"version": "4", "groupKey": "{}", "truncatedAlerts": 0, "alerts": alerts})


def _alert(at: int, service: str, severity: str) -> dict[str, object]:
    return {
        "status": "firing",
        "labels": {
            "alertname": "HighLatency",
            "service": service,
            "instance": f"10.0.0.{at}:9100",
            "severity": severity,
        },
        "annotations": {"summary": f"{service} is slow"},
        "startsAt": "2026-01-01T00:00:00Z",
        "fingerprint": f"{service}/{NUMBER}/{at}",
    }
