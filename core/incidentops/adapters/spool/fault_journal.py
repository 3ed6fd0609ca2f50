"""The journal of faults on this machine: small files, replaced as a whole, durable when a call returns."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog

from incidentops.adapters.spool.files import replace_file
from incidentops.domain.errors import Unavailable
from incidentops.domain.faults import Fault
from incidentops.messages.fault_json import fault_from_json, fault_to_json
from incidentops.ports.faults import EmergencyStop

log = structlog.get_logger()


class FileFaultJournal:
    """`faults.json` and `chaos-stop.json` below a directory. Thread-safe within one process."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._lock = threading.Lock()
        self._known: dict[UUID, Fault] | None = None

    def faults(self) -> list[Fault]:
        with self._lock:
            return list(self._faults().values())

    def put(self, fault: Fault) -> None:
        with self._lock:
            known = dict(self._faults())
            known.pop(fault.id, None)
            if not fault.ended:
                known[fault.id] = fault
            self._replace("faults.json", [fault_to_json(item) for item in known.values()])
            self._known = known

    def stopped(self) -> EmergencyStop | None:
        value = self._read("chaos-stop.json")
        if not value:
            return None
        return EmergencyStop(datetime.fromisoformat(value["since"]), value["by"], value["why"])

    def set_stopped(self, stop: EmergencyStop | None) -> None:
        value = None if stop is None else asdict(stop) | {"since": stop.since.isoformat()}
        self._replace("chaos-stop.json", value)

    def _faults(self) -> dict[UUID, Fault]:
        if self._known is None:
            self._known = {fault.id: fault for fault in self._readable(self._read("faults.json") or [])}
        return self._known

    def _readable(self, values: list[Any]) -> Iterator[Fault]:
        for value in values:
            try:
                yield fault_from_json(value)
            except ValueError as error:
                log.error("fault_journal_unreadable", reason=str(error))

    def _read(self, name: str) -> Any:
        """None for a file that is not there; what cannot be read is logged, for its faults end by lease anyway."""
        try:
            return json.loads((self._directory / name).read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            log.error("fault_journal_unreadable", file=name, reason=str(error))
            return None

    def _replace(self, name: str, value: object) -> None:
        with _as_unavailable():
            self._directory.mkdir(parents=True, exist_ok=True, mode=0o700)
            replace_file(self._directory / name, json.dumps(value).encode())


@contextmanager
def _as_unavailable() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Unavailable("spool", error.strerror or str(error)) from error
