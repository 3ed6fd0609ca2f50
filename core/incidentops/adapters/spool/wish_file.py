"""The operators' latest wishes on the local disk, so that a boot without Postgres knows them."""

import fcntl
import json
import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog

from incidentops.adapters.spool.facts import wish_from_json, wish_to_json
from incidentops.adapters.spool.files import replace_file
from incidentops.ports import StoredWish

log = structlog.get_logger()


class WishFile:
    """A JSON list, replaced as a whole. Safe to use from many threads and processes; newest wish stands."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def all(self) -> dict[str, StoredWish]:
        """By service; empty when there is no file or it cannot be read (which is logged)."""
        try:
            wishes = [wish_from_json(value) for value in json.loads(self._path.read_bytes())]
        except FileNotFoundError:
            return {}
        except (OSError, KeyError, TypeError, ValueError) as error:
            log.error("wish_file_unreadable", file=str(self._path), reason=str(error))
            return {}
        return {wish.service: wish for wish in wishes}

    def merge(self, wishes: Iterable[StoredWish]) -> None:
        """Remember each of them that is not older than what is known. Raises OSError."""
        with self._alone():
            known = self.all()
            before = dict(known)
            for wish in wishes:
                if wish.service not in known or known[wish.service].at <= wish.at:
                    known[wish.service] = wish
            if known != before:
                values = [wish_to_json(known[service]) for service in sorted(known)]
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
