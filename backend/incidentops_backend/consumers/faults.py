"""The commands with which chaos does and ends harm; it holds no socket of its own."""

from collections.abc import Mapping
from typing import Any

from incidentops.domain.errors import IncidentOpsError, Unavailable
from incidentops.messages.commands import InjectFault, StopChaos, UndoFault
from incidentops.messages.envelope import Message
from incidentops.messages.fault_json import fault_to_json
from incidentops_backend.consumers.reading import Answer, read_payload
from incidentops_backend.use_cases.faults.desk import FaultDesk
from incidentops_backend.use_cases.faults.errors import BadFault
from incidentops_backend.use_cases.faults.request import Wanted


class FaultCommands:
    """What cannot be done is an answer (`refused`, and `errors` by field), not an error."""

    def __init__(self, desk: FaultDesk) -> None:
        self._desk = desk

    def answers(self) -> Mapping[str, Answer]:
        """By command."""
        return {
            "backend.inject_fault": self._inject,
            "backend.undo_fault": self._undo,
            "backend.stop_chaos": self._stop,
        }

    def _inject(self, message: Message) -> dict[str, Any]:
        order = read_payload(InjectFault, message)
        wanted = Wanted(
            fault_id=order.fault_id,
            service=order.service,
            kind=order.fault,
            lease_seconds=order.lease_seconds,
            requested_by=message.actor,
            parameters=order.parameters,
            run_id=order.run_id,
            container=order.container,
        )
        try:
            return {"fault": fault_to_json(self._desk.inject(wanted))}
        except Unavailable:
            raise
        except BadFault as error:
            return {"refused": str(error), "errors": error.errors}
        except IncidentOpsError as error:
            return {"refused": str(error), "errors": {}}

    def _undo(self, message: Message) -> dict[str, Any]:
        order = read_payload(UndoFault, message)
        try:
            return {"fault": fault_to_json(self._desk.undo(order.fault_id, order.reason))}
        except Unavailable:
            raise
        except IncidentOpsError as error:
            return {"refused": str(error), "errors": {}}

    def _stop(self, message: Message) -> dict[str, Any]:
        stop = self._desk.stop_all(message.actor, read_payload(StopChaos, message).why)
        return {"since": stop.since.isoformat(), "by": stop.by, "why": stop.why}
