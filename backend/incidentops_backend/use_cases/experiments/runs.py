"""Runs: begun by command to chaos, followed by what it tells, halted, and closed when it falls silent."""

import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

import structlog

from incidentops.domain.errors import IncidentOpsError, Unavailable
from incidentops.domain.experiments.experiment import Experiment
from incidentops.domain.experiments.runs import Progress, Run, RunEntries, Sighting, Trigger, Verdict
from incidentops.messages.envelope import Message
from incidentops.messages.ids import uuid7
from incidentops.ports import Bus, Clock, ExperimentStore, Records
from incidentops_backend.reads.active_faults import ActiveFaults
from incidentops_backend.reads.live_runs import LiveRuns
from incidentops_backend.reads.view import Change
from incidentops_backend.use_cases.experiments.bounds import Bounds
from incidentops_backend.use_cases.experiments.errors import RunEnded, RunInProgress
from incidentops_backend.use_cases.faults.desk import FaultDesk
from incidentops_backend.use_cases.faults.emergency import Emergency

log = structlog.get_logger()

ACCEPT_SECONDS = 2.0
HALT_SECONDS = 2.0

Listener = Callable[[Run], None]


class ExperimentRuns:
    """The one writer of runs. Thread-safe."""

    def __init__(
        self,
        *,
        bus: Bus,
        clock: Clock,
        records: Records,
        store: ExperimentStore,
        bounds: Bounds,
        live: LiveRuns,
        desk: FaultDesk,
        faults: ActiveFaults,
        emergency: Emergency,
    ) -> None:
        self._bus, self._clock, self._records, self._store = bus, clock, records, store
        self._bounds, self._live = bounds, live
        self._desk, self._faults, self._emergency = desk, faults, emergency
        self._beginning = threading.Lock()
        self._writing = threading.Lock()
        self._broker_back_at = clock.now()
        self._listeners: list[Listener] = []

    def listen(self, listener: Listener) -> None:
        """Hear of every run in every state."""
        self._listeners.append(listener)

    # -- beginning and halting ---------------------------------------------------------------------------

    def check_free(self) -> None:
        """Raises ChaosStopped and RunInProgress: what keeps every experiment out now."""
        self._emergency.check()
        for run in self._live.open():
            raise RunInProgress(run)

    def begin(self, experiment: Experiment, trigger: Trigger, asked_by: str) -> Run:
        """The run, once chaos has accepted it. Raises ChaosStopped, RunInProgress, OutOfBounds, and Unavailable when
        it cannot be written down or chaos does not take it."""
        now = self._clock.now()
        run = Run(
            id=uuid7(),
            experiment=experiment,
            trigger=trigger,
            asked_by=asked_by,
            requested_at=now,
            heard_at=now,
        )
        with self._beginning:
            self.check_free()
            self._bounds.check(experiment)
            self._records.save_run(run)
            self._live.put(run)
        self._tell(run)
        refusal = self._refusal(run)
        if refusal is not None:
            self._close(run.id, Verdict.FAILED, str(refusal))
            raise refusal
        return self._live.find(run.id) or run

    def halt(self, run: Run, by: str) -> None:
        """Ask chaos to end it; when chaos does not answer, undo its faults and close it here. Raises
        RunEnded."""
        if run.ended:
            raise RunEnded(f"The run has ended already: {run.verdict}.")
        self._halt(run, f"halted by {by}")

    # -- what happens meanwhile --------------------------------------------------------------------------

    def told(self, news: Progress) -> None:
        """Take in what chaos tells. Raises Unavailable("spool", …): then it is told again."""
        if news.entries:
            self._records.save_run_entries(RunEntries(run_id=news.run_id, entries=news.entries))
        if self._live.find(news.run_id) is None and (stored := self._store.run(news.run_id)):
            self._live.put(stored)
        self._live.note(news.run_id, news.entries)
        self._change(news.run_id, lambda run: run.told(news, self._clock.now()))

    def services_changed(self, change: Change) -> None:
        """Write down how the targets of the runs of now look."""
        now = self._clock.now()
        for run in self._live.open():
            for service in change.changed:
                if service.name in run.experiment.targets():
                    sighting = Sighting(at=now, service=service.name, state=service.state, up=service.up)
                    self._see(run.id, sighting)

    def recall(self) -> None:
        """Follow the runs of an earlier backend. Raises Unavailable while Postgres is away."""
        for run in self._store.open_runs():
            if self._live.find(run.id) is None:
                self._live.put(run.model_copy(update={"heard_at": self._clock.now()}))

    def supervise(self) -> None:
        """Close the runs that nobody carries out any more, and halt what the emergency stop found running. While the
        broker is away nobody can be heard, so that silence counts from its return."""
        now, stop = self._clock.now(), self._emergency.engaged()
        if not self._bus.connected():
            self._broker_back_at = now
        for run in self._live.open():
            if run.silent(now, self._broker_back_at):
                self._abandon(run.id, Verdict.INTERRUPTED, "chaos fell silent")
            elif stop and run.doing_harm:
                self._halt(run, f"emergency stop by {stop.by}: {stop.why}")

    # -- inside ------------------------------------------------------------------------------------------

    def _halt(self, run: Run, reason: str) -> None:
        payload = {"run_id": str(run.id), "reason": reason}
        try:
            answer = self._bus.request(
                self._command("halt_experiment", payload), timeout_seconds=HALT_SECONDS
            )
            halting = bool(answer.payload["halting"])
        except (Unavailable, TimeoutError):
            halting = False
        if not halting:
            self._abandon(run.id, Verdict.HALTED, f"{reason}; chaos did not answer")

    def _refusal(self, run: Run) -> IncidentOpsError | None:
        payload = {"run_id": str(run.id), "experiment": run.experiment.model_dump(mode="json")}
        try:
            answer = self._bus.request(
                self._command("run_experiment", payload), timeout_seconds=ACCEPT_SECONDS
            )
        except Unavailable as error:
            return error
        except TimeoutError as error:
            return Unavailable("chaos", str(error))
        return None if answer.payload["accepted"] else Unavailable("chaos", answer.payload["reason"])

    def _command(self, name: str, payload: Mapping[str, object]) -> Message:
        """It expires with the wait for its answer."""
        return Message(
            type=f"chaos.{name}", occurred_at=self._clock.now(), actor="backend", payload=dict(payload)
        )

    def _abandon(self, run_id: UUID, verdict: Verdict, reason: str) -> None:
        """Nobody rolls it back: undo its faults here, while it is still seen how their targets come back. What cannot
        be undone ends with its lease."""
        for fault in self._faults.of_run(run_id):
            try:
                self._desk.undo(fault.id, reason)
            except IncidentOpsError as error:
                log.warning("fault_left_to_its_lease", fault=str(fault.id), reason=str(error))
        self._close(run_id, verdict, reason)

    def _close(self, run_id: UUID, verdict: Verdict, reason: str) -> None:
        at: datetime = self._clock.now()
        self._change(run_id, lambda run: run.end(verdict, reason, at))

    def _see(self, run_id: UUID, sighting: Sighting) -> None:
        self._change(run_id, lambda run: run.saw(sighting))

    def _change(self, run_id: UUID, change: Callable[[Run], Run]) -> None:
        """One change after the other, each stored before the next. A run that is unknown was another
        backend's."""
        with self._writing:
            run = self._live.change(run_id, change)
            if run is None:
                return
            try:
                self._records.save_run(run)
            except Unavailable as error:
                log.error("run_not_stored", run_id=str(run_id), reason=str(error))
        self._tell(run)

    def _tell(self, run: Run) -> None:
        for listener in self._listeners:
            listener(run)
