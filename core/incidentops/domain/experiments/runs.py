"""One run of an experiment: its phases, its journal, and how it ends."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict

from incidentops.domain.experiments.document import Scalar
from incidentops.domain.experiments.experiment import Experiment
from incidentops.domain.services import ServiceState

MAX_SIGHTINGS = 200
SILENCE_SECONDS = 10.0
"""A runner tells of itself at least each second; after this much silence it counts as gone."""


class Phase(StrEnum):
    """Where a run is. Rolling back is never left out once the method has begun."""

    REQUESTED = "requested"
    STEADY_BEFORE = "steady_before"
    METHOD = "method"
    ROLLBACK = "rollback"
    STEADY_AFTER = "steady_after"
    ENDED = "ended"


FOLLOWERS = {
    Phase.REQUESTED: frozenset({Phase.STEADY_BEFORE, Phase.ENDED}),
    Phase.STEADY_BEFORE: frozenset({Phase.METHOD, Phase.ENDED}),
    Phase.METHOD: frozenset({Phase.ROLLBACK}),
    Phase.ROLLBACK: frozenset({Phase.STEADY_AFTER}),
    Phase.STEADY_AFTER: frozenset({Phase.ENDED}),
    Phase.ENDED: frozenset[Phase](),
}


class Verdict(StrEnum):
    """How a run ended."""

    HELD = "held"  # the hypothesis held before, during and after
    DEVIATED = "deviated"  # it broke during the method, or did not return
    NOT_STEADY = "not_steady"  # it did not hold before: nothing was injected
    HALTED = "halted"  # stopped by somebody, or by the emergency stop
    FAILED = "failed"  # a step could not be carried out
    INTERRUPTED = "interrupted"  # the runner fell silent


class Trigger(StrEnum):
    """What began a run."""

    OPERATOR = "operator"
    SCHEDULE = "schedule"


class EntryKind(StrEnum):
    """What a line of the journal tells."""

    PHASE = "phase"
    PROBE = "probe"
    FAULT = "fault"
    PAUSE = "pause"
    UNDO = "undo"
    ROLLBACK = "rollback"
    HALT = "halt"
    VERDICT = "verdict"


class Entry(BaseModel):
    """One line of a run's journal. `seq` counts from 1 within the run and makes the line unique; what the
    other fields hold depends on `kind`. `ok` is None where nothing can be right or wrong, `value` is what a
    probe found, or the state of a fault; `container` is the one that a fault was meant for, where it was said;
    `seconds` is how long it took or takes."""

    model_config = ConfigDict(frozen=True)

    seq: int
    at: AwareDatetime
    phase: Phase
    kind: EntryKind
    name: str = ""
    service: str | None = None
    container: str | None = None
    fault: str | None = None
    fault_id: UUID | None = None
    ok: bool | None = None
    value: Scalar = None
    detail: str = ""
    seconds: float | None = None


class Progress(BaseModel):
    """News of a run: where it is, and lines of its journal that may have been told before."""

    model_config = ConfigDict(frozen=True)

    run_id: UUID
    at: AwareDatetime
    phase: Phase
    verdict: Verdict | None = None
    reason: str = ""
    entries: tuple[Entry, ...] = ()


class RunEntries(BaseModel):
    """Lines of a run's journal, to be kept; each once, however often it is told."""

    model_config = ConfigDict(frozen=True)

    run_id: UUID
    entries: tuple[Entry, ...]


class Sighting(BaseModel):
    """A service that looked different, as the live view saw it, while the run went on."""

    model_config = ConfigDict(frozen=True)

    at: AwareDatetime
    service: str
    state: ServiceState
    up: bool


class Run(BaseModel):
    """One run, with the experiment as it was then. `number` is given by the database, `verdict` and
    `ended_at` by its end; `heard_at` is the last sign of life of whoever carries it out; `sightings` are the
    changes of its targets."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    experiment: Experiment
    trigger: Trigger
    asked_by: str
    requested_at: AwareDatetime
    heard_at: AwareDatetime
    phase: Phase = Phase.REQUESTED
    verdict: Verdict | None = None
    reason: str = ""
    ended_at: AwareDatetime | None = None
    number: int | None = None
    sightings: tuple[Sighting, ...] = ()

    @property
    def ended(self) -> bool:
        return self.verdict is not None

    @property
    def doing_harm(self) -> bool:
        """Whether it has yet to be rolled back."""
        return _ORDER[self.phase] < _ORDER[Phase.ROLLBACK]

    def told(self, news: Progress, now: datetime) -> "Run":
        """The run after this news, which was heard `now`. News that comes late or twice moves nothing back; the
        first verdict stands."""
        if self.ended or news.run_id != self.id:
            return self
        heard = self.model_copy(update={"heard_at": max(self.heard_at, now)})
        if news.verdict is not None:
            return heard.end(news.verdict, news.reason, news.at)
        later = _ORDER[news.phase] >= _ORDER[self.phase]
        return heard.model_copy(update={"phase": news.phase if later else self.phase})

    def end(self, verdict: Verdict, reason: str, at: datetime) -> "Run":
        """The run with its verdict; one that has ended stays as it is."""
        if self.ended:
            return self
        ended = {"phase": Phase.ENDED, "verdict": verdict, "reason": reason, "ended_at": at}
        return self.model_copy(update=ended)

    def saw(self, sighting: Sighting) -> "Run":
        """The run with one more sighting; those past the bound are left out, as a crash loop makes many."""
        if self.ended or len(self.sightings) >= MAX_SIGHTINGS:
            return self
        return self.model_copy(update={"sightings": (*self.sightings, sighting)})

    def silent(self, now: datetime, could_be_heard_since: datetime) -> bool:
        """Whether whoever carries it out counts as gone, of whom nothing could be heard before that moment."""
        since = max(self.heard_at, could_be_heard_since)
        return not self.ended and (now - since).total_seconds() > SILENCE_SECONDS


_ORDER = {phase: place for place, phase in enumerate(Phase)}
