"""Whether an experiment may touch what it wants to touch. Asked before anything is."""

from collections.abc import Collection, Iterator, Sequence

from incidentops.domain.experiments.experiment import Experiment
from incidentops.domain.services import Service

RUNNER = "chaos"
"""The service that carries experiments out cannot be the target of one."""


def objections(
    experiment: Experiment, services: Sequence[Service], in_incident: Collection[str] = ()
) -> list[str]:
    """Every reason against it, as sentences; empty when it may run. `in_incident` names the services with an
    open incident."""
    known = {service.name: service for service in services}
    targets = [known[name] for name in experiment.targets() if name in known]
    return [
        *_unknown(experiment, known),
        *(f"{item.name} is protected" for item in targets if item.protected),
        *(f"{item.name} carries the experiment out itself" for item in targets if item.name == RUNNER),
        *(f"{item.name} is {item.status} already ({item.state})" for item in targets if not item.up),
        *_incidents(experiment, in_incident),
        *_too_many(experiment),
        *_shares(experiment, services),
    ]


def _unknown(experiment: Experiment, known: Collection[str]) -> Iterator[str]:
    for name in experiment.targets():
        if name not in known:
            yield f"there is no service {name}, only {', '.join(sorted(known)) or 'none'}"


def _incidents(experiment: Experiment, in_incident: Collection[str]) -> Iterator[str]:
    if experiment.blast_radius.touch_incidents:
        return
    for name in experiment.targets():
        if name in in_incident:
            yield f"{name} is in an open incident, and the experiment does not say touch_incidents"


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
