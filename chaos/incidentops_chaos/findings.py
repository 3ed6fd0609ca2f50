"""What a probe found."""

from dataclasses import dataclass

from incidentops.domain.errors import IncidentOpsError
from incidentops.domain.experiments.document import Scalar
from incidentops.domain.experiments.probes import Probe
from incidentops.domain.experiments.tolerance import tolerates


class CannotAsk(IncidentOpsError):
    """The probe itself failed: this says nothing about what it asks."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The value that was found; `body` is the text of an HTTP answer."""

    value: Scalar
    body: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """An answer held against the probe's tolerance. `error` says why there is none; `excused` that its lack
    is an effect of the experiment."""

    probe: Probe
    seconds: float
    answer: Answer | None = None
    error: str = ""
    excused: bool = False

    @property
    def steady(self) -> bool:
        answer = self.answer
        return answer is not None and tolerates(self.probe.tolerance, answer.value, answer.body)

    def sentence(self) -> str:
        """What is wrong, for people."""
        if self.answer is None:
            return f"{self.probe.name}: could not be asked: {self.error}"
        return f"{self.probe.name}: found {self.answer.value!r}, tolerated is {self.probe.tolerance!r}"
