"""Carries one experiment out: steady before, method under watch, rollback always, steady after."""

import time
from collections.abc import Sequence

import structlog

from incidentops.domain.errors import IncidentOpsError
from incidentops.domain.experiments.experiment import (
    Experiment,
    FaultStep,
    ParallelStep,
    PauseStep,
    ProbeStep,
    Rollback,
    Step,
)
from incidentops.domain.experiments.runs import EntryKind, Phase, Verdict
from incidentops.domain.services import Service
from incidentops_chaos.faults import Faults
from incidentops_chaos.findings import Finding
from incidentops_chaos.halting import Brake, Halt, Halted
from incidentops_chaos.hands import Hands
from incidentops_chaos.journal import Journal
from incidentops_chaos.questions import Questions
from incidentops_chaos.watch import EACH_SECONDS, Watch, note

log = structlog.get_logger()

_HELD = Halt(Verdict.HELD, "")


class Runner:
    """One run. `carry_out` is called once; `brake` may be pulled from anywhere meanwhile."""

    def __init__(self, experiment: Experiment, hands: Hands, questions: Questions, journal: Journal) -> None:
        self._experiment, self._hands, self._questions = experiment, hands, questions
        self._journal = journal
        self._faults = Faults(experiment, hands, journal, answers_may_be_lost=questions.broker_is_target)
        self.brake = Brake()

    @property
    def ended(self) -> bool:
        """Whether it has its verdict."""
        return self._journal.phase is Phase.ENDED

    def carry_out(self) -> None:
        """Returns once the verdict has been told."""
        with self._journal:
            end = self._outcome()
            log.info("experiment_ended", verdict=end.verdict, reason=end.reason)
            self._journal.end(end.verdict, end.reason)
        self._questions.close()

    def _outcome(self) -> Halt:
        """What nobody foresaw ends the run as well, with its faults undone, instead of leaving it to its silence."""
        try:
            return self._run()
        except Exception as error:
            log.exception("runner_failed")
            return Halt(Verdict.FAILED, f"chaos itself failed: {error!r}")

    def _run(self) -> Halt:
        self._journal.enter(Phase.STEADY_BEFORE)
        try:
            before = self._hands.look()
            self._check_steady()
            self.brake.check()
        except (IncidentOpsError, TimeoutError) as error:
            return error.halt if isinstance(error, Halted) else Halt(Verdict.FAILED, str(error))
        return self._method(before)

    def _check_steady(self) -> None:
        findings = self._questions.ask_all(self._experiment.hypothesis.probes)
        for finding in findings:
            note(self._journal, finding)
        if broken := [finding.sentence() for finding in findings if not finding.steady]:
            raise Halted(Halt(Verdict.NOT_STEADY, "; ".join(broken)))

    def _method(self, before: Sequence[Service]) -> Halt:
        """From here on everything ends in the rollback."""
        self._journal.enter(Phase.METHOD)
        watch = Watch(
            self._experiment, self._hands, self._questions, self._journal, self.brake, before=before
        )
        try:
            with watch:
                for step in self._experiment.method:
                    self.brake.check()
                    self._step(step)
            self.brake.check()
            end = _HELD
        except Halted as halted:
            end = halted.halt
            self._journal.write(EntryKind.HALT, name=end.verdict, detail=end.reason)
        finally:
            self._roll_back()
        return self._steady_after(watch, end)

    def _step(self, step: Step) -> None:
        match step:
            case FaultStep():
                self._faults.inject(step)
            case ParallelStep(steps=steps):
                self._faults.inject(*steps)
            case ProbeStep(probe=probe):
                note(self._journal, self._questions.ask(probe))
            case PauseStep(seconds=seconds):
                self._journal.write(EntryKind.PAUSE, seconds=seconds)
                self.brake.wait(seconds)

    def _roll_back(self) -> None:
        self._journal.enter(Phase.ROLLBACK)
        halt = self.brake.halt
        if halt is not None and halt.emergency:
            self._stop_chaos(halt.reason)
        self._faults.undo_all(halt.reason if halt else "the experiment is over")
        for rollback in self._experiment.rollbacks:
            self._restore(rollback)

    def _stop_chaos(self, reason: str) -> None:
        try:
            self._hands.stop_chaos(reason)
        except (IncidentOpsError, TimeoutError) as error:
            self._journal.write(
                EntryKind.HALT, ok=False, detail=f"the emergency stop was not engaged: {error}"
            )
        else:
            self._journal.write(EntryKind.HALT, ok=True, detail=f"emergency stop engaged: {reason}")

    def _restore(self, rollback: Rollback) -> None:
        ok, detail = True, ""
        try:
            self._hands.act(rollback)
        except (IncidentOpsError, TimeoutError) as error:
            ok, detail = False, str(error)
        self._journal.write(
            EntryKind.ROLLBACK, name=rollback.name, service=rollback.service, ok=ok, detail=detail
        )

    def _steady_after(self, watch: Watch, end: Halt) -> Halt:
        """Ask until the hypothesis holds again and every target is UP, for at most `recovery_seconds`."""
        self._journal.enter(Phase.STEADY_AFTER)
        deadline = time.monotonic() + self._experiment.recovery_seconds
        while True:
            services, findings = watch.look(), watch.question()
            missing = [*self._still_down(services), *_still_broken(findings)]
            if not missing:
                return end
            if time.monotonic() >= deadline:
                break
            time.sleep(min(EACH_SECONDS, max(0.0, deadline - time.monotonic())))
        reason = f"not steady {self._experiment.recovery_seconds} s after the rollback: {'; '.join(missing)}"
        return Halt(Verdict.DEVIATED, reason) if end is _HELD else end

    def _still_down(self, services: Sequence[Service]) -> list[str]:
        states = {service.name: service for service in services}
        return [
            f"{name} is {states[name].state}" if name in states else f"{name} cannot be seen"
            for name in self._experiment.targets()
            if name not in states or not states[name].up
        ]


def _still_broken(findings: Sequence[Finding]) -> list[str]:
    return [finding.sentence() for finding in findings if not finding.steady]
