"""The method of a foreign experiment: pauses become steps, activities in the background a parallel group."""

from collections.abc import Mapping
from typing import Any

from incidentops.domain.experiments.chaostoolkit import providers
from incidentops.domain.experiments.chaostoolkit.problems import Path
from incidentops.domain.experiments.chaostoolkit.translation import Translation

_FIELDS = ("type", "name", "provider", "tolerance", "pauses", "background")


class Method:
    """Translates one method. A run of `background` actions and the action after it begin together."""

    def __init__(self, translation: Translation) -> None:
        self._translation = translation
        self._steps: list[dict[str, Any]] = []
        self._together: list[tuple[dict[str, Any], Path]] = []

    def steps(self, value: object) -> list[dict[str, Any]]:
        for number, item in enumerate(self._translation.sequence(value, ("method",))):
            path: Path = ("method", number)
            self._activity(self._translation.mapping(item, path), path)
        self._end_group()
        return self._steps

    def _activity(self, activity: Mapping[str, Any], path: Path) -> None:
        self._translation.only(activity, path, _FIELDS)
        pauses = self._translation.mapping(activity.get("pauses", {}), (*path, "pauses"))
        self._translation.only(pauses, (*path, "pauses"), ("before", "after"))
        in_background = activity.get("background") is True
        if pauses and in_background:
            self._translation.refuse((*path, "pauses"), "not supported on an activity in the background")
        if "before" in pauses:
            self._end_group()
            self._add({"type": "pause", "seconds": pauses["before"]}, (*path, "pauses"))
        step = self._step(activity, path)
        if step is not None:
            self._place(step, path, in_background=in_background)
        if "after" in pauses:
            self._end_group()
            self._add({"type": "pause", "seconds": pauses["after"]}, (*path, "pauses"))

    def _step(self, activity: Mapping[str, Any], path: Path) -> dict[str, Any] | None:
        match activity.get("type"):
            case "action":
                return providers.action(self._translation, activity, path)
            case "probe":
                probe = providers.probe(self._translation, {"tolerance": True} | dict(activity), path)
                return probe and {"type": "probe", "probe": probe}
        self._translation.refuse((*path, "type"), "expected action or probe")
        return None

    def _place(self, step: dict[str, Any], path: Path, *, in_background: bool) -> None:
        if step["type"] != "fault":
            if in_background:
                self._translation.refuse((*path, "background"), "only actions can run in the background")
            self._end_group()
            self._add(step, path)
            return
        self._together.append((step, path))
        if not in_background:
            self._end_group()

    def _end_group(self) -> None:
        """What was collected begins together; one alone is an ordinary step."""
        group, self._together = self._together, []
        if len(group) == 1:
            self._add(*group[0])
        elif group:
            self._add({"type": "parallel", "steps": [step for step, _ in group]}, group[0][1])
            for number, (_, path) in enumerate(group):
                self._translation.origins["method", len(self._steps) - 1, "steps", number] = path

    def _add(self, step: dict[str, Any], path: Path) -> None:
        self._translation.origins["method", len(self._steps)] = path
        self._steps.append(step)
