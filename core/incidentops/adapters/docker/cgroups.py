"""What a container uses, read from the kernel's cgroup files: a twentieth of what the engine's stats cost.

Reading works where the host's cgroup tree is mounted (read-only is enough), in both of its versions and
under both of Docker's drivers.
"""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_NANO = 1e-9
_MICRO = 1e-6
_NO_LIMIT = 1 << 60  # version 1 writes "none" as the largest multiple of a page
_V1_MEMORY = "memory"
_V1_CPU = ("cpuacct", "cpu,cpuacct")
_V1_BLOCK = "blkio"


@dataclass(frozen=True, slots=True)
class CgroupSample:
    """CPU seconds since the start, bytes of memory without the file cache that can be dropped at once, its
    limit (0 for none), and bytes read from and written to disks."""

    cpu_seconds: float
    memory_bytes: int
    memory_limit: int
    block_read_bytes: int
    block_write_bytes: int


class CgroupFiles:
    """The tree mounted at `root`, which need not exist."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def sample(self, container_id: str) -> CgroupSample | None:
        """None when the tree does not show that container."""
        unified = (self._root / "cgroup.controllers").exists()
        with suppress(OSError, ValueError, KeyError):
            return self._unified(container_id) if unified else self._split(container_id)
        return None

    def _unified(self, container_id: str) -> CgroupSample:
        folder = _folder(self._root, container_id)
        cache = _fields(folder / "memory.stat")["inactive_file"]
        reads, writes = _unified_blocks(folder / "io.stat")
        return CgroupSample(
            cpu_seconds=_fields(folder / "cpu.stat")["usage_usec"] * _MICRO,
            memory_bytes=max(_number(folder / "memory.current") - cache, 0),
            memory_limit=_limit(folder / "memory.max"),
            block_read_bytes=reads,
            block_write_bytes=writes,
        )

    def _split(self, container_id: str) -> CgroupSample:
        cpu = next(filter(Path.exists, (self._root / name for name in _V1_CPU)), self._root)
        memory = _folder(self._root / _V1_MEMORY, container_id)
        cache = _fields(memory / "memory.stat")["total_inactive_file"]
        reads, writes = _split_blocks(_folder(self._root / _V1_BLOCK, container_id))
        return CgroupSample(
            cpu_seconds=_number(_folder(cpu, container_id) / "cpuacct.usage") * _NANO,
            memory_bytes=max(_number(memory / "memory.usage_in_bytes") - cache, 0),
            memory_limit=_limit(memory / "memory.limit_in_bytes"),
            block_read_bytes=reads,
            block_write_bytes=writes,
        )


def _folder(parent: Path, container_id: str) -> Path:
    """Where the cgroupfs driver and the systemd driver put a container."""
    by_cgroupfs = parent / "docker" / container_id
    return by_cgroupfs if by_cgroupfs.exists() else parent / "system.slice" / f"docker-{container_id}.scope"


def _number(path: Path) -> int:
    return int(path.read_text())


def _limit(path: Path) -> int:
    text = path.read_text().strip()
    return 0 if text == "max" or int(text) >= _NO_LIMIT else int(text)


def _fields(path: Path) -> dict[str, int]:
    """Lines of `name number`."""
    pairs = (line.split() for line in path.read_text().splitlines())
    return {name: int(number) for name, number in pairs}


def _unified_blocks(path: Path) -> tuple[int, int]:
    """Lines of `major:minor rbytes=1 wbytes=2 …`; no file where the io controller is off."""
    text = path.read_text() if path.exists() else ""
    items = [item.partition("=") for item in text.split() if "=" in item]
    return _sums([(name, int(value)) for name, _, value in items], "rbytes", "wbytes")


def _split_blocks(folder: Path) -> tuple[int, int]:
    """Lines of `major:minor Read 1`, and a total without a device."""
    text = (folder / "blkio.throttle.io_service_bytes").read_text()
    lines = [line.split() for line in text.splitlines() if ":" in line]
    return _sums([(operation, int(number)) for _, operation, number in lines], "Read", "Write")


def _sums(items: list[tuple[str, int]], reads: str, writes: str) -> tuple[int, int]:
    return sum(n for name, n in items if name == reads), sum(n for name, n in items if name == writes)
