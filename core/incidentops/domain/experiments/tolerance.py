"""Which findings of a probe count as steady: a value, one of several, a range or a pattern.

The forms are those of the Chaos Toolkit's experiment format.
"""

import re
from typing import Annotated, Literal

from pydantic import (
    Field,
    JsonValue,
    PlainSerializer,
    PlainValidator,
    ValidationError,
    WithJsonSchema,
    model_validator,
)

from incidentops.domain.experiments.document import Part, Scalar

EXPECTED = (
    "expected a value, a list of values, "
    '{"type": "range", "range": [low, high]} or {"type": "regex", "pattern": "…"}'
)
_MAX_PATTERN = 200


class Range(Part):
    """A number from `range[0]` to `range[1]`, both included."""

    type: Literal["range"] = "range"
    range: tuple[float, float]

    @model_validator(mode="after")
    def _ordered(self) -> "Range":
        if self.range[0] > self.range[1]:
            raise ValueError("the lower bound is above the upper one")
        return self


class Regex(Part):
    """A text, or the body of an HTTP answer, in which the pattern is found."""

    type: Literal["regex"] = "regex"
    pattern: Annotated[str, Field(min_length=1, max_length=_MAX_PATTERN)]

    @model_validator(mode="after")
    def _compiles(self) -> "Regex":
        try:
            re.compile(self.pattern)
        except re.error as error:
            raise ValueError(f"not a regular expression: {error}") from error
        return self


def _read(value: object) -> "Scalar | tuple[Scalar, ...] | Range | Regex":
    match value:
        case Range() | Regex() | bool() | int() | float() | str():
            return value
        case list() | tuple() if value and all(_is_scalar(item) for item in value):
            return tuple(value)
        case {"type": "range"}:
            return _part(Range, value)
        case {"type": "regex"}:
            return _part(Regex, value)
    raise ValueError(EXPECTED)


def _is_scalar(value: object) -> bool:
    return isinstance(value, bool | int | float | str)


def _part(kind: type[Range] | type[Regex], value: object) -> Range | Regex:
    """Its problems in one sentence: a plain validator's error cannot carry several places."""
    try:
        return kind.model_validate(value)
    except ValidationError as error:
        items = error.errors(include_url=False, include_input=False)
        places = (".".join(str(part) for part in item["loc"]) for item in items)
        raise ValueError(
            "; ".join(
                f"{place}: {item['msg']}".lstrip(": ") for place, item in zip(places, items, strict=True)
            )
        ) from error


def _write(tolerance: "Tolerance") -> JsonValue:
    if isinstance(tolerance, Range | Regex):
        return tolerance.model_dump(mode="json")
    return list(tolerance) if isinstance(tolerance, tuple) else tolerance


Tolerance = Annotated[
    Scalar | tuple[Scalar, ...] | Range | Regex,
    PlainValidator(_read),
    PlainSerializer(_write),
    WithJsonSchema({"description": EXPECTED}),
]


def tolerates(tolerance: Tolerance, value: Scalar, body: str | None = None) -> bool:
    """Whether what a probe found is steady. `body` is the text of an HTTP answer, for patterns."""
    match tolerance:
        case Range(range=(low, high)):
            return isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high
        case Regex(pattern=pattern):
            return re.search(pattern, body if body is not None else str(value)) is not None
        case tuple():
            return any(_same(item, value) for item in tolerance)
    return _same(tolerance, value)


def _same(wanted: JsonValue, value: Scalar) -> bool:
    """Python holds True == 1; an operator who writes `true` does not mean the number."""
    return wanted == value and isinstance(wanted, bool) == isinstance(value, bool)
