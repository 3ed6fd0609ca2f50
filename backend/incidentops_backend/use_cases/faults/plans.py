"""From a kind and its parameters to the plan in the record, and from the record to steps and sidecars.

The record alone is enough: it lies in the journal, in the labels of the sidecar and in Postgres, and whoever finds
it can end the fault.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from incidentops.domain.faults import Fault, FaultKind
from incidentops.domain.faults.kind import Parameters
from incidentops.domain.faults.work import (
    CannotBeDone,
    EngineWork,
    HeldWork,
    Step,
    StressWork,
    Surroundings,
)
from incidentops.ports.faults import Sidecar, Target, Tool

_OURS = "incidentops_"
_NO_WAY_IN = (
    "a stressor can neither join the target's control group on this engine (only cgroup v1 below cgroupfs lets it) "
    "nor be copied into the target, whose file system is read-only"
)
_NO_SCRATCH = (
    "only a sized volume in memory is ever filled; the label incidentops.scratch names none on this target"
)


def planned(
    fault: Fault, kind: FaultKind[Any], parameters: Parameters, around: Surroundings, target: Target
) -> Fault:
    """The record with its mechanism and its plan. Raises CannotBeDone."""
    match kind.work:
        case EngineWork() as work:
            every = work.every_seconds(parameters) if work.every_seconds else None
            plan = {"inject": work.inject, "undo": work.undo, "every": every, **_before(target)}
            if work.freezes_children:
                plan |= {"hold": {"freeze": True}, "processes": True}
            return replace(fault, mechanism=work.mechanism, plan=plan)
        case HeldWork() as work:
            if work.on_volume and around.volume is None:
                raise CannotBeDone(_NO_SCRATCH)
            held = work.plan(parameters, around)
            volume = around.volume if work.on_volume else None
            return replace(
                fault, mechanism=held.mechanism, plan={"hold": _held(asdict(held)), "volume": volume}
            )
        case StressWork() as work:
            plan = {"stress": [*work.arguments(parameters, around), f"{fault.lease_seconds:g}"]}
            if around.cgroup is not None:
                plan |= {"cgroup": around.cgroup}
                return replace(fault, mechanism="stressor in the control group", plan=plan)
            if target.read_only:
                raise CannotBeDone(_NO_WAY_IN)
            plan |= {"inject": Step.STRESS, "undo": Step.RELIEVE}
            return replace(fault, mechanism="stressor copied into the target", plan=plan)


def name_of(fault: Fault) -> str:
    """What of ours in or beside the target is called."""
    return f"{_OURS}{fault.id.hex[-12:]}"


def step_of(fault: Fault, part: str) -> Step | None:
    """What the engine does to `inject` or `undo` this fault; None when a sidecar does it."""
    return Step(fault.plan[part]) if part in fault.plan else None


def survives_restart(fault: Fault) -> bool:
    """Whether what it did is still there once the target has been started anew."""
    undo = step_of(fault, "undo")
    return undo in (Step.RECONNECT, Step.UNCAP_CPU) or fault.plan.get("volume") is not None


def is_death(fault: Fault) -> bool:
    """Whether the fault itself is that the target does not run: then its start ends it, not its death."""
    return step_of(fault, "undo") is Step.START


def sidecar_of(fault: Fault) -> Sidecar:
    """The sidecar that holds the fault; for a step of the engine one that only watches the lease."""
    if "cgroup" in fault.plan:
        return Sidecar(fault, Tool.STRESSOR, tuple(fault.plan["stress"]), cgroup=fault.plan["cgroup"])
    return _holder(fault, "hold")


def undo_sidecar_of(fault: Fault) -> Sidecar | None:
    """A sidecar that removes what a killed one left; None when it can have left nothing."""
    return _holder(fault, "undo") if "hold" in fault.plan else None


def _holder(fault: Fault, word: str) -> Sidecar:
    ends_at = fault.ends_at.timestamp() if fault.ends_at else 0.0
    plan = {
        "table": name_of(fault),
        "ends_at": ends_at,
        **fault.plan.get("hold", {"tick_seconds": fault.plan.get("every")}),
    }
    volume = fault.plan.get("volume")
    among_processes = "processes" in fault.plan
    in_network = "hold" in fault.plan and not among_processes and volume is None
    return Sidecar(
        fault,
        Tool.NETTOOLS,
        (word, json.dumps(plan)),
        network_of=fault.container_id if in_network else None,
        processes_of=fault.container_id if among_processes else None,
        volume=volume,
    )


def _held(plan: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in plan.items() if name != "mechanism" and value}


def _before(target: Target) -> dict[str, Any]:
    """What a step of the engine may have to restore."""
    return {
        "networks": {name: asdict(endpoint) for name, endpoint in target.networks.items()},
        "cpu": [target.cpu_quota, target.cpu_period],
    }
