"""What a page says."""

from incidentops.domain.incidents import Incident
from incidentops.domain.severity import Severity


def page_subject(number: int, severity: Severity, service: str, title: str) -> str:
    return f"[SEV-{severity.rank}] {service}: {title} (incident {number})"


def page_body(number: int, team: str | None, policy: str, panel_url: str) -> str:
    """Where to look and what to do; the subject has said what is wrong."""
    owner = f"Team {team}, policy {policy}." if team else f"Policy {policy}."
    return f"{owner}\nAcknowledge or resolve: {panel_url}/incidents/{number}"


def news_subject(incident: Incident) -> str:
    word = "Resolved" if incident.resolved else "Acknowledged"
    return f"{word}: {incident.service}: {incident.title} (incident {incident.number})"


def news_body(incident: Incident, by: str, panel_url: str) -> str:
    """Who did it, and that nothing has to be done."""
    who = f" by {by}" if by else ""
    if incident.merged_into is not None:
        done = f"Merged{who} into another incident"
    else:
        done = f"{'Resolved' if incident.resolved else 'Acknowledged'}{who}"
    return f"{done}. You were paged for it; nothing is left for you to do.\n{panel_url}/incidents/{incident.number}"
