"""Restarts that take a network fault away: its rules go with the network namespace, and nothing has been repaired."""

from collections.abc import Iterable

from pydantic import AwareDatetime, BaseModel, ConfigDict

from incidentops.domain.actions import Action, Outcome, Source
from incidentops.domain.faults import KINDS, Fault
from incidentops.domain.services import Verb

NOBODY_OF_OURS = "the engine's restart policy, or somebody outside"
_RESTARTS = frozenset({Verb.START, Verb.RESTART, Verb.RECREATE})


class Masking(BaseModel):
    """Who started the target anew under a network fault, and when. The recovery measured is then not the system's
    own: it did not get over the fault, the fault was thrown away."""

    model_config = ConfigDict(frozen=True)

    by: str
    at: AwareDatetime


def masking(fault: Fault, actions: Iterable[Action]) -> Masking | None:
    """The restart that masked this fault, if one did; for a target that runs again. `actions` are those until the end
    of its run, in order; a restart that is none of them was nobody's of ours."""
    kind, begun, lost = KINDS.get(fault.kind), fault.active_at, fault.target_lost_at
    if kind is None or not kind.in_network_namespace or begun is None or lost is None:
        return None
    for action in actions:
        if action.service == fault.service and action.started_at >= begun and _restarted(action):
            return Masking(by=f"{action.verb} by {who(action)}", at=action.started_at)
    return Masking(by=NOBODY_OF_OURS, at=lost)


def who(action: Action) -> str:
    """Who acted, for people: all automation is one."""
    return "remediation" if action.source is Source.AUTO else action.actor


def _restarted(action: Action) -> bool:
    return action.verb in _RESTARTS and action.outcome is Outcome.SUCCEEDED
