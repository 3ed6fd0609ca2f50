"""An experiment of ours as one of the Chaos Toolkit."""

from collections.abc import Iterable, Iterator
from typing import Any

from incidentops.domain.experiments.chaostoolkit import words
from incidentops.domain.experiments.experiment import (
    Experiment,
    FaultStep,
    ParallelStep,
    PauseStep,
    ProbeStep,
    Rollback,
    Step,
)
from incidentops.domain.experiments.probes import HttpProbe, Probe, ServiceProbe

Document = dict[str, Any]


def write_experiment(experiment: Experiment) -> Document:
    """What `read_experiment` reads back as the same experiment."""
    own = experiment.model_dump(mode="json", include=set(words.EXTENSION_FIELDS))
    return {
        "version": "1.0.0",
        "title": experiment.title,
        "description": experiment.description,
        words.HYPOTHESIS: {
            "title": experiment.hypothesis.title,
            "probes": [write_probe(probe) for probe in experiment.hypothesis.probes],
        },
        "method": _with_pauses(experiment.method),
        "rollbacks": [write_rollback(item) for item in experiment.rollbacks],
        "extensions": [{"name": words.EXTENSION, "experiment": experiment.name} | own],
    }


def write_probe(probe: Probe) -> Document:
    """The probe as an activity."""
    tolerance = probe.model_dump(mode="json")["tolerance"]
    return {"type": "probe", "name": probe.name, "tolerance": tolerance, "provider": _provider(probe)}


def write_fault(step: FaultStep) -> Document:
    """The fault as an activity."""
    chosen = step.model_dump(include={"lease_seconds", "container"}, exclude_none=True)
    arguments = step.parameters | {"service": step.service} | chosen
    return {"type": "action", "name": step.name, "provider": _python(words.FAULTS, step.fault, arguments)}


def write_rollback(rollback: Rollback) -> Document:
    """The rollback as an activity."""
    provider = _python(words.SERVICES, rollback.verb, {"service": rollback.service})
    return {"type": "action", "name": rollback.name, "provider": provider}


def _provider(probe: Probe) -> Document:
    if isinstance(probe, HttpProbe):
        return {"type": "http", "url": probe.url, "method": "GET", "timeout": probe.timeout_seconds}
    asked = {"service": probe.service} if isinstance(probe, ServiceProbe) else {"query": probe.query}
    return _python(words.PROBES, probe.type, asked | {"timeout_seconds": probe.timeout_seconds})


def _python(module: str, function: str, arguments: Document) -> Document:
    return {"type": "python", "module": module, "func": function, "arguments": arguments}


def _with_pauses(steps: Iterable[Step]) -> list[Document]:
    """A pause hangs on the activity before it; one that finds none, or one that has a pause already, is an
    activity of its own."""
    activities: list[Document] = []
    for step in steps:
        if isinstance(step, PauseStep):
            if activities and "pauses" not in activities[-1]:
                activities[-1]["pauses"] = {"after": step.seconds}
            else:
                activities.append(_wait(step))
        else:
            activities.extend(_activities(step))
    return activities


def _wait(step: PauseStep) -> Document:
    provider = _python(words.PAUSES, words.WAIT, {"seconds": step.seconds})
    return {"type": "action", "name": "Wait", "provider": provider}


def _activities(step: FaultStep | ProbeStep | ParallelStep) -> Iterator[Document]:
    if isinstance(step, FaultStep):
        yield write_fault(step)
    elif isinstance(step, ProbeStep):
        yield write_probe(step.probe)
    else:
        *others, last = step.steps
        yield from (write_fault(item) | {"background": True} for item in others)
        yield write_fault(last)
