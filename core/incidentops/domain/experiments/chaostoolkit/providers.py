"""Activities of the format to our probes, steps and rollbacks, by the provider they name."""

from collections.abc import Mapping
from typing import Any

from incidentops.domain.experiments.chaostoolkit import words
from incidentops.domain.experiments.chaostoolkit.problems import Path
from incidentops.domain.experiments.chaostoolkit.translation import Translation

Native = dict[str, Any]

_PYTHON_PROBES: Mapping[tuple[str, str], tuple[str, str]] = {
    (words.PROBES, "service"): ("service", "service"),
    (words.PROBES, "promql"): ("promql", "query"),
    (words.PROBES, "sql"): ("sql", "query"),
    (words.PROMETHEUS, "query"): ("promql", "query"),
}
"""Module and function to the type of our probe and its one argument."""

_EXPECTED_PROBE = 'expected {"type": "http"} or {"type": "python"} with one of ' + ", ".join(
    f"{module}.{function}" for module, function in _PYTHON_PROBES
)
_EXPECTED_ACTION = f'expected {{"type": "python"}} with module {words.FAULTS} and a kind of fault as func'
_EXPECTED_ROLLBACK = (
    f'expected {{"type": "python"}} with module {words.SERVICES} and func {" or ".join(words.VERBS)}'
)

_OF_A_STEP = ("service", "lease_seconds", "container")
"""Arguments of a fault that are no parameters of its kind."""


def probe(translation: Translation, activity: Mapping[str, Any], path: Path) -> Native | None:
    """A probe with its tolerance, if it has one."""
    provider = translation.mapping(activity.get("provider"), (*path, "provider"))
    place = (*path, "provider")
    if provider.get("type") == "http":
        native = _http(translation, provider, place)
    elif kind := _PYTHON_PROBES.get(_function(provider)):
        native = _python_probe(translation, provider, place, kind)
    else:
        translation.refuse(place, f"{_named(provider)}: {_EXPECTED_PROBE}")
        return None
    given = {key: activity[key] for key in ("name", "tolerance") if key in activity}
    return native | given


def action(translation: Translation, activity: Mapping[str, Any], path: Path) -> Native | None:
    """A fault, or a pause that stands alone."""
    provider = translation.mapping(activity.get("provider"), (*path, "provider"))
    module, function = _function(provider)
    place = (*path, "provider")
    if provider.get("type") != "python" or module not in (words.FAULTS, words.PAUSES):
        translation.refuse(place, f"{_named(provider)}: {_EXPECTED_ACTION}")
        return None
    arguments = dict(translation.mapping(provider.get("arguments", {}), (*place, "arguments")))
    if module == words.PAUSES:
        return {"type": "pause"} | arguments
    known = {key: arguments.pop(key) for key in _OF_A_STEP if key in arguments}
    named = {"name": activity["name"]} if "name" in activity else {}
    return {"type": "fault", "fault": function, "parameters": arguments} | named | known


def rollback(translation: Translation, activity: Mapping[str, Any], path: Path) -> Native | None:
    provider = translation.mapping(activity.get("provider"), (*path, "provider"))
    module, function = _function(provider)
    place = (*path, "provider")
    if provider.get("type") != "python" or module != words.SERVICES or function not in words.VERBS:
        translation.refuse(place, f"{_named(provider)}: {_EXPECTED_ROLLBACK}")
        return None
    arguments = translation.mapping(provider.get("arguments", {}), (*place, "arguments"))
    named = {"name": activity["name"]} if "name" in activity else {}
    return {"verb": function} | named | dict(arguments)


def _http(translation: Translation, provider: Mapping[str, Any], path: Path) -> Native:
    translation.only(provider, path, ("type", "url", "method", "timeout"))
    if str(provider.get("method", "GET")).upper() != "GET":
        translation.refuse((*path, "method"), "expected GET: a probe changes nothing")
    native: Native = {"type": "http"}
    if "url" in provider:
        native["url"] = provider["url"]
    if "timeout" in provider:
        native["timeout_seconds"] = provider["timeout"]
    return native


def _python_probe(
    translation: Translation, provider: Mapping[str, Any], path: Path, kind: tuple[str, str]
) -> Native:
    probe_type, argument = kind
    arguments = translation.mapping(provider.get("arguments", {}), (*path, "arguments"))
    translation.only(arguments, (*path, "arguments"), (argument, "timeout_seconds"))
    return {"type": probe_type} | dict(arguments)


def _function(provider: Mapping[str, Any]) -> tuple[str, str]:
    return str(provider.get("module", "")), str(provider.get("func", ""))


def _named(provider: Mapping[str, Any]) -> str:
    """The provider as its author knows it."""
    if provider.get("type") == "python":
        return f"unknown provider {'.'.join(_function(provider))}"
    return f"unknown provider of type {provider.get('type')!r}"
