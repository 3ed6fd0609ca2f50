"""What a run comes to: what was asked, what was measured, what healed it, how long it took, and what is left."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict

from incidentops.domain.actions import Action, Outcome
from incidentops.domain.containers import SHORT_ID
from incidentops.domain.experiments.masking import Masking, masking, who
from incidentops.domain.experiments.runs import Entry, EntryKind, Phase, Run
from incidentops.domain.faults import Fault
from incidentops.domain.services import Verb

_HEALING_VERBS = frozenset({Verb.START, Verb.RESTART, Verb.RECREATE, Verb.UNPAUSE})


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class Harm(_Part):
    """One fault: as it was asked for, as it was, and how its target got over it. `container` stands where several of
    its service's were hurt.

    `detected_at` is when the live view first showed the target DOWN (None: it never did), `recovered_at` when it
    was UP for good again; both count from `active_at`. `masked`: the restart that ended it without repairing anything.
    `result` is `clean`, or names what is left of it; None until the fault has ended.
    """

    fault_id: UUID
    service: str
    container: str | None
    kind: str
    parameters: dict[str, Any]
    mechanism: str
    lease_seconds: float
    active_at: AwareDatetime | None
    undone_at: AwareDatetime | None
    detected_at: AwareDatetime | None
    detection_seconds: float | None
    recovered_at: AwareDatetime | None
    recovery_seconds: float | None
    healed_by: str
    masked: Masking | None
    measured: dict[str, Any]
    result: str | tuple[str, ...] | None


class Asked(_Part):
    """One probe of the hypothesis: how often it was asked, how often that was not steady, and the longest
    answer."""

    name: str
    times: int
    not_steady: int
    first_not_steady_at: AwareDatetime | None
    slowest_seconds: float | None


class Report(_Part):
    """`detection_seconds` is the first of all targets, `recovery_seconds` the last, which is not the system's own when
    a restart masked one of the faults; `clean` says whether every target was verified to be as before, None while that
    is not known yet."""

    run: Run
    hypothesis: str
    probes: tuple[Asked, ...]
    harms: tuple[Harm, ...]
    detection_seconds: float | None
    recovery_seconds: float | None
    masked: bool
    clean: bool | None
    timeline: tuple[Entry, ...]


def report(run: Run, entries: Sequence[Entry], faults: Sequence[Fault], actions: Iterable[Action]) -> Report:
    """`faults` are those of the run; `actions` those on its targets."""
    actions = sorted(actions, key=lambda action: action.started_at)
    hurt = {(fault.service, fault.container_id) for fault in faults}
    several = {service for service, count in Counter(service for service, _ in hurt).items() if count > 1}
    harms = tuple(
        _harm(run, fault, actions, told_apart=fault.service in several)
        for fault in sorted(faults, key=lambda item: item.requested_at)
    )
    return Report(
        run=run,
        hypothesis=run.experiment.hypothesis.title,
        probes=tuple(_asked(probe.name, entries) for probe in run.experiment.hypothesis.probes),
        harms=harms,
        detection_seconds=min(
            (h.detection_seconds for h in harms if h.detection_seconds is not None), default=None
        ),
        recovery_seconds=max(
            (h.recovery_seconds for h in harms if h.recovery_seconds is not None), default=None
        ),
        masked=any(harm.masked for harm in harms),
        clean=_clean(run, entries, harms),
        timeline=tuple(entry for entry in entries if _worth_telling(entry)),
    )


def _clean(run: Run, entries: Iterable[Entry], harms: Iterable[Harm]) -> bool | None:
    """However the run ended, its faults say it. Nobody knows while there may be more of them, while one has not ended,
    or while the journal tells of one that cannot be read."""
    results = {harm.fault_id: harm.result for harm in harms}
    if any(result not in ("clean", None) for result in results.values()):
        return False
    injected = {entry.fault_id for entry in entries if entry.kind is EntryKind.FAULT and entry.ok}
    known = run.ended and injected <= results.keys() and None not in results.values()
    return True if known else None


def _worth_telling(entry: Entry) -> bool:
    """Of the watch each second only what was not steady."""
    return entry.kind is not EntryKind.PROBE or entry.phase is not Phase.METHOD or entry.ok is not True


def _asked(name: str, entries: Sequence[Entry]) -> Asked:
    mine = [entry for entry in entries if entry.kind is EntryKind.PROBE and entry.name == name]
    broken = [entry for entry in mine if entry.ok is False]
    return Asked(
        name=name,
        times=len(mine),
        not_steady=len(broken),
        first_not_steady_at=broken[0].at if broken else None,
        slowest_seconds=max((entry.seconds or 0.0 for entry in mine), default=None),
    )


def _harm(run: Run, fault: Fault, actions: Sequence[Action], *, told_apart: bool) -> Harm:
    healer = next(_healers(fault, actions), None)
    detected_at = _detected_at(run, fault)
    recovered_at = _recovered_at(run, fault, detected_at)
    masked = masking(fault, _until_the_end(run, actions)) if recovered_at else None
    return Harm(
        fault_id=fault.id,
        service=fault.service,
        container=fault.container_id[:SHORT_ID] if told_apart else None,
        kind=fault.kind,
        parameters=dict(fault.parameters),
        mechanism=fault.mechanism,
        lease_seconds=fault.lease_seconds,
        active_at=fault.active_at,
        undone_at=fault.undone_at,
        detected_at=detected_at,
        detection_seconds=_between(fault.active_at, detected_at),
        recovered_at=recovered_at,
        recovery_seconds=_between(fault.active_at, recovered_at),
        healed_by=masked.by if masked else _healed_by(fault, healer),
        masked=masked,
        measured=dict(fault.measured),
        result=fault.result,
    )


def _healers(fault: Fault, actions: Sequence[Action]) -> Iterator[Action]:
    """What somebody else did to the target while the fault was there."""
    if fault.active_at is None:
        return
    for action in actions:
        in_time = action.started_at >= fault.active_at and (
            fault.undone_at is None or action.started_at <= fault.undone_at
        )
        healing = action.verb in _HEALING_VERBS and action.outcome is Outcome.SUCCEEDED
        if action.service == fault.service and healing and in_time:
            yield action


def _healed_by(fault: Fault, healer: Action | None) -> str:
    if fault.active_at is None:
        return f"nothing to heal: {fault.reason or 'it never began'}"
    if healer is not None:
        return f"{healer.verb} by {who(healer)}"
    if fault.undone_at is None:
        return "nothing yet"
    if fault.ends_at is not None and fault.undone_at >= fault.ends_at:
        return "the end of its lease"
    return f"its undo: {fault.reason}" if fault.reason else "its undo"


def _until_the_end(run: Run, actions: Iterable[Action]) -> Iterator[Action]:
    """What was done while the run went on."""
    return (action for action in actions if run.ended_at is None or action.started_at <= run.ended_at)


def _detected_at(run: Run, fault: Fault) -> datetime | None:
    """The engine's own verbs show before the fault counts as active: then it was detected at once."""
    if fault.active_at is None:
        return None
    seen = (item.at for item in run.sightings if item.service == fault.service and not item.up)
    first = next((at for at in seen if at >= fault.requested_at), None)
    return max(first, fault.active_at) if first else None


def _recovered_at(run: Run, fault: Fault, detected_at: datetime | None) -> datetime | None:
    """The last return of the target; of one that never went DOWN, the end of the fault."""
    if detected_at is None:
        return fault.undone_at if fault.active_at else None
    mine = [item for item in run.sightings if item.service == fault.service]
    return mine[-1].at if mine[-1].up else None


def _between(begin: datetime | None, end: datetime | None) -> float | None:
    if begin is None or end is None:
        return None
    return round(max(0.0, (end - begin).total_seconds()), 3)
