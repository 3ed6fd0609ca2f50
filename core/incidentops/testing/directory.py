"""The in-memory twin of `Directory`, and a ready-made team."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from incidentops.domain.notifications.contacts import Channel, ContactMethod
from incidentops.domain.oncall.people import Team, User
from incidentops.domain.oncall.policies import EscalationPolicy, Step, Target, TargetKind
from incidentops.domain.oncall.roster import Roster
from incidentops.domain.oncall.rotations import Rotation
from incidentops.domain.oncall.schedules import Layer, Schedule
from incidentops.domain.severity import Severity
from incidentops.domain.suppression.silences import Silence
from incidentops.domain.suppression.verdict import Suppressions
from incidentops.domain.suppression.windows import MaintenanceWindow
from incidentops.ports.oncall import E, Entry, EntryChanged, Kept, Standing

HOOK = ContactMethod(Channel.WEBHOOK, "http://127.0.0.1:9/hook")
MAIL = ContactMethod(Channel.EMAIL, "alice@example.org")


def a_roster() -> list[Entry]:
    """Alice and bob take weekly turns from 5 January 2026; after five minutes the manager is paged."""
    primary = Target(TargetKind.SCHEDULE, "primary")
    manager = Target(TargetKind.USER, "manager")
    steps = (Step((primary,), timedelta(minutes=5)), Step((manager,), timedelta(minutes=15)))
    week = Layer("week", Rotation(("alice", "bob"), date(2026, 1, 5)))
    return [
        *(User(name, methods=(HOOK, MAIL)) for name in ("alice", "bob", "manager")),
        Schedule("primary", "operations", "UTC", (week,)),
        EscalationPolicy("default", steps),
        Team("operations", members=("alice", "bob"), policies=dict.fromkeys(Severity, "default")),
    ]


class MemoryRemembered:
    """The twin of `Remembered`."""

    def __init__(self) -> None:
        self._standing: Standing | None = None

    def keep(self, standing: Standing) -> None:
        self._standing = standing

    def last(self) -> Standing | None:
        return self._standing


@dataclass(frozen=True, slots=True)
class _Key:
    kind: type[Entry]
    name: str


class MemoryDirectory:
    """Thread-safe. `check` raises what a store that is away raises."""

    def __init__(self, check: Callable[[], None] = lambda: None) -> None:
        self._check = check
        self._lock = threading.RLock()
        self._kept: dict[_Key, Kept[Any]] = {}

    def all(self, kind: type[E]) -> list[Kept[E]]:
        self._check()
        with self._lock:
            found = [kept for key, kept in self._kept.items() if key.kind is kind]
        return sorted(found, key=lambda kept: kept.entry.name)

    def find(self, kind: type[E], name: str) -> Kept[E] | None:
        self._check()
        return self._kept.get(_Key(kind, name))

    def put(self, entry: Entry, actor: str, at: datetime, *, expected: int | None = None) -> int:
        self._check()
        key = _Key(type(entry), entry.name)
        with self._lock:
            present = self._kept[key].revision if key in self._kept else 0
            if expected is not None and expected != present:
                raise EntryChanged(entry.name, present)
            self._kept[key] = Kept(entry, present + 1, actor, at)
        return present + 1

    def remove(self, kind: type[E], name: str, *, expected: int | None = None) -> bool:
        self._check()
        key = _Key(kind, name)
        with self._lock:
            present = self._kept.get(key)
            if present and expected not in (None, present.revision):
                raise EntryChanged(name, present.revision)
            return self._kept.pop(key, None) is not None

    def roster(self) -> Roster:
        return Roster(
            self._by_name(User), self._by_name(Team), self._by_name(Schedule), self._by_name(EscalationPolicy)
        )

    def suppressions(self) -> Suppressions:
        windows, silences = self._by_name(MaintenanceWindow), self._by_name(Silence)
        return Suppressions(tuple(windows.values()), tuple(silences.values()))

    def _by_name(self, kind: type[E]) -> dict[str, E]:
        return {kept.entry.name: kept.entry for kept in self.all(kind)}
