"""CPU, memory and disk of the host, as psutil sees them (from inside a container too)."""

import threading
from dataclasses import dataclass
from pathlib import Path

import psutil


@dataclass(frozen=True, slots=True)
class SystemReading:
    """One reading. `cpu_free_percent` is the idle share since the reading before; sizes are bytes."""

    cpu_units: int
    cpu_free_percent: float
    ram_total: int
    ram_free: int
    disk_total: int
    disk_free: int


class SystemReader:
    """Keeps the newest reading, so that a request never waits for a sampling interval."""

    def __init__(self, disk: Path = Path("/")) -> None:
        self._disk = disk
        self._lock = threading.Lock()
        psutil.cpu_percent(interval=None)  # the first call only starts the interval
        self._reading = self._read()

    @property
    def reading(self) -> SystemReading:
        return self._reading

    def sample(self) -> SystemReading:
        """Take a new reading. Called about every two seconds by one thread."""
        with self._lock:
            self._reading = self._read()
            return self._reading

    def _read(self) -> SystemReading:
        memory = psutil.virtual_memory()
        disk = psutil.disk_usage(str(self._disk))
        return SystemReading(
            cpu_units=psutil.cpu_count() or 1,
            cpu_free_percent=round(100.0 - psutil.cpu_percent(interval=None), 1),
            ram_total=memory.total,
            ram_free=memory.available,
            disk_total=disk.total,
            disk_free=disk.free,
        )
