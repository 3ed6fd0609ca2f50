"""The labels that make a container a managed service (DESIGN 5.1), parsed without ever failing.

A broken label never hides a container: it becomes a definition whose `misconfigured` says what to mend.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from incidentops.domain.probes import ProbeSpec, parse_probe
from incidentops.domain.services import RecoveryMode
from incidentops.domain.severity import Severity

SERVICE = "incidentops.service"
GROUP = "incidentops.group"
PROTECTED = "incidentops.protected"
RECOVERY = "incidentops.recovery"
PROBE = "incidentops.probe"
DEPENDS_ON = "incidentops.depends_on"
ALERT = "incidentops.alert"
SIDECAR = "incidentops.sidecar"
SCRATCH = "incidentops.scratch"
COMPOSE_PROJECT = "com.docker.compose.project"
COMPOSE_DEPENDS_ON = "com.docker.compose.depends_on"

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,62}")
_QUIET = "off"
_TRUTH = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Definition:
    """What a container's labels declare. `name` is unqualified; `problems` are sentences. `alert` is how bad an
    outage is (None: as the outage policies say), `quiet` whether it is no alert at all."""

    name: str
    project: str | None
    group: str
    protected: bool
    recovery: RecoveryMode
    probe: ProbeSpec | None
    probe_text: str | None
    depends_on: tuple[str, ...]
    problems: tuple[str, ...]
    alert: Severity | None = None
    quiet: bool = False


def parse_definition(labels: Mapping[str, str], container_name: str) -> Definition:
    """Read the labels of one opted-in container; each problem is collected, none raised."""
    problems: list[str] = []
    project = labels.get(COMPOSE_PROJECT) or None
    return Definition(
        name=_name(labels.get(SERVICE, ""), container_name, problems),
        project=project,
        group=labels.get(GROUP, "").strip() or project or "other",
        protected=_protected(labels.get(PROTECTED, "false"), problems),
        recovery=_recovery(labels.get(RECOVERY, RecoveryMode.MANUAL), problems),
        probe=_probe(labels.get(PROBE), problems),
        probe_text=labels.get(PROBE),
        depends_on=_depends_on(labels),
        alert=_alert(labels.get(ALERT), problems),
        quiet=labels.get(ALERT) == _QUIET,
        problems=tuple(problems),
    )


def _name(text: str, container_name: str, problems: list[str]) -> str:
    if _NAME.fullmatch(text):
        return text
    problems.append(
        f"label {SERVICE}={text!r} is not a name; use letters, digits, '.', '_' and '-', at most 63"
    )
    return container_name


def _protected(text: str, problems: list[str]) -> bool:
    if text.lower() in _TRUTH:
        return _TRUTH[text.lower()]
    problems.append(f"label {PROTECTED}={text!r} must be true or false; treated as true")
    return True


def _recovery(text: str, problems: list[str]) -> RecoveryMode:
    try:
        return RecoveryMode(text)
    except ValueError:
        problems.append(f"label {RECOVERY}={text!r} must be manual or auto; treated as manual")
        return RecoveryMode.MANUAL


def _probe(text: str | None, problems: list[str]) -> ProbeSpec | None:
    if text is None:
        return None
    try:
        return parse_probe(text)
    except ValueError as error:
        problems.append(f"label {PROBE}={text!r}: {error}")
        return None


def _alert(text: str | None, problems: list[str]) -> Severity | None:
    if text is None or text == _QUIET:
        return None
    try:
        return Severity(text)
    except ValueError:
        words = ", ".join(Severity)
        problems.append(
            f"label {ALERT}={text!r} must be {words} or {_QUIET}; treated as if it were not there"
        )
        return None


def _depends_on(labels: Mapping[str, str]) -> tuple[str, ...]:
    """Own label first; else compose's, whose items read `name:condition:required`."""
    text = labels.get(DEPENDS_ON) or labels.get(COMPOSE_DEPENDS_ON) or ""
    names = (item.partition(":")[0].strip() for item in text.split(","))
    return tuple(dict.fromkeys(name for name in names if name))
