"""The steps an engine takes for a fault, and what the target looks like as far as they could change it."""

import json
from collections.abc import Callable

from incidentops.domain.faults import Fault
from incidentops.domain.faults.work import Step
from incidentops.ports import Engine, FaultEngine
from incidentops.ports.faults import Endpoint, Target

_PERIOD_MICROSECONDS = 100_000


class Steps:
    """Carries out steps. Undoing one that is undone already changes nothing. Raises the errors of the engine."""

    def __init__(self, engine: Engine, faults: FaultEngine) -> None:
        self._engine, self._faults = engine, faults
        self._steps: dict[Step, Callable[[Fault], None]] = {
            Step.KILL: lambda fault: engine.kill(fault.container_id),
            Step.STOP: lambda fault: engine.stop(fault.container_id),
            Step.START: lambda fault: engine.start(fault.container_id),
            Step.RESTART: lambda fault: engine.restart(fault.container_id, 0),
            Step.PAUSE: lambda fault: engine.pause(fault.container_id),
            Step.UNPAUSE: self._unpause,
            Step.FREEZE: lambda fault: engine.kill(fault.container_id, "SIGSTOP"),
            Step.THAW: lambda fault: engine.kill(fault.container_id, "SIGCONT"),
            Step.DISCONNECT: self._disconnect,
            Step.RECONNECT: self._reconnect,
            Step.CAP_CPU: self._cap_cpu,
            Step.UNCAP_CPU: lambda fault: faults.cap_cpu(fault.container_id, *fault.plan["cpu"]),
        }

    def take(self, step: Step, fault: Fault) -> None:
        self._steps[step](fault)

    def _unpause(self, fault: Fault) -> None:
        if self._faults.look(fault.container_id).status == "paused":
            self._engine.unpause(fault.container_id)

    def _disconnect(self, fault: Fault) -> None:
        for network in fault.plan["networks"]:
            self._faults.detach(fault.container_id, network)

    def _reconnect(self, fault: Fault) -> None:
        here = self._faults.look(fault.container_id).networks
        for network, endpoint in fault.plan["networks"].items():
            if network not in here:
                joined = Endpoint(endpoint["address"], tuple(endpoint["aliases"]))
                self._faults.attach(fault.container_id, network, joined)

    def _cap_cpu(self, fault: Fault) -> None:
        quota = round(_PERIOD_MICROSECONDS * fault.parameters["percent"] / 100)
        self._faults.cap_cpu(fault.container_id, quota, _PERIOD_MICROSECONDS)


def seen(step: Step, target: Target) -> dict[str, str]:
    """By what was looked at; equal texts mean equal."""
    match step:
        case Step.RECONNECT:
            networks = {name: [item.address, *item.aliases] for name, item in target.networks.items()}
            return {"networks": json.dumps(networks, sort_keys=True)}
        case Step.UNCAP_CPU:
            capped = f"{target.cpu_quota}/{target.cpu_period}"
            return {"cpu": capped if target.cpu_quota else "no cap"}
        case _:
            return {"state": target.status}
