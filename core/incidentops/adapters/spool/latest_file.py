"""What operators last wanted of each service, on the local disk, so that a boot without Postgres knows it."""

import fcntl
import json
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

import structlog

from incidentops.adapters.spool.facts import (
    recovery_from_json,
    recovery_to_json,
    wish_from_json,
    wish_to_json,
)
from incidentops.adapters.spool.files import replace_file
from incidentops.domain.guards import Guard
from incidentops.messages.remediation_json import guard_from_json, guard_to_json
from incidentops.ports import StoredRecovery, StoredWish

log = structlog.get_logger()


class Dated(Protocol):
    """A fact of which the newest per service stands."""

    @property
    def service(self) -> str: ...

    @property
    def at(self) -> datetime: ...


T = TypeVar("T", bound=Dated)


class LatestFile(Generic[T]):
    """A JSON list, replaced as a whole. Safe to use from many threads and processes; the newest stands."""

    def __init__(
        self,
        path: Path,
        to_json: Callable[[T], dict[str, Any]],
        from_json: Callable[[Mapping[str, Any]], T],
    ) -> None:
        self._path, self._to_json, self._from_json = path, to_json, from_json
        self._lock = threading.Lock()

    def all(self) -> dict[str, T]:
        """By service; empty when there is no file or it cannot be read (which is logged)."""
        try:
            facts = [self._from_json(value) for value in json.loads(self._path.read_bytes())]
        except FileNotFoundError:
            return {}
        except (OSError, KeyError, TypeError, ValueError) as error:
            log.error("latest_file_unreadable", file=str(self._path), reason=str(error))
            return {}
        return {fact.service: fact for fact in facts}

    def merge(self, facts: Iterable[T]) -> None:
        """Remember each of them that is not older than what is known. Raises OSError."""
        with self._alone():
            known = self.all()
            before = dict(known)
            for fact in facts:
                if fact.service not in known or known[fact.service].at <= fact.at:
                    known[fact.service] = fact
            if known != before:
                values = [self._to_json(known[service]) for service in sorted(known)]
                replace_file(self._path, json.dumps(values, indent=1).encode("ascii"))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self._lock:
            descriptor = os.open(self._path.with_suffix(".lock"), os.O_CREAT | os.O_RDWR, 0o600)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX)
                yield
            finally:
                os.close(descriptor)


def wish_file(path: Path) -> LatestFile[StoredWish]:
    return LatestFile(path, wish_to_json, wish_from_json)


def recovery_file(path: Path) -> LatestFile[StoredRecovery]:
    return LatestFile(path, recovery_to_json, recovery_from_json)


def guard_file(path: Path) -> LatestFile[Guard]:
    return LatestFile(path, guard_to_json, guard_from_json)
