"""Whom to call or where to write in an emergency, beside who is paged by itself: the contacts of seed 002."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Contact:
    """A person, an office or a channel. `reach` says how, in words, as a telephone number or an address; with a
    `schedule` it is whoever that has on call. `order` is its place in the list, the lowest first."""

    name: str
    title: str
    purpose: str = ""
    reach: str = ""
    schedule: str = ""
    order: int = 0


DEFAULTS = (
    Contact("on-call-engineer", "On-call engineer", "First responder", schedule="primary", order=1),
    Contact(
        "on-call-backup", "Backup engineer", "When the first does not answer", schedule="secondary", order=2
    ),
    Contact("manager", "Engineering manager", "Point of escalation, SEV-1 at once", order=3),
    Contact("cto", "CTO", "Complete outages (SEV-1)", order=4),
    Contact("database-administrator", "Database administrator", "Corruption, failover, restore", order=5),
    Contact("cloud-support", "Cloud provider's support", "Platform and network", order=6),
    Contact("status-page", "Status page", "What customers are told", order=7),
    Contact("incident-chat", "Incident channel", "Where responders talk", "#incidents", order=8),
    Contact("customer-support", "Customer support", "Questions of customers", order=9),
)
"""What a fresh installation lists; who they are is for each to fill in."""
