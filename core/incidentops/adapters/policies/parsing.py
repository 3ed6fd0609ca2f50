"""The text of a policy file into policies, or the line that is wrong and what was expected there."""

from collections.abc import Callable, Iterable, Sequence

import yaml
from pydantic import ValidationError

from incidentops.adapters.policies.outage_shape import OutageFilePart
from incidentops.adapters.policies.shape import PolicyFilePart
from incidentops.domain.outages import OutagePolicy
from incidentops.domain.policies import DEFAULT, Policy
from incidentops.ports.policies import P

_EXPECTED = {
    "extra_forbidden": "there is no such field",
    "missing": "this field is required",
    "model_type": "expected fields with values",
    "frozen_set_type": "expected a list",
    "tuple_type": "expected a list",
}


class InvalidPolicy(ValueError):
    """`line` counts from 1; the text says what was expected there."""

    def __init__(self, line: int, expected: str) -> None:
        super().__init__(expected)
        self.line = line


def parse_policies(text: str, taken: Iterable[str] = ()) -> tuple[Policy, ...]:
    """Those of remediation. Raises InvalidPolicy for the first thing wrong with it; no policy may have one of the names
    `taken`."""
    return _parsed(text, taken, lambda values: PolicyFilePart.model_validate(values).all())


def parse_outage_policies(text: str, taken: Iterable[str] = ()) -> tuple[OutagePolicy, ...]:
    """Those of outages; the rest as `parse_policies`."""
    return _parsed(text, taken, lambda values: OutageFilePart.model_validate(values).all())


def _parsed(text: str, taken: Iterable[str], validated: Callable[[object], tuple[P, ...]]) -> tuple[P, ...]:
    try:
        tree = yaml.compose(text, yaml.SafeLoader)
        values = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise InvalidPolicy(mark.line + 1 if mark else 1, f"YAML: {error.problem or error}") from error
    except yaml.YAMLError as error:
        raise InvalidPolicy(1, f"YAML: {error}") from error
    try:
        policies = validated(values)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise InvalidPolicy(
            _line(tree, first["loc"]), _words(first["loc"], first["type"], first["msg"])
        ) from error
    _check_names([policy.name for policy in policies], tree, {*taken, DEFAULT.name})
    return policies


def _check_names(names: Sequence[str], tree: yaml.Node | None, taken: set[str]) -> None:
    for index, name in enumerate(names):
        if name in taken:
            line = _line(tree, ("policies", index, "name"))
            raise InvalidPolicy(line, f"policies.{index}.name: a name that no other policy has")
        taken.add(name)


def _words(place: tuple[int | str, ...], kind: str, message: str) -> str:
    path = ".".join(str(part) for part in place) or "the file"
    return f"{path}: {_EXPECTED.get(kind, message.removeprefix('Value error, '))}"


def _line(tree: yaml.Node | None, place: Iterable[int | str]) -> int:
    """Where the value at that place stands, or the nearest thing around it."""
    node = tree
    for part in place:
        inner = _child(node, part)
        if inner is None:
            break
        node = inner
    return node.start_mark.line + 1 if node is not None else 1


def _child(node: yaml.Node | None, part: int | str) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == part), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        item: yaml.Node = node.value[part]
        return item
    return None
