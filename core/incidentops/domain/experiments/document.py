"""What every part of an experiment's document starts from, and the types its fields share."""

from collections.abc import Callable
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictFloat, StrictInt, StrictStr

Scalar = StrictBool | StrictInt | StrictFloat | StrictStr | None
"""What a probe can find: one JSON value that is neither list nor object."""

ServiceName = Annotated[str, Field(min_length=1, max_length=200)]
Title = Annotated[str, Field(min_length=1, max_length=200)]


class Part(BaseModel):
    """Frozen; a field that nobody knows is an error, because it would not do what its author thinks."""

    model_config = ConfigDict(frozen=True, extra="forbid")


T = TypeVar("T")


def at_least(number: int) -> Callable[[tuple[T, ...]], tuple[T, ...]]:
    """A validator of the length. Pydantic's own counts only the good items, and so accuses the list, too."""

    def check(items: tuple[T, ...]) -> tuple[T, ...]:
        if len(items) < number:
            raise ValueError(f"expected at least {number}")
        return items

    return check
