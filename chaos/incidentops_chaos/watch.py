"""The watch over a run: each second the hypothesis and every service, and the brake when one of them breaks."""

import threading
from collections.abc import Sequence
from types import TracebackType

import structlog

from incidentops.domain.errors import Unavailable
from incidentops.domain.experiments.experiment import Experiment
from incidentops.domain.experiments.runs import EntryKind, Verdict
from incidentops.domain.services import Service, Wish
from incidentops_chaos.findings import Finding
from incidentops_chaos.halting import Brake, Halt
from incidentops_chaos.hands import Hands
from incidentops_chaos.journal import Journal
from incidentops_chaos.questions import Questions

log = structlog.get_logger()

EACH_SECONDS = 1.0


class Watch:
    """A context manager: watches from a thread of its own until it is left. `before` is how the services were
    when nothing was broken yet."""

    def __init__(
        self,
        experiment: Experiment,
        hands: Hands,
        questions: Questions,
        journal: Journal,
        brake: Brake,
        *,
        before: Sequence[Service],
    ) -> None:
        self._experiment, self._hands, self._questions = experiment, hands, questions
        self._journal, self._brake = journal, brake
        self._guarded = _outside(experiment, before)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def look(self) -> Sequence[Service]:
        """Every service as it is now; none while the backend cannot be asked because of the experiment itself.
        Pulls the brake when a service outside the experiment went down."""
        try:
            services = self._hands.look()
        except (Unavailable, TimeoutError) as error:
            if not self._questions.broker_is_target:
                self._emergency(f"the services cannot be watched: {error}")
            return ()
        for service in services:
            if service.name in self._guarded and not service.up and service.wish is not Wish.STOPPED:
                self._emergency(f"{service.name}, outside the experiment, is {service.state}")
        return services

    def question(self) -> list[Finding]:
        """The findings of the hypothesis, written down."""
        findings = self._questions.ask_all(self._experiment.hypothesis.probes)
        for finding in findings:
            note(self._journal, finding)
        return findings

    def _run(self) -> None:
        """What cannot be watched must not go on, whatever the reason."""
        try:
            while not self._over.wait(EACH_SECONDS):
                self.look()
                for finding in self.question():
                    self._judge(finding)
        except Exception as error:
            log.exception("watch_failed")
            self._emergency(f"the watch failed: {error!r}")

    def _judge(self, finding: Finding) -> None:
        if finding.answer is None and not finding.excused:
            self._emergency(finding.sentence())
        elif finding.answer is not None and not finding.steady:
            self._brake.pull(Halt(Verdict.DEVIATED, finding.sentence()))

    def _emergency(self, reason: str) -> None:
        self._brake.pull(Halt(Verdict.HALTED, reason, emergency=True))


def _outside(experiment: Experiment, before: Sequence[Service]) -> frozenset[str]:
    """The services that must not go down: those that are UP in the compose projects of the targets. What other
    projects do is not this experiment's doing."""
    targets = set(experiment.targets())
    projects = {service.project for service in before if service.name in targets}
    return frozenset(
        service.name
        for service in before
        if service.up and service.project in projects and service.name not in targets
    )


def note(journal: Journal, finding: Finding) -> None:
    """One line for what a probe found."""
    answer = finding.answer
    journal.write(
        EntryKind.PROBE,
        name=finding.probe.name,
        ok=None if finding.excused else finding.steady,
        value=answer.value if answer else None,
        detail=finding.error or (answer.body if answer and answer.body and not finding.steady else ""),
        seconds=round(finding.seconds, 3),
    )
