"""Every message type there is, with its payload. `docs/messages.md` is tested against this table."""

from dataclasses import dataclass

from pydantic import BaseModel

from incidentops.domain.experiments.runs import Progress
from incidentops.messages.commands import (
    ActOrder,
    AskProbe,
    HaltExperiment,
    InjectFault,
    ListServices,
    Ping,
    Remediate,
    RunClaim,
    RunDecision,
    RunExperiment,
    StopChaos,
    UndoFault,
)
from incidentops.messages.events import ActionFinished, FaultChanged, RemediationEscalated, ServiceChanged


@dataclass(frozen=True, slots=True)
class MessageType:
    """A type of message: its name, which is its routing key, and the model of its payload."""

    name: str
    payload: type[BaseModel]


COMMAND_TYPES = {
    kind.name: kind
    for kind in (
        MessageType("backend.act", ActOrder),
        MessageType("backend.claim_run", RunClaim),
        MessageType("backend.services", RunClaim),
        MessageType("backend.explain", RunDecision),
        MessageType("backend.inject_fault", InjectFault),
        MessageType("backend.undo_fault", UndoFault),
        MessageType("backend.list_services", ListServices),
        MessageType("backend.ask_probe", AskProbe),
        MessageType("backend.stop_chaos", StopChaos),
        MessageType("backend.ping", Ping),
        MessageType("worker.ping", Ping),
        MessageType("chaos.ping", Ping),
        MessageType("chaos.run_experiment", RunExperiment),
        MessageType("chaos.halt_experiment", HaltExperiment),
        MessageType("remediator.ping", Ping),
        MessageType("remediator.remediate", Remediate),
    )
}

EVENT_TYPES = {
    kind.name: kind
    for kind in (
        MessageType("service.changed", ServiceChanged),
        MessageType("action.finished", ActionFinished),
        MessageType("remediation.escalated", RemediationEscalated),
        MessageType("fault.changed", FaultChanged),
        MessageType("experiment.progressed", Progress),
    )
}

MESSAGE_TYPES = COMMAND_TYPES | EVENT_TYPES
