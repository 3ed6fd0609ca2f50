"""Closes intents that lost their outcome when a backend died."""

from incidentops.domain.actions import Action, Outcome
from incidentops.ports import Store
from incidentops_backend.use_cases.action_log import ActionLog

INTERRUPTED = "Interrupted: the backend ended while this ran; its effect is unknown"


def close_orphans(store: Store, log: ActionLog, mine: frozenset[str]) -> list[Action]:
    """Give every stored intent without outcome the outcome `interrupted`, except those whose id is in `mine`
    (they run in this process). Raises Unavailable while Postgres is away."""
    orphans = [action for action in store.running_actions() if str(action.id) not in mine]
    return [log.finish(action, Outcome.INTERRUPTED, INTERRUPTED) for action in orphans]
