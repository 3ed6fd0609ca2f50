"""The port `PolicySource` on a folder of `*.yml` files, read in the order of their names."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Generic

import structlog

from incidentops.adapters.policies.parsing import InvalidPolicy
from incidentops.adapters.spool.files import replace_file
from incidentops.ports import PolicyProblem, PolicyReading
from incidentops.ports.policies import P

log = structlog.get_logger()

PATTERN = "*.yml"
LARGEST_BYTES = 256 * 1024
_BEFORE = "its last valid version"
_NOTHING = "none of its policies: no version of it was ever valid"

Stamp = tuple[tuple[str, int, int], ...]


class PolicyFiles(Generic[P]):
    """`folder` is only read; the last valid version of every file is kept below `kept`. `parse` makes policies of a
    text, none with a name that is taken, or raises InvalidPolicy. One thread at a time."""

    def __init__(
        self, folder: Path, kept: Path, parse: Callable[[str, Iterable[str]], tuple[P, ...]]
    ) -> None:
        self._folder, self._kept, self._parse = folder, kept, parse
        self._stamp: Stamp | None = None
        self._reading: PolicyReading[P] = PolicyReading()

    def read(self) -> PolicyReading[P]:
        """What is in force. Never raises; a folder that is not there holds no policies."""
        stamp = self._look()
        if stamp != self._stamp:
            self._stamp, self._reading = stamp, self._read([name for name, _, _ in stamp])
        return self._reading

    def _look(self) -> Stamp:
        found = []
        for path in sorted(self._folder.glob(PATTERN)):
            with suppress(OSError):
                facts = path.stat()
                found.append((path.name, facts.st_mtime_ns, facts.st_size))
        return tuple(found)

    def _read(self, names: list[str]) -> PolicyReading[P]:
        policies: list[P] = []
        problems: list[PolicyProblem] = []
        for name in names:
            taken = [policy.name for policy in policies]
            try:
                policies += self._fresh(name, taken)
            except InvalidPolicy as error:
                before = self._before(name, taken)
                policies += before
                problems.append(_problem(name, error, kept=bool(before)))
        self._forget_all_but(names)
        return PolicyReading(tuple(policies), tuple(problems))

    def _fresh(self, name: str, taken: list[str]) -> tuple[P, ...]:
        try:
            text = _text(self._folder / name)
        except (OSError, UnicodeDecodeError) as error:
            raise InvalidPolicy(
                1, f"a readable text file of at most {LARGEST_BYTES} bytes: {error}"
            ) from error
        policies = self._parse(text, taken)
        self._keep(name, text)
        return policies

    def _before(self, name: str, taken: list[str]) -> tuple[P, ...]:
        """Of its last valid version; nothing where there is none, or it fits the other files no more."""
        try:
            return self._parse(_text(self._kept / name), taken)
        except (OSError, UnicodeDecodeError, InvalidPolicy):
            return ()

    def _keep(self, name: str, text: str) -> None:
        try:
            self._kept.mkdir(parents=True, exist_ok=True, mode=0o700)
            replace_file(self._kept / name, text.encode())
        except OSError as error:
            log.error("policy_not_kept", file=name, reason=str(error))

    def _forget_all_but(self, names: list[str]) -> None:
        for path in self._kept.glob(PATTERN):
            if path.name not in names:
                path.unlink(missing_ok=True)


def _text(path: Path) -> str:
    if path.stat().st_size > LARGEST_BYTES:
        raise OSError("it is larger")
    return path.read_text(encoding="utf-8")


def _problem(name: str, error: InvalidPolicy, *, kept: bool) -> PolicyProblem:
    log.error("policy_file_invalid", file=name, line=error.line, expected=str(error))
    return PolicyProblem(name, error.line, str(error), _BEFORE if kept else _NOTHING)
