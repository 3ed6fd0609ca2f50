"""What happens because time passes: leases end, heartbeats stay out, flapping incidents settle."""

from datetime import datetime, timedelta

import structlog

from incidentops.domain import heartbeats
from incidentops.domain.alerts import Signal, SignalKind
from incidentops.domain.errors import IncidentOpsError, Unavailable
from incidentops.domain.incidents import Edit, IncidentStatus
from incidentops.ports import Clock, IncidentStore
from incidentops_backend.use_cases.incidents.intake import Intake

log = structlog.get_logger()

AT_ONCE = 400
_FORGET_EVERY = timedelta(hours=1)


class Timers:
    """`sweep` is called about once a second by one thread of each backend. Two backends may do so at once: both
    ask for the same end of the same alert, and the second finds it done."""

    def __init__(self, store: IncidentStore, intake: Intake, clock: Clock) -> None:
        self._store, self._intake, self._clock = store, intake, clock
        self._forgot_at: datetime | None = None

    def sweep(self) -> None:
        """Do what is due. Without Postgres nothing is: it is found due again later."""
        try:
            now = self._clock.now()
            self._intake.accept(self._due(now))
            self._settle(now)
            self._forget(now)
        except Unavailable:
            return

    def _due(self, now: datetime) -> list[Signal]:
        over = [
            Signal(SignalKind.EXPIRED, source, key, now)
            for source, key in self._store.expired_leases(now, limit=AT_ONCE)
        ]
        absent = [
            heartbeats.missing(beat.name, now, beat.service, beat.severity, beat.last_beat_at)
            for beat in self._store.missing_beats(now, limit=AT_ONCE)
        ]
        return over + absent

    def _settle(self, now: datetime) -> None:
        for incident_id in self._store.settling(now):
            edit = Edit("incidentops", now, status=IncidentStatus.RESOLVED, note="its alerts stayed away")
            try:
                self._store.edit(incident_id, edit)
            except Unavailable:
                raise
            except IncidentOpsError as error:  # somebody else was faster
                log.info("not_settled", incident=str(incident_id), reason=str(error))

    def _forget(self, now: datetime) -> None:
        if self._forgot_at is None or now - self._forgot_at >= _FORGET_EVERY:
            self._store.forget_old_messages()
            self._forgot_at = now
