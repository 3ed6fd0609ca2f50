"""Reading runs: from memory while they are new, from Postgres afterwards."""

from uuid import UUID

from incidentops.domain.actions import Action
from incidentops.domain.errors import Unavailable
from incidentops.domain.experiments.report import Report, report
from incidentops.domain.experiments.runs import Entry, Run
from incidentops.domain.faults import Fault
from incidentops.ports import ActionFilter, ExperimentStore, FaultFilter, FaultStore, Store
from incidentops_backend.reads.active_faults import ActiveFaults
from incidentops_backend.reads.live_runs import LiveRuns
from incidentops_backend.reads.recent_actions import RecentActions
from incidentops_backend.use_cases.experiments.errors import UnknownRun

_MAX_ACTIONS = 200
_MAX_FAULTS = 100


class RunHistory:
    """Raises UnknownRun, and Unavailable when only Postgres could know it."""

    def __init__(
        self,
        live: LiveRuns,
        store: ExperimentStore,
        *,
        faults: FaultStore,
        active: ActiveFaults,
        actions: Store,
        recent: RecentActions,
    ) -> None:
        self._live, self._store = live, store
        self._faults, self._active = faults, active
        self._actions, self._recent = actions, recent

    def find(self, key: str) -> Run:
        """By id or by number."""
        run = self._by_number(int(key)) if key.isdecimal() else self._by_id(key)
        if run is None:
            raise UnknownRun(f"There is no run {key!r}.")
        return run

    def page(self, experiment: str | None, *, limit: int, before: int | None) -> list[Run]:
        """Newest first. The state of now comes from memory."""
        stored = self._store.runs(experiment, limit=limit, before=before)
        return [self._newest(run) for run in stored]

    def last_runs(self) -> dict[str, Run]:
        """The newest run of each experiment; while Postgres is away, of those in memory."""
        try:
            return {name: self._newest(run) for name, run in self._store.last_runs().items()}
        except Unavailable:
            return {run.experiment.name: run for run in self._live.open()}

    def entries(self, run: Run) -> list[Entry]:
        """The journal. One that began under an earlier backend is here only in part, so Postgres has the say
        when it has more."""
        live = self._live.entries(run.id)
        try:
            stored = self._store.entries(run.id)
        except Unavailable:
            if live is None:
                raise
            return live
        return stored if live is None or len(stored) >= len(live) else live

    def report(self, run: Run) -> Report:
        """What the run comes to; so far, while it goes on."""
        return report(run, self.entries(run), self._faults_of(run), self._actions_on(run))

    def _by_id(self, key: str) -> Run | None:
        try:
            run_id = UUID(key)
        except ValueError:
            return None
        live = self._live.find(run_id)
        try:
            stored = self._store.run(run_id)
        except Unavailable:
            if live is None:
                raise
            return live
        return self._newest(stored) if stored else live

    def _by_number(self, number: int) -> Run | None:
        stored = self._store.run_by_number(number)
        return self._newest(stored) if stored else None

    def _newest(self, stored: Run) -> Run:
        live = self._live.find(stored.id)
        return live.model_copy(update={"number": stored.number}) if live else stored

    def _faults_of(self, run: Run) -> list[Fault]:
        found = {fault.id: fault for fault in self._active.of_run(run.id)}
        try:
            stored = self._faults.faults(FaultFilter(run_id=run.id), limit=_MAX_FAULTS)
        except Unavailable:
            return list(found.values())
        return [*found.values(), *(fault for fault in stored if fault.id not in found)]

    def _actions_on(self, run: Run) -> list[Action]:
        return [action for service in run.experiment.targets() for action in self._on_service(service)]

    def _on_service(self, service: str) -> list[Action]:
        try:
            return list(self._actions.actions(ActionFilter(service=service), limit=_MAX_ACTIONS).items)
        except Unavailable:
            return self._recent.all().get(service, [])
