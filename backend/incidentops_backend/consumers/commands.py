"""Commands from chaos, remediator and worker: the only way they act on a service."""

from incidentops.domain.actions import Actor, Source
from incidentops.domain.errors import IncidentOpsError, MalformedMessage, StaleCommand, Unavailable
from incidentops.messages.envelope import Message
