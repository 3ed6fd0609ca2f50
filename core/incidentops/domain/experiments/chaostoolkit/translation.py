"""The state of one translation: what is wrong so far, and where each translated place came from."""

from collections.abc import Iterable, Mapping
from typing import Any

from incidentops.domain.experiments.chaostoolkit.problems import Path


class Translation:
    """Collects problems by their path in the foreign document; `origins` leads back from ours."""

    def __init__(self) -> None:
        self.problems: list[tuple[Path, str]] = []
        self.origins: dict[Path, Path] = {}

    def refuse(self, path: Path, reason: str) -> None:
        self.problems.append((path, reason))

    def mapping(self, value: object, path: Path) -> Mapping[str, Any]:
        """The object at this place; an empty one after noting that it is none."""
        if isinstance(value, Mapping):
            return value
        self.refuse(path, "expected an object")
        return {}

    def sequence(self, value: object, path: Path) -> list[Any]:
        if isinstance(value, list):
            return value
        self.refuse(path, "expected a list")
        return []

    def only(self, value: Mapping[str, Any], path: Path, allowed: Iterable[str]) -> None:
        """Refuse every other field: it would not do what its author thinks."""
        known = tuple(allowed)
        for key in value:
            if key not in known:
                self.refuse((*path, key), f"not supported here; expected {', '.join(known)}")
