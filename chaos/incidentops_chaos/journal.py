"""The journal of one run while it is carried out, and the thread that tells the backend of it."""

import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any
from uuid import UUID

import structlog

from incidentops.domain.errors import Unavailable
from incidentops.domain.experiments.runs import FOLLOWERS, Entry, EntryKind, Phase, Progress, Verdict
from incidentops.ports import Clock

log = structlog.get_logger()

BEAT_SECONDS = 1.0
LAST_WORDS_SECONDS = 120.0
"""How long the end of a run is told again and again to a broker that is away."""

_PER_MESSAGE = 200
_MAX_DETAIL = 500

Publish = Callable[[Progress], None]


class Journal:
    """Thread-safe. As a context manager it tells of itself: what is new at once, and that it lives each
    second. What the broker has not confirmed is told again."""

    def __init__(self, run_id: UUID, clock: Clock, publish: Publish) -> None:
        self._run_id, self._clock, self._publish = run_id, clock, publish
        self._changed = threading.Condition()
        self._entries: list[Entry] = []
        self._told = 0
        self._end: tuple[Verdict, str] | None = None
        self.phase = Phase.REQUESTED
        self._thread = threading.Thread(target=self._tell, name="journal", daemon=True)

    def __enter__(self) -> "Journal":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._end is None:
            self.end(Verdict.FAILED, f"the runner failed: {error}")
        self._thread.join(LAST_WORDS_SECONDS)

    def enter(self, phase: Phase) -> None:
        """Raises ValueError for a phase that must not follow."""
        if phase not in FOLLOWERS[self.phase]:
            raise ValueError(f"{phase} does not follow {self.phase}")
        self.phase = phase
        self.write(EntryKind.PHASE, name=phase)

    def write(self, kind: EntryKind, **facts: Any) -> None:
        if "detail" in facts:
            facts["detail"] = facts["detail"][:_MAX_DETAIL]
        with self._changed:
            entry = Entry(
                seq=len(self._entries) + 1, at=self._clock.now(), phase=self.phase, kind=kind, **facts
            )
            self._entries.append(entry)
            self._changed.notify_all()

    def end(self, verdict: Verdict, reason: str) -> None:
        """The last line; afterwards the run has ended."""
        self.phase = Phase.ENDED
        self.write(EntryKind.VERDICT, name=verdict, detail=reason, ok=verdict is Verdict.HELD)
        with self._changed:
            self._end = (verdict, reason)
            self._changed.notify_all()

    def _tell(self) -> None:
        while not self._tell_what_is_new():
            with self._changed:
                self._changed.wait_for(self._has_news, timeout=BEAT_SECONDS)

    def _has_news(self) -> bool:
        return self._told < len(self._entries)

    def _tell_what_is_new(self) -> bool:
        """Whether the end has been told."""
        with self._changed:
            news = tuple(self._entries[self._told : self._told + _PER_MESSAGE])
            whole = self._told + len(news) == len(self._entries)
            verdict, reason = self._end if self._end and whole else (None, "")
        try:
            self._publish(self._progress(news, verdict, reason))
        except Unavailable as error:
            log.warning("progress_not_told", reason=str(error))
            threading.Event().wait(BEAT_SECONDS / 2)
            return False
        self._told += len(news)
        return verdict is not None

    def _progress(self, news: tuple[Entry, ...], verdict: Verdict | None, reason: str) -> Progress:
        return Progress(
            run_id=self._run_id,
            at=self._clock.now(),
            phase=self.phase,
            verdict=verdict,
            reason=reason,
            entries=news,
        )
