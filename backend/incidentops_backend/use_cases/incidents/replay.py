"""What would have been: the last days lived through again as things are, and as a draft would have them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from incidentops.domain.correlation import DEFAULT_RULES, RuleSet
from incidentops.domain.incidents import Incident
from incidentops.domain.oncall.people import Team
from incidentops.domain.oncall.policies import EscalationPolicy
from incidentops.domain.oncall.references import missing
from incidentops.domain.oncall.roster import Roster
from incidentops.domain.oncall.schedules import Schedule
from incidentops.domain.replay import KINDS, Circumstances, Difference, Recording, Setting, compare, replay
from incidentops.domain.suppression.verdict import Surroundings
from incidentops.ports import IncidentStore
from incidentops.ports.incidents import IncidentFilter
from incidentops.ports.oncall import Directory
from incidentops_backend.use_cases.oncall.book import NamesUnknown

MAX_ALERTS = MAX_INCIDENTS = 50_000
MAX_STORY = 200_000
"""How much of the past one replay takes in."""
_PAGE = 500


@dataclass(frozen=True, slots=True)
class Draft:
    """What would be other than it is: rules (None: those that apply), and entries in place of those of their
    names, or new."""

    rules: RuleSet | None = None
    teams: Sequence[Team] = ()
    schedules: Sequence[Schedule] = ()
    policies: Sequence[EscalationPolicy] = ()


@dataclass(frozen=True, slots=True)
class WhatIf:
    """How many alerts were replayed, and what the draft makes of them."""

    alerts: int
    difference: Difference


class IncidentReplay:
    """Stores nothing and pages nobody."""

    def __init__(
        self, store: IncidentStore, directory: Directory, around: Callable[[], Surroundings]
    ) -> None:
        self._store, self._directory, self._around = store, directory, around

    def what_if(self, draft: Draft, since: datetime, until: datetime) -> WhatIf:
        """Raises NamesUnknown when an entry of the draft names what exists neither here nor there."""
        present = self.setting()
        changed = Setting(
            draft.rules or present.rules,
            replace(present.circumstances, roster=_changed(present.circumstances.roster, draft)),
        )
        recording = self.recording(since, until)
        found = compare(replay(recording, present), replay(recording, changed))
        return WhatIf(len(recording.alerts), found)

    def setting(self) -> Setting:
        """As things are."""
        stored, around = self._store.rules(), self._around()
        circumstances = Circumstances(
            self._directory.roster(), self._directory.suppressions(), around.groups, around.depends_on
        )
        return Setting(stored.rules if stored else DEFAULT_RULES, circumstances)

    def recording(self, since: datetime, until: datetime) -> Recording:
        """What is kept of a period."""
        return Recording(
            alerts=tuple(islice(self._store.history(since, until), MAX_ALERTS)),
            incidents=tuple(islice(self._incidents(since, until), MAX_INCIDENTS)),
            story=tuple(self._store.story(since, until, KINDS, limit=MAX_STORY)),
            until=until,
        )

    def _incidents(self, since: datetime, until: datetime) -> Iterator[Incident]:
        where, cursor = IncidentFilter(since=since, until=until), None
        while True:
            page = self._store.incidents(where, limit=_PAGE, cursor=cursor)
            yield from page.items
            cursor = page.next_cursor
            if cursor is None:
                return


def _changed(roster: Roster, draft: Draft) -> Roster:
    changed = replace(
        roster,
        teams={**roster.teams, **{team.name: team for team in draft.teams}},
        schedules={**roster.schedules, **{schedule.name: schedule for schedule in draft.schedules}},
        policies={**roster.policies, **{policy.name: policy for policy in draft.policies}},
    )
    entries: tuple[Team | Schedule | EscalationPolicy, ...] = (
        *draft.teams,
        *draft.schedules,
        *draft.policies,
    )
    if absent := [item for entry in entries for item in missing(entry, changed)]:
        raise NamesUnknown(sorted(set(absent)))
    return changed
