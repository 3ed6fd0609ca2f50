"""Whether an experiment may touch what it wants to touch. Asked before anything is."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import combinations

from incidentops.domain.experiments.experiment import Experiment
from incidentops.domain.experiments.preview import plan
from incidentops.domain.faults import KINDS
from incidentops.domain.services import Service

RUNNER = "chaos"
"""The service that carries experiments out cannot be the target of one."""

_UNTOLD = "the experiment is not told touch_incidents"


def objections(experiment: Experiment, services: Sequence[Service]) -> list[str]:
    """Every reason against it, as sentences; empty when it may run. Incidents: `incident_objections`."""
    known = {service.name: service for service in services}
    targets = [known[name] for name in experiment.targets() if name in known]
    return [
        *_unknown(experiment, known),
        *(f"{item.name} is protected" for item in targets if item.protected),
        *(f"{name} carries the experiment out itself" for name in experiment.touched() if name == RUNNER),
        *(f"{item.name} is {item.status} already ({item.state})" for item in targets if not item.up),
        *_conflicts(experiment),
        *_too_many(experiment),
        *_shares(experiment, services),
    ]


def incident_objections(experiment: Experiment, unresolved: Mapping[str, int] | None) -> list[str]:
    """What `touch_incidents` lifts. `unresolved` has the number of the incident of each service that is in one;
    None: nobody can say, and then no target counts as free of them."""
    if experiment.blast_radius.touch_incidents:
        return []
    targets = experiment.targets()
    if unresolved is None:
        return [f"nobody can say now whether {' or '.join(targets)} is in an unresolved incident ({_UNTOLD})"]
    return [
        f"{name} is in incident {unresolved[name]}, which is not resolved ({_UNTOLD})"
        for name in targets
        if name in unresolved
    ]


def _unknown(experiment: Experiment, known: Collection[str]) -> Iterator[str]:
    for name in experiment.touched():
        if name not in known:
            yield f"there is no service {name}, only {', '.join(sorted(known)) or 'none'}"


def _conflicts(experiment: Experiment) -> Iterator[str]:
    """Faults that cannot be on one target at a time, and would be: each stays until its lease ends."""
    faults = [(step.at_seconds, step.fault) for step in plan(experiment) if step.fault]
    for (begin, first), (later, second) in combinations(faults, 2):
        both = first.may_meet(second) and later < begin + experiment.lease_of(first)
        if both and KINDS[first.fault].conflicts_with(KINDS[second.fault]):
            yield f"{first.name} and {second.name} would be on {first.service} at a time, and cannot"


def _too_many(experiment: Experiment) -> Iterator[str]:
    targets, limit = experiment.targets(), experiment.blast_radius.max_services
    if len(targets) > limit:
        yield f"it touches {len(targets)} services ({', '.join(targets)}), max_services is {limit}"


def _shares(experiment: Experiment, services: Sequence[Service]) -> Iterator[str]:
    """A group of one is no group: its only member is counted by `max_services`."""
    limit = experiment.blast_radius.max_share_of_group
    targets = set(experiment.targets())
    for group in sorted({service.group for service in services if service.name in targets}):
        members = [service.name for service in services if service.group == group]
        touched = targets.intersection(members)
        if len(members) > 1 and len(touched) / len(members) > limit:
            yield (
                f"it touches {len(touched)} of the {len(members)} services of group {group} "
                f"({len(touched) / len(members):.0%}), max_share_of_group is {limit:.0%}"
            )
