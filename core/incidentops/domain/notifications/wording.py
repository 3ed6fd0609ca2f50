"""What a page says."""

from incidentops.domain.severity import Severity


def page_subject(number: int, severity: Severity, service: str, title: str) -> str:
    return f"[SEV-{severity.rank}] {service}: {title} (incident {number})"


def page_body(number: int, team: str | None, policy: str, panel_url: str) -> str:
    """Where to look and what to do; the subject has said what is wrong."""
    owner = f"Team {team}, policy {policy}." if team else f"Policy {policy}."
    return f"{owner}\nAcknowledge or resolve: {panel_url}/incidents/{number}"
