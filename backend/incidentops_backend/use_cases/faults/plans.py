"""From a kind and its parameters to the plan in the record, and from the record to steps and sidecars.

The record alone is enough: it lies in the journal, in the labels of the sidecar and in Postgres, and whoever finds
it can end the fault.
"""

import json
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

TABLE = "incidentops_"
_SHARED = (
    "the target shares its {} with the host or with another container, which the fault would hurt as well"
)
_NO_LIMIT = "the target has no memory limit: it is the host that would run out of memory"
_NO_SCRATCH = (
    "only a sized volume in memory is ever filled; the label incidentops.scratch names none on this target"
)

Planned = tuple[str, dict[str, Any]]
"""The name of the mechanism that people read, and what the record keeps of the plan."""


def planned(
    fault: Fault, kind: FaultKind[Any], parameters: Parameters, around: Surroundings, target: Target
) -> Fault:
    """The record with its mechanism and its plan. Raises CannotBeDone."""
    match kind.work:
        case EngineWork() as work:
            mechanism, plan = _engine_plan(work, parameters, target)
        case HeldWork() as work:
            mechanism, plan = _held_plan(work, parameters, around, target)
        case StressWork() as work:
            mechanism, plan = _stress_plan(work, parameters, around, target)
    return replace(fault, mechanism=mechanism, plan=plan)


def _engine_plan(work: EngineWork, parameters: Parameters, target: Target) -> Planned:
    _check(target.own_network or work.inject is not Step.DISCONNECT, "network")
    _check(target.own_processes or not work.freezes_children, "processes")
    every = work.every_seconds(parameters) if work.every_seconds else None
    plan = {"inject": work.inject, "undo": work.undo, "every": every, **_before(target)}
    return work.mechanism, plan | (
        {"hold": {"freeze": True}, "processes": True} if work.freezes_children else {}
    )


def _held_plan(work: HeldWork[Any], parameters: Parameters, around: Surroundings, target: Target) -> Planned:
    if work.on_volume and around.volume is None:
        raise CannotBeDone(_NO_SCRATCH)
    _check(target.own_network or work.on_volume, "network")
    held = work.plan(parameters, around)
    hold = {name: value for name, value in asdict(held).items() if name != "mechanism" and value}
    return held.mechanism, {"hold": hold, "volume": around.volume if work.on_volume else None}


def _stress_plan(
    work: StressWork[Any], parameters: Parameters, around: Surroundings, target: Target
) -> Planned:
    if work.in_memory and not target.memory_limited:
        raise CannotBeDone(_NO_LIMIT)
    stress = [*work.arguments(parameters, around), f"{around.lease_seconds:g}"]
    where = "in the control group" if around.cgroup else "inside"
    return f"stressor {where}", {"stress": stress, "cgroup": around.cgroup}


def _check(own: bool, what: str) -> None:
    if not own:
        raise CannotBeDone(_SHARED.format(what))


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
    if "stress" in fault.plan:
        return _stressor(fault, tuple(fault.plan["stress"]), fault.plan["cgroup"])
    return _holder(fault, "hold")


def undo_sidecar_of(fault: Fault) -> Sidecar | None:
    """A sidecar that removes what a killed one left; None when it can have left nothing."""
    return _holder(fault, "undo") if "hold" in fault.plan else None


def _stressor(fault: Fault, arguments: tuple[str, ...], cgroup: str | None) -> Sidecar:
    """In the target's control group, or among its processes, where it lends the target its program."""
    if cgroup is not None:
        return Sidecar(fault, Tool.STRESSOR, arguments, cgroup=cgroup)
    target, lease = fault.container_id, f"{fault.lease_seconds:g}"
    return Sidecar(fault, Tool.STRESSOR, ("lend", lease), processes_of=target, lends=arguments)


def _holder(fault: Fault, word: str) -> Sidecar:
    ends_at = fault.ends_at.timestamp() if fault.ends_at else 0.0
    plan = {
        "table": f"{TABLE}{fault.id.hex[-12:]}",
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


def _before(target: Target) -> dict[str, Any]:
    """What a step of the engine may have to restore."""
    return {
        "networks": {name: asdict(endpoint) for name, endpoint in target.networks.items()},
        "cpu": [target.cpu_quota, target.cpu_period],
    }
