"""A run as a journal of the Chaos Toolkit, which its report tools read."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from incidentops.domain.experiments.chaostoolkit.writing import (
    write_experiment,
    write_fault,
    write_probe,
    write_rollback,
)
from incidentops.domain.experiments.experiment import ProbeStep
from incidentops.domain.experiments.runs import Entry, EntryKind, Phase, Run, Verdict

Document = dict[str, Any]

_STATUS = {
    Verdict.HELD: "completed",
    Verdict.DEVIATED: "completed",
    Verdict.NOT_STEADY: "failed",
    Verdict.HALTED: "interrupted",
    Verdict.FAILED: "aborted",
    Verdict.INTERRUPTED: "interrupted",
}


def write_journal(run: Run, entries: Sequence[Entry]) -> Document:
    """The journal of a run that has ended, or so far."""
    experiment = write_experiment(run.experiment)
    end = run.ended_at or run.heard_at
    return {
        "chaoslib-version": "1.0.0",
        "experiment": experiment,
        "start": run.requested_at.isoformat(),
        "end": end.isoformat(),
        "duration": (end - run.requested_at).total_seconds(),
        "status": _STATUS[run.verdict] if run.verdict else "running",
        "deviated": run.verdict is Verdict.DEVIATED,
        "steady_states": {
            "before": _steady_state(run, entries, Phase.STEADY_BEFORE),
            "during": [_steady_state(run, entries, Phase.METHOD)],
            "after": _steady_state(run, entries, Phase.STEADY_AFTER),
        },
        "run": _activities(run, entries),
        "rollbacks": _rollbacks(run, entries),
    }


def _steady_state(run: Run, entries: Iterable[Entry], phase: Phase) -> Document | None:
    """None when the run did not come to it."""
    hypothesis = {probe.name: probe for probe in run.experiment.hypothesis.probes}
    probes = [
        _activity(write_probe(hypothesis[entry.name]), entry) | {"tolerance_met": entry.ok is True}
        for entry in entries
        if entry.kind is EntryKind.PROBE and entry.phase is phase and entry.name in hypothesis
    ]
    if not probes:
        return None
    return {"steady_state_met": all(probe["tolerance_met"] for probe in probes), "probes": probes}


def _activities(run: Run, entries: Iterable[Entry]) -> list[Document]:
    steps = {step.name: write_fault(step) for step in run.experiment.faults()} | {
        step.probe.name: write_probe(step.probe)
        for step in run.experiment.method
        if isinstance(step, ProbeStep)
    }
    return [
        _activity(steps[entry.name], entry)
        for entry in entries
        if entry.phase is Phase.METHOD and entry.name in steps and entry.kind is not EntryKind.UNDO
    ]


def _rollbacks(run: Run, entries: Iterable[Entry]) -> list[Document]:
    rollbacks = {item.name: write_rollback(item) for item in run.experiment.rollbacks}
    return [
        _activity(rollbacks[entry.name], entry)
        for entry in entries
        if entry.kind is EntryKind.ROLLBACK and entry.name in rollbacks
    ]


def _activity(activity: Document, entry: Entry) -> Document:
    return {
        "activity": activity,
        "output": entry.value if entry.kind is EntryKind.PROBE else entry.detail,
        "status": "failed" if entry.ok is False else "succeeded",
        "start": _began(entry).isoformat(),
        "end": entry.at.isoformat(),
        "duration": entry.seconds or 0.0,
    }


def _began(entry: Entry) -> datetime:
    return entry.at - timedelta(seconds=entry.seconds or 0.0)
