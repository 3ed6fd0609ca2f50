"""Rules of correlation: data, not code. The first rule that matches a signal says which incident it belongs to.

A rule set as a document:

    rules:
      - name: database
        match: {service: [postgres, redis], labels.env: production}
        group_by: [labels.cluster]     # fields of the signal; [] is by time alone; graph: by the service graph
        window_seconds: 600
        auto_resolve: false
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from hashlib import blake2b
from typing import Any

from incidentops.domain.alerts import Signal
from incidentops.domain.errors import IncidentOpsError

FIELDS = ("source", "service", "name", "severity", "fingerprint")
LABEL = "labels."
GRAPH = "graph"
MAX_RULES = 100
_MAX_NAME = 64
_PLACES = 4096
_MAX_WINDOW_SECONDS = 24 * 60 * 60
_KEYS = frozenset({"name", "match", "group_by", "window_seconds", "auto_resolve"})


class RulesRefused(IncidentOpsError):
    """A rule set that cannot be read; `problems` lists everything that is wrong with it."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = list(problems)


@dataclass(frozen=True, slots=True)
class Rule:
    """`match`: field to accepted values, all must fit. `group_by` None: by the service graph. `window`: how long
    after its newest alert an incident takes in another. `auto_resolve`: it is resolved with its last alert."""

    name: str
    match: Mapping[str, frozenset[str]] = field(default_factory=dict)
    group_by: tuple[str, ...] | None = ("service", "severity")
    window: timedelta = timedelta(minutes=5)
    auto_resolve: bool = True

    def matches(self, signal: Signal) -> bool:
        return all(value_of(signal, key) in accepted for key, accepted in self.match.items())

    def group_key(self, signal: Signal) -> str:
        """The same for all signals that are one problem under this rule."""
        if self.group_by is None:
            return self.key_of_service(signal.service)
        return self._key(value_of(signal, key) for key in self.group_by)

    def key_of_service(self, service: str) -> str:
        """The group key of a service under a rule by graph."""
        return self._key([service])

    def _key(self, values: Iterable[str]) -> str:
        digest = blake2b("\x1f".join(values).encode("utf-8", "replace"), digest_size=12)
        return f"{self.name}:{digest.hexdigest()}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a signal belongs: the first rule that matches it, and its group key under this rule."""

    rule: Rule
    group_key: str


@dataclass(frozen=True)
class RuleSet:
    """Rules in their order, and the version under which they are stored (0: shipped). Whatever no rule matches
    falls to the default: same service and severity within five minutes (seed 003)."""

    rules: tuple[Rule, ...]
    version: int = 0

    def place(self, signal: Signal) -> Place:
        """Remembered by what the rules look at: a storm is of few groups, and each alert asks twice."""
        seen = tuple([value_of(signal, key) for key in self._looked_at])
        place = self._places.get(seen)
        if place is None:
            rule = next((rule for rule in self.rules if rule.matches(signal)), _DEFAULT)
            place = Place(rule, rule.group_key(signal))
            if len(self._places) >= _PLACES:
                self._places.clear()
            self._places[seen] = place
        return place

    def named(self, name: str) -> Rule | None:
        """The rule of this name; None for one that a newer version no longer has."""
        return next((rule for rule in (*self.rules, _DEFAULT) if rule.name == name), None)

    @cached_property
    def _looked_at(self) -> tuple[str, ...]:
        """Every field that a rule matches or groups by."""
        rules = (*self.rules, _DEFAULT)
        keys = (key for rule in rules for key in (*rule.match, *(rule.group_by or ("service",))))
        return tuple(dict.fromkeys(keys))

    @cached_property
    def _places(self) -> dict[tuple[str, ...], Place]:
        return {}


def value_of(signal: Signal, key: str) -> str:
    """One field of a signal, or one of its labels (`labels.env`); empty when it has none."""
    if key.startswith(LABEL):
        return signal.labels.get(key.removeprefix(LABEL), "")
    value: str = getattr(signal, key)
    return value


def read_rules(document: Any, version: int = 0) -> RuleSet:
    """A rule set from its document (plain JSON or YAML values). Raises RulesRefused with every problem."""
    entries = document.get("rules") if isinstance(document, dict) else None
    if not isinstance(entries, list) or len(entries) > MAX_RULES:
        raise RulesRefused([f"a document with a list `rules` of at most {MAX_RULES} is expected"])
    problems = [text for at, entry in enumerate(entries) for text in _problems(entry, f"rules[{at}]")]
    names = [entry.get("name") for entry in entries if isinstance(entry, dict)]
    problems += [
        f"two rules are named {name!r}" for name in sorted({str(n) for n in names if names.count(n) > 1})
    ]
    if problems:
        raise RulesRefused(problems)
    return RuleSet(tuple(_rule(entry) for entry in entries), version)


def _problems(entry: Any, where: str) -> list[str]:
    if not isinstance(entry, dict):
        return [f"{where}: a mapping is expected"]
    found = [f"{where}.{key}: unknown" for key in sorted(set(map(str, entry)) - _KEYS)]
    name = entry.get("name")
    if not (isinstance(name, str) and 0 < len(name) <= _MAX_NAME) or name == _DEFAULT.name:
        found.append(f"{where}.name: a name of at most {_MAX_NAME} letters, not {_DEFAULT.name!r}")
    found += _match_problems(entry.get("match", {}), f"{where}.match")
    found += _group_problems(entry.get("group_by", []), f"{where}.group_by")
    window = entry.get("window_seconds", 300)
    if (
        not isinstance(window, int | float)
        or isinstance(window, bool)
        or not 0 < window <= _MAX_WINDOW_SECONDS
    ):
        found.append(f"{where}.window_seconds: between 1 and {_MAX_WINDOW_SECONDS}")
    if not isinstance(entry.get("auto_resolve", True), bool):
        found.append(f"{where}.auto_resolve: true or false")
    return found


def _match_problems(match: Any, where: str) -> list[str]:
    if not isinstance(match, dict):
        return [f"{where}: a mapping of fields to values is expected"]
    wrong = [f"{where}.{key}: no such field" for key in match if not _known(key)]
    for key, values in match.items():
        accepted = values if isinstance(values, list) else [values]
        if not accepted or not all(isinstance(value, str) for value in accepted):
            wrong.append(f"{where}.{key}: a text or a list of texts")
    return wrong


def _group_problems(group_by: Any, where: str) -> list[str]:
    if group_by == GRAPH:
        return []
    if not isinstance(group_by, list):
        return [f"{where}: {GRAPH} or a list of fields"]
    return [f"{where}: no such field {key!r}" for key in group_by if not _known(key)]


def _known(key: Any) -> bool:
    return isinstance(key, str) and (key in FIELDS or (key.startswith(LABEL) and len(key) > len(LABEL)))


def _rule(entry: Mapping[str, Any]) -> Rule:
    group_by = entry.get("group_by", ["service", "severity"])
    return Rule(
        name=entry["name"],
        match={
            key: frozenset(values if isinstance(values, list) else [values])
            for key, values in entry.get("match", {}).items()
        },
        group_by=None if group_by == GRAPH else tuple(group_by),
        window=timedelta(seconds=entry.get("window_seconds", 300)),
        auto_resolve=entry.get("auto_resolve", True),
    )


_DEFAULT = Rule("default")

OWN_SOURCE = "incidentops"
"""What our own probes call themselves."""

DEFAULT_DOCUMENT = {
    "rules": [{"name": "dependency-outage", "match": {"source": OWN_SOURCE}, "group_by": GRAPH}]
}
DEFAULT_RULES = read_rules(DEFAULT_DOCUMENT)
"""What applies until an operator stores others: outages that our own probes see fold into the one they came from."""
