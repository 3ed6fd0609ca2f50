"""An experiment of the Chaos Toolkit, as text, to one of ours."""

import json
import re
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from incidentops.domain.experiments.chaostoolkit import providers, words
from incidentops.domain.experiments.chaostoolkit.lines import lines_of
from incidentops.domain.experiments.chaostoolkit.method import Method
from incidentops.domain.experiments.chaostoolkit.problems import (
    FieldProblem,
    InvalidExperiment,
    Path,
    written,
)
from incidentops.domain.experiments.chaostoolkit.translation import Translation
from incidentops.domain.experiments.experiment import Experiment

_TAGS = frozenset({"fault", "pause", "probe", "parallel", "service", "http", "promql", "sql"})
_EMPTY_ONLY = ("configuration", "secrets", "controls")
_KNOWN = (
    *("version", "title", "description", "tags", "contributions", "runtime", "extensions"),
    *(words.HYPOTHESIS, "method", "rollbacks"),
    *_EMPTY_ONLY,
)
_MAX_NAME = 63
_FOREIGN_PLACES: Mapping[str | int, Path] = {
    "fault": ("provider", "func"),
    "verb": ("provider", "func"),
    "parameters": ("provider", "arguments"),
    "service": ("provider", "arguments", "service"),
    "container": ("provider", "arguments", "container"),
    "lease_seconds": ("provider", "arguments", "lease_seconds"),
    "query": ("provider", "arguments", "query"),
    "url": ("provider", "url"),
    "probe": (),
}
"""Where a field of ours stands within a foreign activity; other fields have the same name there."""


def read_experiment(text: str) -> Experiment:
    """Raises InvalidExperiment with every bad place, its line and what was expected there. `version`, `tags`,
    `contributions` and `runtime` are read and left out."""
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise InvalidExperiment([FieldProblem("", f"not JSON: {error.msg}", error.lineno)]) from error
    except (ValueError, RecursionError) as error:  # numbers of thousands of digits, lists thousands deep
        raise InvalidExperiment([FieldProblem("", f"too much to read: {error}", 1)]) from error
    if not isinstance(document, Mapping):
        raise InvalidExperiment([FieldProblem("", "expected an object", 1)])
    translation = Translation()
    native = _experiment(translation, document)
    problems = translation.problems
    try:
        experiment = Experiment.model_validate(native)
    except ValidationError as error:
        problems = problems + _foreign(error, translation.origins, problems)
    if problems:
        raise InvalidExperiment(_located(problems, lines_of(text)))
    return experiment


def slug(title: str) -> str:
    """A name made of a title."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:_MAX_NAME].rstrip("-")


def _experiment(translation: Translation, document: Mapping[str, Any]) -> dict[str, Any]:
    translation.only(document, (), _KNOWN)
    for key in _EMPTY_ONLY:
        if document.get(key):
            translation.refuse((key,), "not supported here; expected to be empty or left out")
    native = {key: document[key] for key in ("title", "description") if key in document}
    native["name"] = slug(str(document.get("title", "")))
    native["method"] = Method(translation).steps(document.get("method", []))
    native["rollbacks"] = _activities(translation, document.get("rollbacks", []), "rollbacks")
    if words.HYPOTHESIS in document:
        native["hypothesis"] = _hypothesis(translation, document[words.HYPOTHESIS])
    return native | _extension(translation, document)


def _hypothesis(translation: Translation, value: object) -> dict[str, Any]:
    place: Path = (words.HYPOTHESIS,)
    translation.origins["hypothesis",] = place
    given = translation.mapping(value, place)
    probes: list[dict[str, Any]] = []
    for number, item in enumerate(translation.sequence(given.get("probes", []), (*place, "probes"))):
        path = (*place, "probes", number)
        native = providers.probe(translation, translation.mapping(item, path), path)
        if native is not None:
            translation.origins["hypothesis", "probes", len(probes)] = path
            probes.append(native)
    return {"title": given.get("title", ""), "probes": probes}


def _activities(translation: Translation, value: object, key: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for number, item in enumerate(translation.sequence(value, (key,))):
        native = providers.rollback(translation, translation.mapping(item, (key, number)), (key, number))
        if native is not None:
            translation.origins[key, len(found)] = (key, number)
            found.append(native)
    return found


def _extension(translation: Translation, document: Mapping[str, Any]) -> dict[str, Any]:
    """Ours among the extensions; those of others are none of our business."""
    for number, item in enumerate(translation.sequence(document.get("extensions", []), ("extensions",))):
        path: Path = ("extensions", number)
        extension = translation.mapping(item, path)
        if extension.get("name") != words.EXTENSION:
            continue
        translation.only(extension, path, ("name", "experiment", *words.EXTENSION_FIELDS))
        native = {key: extension[key] for key in words.EXTENSION_FIELDS if key in extension}
        translation.origins |= {(key,): (*path, key) for key in native}
        if "experiment" in extension:
            native["name"] = extension["experiment"]
            translation.origins["name",] = (*path, "experiment")
        return native
    return {}


def _foreign(
    error: ValidationError, origins: Mapping[Path, Path], known: list[tuple[Path, str]]
) -> list[tuple[Path, str]]:
    """Our own findings at their places in the foreign document. What follows from a place that was refused
    before is not told again."""
    refused = {path[0] for path, _ in known if path}
    found = []
    for item in error.errors(include_url=False, include_input=False, include_context=False):
        path = _origin(without_tags(item["loc"]), origins)
        if not path or path[0] not in refused:
            found.append((path, item["msg"].removeprefix("Value error, ")))
    return found


def without_tags(location: Path) -> Path:
    """Pydantic's place of an error without the types of steps and probes, which are no fields."""
    path: list[str | int] = []
    tag_may_follow = False
    for part in location:
        if tag_may_follow and part in _TAGS:
            tag_may_follow = False
        else:
            path.append(part)
            in_union = isinstance(part, int) and path[-2] != "steps"
            tag_may_follow = in_union or part == "probe"
    return tuple(path)


def _origin(path: Path, origins: Mapping[Path, Path]) -> Path:
    """Where the nearest place that was translated came from, and the rest as it is called there."""
    for length in range(len(path), 0, -1):
        if path[:length] in origins:
            rest = (named for part in path[length:] for named in _FOREIGN_PLACES.get(part, (part,)))
            return (*origins[path[:length]], *rest)
    return path


def _located(problems: list[tuple[Path, str]], lines: Mapping[Path, int]) -> list[FieldProblem]:
    return [FieldProblem(written(path), reason, _line(path, lines)) for path, reason in problems]


def _line(path: Path, lines: Mapping[Path, int]) -> int:
    """The line of the place, or of what should hold it."""
    while path not in lines:
        path = path[:-1]
    return lines[path]
